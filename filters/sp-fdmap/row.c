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

/* ---- copying ---- */

static bool is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t') || c == 0x7f;
}

/* All ones in the bytes that are. */
static __m128i controls(__m128i b)
{
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(b, _mm_set1_epi8(0x1f)), b);
	return _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('\t')), low),
			    _mm_cmpeq_epi8(b, _mm_set1_epi8(0x7f)));
}

/* Where to write, and whether control bytes came by. */
struct copy {
	char *to;
	__m128i found;
};

/* In steps of 16, as output_copy() does it; looking at the bytes on the way costs a third of looking
 * at them again. */
static inline __attribute__((always_inline)) void put(struct copy *c, struct str s)
{
	/* Ones for the first bytes of a step: the last one takes too many. */
	static const unsigned char ones[32] = {255, 255, 255, 255, 255, 255, 255, 255,
					       255, 255, 255, 255, 255, 255, 255, 255};
	const char *from = s.p;
	char *to = c->to;
	size_t left = s.n;
	__m128i found = c->found, b;
	for (; left >= 16; left -= 16, from += 16, to += 16) {
		b = _mm_loadu_si128((const __m128i *)(const void *)from);
		_mm_storeu_si128((__m128i *)(void *)to, b);
		found = _mm_or_si128(found, controls(b));
	}
	if (left) {
		b = _mm_loadu_si128((const __m128i *)(const void *)from);
		_mm_storeu_si128((__m128i *)(void *)to, b);
		const void *mask = ones + 16 - left;
		found = _mm_or_si128(found,
				     _mm_and_si128(controls(b), _mm_loadu_si128(mask)));
	}
	c->to += s.n;
	c->found = found;
}

/* Words of sp-fdmap's own hold none. */
static void put_own(struct copy *c, struct str s)
{
	if (s.n)
		c->to = output_copy(c->to, s.p, s.n);
}

static void put_tab(struct copy *c)
{
	*c->to++ = '\t';
}

/* Replaces what the table has of the three, from left to right, and appends the others. */
static void put_any(struct copy *c, const struct row *row, const struct str *text)
{
	struct str old[WRITTEN];
	const char *from = row->text.p;
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
		put(c, str_between(from, old[next].p));
		put(c, text[next]);
		from = old[next].p + old[next].n;
		done[next] = true;
	}
	put(c, str_between(from, row->text.p + row->text.n));
	for (int i = 0; i < WRITTEN; i++)
		if (!row_has(row, (enum column)(FIRST_WRITTEN + i))) {
			put_tab(c);
			put(c, text[i]);
		}
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
	char *start = output_reserve(out, row->text.n + shown->path.n + shown->fdtype.n +
					      shown->fdgen.n + WRITTEN + 1);
	struct copy c = {.to = start};
	if ((row->has & all) == usual) { /* fdtype and fdgen are new */
		struct str path = row_field(row, COLUMN_PATH);
		const char *end = row->text.p + row->text.n;
		put(&c, str_between(row->text.p, path.p));
		put(&c, shown->path);
		put(&c, str_between(path.p + path.n, end));
		put_tab(&c);
		put_own(&c, shown->fdtype);
		put_tab(&c);
		put_own(&c, shown->fdgen);
	} else {
		put_any(&c, row, (const struct str[]){shown->path, shown->fdtype, shown->fdgen});
	}
	if (_mm_movemask_epi8(c.found)) {
		write_escaped(out, start, c.to);
		return;
	}
	*c.to++ = '\n';
	output_commit(out, c.to);
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
