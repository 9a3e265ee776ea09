/* cells: where the columns of a block of rows end, found once for all who read the block. */
#ifndef SP_CELLS_H
#define SP_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cells {
	size_t columns, rows; /* every row has so many */
	uint32_t *newline;    /* of each row, its offset in the block */
	uint16_t *end;        /* of each column of each row, the offset in the row of the byte behind its TAB or newline */
};

enum { CELLS_STEP = 64 };

/* Fills in the cells of the n bytes at `text`, behind which CELLS_STEP more must be readable; there is room for so many
 * rows and ends. False: the rows have not all as many columns, the last one is not whole, or one is longer than 64 KiB,
 * or there is no room. */
bool cells_find(struct cells *c, size_t rows, size_t ends, const char *text, size_t n);

#endif
