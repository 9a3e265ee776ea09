/* text: normalised events as lines like strace's, a section for each task, for diff and for people.
 */
#ifndef SP_TEXT_H
#define SP_TEXT_H

#include "trace.h"

/* loops: repeats are folded: "(lseek, write 4096 zeros) x 353 on FD3". */
struct text *text_new(bool loops);
/* "=== 1.2 sort" */
void text_section(struct text *x, struct str label, struct str command);
void text_row(struct text *x, const struct fields *f);
void text_close(struct text *x);

/* "ADDR3+0x10" of the number that stands in the column ret for it. */
enum { TEXT_ADDRESS_BITS = 40 };
void text_address(struct buf *b, uint64_t number, uint64_t offset);

#endif
