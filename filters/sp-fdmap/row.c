#include "row.h"

#include "event.h"
#include "fact.h"
#include "file.h"
#include "scan.h"

static const char *const names[COLUMNS] = {
#define COLUMN(id, name) [COLUMN_##id] = name,
#include "columns.def"
#undef COLUMN
};

enum { FIRST_WRITTEN = COLUMN_PATH, WRITTEN = 3 };

const struct own own_nothing = {.text = "\t\t\n", .n = 3, .gen_at = 2, .type = FDTYPES, .gen = OWN_NO_GEN};

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

/* So many bytes are copied at once, by one instruction of any processor: of larger ones compilers make bytes. */
enum { STEP = 16 };
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
	return word[0] | word[1];
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

typedef unsigned char wide __attribute__((vector_size(32)));

SCAN_TWICE void put_wide(void *to, const void *from)
{
	wide bytes;
	memcpy(&bytes, from, sizeof bytes);
	memcpy(to, &bytes, sizeof bytes);
}

SCAN_TWICE char *begin_row(const struct row *row, const struct shown *shown)
{
	return output_reserve(&output_stdout, row->text.n + shown->path.n + OWN_MOST);
}

/* The row ends in its newline. */
SCAN_TWICE void end_row(const char *start, char *end, bool has_controls)
{
	if (__builtin_expect(has_controls, 0))
		write_escaped(str_between(start, end - 1));
	else
		output_commit(&output_stdout, end);
}

/* Tells the readers of a ring where the columns of a row end that is committed next, by where they were in the row that
 * was read. Its path is now so much longer. */
SCAN_TWICE void tell_from(const uint16_t *was, size_t n, const struct row *row, const struct shown *shown, size_t longer)
{
	enum { MANY = sizeof(wide) / sizeof *was }; /* at once: there is room for more */
	const struct own *own = shown->own;
	size_t bytes = row->text.n + longer + own->n, path_at = (size_t)(row->place[COLUMN_PATH][0] - row->text.p);
	uint16_t *end = output_ends(&output_stdout, n + 2, bytes);
	if (!end)
		return;
	for (size_t i = 0; i < n; i += MANY)
		put_wide(end + i, was + i);
	if (longer)
		for (size_t i = 0; i < n; i++)
			end[i] = (uint16_t)(end[i] + (end[i] > path_at ? longer : 0));
	end[n] = (uint16_t)(bytes - own->n + own->gen_at);
	end[n + 1] = (uint16_t)bytes;
	fact_tell(row, shown, ring_tell_fact(output_stdout.rows));
	ring_told(output_stdout.rows, n + 2, bytes);
}

/* Of a row of which nobody has told. */
static __attribute__((noinline)) void tell_found(const struct row *row, const struct shown *shown, size_t longer)
{
	uint16_t end[RING_COLUMNS + 1];
	size_t n = 0;
	if (row->text.n >= UINT16_MAX) /* so far back nothing can end, even where the path gets shorter */
		return;
	for (size_t i = 0; i < row->text.n; i += SCAN_BLOCK) {
		uint64_t tabs = scan_64(row->text.p + i, '\t');
		if (row->text.n - i < SCAN_BLOCK)
			tabs &= (UINT64_C(1) << (row->text.n - i)) - 1;
		for (; tabs && n < RING_COLUMNS; tabs &= tabs - 1) /* of more nothing can be told */
			end[n++] = (uint16_t)(i + (unsigned)__builtin_ctzll(tabs) + 1);
	}
	end[n++] = (uint16_t)(row->text.n + 1);
	tell_from(end, n, row, shown, longer);
}

SCAN_TWICE void tell(const struct row *row, const struct shown *shown, size_t longer)
{
	if (row->told)
		tell_from(row->told, row->columns, row, shown, longer);
	else if (output_stdout.rows)
		tell_found(row, shown, longer);
}

SCAN_TWICE char *put_own(char *to, const struct own *own)
{
	memcpy(to, own->text, OWN_MOST);
	return to + own->n;
}

/* Replaces what the table has of the three, from left to right, and appends the others. */
static void write_replaced(const struct row *row, const struct shown *shown)
{
	const struct own *own = shown->own;
	const struct str text[WRITTEN] = {shown->path, {own->text + 1, own->gen_at - 2u},
					  {own->text + own->gen_at, own->gen_n}};
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
		put(&c, text[next]);
		from = old[next].p + old[next].n;
		done[next] = true;
	}
	put(&c, str_between(from, row->text.p + row->text.n));
	for (int i = 0; i < WRITTEN; i++)
		if (!row_has(row, (enum column)(FIRST_WRITTEN + i))) {
			*c.to++ = '\t';
			put(&c, text[i]);
		}
	*c.to++ = '\n';
	end_row(start, c.to, has_controls(&c));
}

