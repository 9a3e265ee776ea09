#include "gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "arena.h"
#include "diag.h"

enum { WINDOW = 15, GZIP_ONLY = 16 }; /* for inflateInit2; zlib.h */

struct gzip {
	z_stream z;
	gzip_feed *feed;
	void *context;
	bool between; /* a member has ended, another may follow */
	bool at_end;
	const char *error; /* NULL as long as all is well */
};

struct gzip *gzip_open(gzip_feed *feed, void *context)
{
	struct gzip *g = xcalloc(1, sizeof *g);
	g->feed = feed;
	g->context = context;
	if (inflateInit2(&g->z, WINDOW + GZIP_ONLY) != Z_OK)
		diag_die(DIAG_MEMORY, "zlib");
	return g;
}

/* Makes sure that there is input; false at its end. */
static bool has_input(struct gzip *g)
{
	const void *block;
	if (g->z.avail_in)
		return true;
	ssize_t n = g->feed(g->context, &block);
	if (n < 0)
		g->error = strerror(errno);
	if (n <= 0)
		return false;
	g->z.next_in = (Bytef *)block; /* zlib does not write to it */
	g->z.avail_in = (uInt)n;
	return true;
}

/* Behind a member stands another one, or nothing, or zeros that fill a block of a tape or disk. */
static void begin_member(struct gzip *g)
{
	while (has_input(g) && *g->z.next_in == 0) {
		g->z.next_in++;
		g->z.avail_in--;
	}
	g->at_end = g->z.avail_in == 0;
	g->between = false;
	if (!g->at_end)
		inflateReset(&g->z);
}

static void inflate_some(struct gzip *g)
{
	if (!has_input(g)) {
		if (!g->error)
			g->error = "the file ends too early";
		return;
	}
	int status = inflate(&g->z, Z_SYNC_FLUSH);
	if (status == Z_STREAM_END)
		g->between = true;
	else if (status != Z_OK && status != Z_BUF_ERROR)
		g->error = g->z.msg ? g->z.msg : zError(status);
}

ssize_t gzip_read(struct gzip *g, char *to, size_t n)
{
	uInt room = n < UINT32_MAX ? (uInt)n : UINT32_MAX;
	g->z.next_out = (Bytef *)to;
	g->z.avail_out = room;
	while (g->z.avail_out == room && !g->at_end && !g->error) {
		if (g->between)
			begin_member(g);
		else
			inflate_some(g);
	}
	if (g->z.avail_out < room)
		return (ssize_t)(room - g->z.avail_out);
	return g->error ? -1 : 0;
}

const char *gzip_error(const struct gzip *g)
{
	return g->error;
}

void gzip_close(struct gzip *g)
{
	inflateEnd(&g->z);
	free(g);
}
