/* interrupt: Ctrl-C goes to every program of a pipe at once. A tracer ends then and still has things to tell: strace
 * the rest of its lines, bpftrace its maps, perf trace its summary. So a filter whose standard input is a pipe reads
 * on to its end, writes what it has found out, and only then ends of the signal, as loops of a shell expect. A second
 * Ctrl-C ends it at once, as the first does where standard input is a file or a terminal. */
#ifndef SP_INTERRUPT_H
#define SP_INTERRUPT_H

#include <stdbool.h>

/* Called before an input is read, which is standard input by whatever name (/dev/stdin) or is left alone. Where SIGINT
 * is ignored, as in the background of a script, it stays so. */
void interrupt_waits_for_input(int fd);
bool interrupt_came(void);
/* The last thing that a program does, with standard output complete and closed: where the signal came, tells the
 * user, unless another program of the pipe comes behind, and does not return. */
void interrupt_end(void);

#endif
