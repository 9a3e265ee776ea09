#include "row.h"

#include "event.h"
#include "scan.h"

static const char *const names[COLUMNS] = {
#define COLUMN(id, name) [COLUMN_##id] = name,
#include "columns.def"
#undef COLUMN
};

enum { FIRST_WRITTEN = COLUMN_PATH, WRITTEN = 3 };

void row_want(struct tsv *t, bool stacks)
{
	for (int i = 0; i < (stacks ? COLUMNS : (int)COLUMN_STACK); i++)
		tsv_want(t, names[i]);
	tsv_by_place(t);
}

uint32_t row_columns(const struct tsv *t)
{
	uint32_t has = 0;
	for (int i = 0; i < COLUMNS; i++)
		has |= (uint32_t)tsv_has(t, i) << i;
	return has;
}

void row_require(struct tsv *t)
{
	tsv_require(t, COLUMN_SYSCALL);
	tsv_require(t, COLUMN_RET);
	tsv_require(t, COLUMN_ARGS);
}

/* ---- copying ---- */

/* So many bytes are copied at once, in as many instructions as the processor needs for them. */
enum { STEP = 32 };
typedef unsigned char step __attribute__((vector_size(STEP)));

/* Where to write, and whether control bytes came by: then some byte of `found` is not 0. */
struct copy {
	char *to;
	step found;
};

/* Looking at the bytes on the way costs a third of looking at them again. */
SCAN_TWICE void put_step(step *found, char *to, const char *from, const step *of)
{
	step b;
	memcpy(&b, from, STEP);
	memcpy(to, &b, STEP);
	step but_tabs = b | (step)(b == '\t'); /* a TAB is none: it counts as 0xff */
	*found |= *of & (step)((but_tabs < 0x20) | (b == 0x7f));
}

/* Reads and writes up to STEP - 1 bytes too many, which both sides allow for. */
SCAN_TWICE void put(struct copy *c, struct str s)
{
	/* Ones for the first bytes of a step: the last one takes too many. */
	static const unsigned char ones[2 * STEP] = {[0 ... STEP - 1] = 255};
	step all, first;
	memcpy(&all, ones, STEP);
	const char *from = s.p, *last = from + s.n / STEP * STEP;
	char *to = c->to;
	step found = c->found;
	for (; from < last; from += STEP, to += STEP)
		put_step(&found, to, from, &all);
	if (s.n % STEP) {
		memcpy(&first, ones + STEP - s.n % STEP, STEP);
		put_step(&found, to, from, &first);
	}
	c->to += s.n;
	c->found = found;
}

SCAN_TWICE bool has_controls(const struct copy *c)
{
	uint64_t word[STEP / 8];
	memcpy(word, &c->found, STEP);
	return word[0] | word[1] | word[2] | word[3];
}

/* Words of sp-fdmap's own hold none, and are no longer than this. */
enum { OWN_MOST = 16 };
SCAN_TWICE void put_own(struct copy *c, struct str s)
{
	if (s.n)
		memcpy(c->to, s.p, OWN_MOST);
	c->to += s.n;
}

/* The text of column FIRST_WRITTEN + i. */
SCAN_TWICE void put_new(struct copy *c, int i, struct str text)
{
	if (FIRST_WRITTEN + i == COLUMN_PATH)
		put(c, text);
	else
		put_own(c, text);
}

SCAN_TWICE void put_tab(struct copy *c)
{
	*c->to++ = '\t';
}

static void write_escaped(struct str row)
{
	struct buf text = {0};
	event_escape_row(&text, row);
	buf_add_char(&text, '\n');
	output_str(&output_stdout, buf_str(&text));
	buf_free(&text);
}

/* ---- rows ---- */

SCAN_TWICE char *begin_row(const struct row *row, const struct shown *shown)
{
	return output_reserve(&output_stdout, row->text.n + shown->path.n + shown->fdtype.n +
						      shown->fdgen.n + WRITTEN + 1);
}

SCAN_TWICE void end_row(struct copy *c, const char *start)
{
	if (__builtin_expect(has_controls(c), 0)) {
		write_escaped(str_between(start, c->to));
		return;
	}
	*c->to++ = '\n';
	output_commit(&output_stdout, c->to);
}

/* Replaces what the table has of the three, from left to right, and appends the others. */
static void write_replaced(const struct row *row, const struct shown *shown)
{
	const struct str text[WRITTEN] = {shown->path, shown->fdtype, shown->fdgen};
	struct str old[WRITTEN];
	const char *from = row->text.p, *start = begin_row(row, shown);
	struct copy c = {.to = (char *)(uintptr_t)start};
	bool done[WRITTEN] = {false};
	for (int i = 0; i < WRITTEN; i++)
		old[i] = row_field(row, (enum column)(FIRST_WRITTEN + i));
	for (;;) {
		int next = -1;
		for (int i = 0; i < WRITTEN; i++)
			if (row_has(row, (enum column)(FIRST_WRITTEN + i)) && !done[i] &&
			    (next < 0 || old[i].p < old[next].p))
				next = i;
		if (next < 0)
			break;
		put(&c, str_between(from, old[next].p));
		put_new(&c, next, text[next]);
		from = old[next].p + old[next].n;
		done[next] = true;
	}
	put(&c, str_between(from, row->text.p + row->text.n));
	for (int i = 0; i < WRITTEN; i++)
		if (!row_has(row, (enum column)(FIRST_WRITTEN + i))) {
			put_tab(&c);
			put_new(&c, i, text[i]);
		}
	end_row(&c, start);
}

/* fdtype and fdgen are new, and mostly the path is what the tracer says. */
SCAN_TWICE void write_usual(const struct row *row, const struct shown *shown)
{
	struct str path = row_field(row, COLUMN_PATH);
	char *start = begin_row(row, shown);
	struct copy c = {.to = start};
	if (shown->path.n == path.n && (shown->path.p == path.p || str_eq(shown->path, path))) {
		put(&c, row->text);
	} else {
		put(&c, str_between(row->text.p, path.p));
		put(&c, shown->path);
		put(&c, str_between(path.p + path.n, row->text.p + row->text.n));
	}
	put_tab(&c);
	put_own(&c, shown->fdtype);
	put_tab(&c);
	put_own(&c, shown->fdgen);
	end_row(&c, start);
}

static bool is_usual(const struct row *row)
{
	const uint32_t path = 1u << COLUMN_PATH, all = path | 1u << COLUMN_FDTYPE | 1u << COLUMN_FDGEN;
	return (row->has & all) == path;
}

static void write_any(const struct row *row, const struct shown *shown)
{
	if (is_usual(row))
		write_usual(row, shown);
	else
		write_replaced(row, shown);
}

static SCAN_AVX2 void write_avx2(const struct row *row, const struct shown *shown)
{
	if (is_usual(row))
		write_usual(row, shown);
	else
		write_replaced(row, shown);
}

row_emit *row_writer(void)
{
	return scan_has_avx2() ? write_avx2 : write_any;
}

void row_write_header(const struct tsv *t)
{
	struct buf line = {0};
	buf_add_str(&line, t->header);
	for (int i = FIRST_WRITTEN; i < FIRST_WRITTEN + WRITTEN; i++)
		if (!tsv_has(t, i))
			buf_printf(&line, "\t%s", names[i]);
	write_escaped(buf_str(&line));
	buf_free(&line);
}
