/* uring: io_uring's tracepoints. A submission and its completion, paired by ring, request and user data,
 * are one event of kind `async`; its time is the time from one to the other. */
#ifndef SP_URING_H
#define SP_URING_H

#include "raw.h"

struct uring;

struct uring *uring_open(struct raw *r);
/* Gives out the requests that did not complete. */
void uring_close(struct uring *u);

/* name: "io_uring_submit_req"; text: its fields. Accounts for the line. False: no event of io_uring. */
bool uring_event(struct uring *u, const struct raw_record *at, struct str name, struct str text);

#endif
