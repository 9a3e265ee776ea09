/* access: the position of one open file, followed through its calls, and how each read or write
 * stands to those before it. Fed one call at a time:
 *
 *     struct access a;
 *     access_begin(&a, true);                              opened: it stands at 0
 *     access_data(&a, ACCESS_READ, ACCESS_IMPLICIT, 4096)  SEQUENTIAL: the start of the file
 *     access_data(&a, ACCESS_READ, ACCESS_IMPLICIT, 4096)  SEQUENTIAL: the next bytes
 *     access_data(&a, ACCESS_READ, 65536, 512)             RANDOM: a pread somewhere else
 *     access_seek(&a, 8192)                                ACCESS_STAYED: it was there already
 *
 * A call is sequential when it begins where one of the last four streams of this descriptor ended
 * (threads that read several parts by pread, or a reader and a writer of one file, are each
 * sequential), when it is the first since the open and begins at 0, when it reads at 0 (a new pass;
 * Linux begins to read ahead there, too), or when it appends. It is strided when it starts as far,
 * in bytes and direction, from the start of the last call of its kind as that one did from the one
 * before.
 *
 * A position is unknown in a file that was open before the trace, until an lseek returns it: calls
 * without an offset are compared with each other all the same, others are FIRST. */
#ifndef SP_ACCESS_H
#define SP_ACCESS_H

#include "str.h"

enum access_class {
#define ACCESS(id, name) ACCESS_##id,
#include "access.def"
#undef ACCESS
	ACCESS_CLASSES
};
extern const struct str access_class_name[ACCESS_CLASSES]; /* 16 bytes are readable behind each, as behind fields */

enum access_op { ACCESS_READ, ACCESS_WRITE, ACCESS_OPS };

enum { ACCESS_STREAMS = 4, ACCESS_BLOCK = 4096 };
#define ACCESS_IMPLICIT INT64_C(-1) /* at the file's own position */
#define ACCESS_APPEND INT64_C(-2)   /* at the end of the file, wherever that is (O_APPEND) */
#define ACCESS_PAPPEND INT64_C(-3)  /* the same by pwrite(2): the position stays */
#define ACCESS_UNKNOWN INT64_C(-1)

/* 112 bytes; access_begin before first use. */
struct access {
	int64_t position;
	int64_t start[ACCESS_OPS], gap[ACCESS_OPS]; /* of the last read and write */
	struct access_stream {
		int64_t end;
		uint8_t op;
		bool again;
	} stream[ACCESS_STREAMS]; /* the latest first */
	uint8_t streams;
	bool started[ACCESS_OPS], spaced[ACCESS_OPS]; /* start, gap are known */
};

/* fresh: just opened, it stands at 0; else nothing is known. */
void access_begin(struct access *a, bool fresh);

struct access_result {
	enum access_class class;
	int64_t start;                /* ACCESS_UNKNOWN */
	struct access_stream *stream; /* the one it went on with, or began; NULL for NONE */
};

/* A read or write that moved so many bytes, at an explicit offset, or IMPLICIT, APPEND or PAPPEND. */
struct access_result access_data(struct access *a, enum access_op op, int64_t offset,
                                 uint64_t bytes);

/* An lseek that returned this position. */
enum access_seek { ACCESS_MOVED, ACCESS_STAYED };
enum access_seek access_seek(struct access *a, int64_t position);

#endif
