#include "row.h"

#include <emmintrin.h>

#include "arena.h"

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

static char *put(char *to, struct str s)
{
	if (s.n >= 64) {
		memcpy(to, s.p, s.n);
		return to + s.n;
	}
	return s.n ? output_copy(to, s.p, s.n) : to;
}

/* Replaces what the table has of the three, from left to right, and appends the others. */
static char *put_any(char *to, const struct row *row, const struct str *text)
{
	struct str old[WRITTEN];
	const char *from = row->text.p;
	bool done[WRITTEN] = {false};
	for (int i = 0; i < WRITTEN; i++)
		old[i] = row_field(row, (enum column)(FIRST_WRITTEN + i));
	for (;;) {
		int next = -1;
		for (int i = 0; i < WRITTEN; i++)
			if (row_has(row, (enum column)(FIRST_WRITTEN + i)) && !done[i] && (next < 0 || old[i].p < old[next].p))
				next = i;
		if (next < 0)
			break;
		to = put(to, str_between(from, old[next].p));
		to = put(to, text[next]);
		from = old[next].p + old[next].n;
		done[next] = true;
	}
	to = put(to, str_between(from, row->text.p + row->text.n));
	for (int i = 0; i < WRITTEN; i++)
		if (!row_has(row, (enum column)(FIRST_WRITTEN + i))) {
			*to++ = '\t';
			to = put(to, text[i]);
		}
	return to;
}

/* ---- control bytes ---- */

static bool is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t') || c == 0x7f;
}

/* All ones in the bytes that are. */
static __m128i controls(const char *p)
{
	__m128i b = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(b, _mm_set1_epi8(0x1f)), b);
	return _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('\t')), low),
			    _mm_cmpeq_epi8(b, _mm_set1_epi8(0x7f)));
}

static bool has_control(const char *p, const char *end)
{
	for (; end - p >= 64; p += 64) {
		__m128i any = _mm_or_si128(_mm_or_si128(controls(p), controls(p + 16)),
					   _mm_or_si128(controls(p + 32), controls(p + 48)));
		if (_mm_movemask_epi8(any))
			return true;
	}
	for (; p < end; p += 16) {
		unsigned mask = (unsigned)_mm_movemask_epi8(controls(p));
		if (mask && p + __builtin_ctz(mask) < end)
			return true;
	}
	return false;
}

/* A table that sp-parse wrote holds none: this one comes from somewhere else. */
static void write_escaped(struct output *out, const char *from, const char *end)
{
	struct buf text = {0};
	for (const char *p = from; p < end; p++)
		if (is_control((unsigned char)*p))
			buf_printf(&text, "\\x%02x", (unsigned char)*p);
		else
			buf_add_char(&text, *p);
	buf_add_char(&text, '\n');
	output_str(out, buf_str(&text));
	buf_free(&text);
}

void row_write(struct output *out, const struct row *row, const struct shown *shown)
{
	const uint32_t usual = 1u << COLUMN_PATH, all = usual | 1u << COLUMN_FDTYPE | 1u << COLUMN_FDGEN;
	char *to = output_reserve(out, row->text.n + shown->path.n + shown->fdtype.n +
					   shown->fdgen.n + WRITTEN + 1);
	const char *start = to;
	if ((row->has & all) == usual) { /* fdtype and fdgen are new */
		struct str path = row_field(row, COLUMN_PATH);
		const char *end = row->text.p + row->text.n;
		if (shown->path.p == path.p && shown->path.n == path.n) {
			to = put(to, row->text);
		} else {
			to = put(to, str_between(row->text.p, path.p));
			to = put(to, shown->path);
			to = put(to, str_between(path.p + path.n, end));
		}
		*to++ = '\t';
		to = put(to, shown->fdtype);
		*to++ = '\t';
		to = put(to, shown->fdgen);
	} else {
		to = put_any(to, row, (const struct str[]){shown->path, shown->fdtype,
							    shown->fdgen});
	}
	if (has_control(start, to)) {
		write_escaped(out, start, to);
		return;
	}
	*to++ = '\n';
	output_commit(out, to);
}

void row_write_header(struct output *out, const struct tsv *t)
{
	struct buf line = {0};
	buf_add_str(&line, t->header);
	for (int i = FIRST_WRITTEN; i < FIRST_WRITTEN + WRITTEN; i++)
		if (!tsv_has(t, i))
			buf_printf(&line, "\t%s", names[i]);
	write_escaped(out, line.p, line.p + line.n);
	buf_free(&line);
}
