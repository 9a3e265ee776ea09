#include <stdlib.h>

#include "agg_io.h"
#include "diff.h"
#include "finished.h"

static struct run_row *new_row(struct run *r, struct str key)
{
	if (r->rows == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 64;
		r->row = xrealloc(r->row, r->cap, sizeof *r->row);
	}
	struct run_row *row = &r->row[r->rows++];
	*row = (struct run_row){.key = arena_str(&r->memory, key), .side = {.present = true}};
	return row;
}

static int64_t clamp(__uint128_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static void set(struct side *s, enum measure m, __uint128_t value)
{
	s->has[m] = true;
	s->value[m] = clamp(value);
}

void run_take_groups(struct run *r)
{
	struct agg_group **groups = agg_sorted(&r->agg);
	r->total = agg_group_empty();
	for (size_t i = 0; i < r->agg.groups.records; i++) {
		const struct agg_group *g = groups[i];
		struct side *s = &new_row(r, g->key)->side;
		set(s, MEASURE_CALLS, g->calls);
		set(s, MEASURE_ERRORS, g->errors);
		if (g->bytes.count)
			set(s, MEASURE_BYTES, g->bytes.sum);
		s->dur = g->dur.unbinned ? NULL : &g->dur;
		if (g->dur.count)
			set(s, MEASURE_TIME, g->dur.sum);
		if (hist_is_binned(&g->dur)) {
			set(s, MEASURE_P50, hist_percentile(&g->dur, 50000));
			set(s, MEASURE_P99, hist_percentile(&g->dur, 99000));
		}
		agg_merge(&r->total, g);
	}
	free(groups);
}

/* ---- finished tables ---- */

static void read_finished(struct run *r, struct tsv *t)
{
	struct finished f;
	struct buf key = {0};
	int column[MEASURES];
	r->finished = true;
	r->key_names = arena_str(&r->memory, finished_key(t->header, t->header, &key));
	run_opened(r, t);
	for (int m = 0; m < MEASURES; m++)
		column[m] = tsv_want(t, measures[m].column);
	finished_open(&f, t);
	for (enum tsv_what what; (what = finished_next(&f)) != TSV_END;) {
		if (what == TSV_HEADER)
			continue;
		struct side *s = &new_row(r, finished_key(t->header, t->row, &key))->side;
		for (int m = 0; m < MEASURES; m++)
			s->has[m] = tsv_i64(t, column[m], &s->value[m]);
	}
	finished_close(&f);
	buf_free(&key);
}

/* ---- events and partials ---- */

/* The names before "calls". */
static struct str partial_key_names(struct str header)
{
	struct str rest = header, name, names = {header.p, 0};
	while (str_cut(&rest, '\t', &name) && !str_eq(name, STR("calls")))
		names = str_between(header.p, name.p + name.n);
	return names;
}

static struct str joined(struct str names, char from, char to, struct buf *b)
{
	b->n = 0;
	for (size_t i = 0; i < names.n; i++)
		buf_add_char(b, names.p[i] == from ? to : names.p[i]);
	buf_add_char(b, '\0');
	return (struct str){b->p, b->n - 1};
}

static void read_groups(struct run *r, struct tsv *t, struct grouping *grouping, bool partial)
{
	struct keys keys;
	struct buf names = {0};
	struct grouping g = *grouping;
	if (!g.by && partial) {
		g.by = joined(partial_key_names(t->header), '\t', ',', &names).n ? names.p : "all";
	} else if (!g.by) {
		g.by = "syscall";
	}
	grouping_open(&g, &keys, NULL, NULL, partial); /* a partial's slices stay as they are */
	run_opened(r, t);
	struct agg_reader reader = {.t = t, .agg = &r->agg, .keys = &keys};
	agg_reader_open(&reader);
	agg_reader_header(&reader);
	agg_reader_run(&reader);
	struct buf list = {0};
	for (int i = 0; i < keys.n; i++)
		buf_printf(&list, "%s%.*s", i ? "\t" : "", (int)keys.key[i].name.n,
		           keys.key[i].name.p);
	r->key_names = arena_str(&r->memory, buf_str(&list));
	buf_free(&list);
	run_take_groups(r);
	grouping_close(&g, &keys);
	buf_free(&names);
}

struct tsv *run_open(struct run *r, const char *path)
{
	char *paths[] = {(char *)(uintptr_t)path, NULL};
	r->path = path;
	agg_open(&r->agg, AGG_BINS_DUR);
	/* The list must outlive the input. */
	char **kept = arena_alloc(&r->memory, sizeof paths);
	memcpy(kept, paths, sizeof paths);
	return tsv_open(kept);
}

void run_opened(const struct run *r, struct tsv *t)
{
	if (r->last)
		input_last(t->in);
}

void run_read(struct run *r, struct grouping *grouping, const char *path)
{
	struct tsv *t = run_open(r, path);
	int calls = tsv_want(t, "calls"), ns = tsv_want(t, "bins_ns"),
	    bytes = tsv_want(t, "bins_bytes");
	if (tsv_next(t) == TSV_HEADER) {
		bool partial = tsv_has(t, ns) || tsv_has(t, bytes);
		if (tsv_has(t, calls) && !partial)
			read_finished(r, t);
		else
			read_groups(r, t, grouping, partial);
	}
	tsv_close(t);
}

void run_free(struct run *r)
{
	agg_close(&r->agg);
	agg_group_free(&r->total);
	free(r->row);
	arena_free(&r->memory);
}
