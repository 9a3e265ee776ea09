/* show_private: what the forms of findings share. */
#ifndef SP_ADVISE_SHOW_PRIVATE_H
#define SP_ADVISE_SHOW_PRIVATE_H

#include "show.h"

/* Where the worst calls stand: FILE:LINE, or when they began; for people as a time of day, with what
 * they are. */
void show_where(const struct finding *f, bool for_people, struct buf *out);

/* What `top` and `each` leave out: called for each finding in order. */
struct show_limit {
	const struct show_options *options;
	uint64_t each, shown, left;
	__int128_t left_ns;
};
bool show_takes(struct show_limit *limit, const struct findings *f, size_t i);

void show_text(const struct show_options *o, const struct findings *f, const struct engine *e);
void show_tap(const struct show_options *o, const struct findings *f, const struct engine *e);

#endif
