#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "diag.h"
#include "number.h"

struct arena_block {
	struct arena_block *older;
	size_t used, cap;
	_Alignas(16) char bytes[];
};

enum { FIRST_BLOCK = 512, LARGEST_BLOCK = 256 * 1024 };

void *xrealloc(void *p, size_t count, size_t size)
{
	void *grown = reallocarray(p, count, size);
	if (!grown && count && size)
		diag_die(DIAG_MEMORY, "%zu bytes", count * size);
	return grown;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count, size);
	if (!p && count && size)
		diag_die(DIAG_MEMORY, "%zu bytes", count * size);
	return p;
}

void *xaligned(size_t size, size_t alignment)
{
	void *p = aligned_alloc(alignment, size);
	if (!p)
		diag_die(DIAG_MEMORY, "%zu bytes", size);
	return memset(p, 0, size);
}

void *arena_alloc(struct arena *a, size_t n)
{
	n = (n + 15) & ~(size_t)15;
	if (!a->block || a->block->cap - a->block->used < n) {
		size_t cap = a->block ? a->block->cap * 2 : FIRST_BLOCK;
		if (cap > LARGEST_BLOCK)
			cap = LARGEST_BLOCK;
		if (cap < n)
			cap = n;
		struct arena_block *b = xcalloc(1, sizeof *b + cap);
		b->cap = cap;
		b->older = a->block;
		a->block = b;
	}
	void *p = a->block->bytes + a->block->used;
	a->block->used += n;
	return p;
}

struct str arena_str(struct arena *a, struct str s)
{
	char *copy = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(copy, s.p, s.n);
	return (struct str){copy, s.n};
}

void arena_free(struct arena *a)
{
	while (a->block) {
		struct arena_block *older = a->block->older;
		free(a->block);
		a->block = older;
	}
}

char *buf_grow(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap * 2 : 256;
	if (cap - b->n < more)
		cap = b->n + more;
	b->p = xrealloc(b->p, cap, 1);
	b->cap = cap;
	return b->p + b->n;
}

void buf_slack(struct buf *b, size_t n)
{
	memset(buf_reserve(b, n), 0, n);
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n)
		memcpy(buf_reserve(b, n), bytes, n);
	b->n += n;
}

void buf_add_number(struct buf *b, __uint128_t value)
{
	enum { DIGITS = 40 };
	char *p = buf_reserve(b, DIGITS);
	b->n += (size_t)(number_put_u128(p, value) - p);
}

void buf_add_signed(struct buf *b, int64_t value)
{
	enum { DIGITS = 24 };
	char *p = buf_reserve(b, DIGITS);
	b->n += (size_t)(number_put_i64(p, value) - p);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	buf_reserve(b, (size_t)n + 1);
	va_start(ap, format);
	vsnprintf(b->p + b->n, (size_t)n + 1, format, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}
