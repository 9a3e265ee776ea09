/* compressed: the text in .gz .zst .xz .bz2 .lz4 data, which is recognised by its first bytes. */
#ifndef SP_COMPRESSED_H
#define SP_COMPRESSED_H

#include <sys/types.h>

#include "str.h"

struct compressed;

enum { COMPRESSED_MAGIC = 6 }; /* bytes it is recognised by */

/* Whether data that begins so is compressed: up to COMPRESSED_MAGIC bytes are looked at. */
bool compressed_is(struct str first);

/* `first` is what has been read of the data, 256 KiB at most; `more` reads on as read(2) does. */
struct compressed *compressed_open(struct str first, ssize_t (*more)(void *self, char *to, size_t n), void *self);

/* Not even the header can be read. */
bool compressed_is_broken(const struct compressed *c);

/* Up to n bytes of text; 0 at the end, -1 where the data is damaged. */
ssize_t compressed_read(struct compressed *c, char *to, size_t n);

/* Why; NULL: unknown. */
const char *compressed_error(const struct compressed *c);

void compressed_close(struct compressed *c);

#endif
