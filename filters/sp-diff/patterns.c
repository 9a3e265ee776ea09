#include <stdlib.h>

#include "diff.h"
#include "event.h"
#include "number.h"
#include "payload.h"

enum { SMALL = 64 };

enum pattern {
#define PATTERN(id, ...) PATTERN_##id,
#include "pattern.def"
#undef PATTERN
	PATTERNS
};

static const struct {
	struct str name; /* 16 bytes are readable, as agg_group wants it */
	enum pattern whole;
} patterns[PATTERNS] = {
#define PATTERN(id, text, of)                                                                      \
	[PATTERN_##id] = {{text "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", sizeof text - 1}, PATTERN_##of},
#include "pattern.def"
#undef PATTERN
};

struct event_row {
	struct str syscall, args;
	bool moved, failed, timed;
	uint64_t bytes, dur;
};

static void count(struct run *r, enum pattern pattern, const struct event_row *e)
{
	struct agg_group *g = agg_group(&r->agg, patterns[pattern].name);
	g->calls++;
	g->errors += e->failed;
	if (e->moved)
		hist_add_sums(&g->bytes, e->bytes);
	if (e->timed)
		hist_add(&g->dur, e->dur);
}

static void count_write(struct run *r, const struct event_row *e)
{
	count(r, PATTERN_WRITES, e);
	switch (payload_of(e->args)) {
	case PAYLOAD_ZEROS_CUT:
		count(r, PATTERN_ZERO_CUT, e);
		__attribute__((fallthrough));
	case PAYLOAD_ZEROS:
		count(r, PATTERN_ZERO, e);
		break;
	case PAYLOAD_DATA:
	case PAYLOAD_EMPTY:
		count(r, PATTERN_DATA, e);
		break;
	case PAYLOAD_UNKNOWN:
		count(r, PATTERN_UNSEEN, e);
		break;
	}
	if (e->moved)
		count(r, e->bytes <= SMALL ? PATTERN_SMALL_WRITES : PATTERN_LARGE_WRITES, e);
}

static void count_event(struct run *r, const struct event_row *e)
{
	if (payload_is_write(e->syscall)) {
		count_write(r, e);
	} else if (payload_is_read(e->syscall)) {
		count(r, PATTERN_READS, e);
		if (e->moved)
			count(r, e->bytes <= SMALL ? PATTERN_SMALL_READS : PATTERN_LARGE_READS, e);
	} else if (str_eq(e->syscall, STR("lseek")) || str_eq(e->syscall, STR("_llseek"))) {
		count(r, PATTERN_SEEKS, e);
	}
}

void run_read_patterns(struct run *r, const char *path)
{
	struct tsv *t = run_open(r, path);
	run_opened(r, t);
	int kind = tsv_want(t, "kind"), syscall = tsv_want(t, "syscall"),
	    args = tsv_want(t, "args");
	int bytes = tsv_want(t, "bytes"), dur = tsv_want(t, "dur_ns"),
	    failed = tsv_want(t, "errno");
	r->key_names = STR("pattern");
	for (enum tsv_what what; (what = tsv_next(t)) != TSV_END;) {
		if (what == TSV_HEADER) {
			tsv_require(t, syscall);
			tsv_require(t, args);
			continue;
		}
		if (tsv_has(t, kind) && !str_eq(t->field[kind], STR("call")))
			continue;
		struct event_row e = {.syscall = t->field[syscall],
		                      .args = t->field[args],
		                      .failed = t->field[failed].n > 0};
		e.moved = number_u64(t->field[bytes], &e.bytes);
		e.timed = number_u64(t->field[dur], &e.dur);
		count_event(r, &e);
	}
	run_take_groups(r);
	tsv_close(t);
}

static enum pattern pattern_of(struct str key)
{
	int i = 0;
	while (i < PATTERNS - 1 && !str_eq(patterns[i].name, key))
		i++;
	return (enum pattern)i;
}

static int in_order(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;
	return (int)pattern_of(a->key) - (int)pattern_of(b->key);
}

void patterns_sort(struct diff *d)
{
	if (d->pairs)
		qsort(d->pair, d->pairs, sizeof *d->pair, in_order);
}

bool patterns_share(const struct diff *d, const struct pair *p, bool b, double *percent)
{
	enum pattern whole = patterns[pattern_of(p->key)].whole;
	for (size_t i = 0; i < d->pairs; i++) {
		const struct pair *w = &d->pair[i];
		if (pattern_of(w->key) != whole)
			continue;
		int64_t of = side_value(b ? &w->b : &w->a, MEASURE_CALLS);
		*percent =
		    of ? 100 * (double)side_value(b ? &p->b : &p->a, MEASURE_CALLS) / (double)of
		       : 0;
		return of > 0;
	}
	return false;
}
