#include "tsv_private.h"

#define RARE static __attribute__((noinline)) /* keeps calls and their registers out of the way */

RARE bool next_file(struct tsv_private *s)
{
	s->in_file = input_next_file(s->t.in);
	s->header.n = 0;
	return s->in_file;
}

/* Puts the next line into t->row. */
SCAN_TWICE bool next_line(struct tsv_private *s)
{
	while (!s->in_file || !input_line(s->t.in, &s->t.row))
		if (!next_file(s))
			return false;
	return true;
}

/* ---- fields ---- */

/* The TABs among the 64 bytes at p, those of the row that ends at `end`. */
SCAN_TWICE uint64_t tabs_at(const char *p, const char *end, scan *find)
{
	uint64_t tabs = find(p, '\t');
	return end - p >= SCAN_BLOCK ? tabs : tabs & ((UINT64_C(1) << (end - p)) - 1);
}

/* Notes where the columns begin. A memchr for each column took three times as long; a loop over the
 * TABs, half as long again. */
SCAN_TWICE bool find_columns(struct tsv_private *s, const char *p, const char *end, scan *find)
{
	const char **last = &s->start[s->split];
	size_t left = s->split; /* columns whose end is not found yet */
	uint64_t tabs = tabs_at(p, end, find);
	s->start[0] = p;
	switch (left) {
#define STEP(n)                                                                                    \
	case n:                                                                                    \
		left = n;                                                                          \
		if (!tabs)                                                                         \
			break;                                                                     \
		last[1 - n] = p + (unsigned)__builtin_ctzll(tabs) + 1;                             \
		tabs &= tabs - 1;                                                                  \
		__attribute__((fallthrough));
		/* clang-format off */
		STEP(24) STEP(23) STEP(22) STEP(21) STEP(20) STEP(19) STEP(18) STEP(17)
		STEP(16) STEP(15) STEP(14) STEP(13) STEP(12) STEP(11) STEP(10) STEP(9)
		STEP(8) STEP(7) STEP(6) STEP(5) STEP(4) STEP(3) STEP(2) STEP(1)
		/* clang-format on */
#undef STEP
	case 0:
		return true;
	default:
		break;
	}
	for (; left > 0; left--) {
		while (!tabs) {
			p += SCAN_BLOCK;
			if (p < end) {
				tabs = tabs_at(p, end, find);
				continue;
			}
			/* no TAB is right behind the table's last column only */
			last[1 - (ptrdiff_t)left] = end + 1;
			return left == 1 && s->split == s->columns;
		}
		last[1 - (ptrdiff_t)left] = p + (unsigned)__builtin_ctzll(tabs) + 1;
		tabs &= tabs - 1;
	}
	return true;
}

/* The same where the writer of the row has told. Four at a time: there is room for three more. */
SCAN_TWICE void take_columns(struct tsv_private *s, const char *p, const uint16_t *end)
{
	s->start[0] = p;
	for (size_t i = 0; i < s->split; i += 4)
		for (size_t j = i; j < i + 4; j++)
			s->start[j + 1] = p + end[j];
}

SCAN_TWICE void fill_fields(struct tsv_private *s)
{
	for (const struct tsv_bound *b = s->bound, *end = b + s->n_bound; b < end; b++) {
		const char *from = b->place[0], *to = b->place[1];
		b->field->p = from;
		b->field->n = (size_t)(to - from) - 1;
	}
}

/* ---- rows ---- */

RARE void report_short(const struct tsv_private *s)
{
	diag_at(DIAG_ROW, input_place(s->t.in), "fewer columns than the header's %zu", s->columns);
}

/* A row that lacks columns which nobody wants. */
RARE bool is_enough(struct tsv_private *s, const char *p, const char *end, scan *find)
{
	size_t all = s->split;
	if (s->needed == all)
		return false;
	s->split = s->needed;
	bool found = find_columns(s, p, end, find);
	s->split = all;
	s->start[all] = NULL;
	return found;
}

/* The first line of a file, which is a header, or the file is left alone. */
RARE bool take_first(struct tsv_private *s)
{
	if (tsv_check_first(s)) {
		tsv_take_header(s);
		return true;
	}
	s->in_file = false;
	return false;
}

SCAN_TWICE enum tsv_what next_row(struct tsv *t, scan *find)
{
	struct tsv_private *s = t->self;
	for (;;) {
		if (!next_line(s))
			return TSV_END;
		const char *p = s->t.row.p;
		if (s->header.n == 0) {
			if (take_first(s))
				return TSV_HEADER;
			continue;
		}
		if (*p >= 'a' && *p <= 'z' && s->t.row.n && tsv_is_header(s))
			return tsv_take_header(s);
		s->reported_row = false;
		const uint16_t *end = input_columns(s->t.in, s->columns);
		if (end) {
			take_columns(s, p, end);
			break;
		}
		const char *row_end = p + s->t.row.n;
		if (find_columns(s, p, row_end, find) || is_enough(s, p, row_end, find))
			break;
		report_short(s);
	}
	if (!s->by_place)
		fill_fields(s);
	t->rows++;
	return TSV_ROW;
}

enum tsv_what tsv_next_any(struct tsv *t)
{
	return next_row(t, scan_64);
}

static SCAN_AVX2 enum tsv_what next_avx2(struct tsv *t)
{
	return next_row(t, scan_64_avx2);
}

enum tsv_what (*tsv_next_function(void))(struct tsv *t)
{
	return scan_has_avx2() ? next_avx2 : tsv_next_any;
}
