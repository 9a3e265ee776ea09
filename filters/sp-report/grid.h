/* grid: what happened when, in at most GRID_SLICES slices of equal length. Neighbouring slices of
 * the table are put together until so many are left; sums add up, levels keep their maximum. */
#ifndef SP_GRID_H
#define SP_GRID_H

#include "arena.h"
#include "str.h"

/* What charts have room for: slices of the timeline, slices of the heat map, whose cells are wider, lines, and
 * processes whose descriptors are drawn. */
enum { GRID_SLICES = 400, GRID_HEAT_SLICES = 160, GRID_LINES = 64, GRID_PROCESSES = 6 };

struct grid_line {
	struct str name;   /* category, pid, "pid in trace" */
	int64_t low, high; /* heat: the range of durations; high 0 has no upper bound */
	int64_t total;     /* sum over all slices, or the maximum of a level */
	int64_t *value;    /* one a slice */
};

struct grid {
	bool present;
	bool active; /* timeline: how long calls waited is known, and left out of total_ns */
	int64_t first_ns, slice_ns;
	size_t slices, lines;
	uint64_t left_out; /* lines that found no room; their values are in no line */
	struct grid_line line[GRID_LINES];
	struct arena arena;
};

enum { TIMELINE_CALLS, TIMELINE_ERRORS, TIMELINE_BYTES, TIMELINE_TOTAL, TIMELINE_LINES };

/* timeline.tsv: lines calls, errors, bytes and total_ns, then total_ns of each category, the
 * largest first. */
void grid_load_timeline(struct grid *g, const char *dir);

/* heat.tsv: one line of calls for each range of durations, the lowest first. */
void grid_load_heat(struct grid *g, const char *dir);

/* fds.tsv: the most descriptors that a process had open in each slice, -1 where it is not known yet;
 * of the GRID_PROCESSES largest, largest first. left_out counts the others. */
void grid_load_fds(struct grid *g, const char *dir);

#endif
