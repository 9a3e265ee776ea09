/* action: what a system call does to descriptors, from action.def. */
#ifndef SP_FDMAP_ACTION_H
#define SP_FDMAP_ACTION_H

#include "fdmap.h"

struct action {
	void (*act)(struct call *c);
	const char *args;     /* the kernel's names of the arguments */
	const char *name;     /* what the descriptor it makes is called; NULL: the action knows */
	uint8_t type;	      /* enum fdtype of it */
	uint8_t flags;	      /* which argument holds ..._CLOEXEC; 0: none */
	uint32_t cloexec;     /* its bit, when flags are a number */
	bool always_cloexec;
	bool failed;	      /* called for failed calls too */
	bool creates_task;    /* returns a child */
	bool sends;	      /* may carry SCM_RIGHTS */
};

/* Before the first of the next. */
void actions_index(void);

/* NULL: none. */
const struct action *action_of(const struct syscall_info *info);

/* Whether the new descriptor is close-on-exec. */
bool action_cloexec(struct call *c);

#define ACTION(syscall, function, ...) void act_##function(struct call *c);
#include "action.def"
#undef ACTION

/* clone() and its like: makes the child of this call. */
void act_clone_child(struct call *c, int64_t tid);

/* recvmsg(): whether it has to wait until the row of the sendmsg() comes, and on which socket. */
struct file *act_recvmsg_waits(struct call *c);

#endif