/* fdtype and fdgen are new. */
SCAN_TWICE void write_usual(const struct row *row, const struct shown *shown)
{
	struct str path = row_field(row, COLUMN_PATH);
	char *start = begin_row(row, shown);
	struct copy c = {.to = start};
	put(&c, str_between(row->text.p, path.p));
	put(&c, shown->path);
	put(&c, str_between(path.p + path.n, row->text.p + row->text.n));
	bool has = has_controls(&c);
	if (!has)
		tell(row, shown, shown->path.n - path.n);
	end_row(start, put_own(c.to, shown->own), has);
}

static bool is_usual(const struct row *row)
{
	const uint32_t path = 1u << COLUMN_PATH, all = path | 1u << COLUMN_FDTYPE | 1u << COLUMN_FDGEN;
	return (row->has & all) == path;
}

/* What the table says stays as it is, and fdtype and fdgen are new. */
SCAN_TWICE bool is_as_is(const struct row *row, const struct shown *shown)
{
	struct str path = row_field(row, COLUMN_PATH);
	return shown->path.p == path.p && shown->path.n == path.n && is_usual(row);
}

static __attribute__((noinline)) void write_untold(const struct row *row, const struct shown *shown)
{
	if (is_usual(row))
		write_usual(row, shown);
	else
		write_replaced(row, shown);
}

/* ---- rows that stay as they are but may have control bytes, with AVX2 ---- */

enum { AVX2_STEP = 32 };

struct passing {
	__m256i tab, del, ones;
	__m256i least; /* of the bytes, turned so that control bytes but for TAB and 0x7f are below 0x1f */
	__m256i dels;  /* not 0: there was a 0x7f */
};

/* Compilers build a constant anew wherever it is used, unless they cannot know that it is one. */
SCAN_TWICE SCAN_AVX2 __m256i constant(char c)
{
	__m256i all = _mm256_set1_epi8(c);
	__asm__("" : "+x"(all));
	return all;
}

SCAN_TWICE SCAN_AVX2 void pass_step(struct passing *w, char *to, const char *from)
{
	__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)from);
	_mm256_storeu_si256((__m256i *)(void *)to, b);
	__m256i turned = _mm256_add_epi8(_mm256_xor_si256(b, w->tab), w->ones); /* a TAB becomes 0, and then 0xff */
	w->least = _mm256_min_epu8(w->least, turned);
	w->dels = _mm256_or_si256(w->dels, _mm256_cmpeq_epi8(b, w->del));
}

/* Copies at least AVX2_STEP bytes: the last step overlaps the one before. True when there are control bytes. */
SCAN_TWICE SCAN_AVX2 bool pass(char *to, struct str s)
{
	const __m256i ones = constant(-1);
	struct passing w = {constant('\t'), constant(0x7f), ones, .least = ones};
	const char *from = s.p, *last = s.p + s.n - AVX2_STEP;
	for (; last - from > AVX2_STEP; from += 2 * AVX2_STEP, to += 2 * AVX2_STEP) {
		pass_step(&w, to, from);
		pass_step(&w, to + AVX2_STEP, from + AVX2_STEP);
	}
	if (from < last)
		pass_step(&w, to, from);
	pass_step(&w, to + (last - from), last);
	__m256i below = _mm256_subs_epu8(_mm256_set1_epi8(0x1f), w.least), found = _mm256_or_si256(below, w.dels);
	return !_mm256_testz_si256(found, found);
}

static __attribute__((noinline)) SCAN_AVX2 void write_untold_avx2(const struct row *row, const struct shown *shown)
{
	if (!is_as_is(row, shown) || row->text.n < AVX2_STEP) {
		write_untold(row, shown);
		return;
	}
	char *start = begin_row(row, shown);
	bool has = pass(start, row->text);
	if (!has)
		tell(row, shown, 0);
	end_row(start, put_own(start + row->text.n, shown->own), has);
}

/* ---- nearly all rows: told, and all that the tracer says stays as it is ---- */

SCAN_TWICE void write_told(const struct row *row, const struct shown *shown)
{
	const char *from = row->text.p, *end = from + row->text.n;
	char *to = begin_row(row, shown);
	for (; from < end; from += 2 * sizeof(wide), to += 2 * sizeof(wide)) { /* there is room for more */
		put_wide(to, from);
		put_wide(to + sizeof(wide), from + sizeof(wide));
	}
	tell_from(row->told, row->columns, row, shown, 0);
	output_commit(&output_stdout, put_own(to - (from - end), shown->own));
}

static void write_any(const struct row *row, const struct shown *shown)
{
	if (row->told && is_as_is(row, shown))
		write_told(row, shown);
	else
		write_untold(row, shown);
}

static SCAN_AVX2 void write_avx2(const struct row *row, const struct shown *shown)
{
	if (row->told && is_as_is(row, shown))
		write_told(row, shown);
	else
		write_untold_avx2(row, shown);
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
