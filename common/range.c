#include "range.h"

#include "number.h"

/* "10", "1.5", "1.02": three digits, no zeros behind the point. Returns the unit, apart. */
static const char *split_unit(bool of_bytes, uint64_t value, char out[NUMBER_HUMAN])
{
	int64_t v = value > INT64_MAX ? INT64_MAX : (int64_t)value;
	if (of_bytes)
		number_human_bytes(out, v);
	else
		number_human_ns(out, v);
	char *blank = strchr(out, ' '), *end = blank;
	if (memchr(out, '.', (size_t)(blank - out))) {
		while (end[-1] == '0')
			end--;
		end -= end[-1] == '.';
	}
	*end = '\0';
	return blank == end ? blank + 1 : memmove(end + 1, blank + 1, strlen(blank + 1) + 1);
}

void range_show(struct buf *b, bool of_bytes, uint64_t low, bool has_high, uint64_t high)
{
	char from[NUMBER_HUMAN], to[NUMBER_HUMAN] = "";
	const char *unit_from = split_unit(of_bytes, low, from);
	const char *unit_to = has_high ? split_unit(of_bytes, high, to) : "";
	if (!has_high)
		buf_printf(b, ">= %s %s", from, unit_from);
	else if (low == 0)
		buf_printf(b, "< %s %s", to, unit_to);
	else if (strcmp(unit_from, unit_to) == 0)
		buf_printf(b, "%s-%s %s", from, to, unit_to);
	else
		buf_printf(b, "%s %s-%s %s", from, unit_from, to, unit_to);
}
