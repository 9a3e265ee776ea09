#include "input_private.h"
#include "scan.h"

_Static_assert((int)SCAN_BLOCK <= (int)INPUT_SLACK, "a block may begin at the last byte of the input");

/* Most blocks have one newline or none, which costs no branch that depends on the data. */
SCAN_TWICE void look_ahead(struct input *in, scan *find)
{
	const uint64_t last = UINT64_C(1) << (SCAN_BLOCK - 1); /* is "found" where nothing is */
	const char *from = in->next;
	size_t left = (size_t)(in->end - from), n = left < INPUT_AHEAD ? left : INPUT_AHEAD;
	uint32_t newlines = 0;
	for (size_t i = 0; i < n; i += SCAN_BLOCK) {
		uint64_t found = find(from + i, '\n');
		if (n - i < SCAN_BLOCK)
			found &= (UINT64_C(1) << (n - i)) - 1;
		in->newline[newlines] = (uint16_t)(i + (unsigned)__builtin_ctzll(found | last));
		newlines += found != 0;
		for (uint64_t more = found & (found - 1); more; more &= more - 1)
			in->newline[newlines++] = (uint16_t)(i + (unsigned)__builtin_ctzll(more));
	}
	in->ahead = in->next;
	in->newlines = newlines;
	in->next_newline = 0;
}

static void look_ahead_any(struct input *in)
{
	look_ahead(in, scan_64);
}

static SCAN_AVX2 void look_ahead_avx2(struct input *in)
{
	look_ahead(in, scan_64_avx2);
}

void input_look_ahead(struct input *in)
{
	if (scan_has_avx2())
		look_ahead_avx2(in);
	else
		look_ahead_any(in);
}
