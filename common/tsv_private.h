/* tsv_private: what the two halves of the TSV reader share: tsv.c knows headers, tsv_next.c rows.
 */
#ifndef SP_TSV_PRIVATE_H
#define SP_TSV_PRIVATE_H

#include "arena.h"
#include "scan.h"
#include "tsv.h"

enum { TSV_COLUMNS = 256 };
_Static_assert((int)SCAN_BLOCK <= (int)INPUT_SLACK,
               "a block may begin at the last byte of the input");

struct tsv_private {
	struct tsv t;
	struct arena names;
	struct str wanted[TSV_WANTED];
	bool asked[TSV_WANTED]; /* somebody wants it, and it is not only in tsv_order_events */
	bool has[TSV_WANTED];
	int n_wanted;
	struct buf header;
	size_t columns;
	size_t split; /* columns up to the last wanted one */
	struct tsv_bound { /* the wanted columns that the table has: from where to where */
		const char *const *place;
		struct str *field;
		const struct str *behind; /* fours of them, side by side here and there; NULL: it is one */
	} bound[TSV_WANTED];
	size_t n_bound;
	bool by_place; /* field[] is not filled */
	bool reported_row;
	bool in_file;
	/* Where each column of the row begins, up to `split` and one more; whoever takes four may look beyond. Those
	 * behind the first are written several at a time, aligned: a store across the bounds of a page would cost more
	 * than all else that is done for a row. */
	_Alignas(64) const char *unused[7];
	const char *start[1 + TSV_COLUMNS + 7];
};

/* The line s->t.row is a header: makes it the one in force. */
enum tsv_what tsv_take_header(struct tsv_private *s);
/* Whether the first line of a file can be a header; reports it if not. */
bool tsv_check_first(struct tsv_private *s);
/* Whether a line that begins with a letter is a header behind rows. */
bool tsv_is_header(const struct tsv_private *s);

/* The fastest tsv_next on this processor, and the one for all of them. */
enum tsv_what (*tsv_next_function(void))(struct tsv *t);
enum tsv_what tsv_next_any(struct tsv *t);

#endif
