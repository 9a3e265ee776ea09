/* grouping: the options by which aggregating programs are told what to group by: --by, --categories, --set,
 * --mounts. A program lists grouping_argp among its argp children and passes a struct grouping as that
 * child's input. */
#ifndef SP_GROUPING_H
#define SP_GROUPING_H

#include <argp.h>

#include "keys.h"

struct grouping {
	const char *by; /* the default, until the option is given */
	const char *categories, *set, *mounts;
	struct categories *loaded_categories;
	struct mounts *loaded_mounts;
};

extern const struct argp grouping_argp;

/* The keys that were asked for, those of `before` and `after` around them (NULL: none); "all" is
 * none at all. What does not fit ends the program. Categories and mounts are read when a key needs
 * them. */
void grouping_open(struct grouping *g, struct keys *keys, const char *before, const char *after,
                   int64_t slice_ns);

/* From here on slices are as wide as needed so that there are at most so many of them: from 1 us up in
 * steps of 2 and 5. */
void grouping_slices(struct keys *keys, int64_t slices);

void grouping_close(struct grouping *g, struct keys *keys);

#endif
