#include "newlines.h"

#include "scan.h"

_Static_assert((int)SCAN_BLOCK == (int)NEWLINES_STEP, "both are a step");

/* Most blocks have one newline or none, which costs no branch that depends on the data. */
SCAN_TWICE size_t find(const char *from, size_t n, uint32_t *at, size_t room, scan *scan_block)
{
	const uint64_t last = UINT64_C(1) << (SCAN_BLOCK - 1); /* is "found" where nothing is */
	size_t newlines = 0;
	for (size_t i = 0; i < n && newlines + SCAN_BLOCK <= room; i += SCAN_BLOCK) {
		uint64_t found = scan_block(from + i, '\n');
		if (n - i < SCAN_BLOCK)
			found &= (UINT64_C(1) << (n - i)) - 1;
		at[newlines] = (uint32_t)(i + (unsigned)__builtin_ctzll(found | last));
		newlines += found != 0;
		for (uint64_t more = found & (found - 1); more; more &= more - 1)
			at[newlines++] = (uint32_t)(i + (unsigned)__builtin_ctzll(more));
	}
	return newlines;
}

static size_t find_any(const char *from, size_t n, uint32_t *at, size_t room)
{
	return find(from, n, at, room, scan_64);
}

static SCAN_AVX2 size_t find_avx2(const char *from, size_t n, uint32_t *at, size_t room)
{
	return find(from, n, at, room, scan_64_avx2);
}

size_t newlines_find(const char *from, size_t n, uint32_t *at, size_t room)
{
	return scan_has_avx2() ? find_avx2(from, n, at, room) : find_any(from, n, at, room);
}
