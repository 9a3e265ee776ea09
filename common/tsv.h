/* tsv: the reader of tables. Columns are found by name; a repeated header (files joined by cat) is
 * recognised, may carry another column set, and is reported as the start of a new trace.
 *
 *     struct tsv *t = tsv_open(paths);
 *     int dur = tsv_want(t, "dur_ns");
 *     while ((what = tsv_next(t)) != TSV_END)
 *             if (what == TSV_ROW) ... t->field[dur] ...
 *
 * Fields are slices of the input line, valid until the next call; a column that the table does not
 * have reads as empty. Splitting stops at the last wanted column. A row with too few columns is
 * reported with its place, counted and left out. */
#ifndef SP_TSV_H
#define SP_TSV_H

#include "input.h"
#include "number.h"
#include "ring.h"
#include "str.h"

enum { TSV_WANTED = 160 };

enum tsv_what {
	TSV_END,
	TSV_HEADER, /* a new trace begins: t->header, tsv_has() and the columns are up to date */
	TSV_ROW,
};

struct tsv {
	struct str field[TSV_WANTED];         /* by the number that tsv_want() gave */
	const char *const *place[TSV_WANTED]; /* for tsv_at() */
	struct str row;                       /* the whole line, without newline */
	struct str header;                    /* the header line in force */
	struct input *in;
	/* Where the in->columns columns of the row end, as ring.h has it; such a row is clean, but for TABs. NULL: nobody
	 * has told. */
	const uint16_t *told;
	const struct ring_fact *fact; /* what the row's writer says; never NULL */
	uint64_t rows; /* good ones so far */
	enum tsv_what (*next)(struct tsv *t);
	struct tsv_private *self;
};

/* paths as for input_open. */
struct tsv *tsv_open(char *const *paths);

/* Asks for a column and returns its index in field[]; the same name gives the same index. Call
 * before the first tsv_next, or between rows. */
int tsv_want(struct tsv *t, const char *column);

/* Before the first tsv_want, for programs that look at many columns in field[]: those of the event table get the first
 * numbers, in its order, so that fields which are side by side in the table are so in field[], and are filled four
 * at a time. */
void tsv_order_events(struct tsv *t);

/* Whether the table being read has the column that tsv_want() gave this index for. */
bool tsv_has(const struct tsv *t, int wanted);

/* Ends the program with a message that names the column, the file and the columns it has. For
 * columns without which the work makes no sense. */
void tsv_require(struct tsv *t, int wanted);

static inline enum tsv_what tsv_next(struct tsv *t)
{
	return t->next(t);
}

/* A field without field[]. After tsv_by_place, rows do not fill field[] any more: for loops in
 * which that matters. */
void tsv_by_place(struct tsv *t);

static inline struct str tsv_between(const char *const *place)
{
	return (struct str){place[0], (size_t)(place[1] - place[0]) - 1};
}
static inline struct str tsv_at(const struct tsv *t, int wanted)
{
	return tsv_between(t->place[wanted]);
}

bool tsv_number(struct tsv *t, int wanted, int64_t *value);

/* The number in a field; false when it is empty. A field that is neither is reported as a bad row
 * (once per call) and false. */
static inline bool tsv_i64(struct tsv *t, int wanted, int64_t *value)
{
	struct str f = tsv_at(t, wanted);
	return f.n && (number_field(f, value) || tsv_number(t, wanted, value));
}

/* The same of start_ns, dur_ns and fdgen, which the row's writer may have told. A zeroed `before` remembers nothing. */
static inline bool tsv_start(struct tsv *t, int wanted, struct number_before *before, int64_t *value)
{
	struct str f;
	if (t->fact->start_ns != RING_NO_START) {
		*value = t->fact->start_ns;
		return true;
	}
	f = tsv_at(t, wanted);
	return f.n && (number_time(f, before, value) || tsv_number(t, wanted, value));
}
static inline bool tsv_dur(struct tsv *t, int wanted, int64_t *value)
{
	if (t->fact->dur_ns == RING_NO_DUR)
		return tsv_i64(t, wanted, value);
	*value = t->fact->dur_ns;
	return true;
}
static inline bool tsv_fdgen(struct tsv *t, int wanted, int64_t *value)
{
	if (t->fact->fdgen == RING_NO_GEN)
		return tsv_i64(t, wanted, value);
	*value = t->fact->fdgen;
	return true;
}

void tsv_close(struct tsv *t);

/* Whether s can be a text field as it stands: no TAB, newline or other control byte, and not
 * starting with a quote. */
bool tsv_is_clean(struct str s);

#endif
