/* modes: the peaks of a distribution that are not one.
 *
 * Values are counted by octave, [1, 2) us, [2, 4) us and so on (powers of two for bytes): the
 * density over the logarithm. Two neighbouring peaks are two modes when the emptiest octave between
 * them holds at most half of what the lower peak holds, and when that cannot be chance: if both
 * octaves were equally likely, the emptier one of V + P values would hold V or fewer of them with
 * the binomial probability P(X <= V), X ~ B(V + P, 1/2), which times the number of pairs of peaks
 * (Bonferroni) must be below 0.001. Peaks that fail are joined, the least distinct first. */
#ifndef SP_HIST_MODES_H
#define SP_HIST_MODES_H

#include "hist.h"

enum { MODES_MAX = 33 }; /* at most every second one of 64 octaves is a peak */

struct mode {
	uint64_t low, high;           /* the octaves in use: values from low to below high */
	uint64_t peak_low, peak_high; /* the fullest octave */
	uint64_t count;
	double p;         /* of the dip before it, corrected; 0 for the first */
	const char *name; /* "cached", "disk?"; NULL: nothing is known */
};

/* The modes in order of value; how many. */
int modes_find(const struct hist *h, bool of_bytes, struct mode modes[MODES_MAX]);

/* Names the modes of a syscall's durations by modes.def, unless they would all be called the same.
 */
void modes_name(struct mode *modes, int n, struct str syscall);

#endif
