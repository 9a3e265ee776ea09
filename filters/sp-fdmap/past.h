/* past: descriptors closed lately in a table that threads share, for calls that began before. */
#ifndef SP_FDMAP_PAST_H
#define SP_FDMAP_PAST_H

#include "descriptors.h"

struct past;

struct past *past_new(void);
void past_free(struct past *p);

/* Remembers a descriptor that is being closed by that call, or whose number was given out again
 * although no close() has returned yet: pending. The file gets one more user. */
void past_add(struct past *p, int fd, const struct descriptor *d, struct span closed, bool pending);

/* The one that was open when the call was entered; NULL when there is none. */
struct descriptor *past_at(struct past *p, int fd, struct span call);

/* The one whose close() is pending; NULL when there is none. past_closed: it has come. */
struct descriptor *past_pending(struct past *p, int fd);
void past_closed(struct past *p, const struct descriptor *pending, struct span call);

#endif
