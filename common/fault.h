/* fault: what is wrong with a text that the user wrote (an expression, a set of syscalls, a pattern)
 * and where. Whoever reads such a text fills one in; the filter decides what it means:
 *
 *     sp-select: usage: --where, column 1: there is no column durr; the nearest is dur
 *         durr > 1ms
 *         ^
 */
#ifndef SP_FAULT_H
#define SP_FAULT_H

#include "str.h"

struct fault {
	size_t at, n; /* the bytes it is about; at counts from 0 and may be the text's end */
	char what[256];
};

/* Always false, so that a reader can end with it. A what that is too long is cut. */
bool fault_set(struct fault *f, size_t at, size_t n, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Gives diag the line of the text that holds the fault, for the next diagnostic. */
void fault_excerpt(const struct fault *f, struct str text);

/* The end of the program: bad usage of the option `origin`. */
_Noreturn void fault_die(const struct fault *f, struct str text, const char *origin);

/* How many letters have to be changed, added, left out or swapped with their neighbour to make b of
 * a; names longer than 63 bytes are at SIZE_MAX. */
size_t fault_distance(struct str a, struct str b);

/* The candidate nearest to word so far. Start with {0}; nearest.name.p is NULL while none is near
 * enough to be a slip of the fingers. */
struct nearest {
	struct str name;
	size_t distance;
};
void fault_nearer(struct nearest *nearest, struct str word, struct str candidate);

#endif
