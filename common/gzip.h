/* gzip: reads .gz with zlib. libarchive, which reads the other formats, does not look at the checksums
 * of this one and drops up to 128 KiB in front of damage. Here all members of a file are read, their
 * checksums are compared, and what could be decoded in front of damage is given out.
 *
 * No more compressed bytes are asked for than the next byte needs: data from a live pipe comes through. */
#ifndef SP_GZIP_H
#define SP_GZIP_H

#include <sys/types.h>

#include "str.h"

struct gzip;

/* The next compressed bytes: *block points to them, they stay until the next call. 0 at the end, -1 with
 * errno set. */
typedef ssize_t gzip_feed(void *context, const void **block);

/* Never NULL: what is no gzip data is damage to gzip_read. */
struct gzip *gzip_open(gzip_feed *feed, void *context);

/* Up to n (not 0) decompressed bytes; 0 at the end, -1 for damage. */
ssize_t gzip_read(struct gzip *g, char *to, size_t n);

/* What is wrong, after gzip_read gave -1. */
const char *gzip_error(const struct gzip *g);

void gzip_close(struct gzip *g);

#endif
