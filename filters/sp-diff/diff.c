#include "diff.h"

#include <stdlib.h>

const struct measure_info measures[MEASURES] = {
#define MEASURE(id, name, column, cells)                                                           \
	[MEASURE_##id] = {{name, sizeof name - 1}, column, TABLE_##cells},
#include "measure.def"
#undef MEASURE
};

int measure_by_name(struct str name)
{
	for (int i = 0; i < MEASURES; i++)
		if (str_eq(name, measures[i].name) || str_eq(name, str_of(measures[i].column)))
			return i;
	return -1;
}

static int by_key(const void *a, const void *b)
{
	const struct run_row *x = a, *y = b;
	return str_cmp(x->key, y->key);
}

static void add_pair(struct diff *d, const struct run_row *a, const struct run_row *b)
{
	struct pair *p = &d->pair[d->pairs++];
	*p = (struct pair){.key = a ? a->key : b->key};
	if (a)
		p->a = a->side;
	if (b)
		p->b = b->side;
}

static void join(struct diff *d, const struct run *a, const struct run *b)
{
	size_t i = 0, j = 0;
	d->pair = xcalloc(a->rows + b->rows + 1, sizeof *d->pair);
	while (i < a->rows || j < b->rows) {
		int order = i == a->rows   ? 1
		            : j == b->rows ? -1
		                           : str_cmp(a->row[i].key, b->row[j].key);
		add_pair(d, order <= 0 ? &a->row[i] : NULL, order >= 0 ? &b->row[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

static void test_all(struct diff *d, double level)
{
	struct test **tests = xcalloc(d->pairs + 1, sizeof *tests);
	for (size_t i = 0; i < d->pairs; i++) {
		struct pair *p = &d->pair[i];
		if (!p->a.dur || !p->b.dur)
			continue;
		p->shift = test_shift(p->a.dur, p->b.dur);
		p->p50 = test_quantile(p->a.dur, p->b.dur, 50000);
		p->p99 = test_quantile(p->a.dur, p->b.dur, 99000);
	}
	for (int kind = 0; kind < 3; kind++) {
		for (size_t i = 0; i < d->pairs; i++)
			tests[i] = kind == 0   ? &d->pair[i].shift
			           : kind == 1 ? &d->pair[i].p50
			                       : &d->pair[i].p99;
		test_holm(tests, d->pairs, level);
	}
	free(tests);
}

static void add_up(struct side *total, const struct run *r)
{
	total->present = r->rows > 0;
	for (size_t i = 0; i < r->rows; i++) {
		const struct side *s = &r->row[i].side;
		for (int m = 0; m <= MEASURE_TIME; m++) {
			if (!s->has[m])
				continue;
			total->has[m] = true;
			if (__builtin_add_overflow(total->value[m], s->value[m], &total->value[m]))
				total->value[m] = INT64_MAX;
		}
	}
	if (r->finished || r->total.dur.unbinned)
		return;
	total->dur = &r->total.dur;
	total->has[MEASURE_P50] = total->has[MEASURE_P99] = r->total.dur.count > 0;
	total->value[MEASURE_P50] = (int64_t)hist_percentile(&r->total.dur, 50000);
	total->value[MEASURE_P99] = (int64_t)hist_percentile(&r->total.dur, 99000);
}

void diff_make(struct diff *d, const struct run *a, const struct run *b, double level)
{
	struct str names = a->rows ? a->key_names : b->key_names, name;
	d->key_name = xcalloc(KEYS_MAX + 1, sizeof *d->key_name);
	while (names.n && d->keys < KEYS_MAX && str_cut(&names, '\t', &name)) {
		/* Columns of a table are NUL-terminated. */
		struct str z = arena_str(&d->memory, (struct str){name.p, name.n});
		char *copy = arena_alloc(&d->memory, z.n + 1);
		memcpy(copy, z.p, z.n);
		d->key_name[d->keys++] = (struct str){copy, z.n};
	}
	if (a->rows)
		qsort(a->row, a->rows, sizeof *a->row, by_key);
	if (b->rows)
		qsort(b->row, b->rows, sizeof *b->row, by_key);
	join(d, a, b);
	d->total.key = STR("total");
	add_up(&d->total.a, a);
	add_up(&d->total.b, b);
	test_all(d, level);
}

void diff_free(struct diff *d)
{
	free(d->key_name);
	free(d->pair);
	arena_free(&d->memory);
}
