#include "visible.h"

#include "table.h"

/* U+202A to U+202E and U+2066 to U+2069; 0: none begins here. */
static unsigned direction_at(const struct buf *b, size_t i)
{
	const unsigned char *p = (const unsigned char *)b->p + i;
	if (i + 2 >= b->n || p[0] != 0xe2)
		return 0;
	if (p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae)
		return 0x2000u + (p[2] & 0x3fu);
	if (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
		return 0x2040u + (p[2] & 0x3fu);
	return 0;
}

void visible_text(struct buf *b, struct str s)
{
	struct buf clean = {0};
	table_clean(&clean, s);
	size_t from = 0;
	for (size_t i = 0; i < clean.n; i++) {
		unsigned direction = direction_at(&clean, i);
		if (!direction)
			continue;
		buf_add(b, clean.p + from, i - from);
		buf_printf(b, "\\u%04x", direction);
		i += 2;
		from = i + 1;
	}
	buf_add(b, clean.p + from, clean.n - from);
	buf_free(&clean);
}
