#include "cells.h"

#include "scan.h"

_Static_assert((int)SCAN_BLOCK == (int)CELLS_STEP, "both are a step");

/* What is found from left to right. */
struct search {
	struct cells *cells;
	uint16_t *end;    /* the next one */
	const uint16_t *first; /* of the row at hand */
	size_t row;       /* where that begins */
};

SCAN_TWICE void note(struct search *s, size_t at, uint64_t found)
{
	for (uint16_t *end = s->end;; found &= found - 1) {
		if (!found) {
			s->end = end;
			return;
		}
		*end++ = (uint16_t)(at - s->row + (unsigned)__builtin_ctzll(found) + 1);
	}
}

SCAN_TWICE bool end_row(struct search *s, size_t newline)
{
	struct cells *c = s->cells;
	size_t columns = (size_t)(s->end - s->first);
	if (c->rows == 0)
		c->columns = columns;
	if (columns != c->columns || newline + 1 - s->row > UINT16_MAX)
		return false;
	c->newline[c->rows++] = (uint32_t)newline;
	s->first = s->end;
	s->row = newline + 1;
	return true;
}

SCAN_TWICE bool find(struct cells *c, size_t rows, size_t ends, const char *text, size_t n, scan *scan_block)
{
	struct search s = {.cells = c, .end = c->end, .first = c->end};
	for (size_t i = 0; i < n; i += SCAN_BLOCK) {
		uint64_t newlines = scan_block(text + i, '\n'), found = newlines | scan_block(text + i, '\t');
		uint64_t last = n - i < SCAN_BLOCK ? (UINT64_C(1) << (n - i)) - 1 : UINT64_MAX;
		if (c->rows + SCAN_BLOCK > rows || (size_t)(s.end - c->end) + SCAN_BLOCK > ends)
			return false;
		found &= last;
		for (newlines &= last; newlines; newlines &= newlines - 1) {
			uint64_t of_row = newlines ^ (newlines - 1);
			note(&s, i, found & of_row);
			found &= ~of_row;
			if (!end_row(&s, i + (unsigned)__builtin_ctzll(newlines)))
				return false;
		}
		note(&s, i, found);
	}
	return s.row == n;
}

static bool find_any(struct cells *c, size_t rows, size_t ends, const char *text, size_t n)
{
	return find(c, rows, ends, text, n, scan_64);
}

static SCAN_AVX2 bool find_avx2(struct cells *c, size_t rows, size_t ends, const char *text, size_t n)
{
	return find(c, rows, ends, text, n, scan_64_avx2);
}

bool cells_find(struct cells *c, size_t rows, size_t ends, const char *text, size_t n)
{
	c->rows = c->columns = 0;
	return scan_has_avx2() ? find_avx2(c, rows, ends, text, n) : find_any(c, rows, ends, text, n);
}
