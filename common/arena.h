/* arena: memory that is freed all at once, and a growable byte buffer. Running out of memory ends
 * the program with exit status 2 and a message: no caller has to check. */
#ifndef SP_ARENA_H
#define SP_ARENA_H

#include "str.h"

struct arena {
	struct arena_block *block; /* newest first */
};

/* n zeroed bytes, aligned to 16. Valid until arena_free. A zeroed struct arena is an empty one. */
void *arena_alloc(struct arena *a, size_t n);
struct str arena_str(struct arena *a, struct str s);
void arena_free(struct arena *a);

/* A byte buffer that grows; a zeroed struct buf is an empty one. Its bytes move when it grows. */
struct buf {
	char *p;
	size_t n, cap;
};

char *buf_grow(struct buf *b, size_t more);
/* Makes room for `more` bytes after the n used ones and returns their address. */
static inline char *buf_reserve(struct buf *b, size_t more)
{
	return b->cap - b->n >= more ? b->p + b->n : buf_grow(b, more);
}
/* Makes n bytes behind the end readable: zeros. */
void buf_slack(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_add_number(struct buf *b, __uint128_t value); /* decimal digits */
void buf_add_signed(struct buf *b, int64_t value);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_free(struct buf *b);

static inline void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

static inline void buf_add_char(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->n++;
}

static inline struct str buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

/* realloc, calloc and aligned_alloc (of zeros; the size is a multiple of the alignment) that never return NULL. Free
 * with free(). */
void *xrealloc(void *p, size_t count, size_t size);
void *xcalloc(size_t count, size_t size);
void *xaligned(size_t size, size_t alignment);

#endif
