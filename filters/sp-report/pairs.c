#include "pairs.h"

#include <stdlib.h>

static int by_weight(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;
	return (a->weight < b->weight) - (a->weight > b->weight);
}

static int64_t weigh(const struct sheet *s, const struct row *a, const struct row *b)
{
	int64_t x = a ? a->cell[s->order].n : 0, y = b ? b->cell[s->order].n : 0, n;
	if (__builtin_sub_overflow(x, y, &n) || n == INT64_MIN)
		return INT64_MAX;
	return n < 0 ? -n : n;
}

bool pairs_by(const struct sheet *a, const struct sheet *b, int column)
{
	return (a->column[column]->flags & SHEET_DIFF) && (a->used[column] || b->used[column]);
}

bool pairs_named(const struct sheet *a, const struct sheet *b, int column)
{
	return (a->column[column]->flags & SHEET_KEY) && (a->used[column] || b->used[column]);
}

struct pair *pairs_of(const struct sheet *a, const struct sheet *b, size_t *n)
{
	struct pair *pairs = xcalloc(a->rows + b->rows + 1, sizeof *pairs);
	*n = 0;
	for (size_t i = 0; i < a->rows; i++) {
		const struct row *other = sheet_find(b, a->row[i]);
		pairs[(*n)++] = (struct pair){a->row[i], other, weigh(a, a->row[i], other)};
	}
	for (size_t i = 0; i < b->rows; i++)
		if (!sheet_find(a, b->row[i]))
			pairs[(*n)++] = (struct pair){NULL, b->row[i], weigh(b, NULL, b->row[i])};
	qsort(pairs, *n, sizeof *pairs, by_weight);
	return pairs;
}

enum change pairs_change(const struct cell *a, const struct cell *b, double *percent)
{
	bool had = a && a->known, has = b && b->known;
	int64_t x = had ? a->n : 0, y = has ? b->n : 0;
	*percent = 0;
	if ((a && b && had != has) || (x == 0 && y == 0))
		return CHANGE_NONE;
	if (x == 0)
		return CHANGE_NEW;
	if (!has)
		return CHANGE_GONE;
	*percent = 100.0 * ((double)y - (double)x) / (double)x;
	return CHANGE_PERCENT;
}
