#include "finished.h"

#include "keys.h"
#include "number.h"
#include "stat.h"

/* In the order in which they follow each other. */
static const char *const labels[FINISHED_HELD] = {"total", "waiting", "active"};

static bool is_key(struct str name, bool before_calls)
{
	for (int i = 0; i < STAT_COUNT; i++)
		if (str_eq(name, str_of(stat_table[i].name)))
			return before_calls && i == STAT_BYTES;
	return before_calls || keys_is_name(name);
}

struct str finished_key(struct str header, struct str row, struct buf *space)
{
	struct str name, cell;
	bool before_calls = true, first = true;
	space->n = 0;
	while (str_cut(&header, '\t', &name) && str_cut(&row, '\t', &cell)) {
		before_calls = before_calls && !str_eq(name, STR("calls"));
		if (!is_key(name, before_calls))
			continue;
		if (!first)
			buf_add_char(space, '\t');
		first = false;
		buf_add_str(space, cell);
	}
	return buf_str(space);
}

static bool is_only_key(struct str keys, struct str label)
{
	struct str cell;
	bool found = false;
	while (str_cut(&keys, '\t', &cell)) {
		if (cell.n && (found || !str_eq(cell, label)))
			return false;
		found |= cell.n > 0;
	}
	return found;
}

void finished_open(struct finished *f, struct tsv *t)
{
	*f = (struct finished){.t = t, .calls = tsv_want(t, "calls"), .ns = tsv_want(t, "total_ns")};
}

/* ---- sums ---- */

static int64_t number_or_0(struct str field)
{
	int64_t n = 0;
	return field.n && (number_field(field, &n) || number_i64(field, &n)) ? n : 0;
}

/* What is no number counts as 0: the program that reads the column reports it. */
static struct finished_sum numbers_of(const struct finished *f)
{
	return (struct finished_sum){number_or_0(tsv_at(f->t, f->calls)), number_or_0(tsv_at(f->t, f->ns))};
}

static struct finished_sum plus(struct finished_sum a, struct finished_sum b)
{
	return (struct finished_sum){a.calls + b.calls, a.ns + b.ns};
}

static bool equal(struct finished_sum a, struct finished_sum b)
{
	return a.calls == b.calls && a.ns == b.ns;
}

static void begin_sum(struct finished *f)
{
	f->sum = (struct finished_sum){0};
	f->any = false;
}

static enum tsv_what give(struct finished *f, struct finished_sum sum)
{
	f->sum = plus(f->sum, sum);
	f->any = true;
	return TSV_ROW;
}

/* ---- rows that may be totals ---- */

static const char *moved(const char *p, struct str from, const char *to)
{
	return p >= from.p && p <= from.p + from.n + 1 ? to + (p - from.p) : p;
}

static void hold(struct finished *f)
{
	const struct tsv *t = f->t;
	struct finished_held *h = &f->held[f->n++];
	h->sum = numbers_of(f);
	h->is_sum = equal(h->sum, f->sum);
	h->row.n = h->header.n = 0;
	buf_add_str(&h->header, t->header);
	buf_add_str(&h->row, t->row);
	buf_add_char(&h->row, '\0'); /* the last column's end is behind it */
	for (int i = 0; i < TSV_WANTED; i++)
		for (int end = 0; end < 2; end++)
			h->start[i][end] = moved(t->place[i][end], t->row, h->row.p);
}

static enum tsv_what give_held(struct finished *f)
{
	const struct finished_held *h = &f->held[f->given++];
	struct tsv *t = f->t;
	t->row = (struct str){h->row.p, h->row.n - 1};
	t->header = buf_str(&h->header);
	for (int i = 0; i < TSV_WANTED; i++) {
		t->place[i] = h->start[i];
		t->field[i] = tsv_at(t, i);
	}
	return give(f, h->sum);
}

/* Takes the rows that are held, all or the first, for totals. */
static void drop(struct finished *f, int rows)
{
	f->given = rows;
	begin_sum(f);
}

static enum tsv_what read_next(struct finished *f)
{
	if (f->n == 0)
		return tsv_next(f->t);
	*f->t = f->after;
	f->given = f->n = 0;
	return f->what;
}

static void take_header(struct finished *f)
{
	struct str header = f->t->header, first = STR("");
	str_cut(&header, '\t', &first);
	f->led = is_key(first, !str_eq(first, STR("calls")));
}

static bool may_be_total(struct finished *f, enum tsv_what what)
{
	if (what != TSV_ROW || f->n == FINISHED_HELD || !(f->n || f->any))
		return false;
	struct str label = str_of(labels[f->n]);
	if (f->led && f->t->row.n && f->t->row.p[0] != '\t' && !str_starts(f->t->row, label))
		return false;
	return str_find(f->t->row, label) && is_only_key(finished_key(f->t->header, f->t->row, &f->key), label);
}

/* Holds the row that t is at and those behind it that belong to it, then tells which of them are totals. */
static void hold_totals(struct finished *f)
{
	do
		hold(f);
	while (may_be_total(f, f->what = tsv_next(f->t)));
	f->after = *f->t;
	if (f->n == FINISHED_HELD && equal(f->held[0].sum, plus(f->held[1].sum, f->held[2].sum)))
		drop(f, FINISHED_HELD);
	else if (f->held[0].is_sum)
		drop(f, 1);
}

enum tsv_what finished_next(struct finished *f)
{
	while (f->given == f->n) {
		enum tsv_what what = read_next(f);
		if (what == TSV_HEADER)
			take_header(f);
		if (may_be_total(f, what))
			hold_totals(f);
		else if (what == TSV_ROW)
			return give(f, numbers_of(f));
		else
			return what;
	}
	return give_held(f);
}

void finished_close(struct finished *f)
{
	for (int i = 0; i < FINISHED_HELD; i++) {
		buf_free(&f->held[i].header);
		buf_free(&f->held[i].row);
	}
	buf_free(&f->key);
}
