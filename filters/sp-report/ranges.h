/* ranges: the distributions of hist.tsv, one a syscall, with what syscalls.tsv and modes.tsv know
 * of it. */
#ifndef SP_RANGES_H
#define SP_RANGES_H

#include "folder.h"

enum { RANGES_SHOWN = 12 };

struct distribution {
	struct str name;
	const struct row *stats; /* its row of syscalls.tsv, or NULL */
	size_t first, end;       /* rows of hist.tsv */
	int64_t calls, most;     /* all, and of the fullest range; hundredths of a percent */
};

/* The distributions in the order of the table; *left_out says how many more there are. */
size_t ranges_find(const struct folder *f, struct distribution d[RANGES_SHOWN], size_t *left_out);

/* The same seven classes for every system call, so that they can be compared: below 10 us, 50 us,
 * 100 us, 500 us, 1 ms, 10 ms, and above. Shares in hundredths of a percent. False where the ranges
 * of the table do not add up to these. */
enum { RANGES_CLASSES = 7 };
bool ranges_classes(const struct folder *f, const struct distribution *d,
                    int64_t share[RANGES_CLASSES]);
void ranges_class_label(struct buf *b, int class);

/* "< 10 us", "10-50 us", ">= 10 ms" of a row of hist.tsv. Appends. */
void ranges_label(struct buf *b, const struct sheet *s, const struct row *row);

/* "p50 36.2 us, p90 40 us": the percentiles that lie in that row; their names only where the values
 * stand elsewhere. Appends. */
void ranges_percentiles(struct buf *b, const struct folder *f, const struct distribution *d,
                        const struct row *row, bool is_last, bool values);

/* "2 modes: 95.6 % at 1 us-1.02 ms (cached); ..." or nothing when there is but one. Appends. */
void ranges_modes(struct buf *b, const struct folder *f, struct str syscall);

#endif
