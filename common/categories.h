/* categories: which group a syscall is counted in, by the sets of rules/categories.yaml or of a
 * file like it. Without a file, the categories of syscall.def. */
#ifndef SP_CATEGORIES_H
#define SP_CATEGORIES_H

#include "str.h"

/* The set of that name in the file. path NULL: the user's or the shipped categories.yaml, if there
 * is one; set NULL: the first of the file. Anything wrong in it ends the program with its place. */
struct categories *categories_load(const char *path, const char *set);

/* "other" when no rule names the syscall; valid as long as the categories. NULL has syscall.def's.
 */
struct str categories_of(const struct categories *c, struct str syscall);

void categories_free(struct categories *c);

#endif
