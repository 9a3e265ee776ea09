/* show: the comparison as a table, or its gates as TAP. */
#ifndef SP_SHOW_H
#define SP_SHOW_H

#include "gates.h"

struct show {
	enum table_format format;
	struct str label[2];
	unsigned measures; /* bit 1 << MEASURE_...; 0: all for programs, what there is for people */
	uint64_t top;
	int sort;   /* a measure, or -1 for what matters most, or -2 for the key */
	bool total; /* in tsv and json, too */
};

void show_diff(const struct show *s, struct diff *d, struct output *out);
void show_tap(const struct gate *gate, size_t gates, struct output *out);

#endif
