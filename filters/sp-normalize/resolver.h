/* resolver: the state of resolve(), for its two files: arguments.c reads what a row says, resolve.c
 * follows what the calls do. */
#ifndef SP_RESOLVER_H
#define SP_RESOLVER_H

#include "process.h"
#include "resolve.h"
#include "syscall.h"

enum {
	FIRST_FD = 3,   /* 0 to 2 keep their numbers */
	ARGS_MOST = 12, /* more than any tracer prints of a call */
};

struct resolver {
	struct trace *t;
	unsigned kinds;
	struct process *process; /* by the task that leads it */
	struct ids addresses, foreign;
	uint32_t things, strangers;
	/* The row at hand. */
	struct fields f;
	struct row *row;
	struct process *p;
	uint32_t leader;
	const struct syscall_info *info;
	unsigned fd_mask, pid_mask;
	bool done;                 /* the call succeeded */
	int64_t ret, start, end;   /* start: INT64_MAX when the trace has no times */
	int64_t when;              /* start while arguments are named, end for what is returned */
	uint64_t value[ARGS_MOST]; /* of plain numbers among the arguments, from 1 */
	struct {
		size_t at, n;
	} place[ARGS_MOST];
};

static inline bool is_call(const struct resolver *r, const char *name)
{
	return str_eq(r->f.of[EVENT_SYSCALL], str_of(name));
}

/* What a number in the row at hand stands for, as a token at that place. */
void fd_token(struct resolver *r, uint32_t at, size_t n, uint64_t fd);
void address_token(struct resolver *r, uint32_t at, size_t n, uint64_t a);
void pid_token(struct resolver *r, uint32_t at, struct str digits);

/* Tokens for all of the arguments; fills in value and place. */
void scan_arguments(struct resolver *r);

#endif
