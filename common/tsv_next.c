#include "tsv_private.h"

#define RARE static __attribute__((noinline)) /* keeps calls and their registers out of the way */

RARE bool next_file(struct tsv_private *s)
{
	s->in_file = input_next_file(s->t.in);
	s->header.n = s->columns = 0;
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

/* Where four columns begin that end at these offsets. */
typedef void starts(const char **start, const char *p, const uint16_t *end);

SCAN_TWICE void starts_4(const char **start, const char *p, const uint16_t *end)
{
	for (size_t i = 0; i < 4; i++)
		start[i] = p + end[i];
}

SCAN_TWICE SCAN_AVX2 void starts_4_avx2(const char **start, const char *p, const uint16_t *end)
{
	__m256i at = _mm256_cvtepu16_epi64(_mm_loadl_epi64((const __m128i *)(const void *)end));
	at = _mm256_add_epi64(at, _mm256_set1_epi64x((long long)(uintptr_t)p));
	_mm256_storeu_si256((__m256i *)(void *)start, at);
}

/* As find_columns where the writer of the row has told: eight at a time, for which there is room. */
SCAN_TWICE void take_columns(struct tsv_private *s, const char *p, const uint16_t *end, starts *starts_of)
{
	s->start[0] = p;
	for (const char **start = &s->start[1], **last = start + s->split; start < last; start += 8, end += 8) {
		starts_of(start, p, end);
		starts_of(start + 4, p, end + 4);
	}
}

/* Pointers and lengths of four fields, put together in registers. */
SCAN_TWICE void fill_four(const char *const *place, struct str *field)
{
	typedef uint64_t four __attribute__((vector_size(32)));
	four from, to, pair;
	memcpy(&from, place, sizeof from);
	memcpy(&to, place + 1, sizeof to);
	four n = to - from - 1;
	pair = __builtin_shufflevector(from, n, 0, 4, 1, 5);
	memcpy(field, &pair, sizeof pair);
	pair = __builtin_shufflevector(from, n, 2, 6, 3, 7);
	memcpy(field + 2, &pair, sizeof pair);
}

SCAN_TWICE void fill_fields(struct tsv_private *s)
{
	for (const struct tsv_bound *b = s->bound, *end = b + s->n_bound; b < end; b++) {
		const char *const *place = b->place;
		struct str *field = b->field;
		if (!b->behind) {
			field->p = place[0];
			field->n = (size_t)(place[1] - place[0]) - 1;
			continue;
		}
		for (; field < b->behind; field += 4, place += 4)
			fill_four(place, field);
	}
}

/* ---- rows ---- */

RARE void report_short(const struct tsv_private *s)
{
	diag_at(DIAG_ROW, input_place(s->t.in), "fewer columns than the header's %zu", s->columns);
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

SCAN_TWICE enum tsv_what take_row(struct tsv_private *s)
{
	if (!s->by_place)
		fill_fields(s);
	s->t.rows++;
	return TSV_ROW;
}

/* Any line, with all that it may be. */
SCAN_TWICE enum tsv_what next_row(struct tsv *t, scan *find)
{
	struct tsv_private *s = t->self;
	t->told = NULL;
	t->fact = &ring_no_fact;
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
		if (find_columns(s, p, p + s->t.row.n, find))
			return take_row(s);
		report_short(s);
	}
}

/* Another processor has just written the rows: a few further ones are fetched from it meanwhile. */
SCAN_TWICE void prefetch_rows(const struct tsv *t)
{
	enum { AHEAD = 1024, CACHE_LINE = 64 }; /* some eight rows */
	__builtin_prefetch(t->row.p + AHEAD);
	__builtin_prefetch(t->row.p + AHEAD + CACHE_LINE);
	__builtin_prefetch((const char *)t->told + AHEAD / 2);
}

/* A row whose columns the writer has told; false where that is not so, or it may be a header. */
SCAN_TWICE bool next_told(struct tsv *t, starts *starts_of)
{
	struct tsv_private *s = t->self;
	const struct input *in = t->in;
	if (in->columns == 0 || in->columns != s->columns || (*in->next >= 'a' && *in->next <= 'z'))
		return false;
	t->told = input_columns(t->in, &t->row);
	if (!t->told)
		return false;
	t->fact = in->fact ? &in->fact[in->next_newline - 1] : &ring_no_fact;
	prefetch_rows(t);
	s->reported_row = false;
	take_columns(s, t->row.p, t->told, starts_of);
	return true;
}

RARE enum tsv_what next_row_any(struct tsv *t)
{
	return next_row(t, scan_64);
}

enum tsv_what tsv_next_any(struct tsv *t)
{
	return next_told(t, starts_4) ? take_row(t->self) : next_row_any(t);
}

RARE SCAN_AVX2 enum tsv_what next_row_avx2(struct tsv *t)
{
	return next_row(t, scan_64_avx2);
}

static SCAN_AVX2 enum tsv_what next_avx2(struct tsv *t)
{
	return next_told(t, starts_4_avx2) ? take_row(t->self) : next_row_avx2(t);
}

enum tsv_what (*tsv_next_function(void))(struct tsv *t)
{
	return scan_has_avx2() ? next_avx2 : tsv_next_any;
}
