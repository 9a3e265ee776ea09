/* rows: what is kept of a trace: its rows, the tasks that they belong to, and the pieces of rows
 * that get another name. */
#ifndef SP_ROWS_H
#define SP_ROWS_H

#include "str.h"

enum { NO_TASK = UINT32_MAX, NO_ROW = UINT32_MAX };

/* What a piece of a row is called from now on. at counts from the beginning of args; AT_RET and
 * AT_FD are these columns. */
enum token_kind { TOKEN_ADDR, TOKEN_FD, TOKEN_PID, TOKEN_TRIM };
enum { AT_RET = UINT32_MAX, AT_FD = UINT32_MAX - 1 };
struct token {
	uint32_t at, n;
	uint32_t id;
	uint32_t kind;
	uint64_t offset; /* of an address in its mapping */
};

struct row {
	size_t at; /* in text */
	size_t token;
	uint32_t n, tokens;
	uint32_t task, child; /* whose it is; the task that this call made, or NO_TASK */
	uint32_t next;        /* row of the same task */
};

struct task {
	uint32_t leader; /* the task that began the process; itself if it did */
	uint32_t parent, first_child, last_child, sibling;
	uint32_t first_row, last_row;
	uint32_t number;    /* in the order of lineage, 1 is the first */
	uint32_t born;      /* children so far, while labels are made */
	struct str label;   /* "1.2": the second child of the first task */
	struct str command; /* of its last execve; empty: as its parent's */
	bool gone;
};

#endif
