/* verbatim: text that a tracer printed as it stood in memory, spelled as the event table wants it. */
#ifndef SP_VERBATIM_H
#define SP_VERBATIM_H

#include "arena.h"
#include "str.h"

/* As event_escape, but double quotes stay as they are: around strings they are the tracer's own. The
 * result is s itself when there is nothing to escape, else it is in space, valid until its next use. */
struct str verbatim_text(struct buf *space, struct str s);

/* A path or a name: everything is escaped. */
struct str verbatim_name(struct buf *space, struct str s);

/* Appends the name of a stack frame; a `;` in it would separate frames. */
void verbatim_frame(struct buf *stack, struct str name);

#endif
