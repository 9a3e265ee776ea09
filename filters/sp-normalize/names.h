/* names: what differs from run to run gets a name that does not: things of a process are numbered
 * in the order in which they appear there, texts that a rule finds are numbered in the order in
 * which they appear in the whole trace, or replaced. */
#ifndef SP_NAMES_H
#define SP_NAMES_H

#include "event.h"
#include "str.h"
#include "trace.h"

struct names;

struct names *names_new(void);

/* Rules are applied in the order in which they are added. What is wrong with one ends the program
 * with its place. The file is YAML (rules/normalize.yaml); the text is "s/pattern/replacement/[i]".
 */
void names_add_file(struct names *n, const char *path);
void names_add_substitution(struct names *n, const char *text);
/* Leaves out the rules of that id; false when there is none. */
bool names_leave_out(struct names *n, struct str id);

/* A new trace: all numbers begin again. */
void names_begin(struct names *n);

/* The number of a thing in the process that it belongs to, from 1. */
uint32_t names_number(struct names *n, enum token_kind kind, uint32_t process, uint32_t id);

/* What the rules make of the text of a column of a call. Valid until the next call; may be text
 * itself. t and f find the task that "/proc/123" means. */
struct str names_apply(struct names *n, enum event_column column, struct str text, struct trace *t,
                       const struct fields *f);

/* Warns of rules that ran into the match limit, and frees everything. */
void names_close(struct names *n);

#endif
