/* What the files of tasks share: scopes, each a map from tid to task. */
#ifndef SP_FDMAP_TASKS_PRIVATE_H
#define SP_FDMAP_TASKS_PRIVATE_H

#include "tasks.h"

/* Tables of several files come one file after the other; merged by time, from as many as this. */
enum { SCOPES_MOST = 64, REMEMBERED = 64 };

struct scope {
	struct str host, file;
	struct buf text; /* of both */
	struct task **slot; /* open addressing, by tid */
	size_t cap, n;
	bool had_first, had_made; /* processes whose clone() was seen */
	int64_t ended[REMEMBERED];  /* unannounced threads that have ended: their clone() may still come */
	int64_t ending[REMEMBERED]; /* processes after exit_group() */
	unsigned next_ended, next_ending;
};

/* ---- tasks_scope.c ---- */

void scope_add(struct scope *s, struct task *task);
/* Takes it out of the map of the scope at hand; what was displaced by it moves up. */
void tasks_drop(struct tasks *t, struct task *task);

/* ---- tasks.c ---- */

void task_forget(struct task *task);

#endif
