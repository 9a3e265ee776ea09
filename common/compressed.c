#include "compressed.h"

#include <archive.h>
#include <errno.h>
#include <stdlib.h>

#include "arena.h"
#include "gzip.h"

enum { BLOCK = 256 * 1024 };

/* libarchive reads all but gzip, whose checksum it does not look at. */
struct compressed {
	struct gzip *gzip;	 /* non-NULL for .gz */
	struct archive *archive; /* non-NULL for the others */
	ssize_t (*more)(void *self, char *to, size_t n);
	void *self;
	char data[BLOCK]; /* what they are fed from */
	size_t n;	  /* bytes in it that they have not been given yet */
	const void *text; /* of the archive, not yet handed out */
	size_t text_n;
	bool at_end, is_broken;
};

static bool is_gzip(struct str first)
{
	return str_starts(first, STR("\x1f\x8b"));
}

bool compressed_is(struct str first)
{
	static const struct str magics[] = {{"BZh", 3},
					    {"\xfd" "7zXZ\0", 6},
					    {"\x28\xb5\x2f\xfd", 4},
					    {"\x04\x22\x4d\x18", 4},
					    {0}};
	for (const struct str *m = magics; m->p; m++)
		if (str_starts(first, *m))
			return true;
	return is_gzip(first);
}

static ssize_t feed(void *self, const void **block)
{
	struct compressed *c = self;
	size_t n = c->n;
	c->n = 0;
	*block = c->data;
	return n ? (ssize_t)n : c->more(c->self, c->data, sizeof c->data);
}

static la_ssize_t feed_archive(struct archive *a, void *self, const void **block)
{
	ssize_t got = feed(self, block);
	if (got < 0)
		archive_set_error(a, errno, "%s", strerror(errno));
	return got;
}

static void open_archive(struct compressed *c)
{
	struct archive *a = c->archive = archive_read_new();
	struct archive_entry *entry;
	/* Not support_filter_all: that would start helper programs for rare formats. */
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_lz4(a);
	archive_read_support_format_raw(a);
	archive_read_support_format_empty(a);
	int status = archive_read_open(a, c, NULL, feed_archive, NULL);
	if (status == ARCHIVE_OK)
		status = archive_read_next_header(a, &entry);
	c->at_end = status == ARCHIVE_EOF;
	c->is_broken = !c->at_end && status != ARCHIVE_OK;
	if (status != ARCHIVE_OK || archive_filter_code(a, 0) != ARCHIVE_FILTER_NONE)
		return;
	archive_set_error(a, EINVAL, "its header is damaged");
	c->is_broken = true;
}

struct compressed *compressed_open(struct str first, ssize_t (*more)(void *self, char *to, size_t n), void *self)
{
	struct compressed *c = xcalloc(1, sizeof *c);
	c->more = more;
	c->self = self;
	c->n = first.n;
	memcpy(c->data, first.p, first.n);
	if (is_gzip(first))
		c->gzip = gzip_open(feed, c);
	else
		open_archive(c);
	return c;
}

bool compressed_is_broken(const struct compressed *c)
{
	return c->is_broken;
}

/* A block at a time: archive_read_data would drop what precedes an error. */
static ssize_t read_archive(struct compressed *c, char *to, size_t n)
{
	while (c->text_n == 0 && !c->at_end) {
		int64_t offset;
		int status = archive_read_data_block(c->archive, &c->text, &c->text_n, &offset);
		c->at_end = status == ARCHIVE_EOF;
		if (status != ARCHIVE_OK && !c->at_end)
			return -1;
	}
	if (c->at_end)
		return 0;
	size_t got = n < c->text_n ? n : c->text_n;
	memcpy(to, c->text, got);
	c->text = (const char *)c->text + got;
	c->text_n -= got;
	return (ssize_t)got;
}

ssize_t compressed_read(struct compressed *c, char *to, size_t n)
{
	return c->gzip ? gzip_read(c->gzip, to, n) : read_archive(c, to, n);
}

const char *compressed_error(const struct compressed *c)
{
	return c->gzip ? gzip_error(c->gzip) : archive_error_string(c->archive);
}

void compressed_close(struct compressed *c)
{
	if (c->gzip)
		gzip_close(c->gzip);
	else
		archive_read_free(c->archive);
	free(c);
}
