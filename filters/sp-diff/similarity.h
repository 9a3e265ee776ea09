/* similarity: how alike two texts are, line by line. */
#ifndef SP_SIMILARITY_H
#define SP_SIMILARITY_H

#include "table.h"

/* Prints lines_a, lines_b, common (the longest common subsequence) and similarity: twice that over
 * both lengths, 1 for the same text. Section headings ("=== ...") and empty lines do not count. */
void similarity_show(const char *a, const char *b, enum table_format format);

#endif
