/* visible: text of a trace as it may be shown to people. */
#ifndef SP_VISIBLE_H
#define SP_VISIBLE_H

#include "arena.h"

/* Control bytes are escaped, and what turns the order of the text around it: "gpj.exe" behind
 * U+202E looks like "exe.jpg". */
void visible_text(struct buf *b, struct str s);

#endif
