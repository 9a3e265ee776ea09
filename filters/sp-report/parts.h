/* parts: work that is made in parts by several threads at once. When a report is made, other cores are idle. */
#ifndef SP_PARTS_H
#define SP_PARTS_H

/* Calls make(of, 0) to make(of, n - 1), and returns when all of them have. Diagnostics come in the order of the parts. */
void parts_make(int n, void (*make)(void *of, int part), void *of);

#endif
