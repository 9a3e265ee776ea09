#include "similarity.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena.h"
#include "diag.h"
#include "input.h"
#include "lcs.h"

/* Distinct lines, numbered. Lines are kept by a 128-bit pair of hashes, not by their text: two of a
 * billion different lines are taken for the same with a chance of one in 10^20. */
struct numbers {
	struct slot {
		uint64_t hash, check;
		uint32_t number; /* from 1; 0: free */
	} * slot;
	size_t used, mask;
};

struct lines {
	uint32_t *number;
	size_t n, cap;
};

static struct slot *find(const struct numbers *m, uint64_t hash, uint64_t check)
{
	size_t at = (size_t)hash & m->mask;
	while (m->slot[at].number && (m->slot[at].hash != hash || m->slot[at].check != check))
		at = (at + 1) & m->mask;
	return &m->slot[at];
}

static void grow(struct numbers *m)
{
	struct numbers old = *m;
	size_t slots = old.slot ? (old.mask + 1) * 2 : 1024;
	m->slot = xcalloc(slots, sizeof *m->slot);
	m->mask = slots - 1;
	for (size_t i = 0; old.slot && i <= old.mask; i++)
		if (old.slot[i].number)
			*find(m, old.slot[i].hash, old.slot[i].check) = old.slot[i];
	free(old.slot);
}

static uint32_t number_of(struct numbers *m, struct str line)
{
	if (!m->slot || m->used * 2 > m->mask)
		grow(m);
	uint64_t hash = str_hash(line), check = UINT64_C(0xcbf29ce484222325) ^ line.n;
	for (size_t i = 0; i < line.n; i++) /* FNV-1a: nothing in common with str_hash */
		check = (check ^ (unsigned char)line.p[i]) * UINT64_C(0x100000001b3);
	struct slot *slot = find(m, hash, check);
	if (!slot->number)
		*slot = (struct slot){hash, check, (uint32_t)++m->used};
	return slot->number - 1;
}

static struct lines read_lines(struct numbers *m, const char *path, bool last)
{
	char *paths[] = {(char *)(uintptr_t)path, NULL};
	struct input *in = input_open(paths);
	struct lines l = {0};
	struct str line;
	if (last)
		input_last(in);
	while (input_next_file(in)) {
		while (input_line(in, &line)) {
			if (line.n == 0 || str_starts(line, STR("=== ")))
				continue;
			if (l.n == l.cap) {
				l.cap = l.cap ? l.cap * 2 : 1024;
				l.number = xrealloc(l.number, l.cap, sizeof *l.number);
			}
			if (l.n == UINT32_MAX)
				diag_die(DIAG_USAGE, "more than 2^32 lines");
			l.number[l.n++] = number_of(m, line);
		}
	}
	input_close(in);
	return l;
}

void similarity_show(const char *a, const char *b, enum table_format format)
{
	struct numbers m = {0};
	struct lines x = read_lines(&m, a, false), y = read_lines(&m, b, true);
	size_t common = lcs_length(x.number, x.n, y.number, y.n, m.used);
	struct table *t = table_new(&output_stdout, format);
	table_column(t, "lines_a", TABLE_COUNT);
	table_column(t, "lines_b", TABLE_COUNT);
	table_column(t, "common", TABLE_COUNT);
	table_column(t, "similarity", TABLE_SECONDS); /* six decimals */
	table_int(t, (__int128_t)x.n);
	table_int(t, (__int128_t)y.n);
	table_int(t, (__int128_t)common);
	table_number(t, x.n + y.n ? 2 * (double)common / (double)(x.n + y.n) : 1);
	table_end_row(t);
	table_finish(t);
	free(x.number);
	free(y.number);
	free(m.slot);
}
