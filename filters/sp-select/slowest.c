#include <stdlib.h>

#include "arena.h"
#include "select.h"

/* Kept while rows of it are. */
struct trace {
	size_t rows;
	struct buf header;
};

struct slow {
	int64_t dur_ns;
	uint64_t number; /* of the row */
	struct trace *trace;
	struct buf row;
};

static void leave(struct trace *trace)
{
	if (!trace || --trace->rows)
		return;
	buf_free(&trace->header);
	free(trace);
}

void slowest_begin_trace(struct slowest *s, struct str header)
{
	leave(s->trace);
	s->trace = xcalloc(1, sizeof *s->trace);
	s->trace->rows = 1; /* being the current one counts */
	buf_add_str(&s->trace->header, header);
}

/* It is faster or, of two that are as fast, the later one. */
static bool leaves_before(const struct slow *a, const struct slow *b)
{
	return a->dur_ns != b->dur_ns ? a->dur_ns < b->dur_ns : a->number > b->number;
}

static void swap(struct slow *a, struct slow *b)
{
	struct slow c = *a;
	*a = *b;
	*b = c;
}

static void sift_up(struct slow *slow, size_t i)
{
	for (size_t parent; i > 0; i = parent) {
		parent = (i - 1) / 2;
		if (!leaves_before(&slow[i], &slow[parent]))
			return;
		swap(&slow[i], &slow[parent]);
	}
}

static void sift_down(struct slow *slow, size_t n)
{
	for (size_t i = 0, child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && leaves_before(&slow[child + 1], &slow[child]))
			child++;
		if (!leaves_before(&slow[child], &slow[i]))
			return;
		swap(&slow[child], &slow[i]);
	}
}

static void fill(struct slowest *s, struct slow *slow, int64_t dur_ns, const struct tsv *t)
{
	slow->dur_ns = dur_ns;
	slow->number = t->rows;
	slow->trace = s->trace;
	slow->trace->rows++;
	slow->row.n = 0;
	buf_add_str(&slow->row, t->row);
}

void slowest_offer(struct slowest *s, int64_t dur_ns, const struct tsv *t)
{
	if (s->n == s->most) {
		if (dur_ns <= s->slow[0].dur_ns)
			return;
		leave(s->slow[0].trace);
		fill(s, &s->slow[0], dur_ns, t);
		sift_down(s->slow, s->n);
		return;
	}
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 64;
		s->slow = xrealloc(s->slow, s->cap, sizeof *s->slow);
	}
	s->slow[s->n] = (struct slow){0};
	fill(s, &s->slow[s->n], dur_ns, t);
	sift_up(s->slow, s->n++);
}

static int by_number(const void *a, const void *b)
{
	const struct slow *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

void slowest_finish(struct slowest *s, void (*line)(struct str))
{
	const struct trace *trace = NULL;
	if (s->n)
		qsort(s->slow, s->n, sizeof *s->slow, by_number);
	else if (s->trace)
		line(buf_str(&s->trace->header));
	for (size_t i = 0; i < s->n; i++) {
		struct slow *slow = &s->slow[i];
		if (slow->trace != trace)
			line(buf_str(&slow->trace->header));
		trace = slow->trace;
		line(buf_str(&slow->row));
	}
	for (size_t i = 0; i < s->n; i++) {
		leave(s->slow[i].trace);
		buf_free(&s->slow[i].row);
	}
	leave(s->trace);
	free(s->slow);
}
