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

/* A system call, as rows name it, and what is known of it. */
struct verb {
	uint64_t head, tail; /* of the name, as str_words() gives them */
	size_t n;	     /* of its bytes */
	const struct syscall_info *info; /* NULL: it is not in syscall.def */
	const struct action *action;	 /* NULL: descriptors do not change */
	bool by_cwd;  /* its first argument may tell what the cwd is */
	bool waits;   /* it may have to wait for another row: recvmsg() */
	bool network;
	bool about_neither; /* descriptors nor paths, unless its row has one */
};

/* Before the first of the next. */
void verbs_index(void);

/* Those of syscall.def, but for long names, in a hash table: one whose place is taken is behind it. There is room
 * behind the last place, so that none has to go back to the first. */
enum { VERB_BITS = 11, VERBS = (1 << VERB_BITS) + 64 };
extern struct verb verbs[VERBS];
static inline size_t verb_place(uint64_t head, uint64_t tail)
{
	return (head ^ tail << 21) * 0x9e3779b97f4a7c15u >> (64 - VERB_BITS);
}

/* For all others; valid until the next call. */
const struct verb *verb_of_other(struct str name);

/* There must be 16 readable bytes. */
static inline const struct verb *verb_of(struct str name)
{
	uint64_t head, tail;
	if (name.n > STR_WORDS)
		return verb_of_other(name);
	str_words(name, &head, &tail);
	for (const struct verb *v = &verbs[verb_place(head, tail)]; v->n; v++)
		if (v->head == head && v->tail == tail && v->n == name.n)
			return v;
	return verb_of_other(name);
}

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
