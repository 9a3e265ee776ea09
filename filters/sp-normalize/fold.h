/* fold: calls that are left out on request because they say nothing about the program: what the
 * loader and the C library do at the start, and what depends on how threads were scheduled. Which
 * calls these are is said by the same file of rules. */
#ifndef SP_FOLD_H
#define SP_FOLD_H

#include "str.h"
#include "trace.h"

struct fold;

struct fold *fold_new(void);

/* "startup" or "scheduling"; false for any other. */
bool fold_ask(struct fold *f, struct str what);

/* Takes the parts startup and scheduling of the file. */
void fold_add_file(struct fold *f, const char *path);

enum fold_answer { FOLD_KEEP, FOLD_OUT, FOLD_BEGINS /* an execve whose startup is left out */ };

/* The rows of a task come in order, each with its columns as they will be written. */
void fold_begin_task(struct fold *f);
enum fold_answer fold_row(struct fold *f, const struct fields *row);

/* Says how many calls were left out, and frees. */
void fold_close(struct fold *f);

#endif
