/* iocall: the events of a table as calls on descriptors: what each one does, where in the file, and
 * how that stands to the calls before it (access.h). Bounds are those of opened.h and touched.h.
 *
 *     struct iocalls calls;
 *     iocalls_open(&calls, t, sizeof(struct mine));    asks the table for its columns
 *     ... TSV_HEADER: iocalls_header(&calls);          a new trace: nothing is open
 *     ... TSV_ROW:    iocalls_row(&calls, info, &c);
 *                     if (c.role == IOCALL_READ && c.class == ACCESS_RANDOM) ...
 *
 * Feed it every row, in order: those that fail, close or exit matter, too. Behind sp-fdmap it knows
 * descriptors by their generation and type; without, by what opens and closes them. */
#ifndef SP_IOCALL_H
#define SP_IOCALL_H

#include "args.h"
#include "opened.h"
#include "syscall.h"
#include "tsv.h"

enum iocall_role {
	IOCALL_NONE, /* not about a descriptor, or no call that returned */
	IOCALL_OTHER,
	IOCALL_READ,
	IOCALL_WRITE,
	IOCALL_SEEK,
	IOCALL_OPEN, /* failed ones, too, without a descriptor */
	IOCALL_SOCKET,
	IOCALL_ACCEPT,
	IOCALL_CONNECT,
	IOCALL_DUP,
	IOCALL_FCNTL,
	IOCALL_CLOSE,
	IOCALL_SYNC,
	IOCALL_LIST, /* of a directory */
	IOCALL_MMAP,
};

struct iocall {
	enum iocall_role role;
	bool failed;
	bool has_bytes; /* the table says how many bytes moved */
	uint64_t bytes;
	struct opened_fd *fd;   /* valid until the next row; NULL where none is known */
	struct opened_fd *from; /* of DUP: what was copied */
	/* Of reads and writes that moved bytes of a file: */
	enum access_class class;
	int64_t start; /* position in the file, ACCESS_UNKNOWN when it is not known */
	bool again; /* it rereads, or overwrites: it began in a 4 KiB block that this descriptor had
	               read, or written, before; going on inside of a block is not again */
	/* Of seeks: */
	bool idle; /* it ended where the file stood already */
	/* Of mmap: */
	uint64_t mapped_bytes;
};

/* What the last arguments of an open or fcntl mean: they are spelled out every time, and few are different. */
enum { IOCALL_SAYING_BITS = 5, IOCALL_SAYINGS = 1 << IOCALL_SAYING_BITS, IOCALL_SAYING = 93 };
struct iocall_saying {
	uint16_t means;
	uint8_t n; /* 0: none yet */
	char text[IOCALL_SAYING];
};

struct iocalls {
	struct tsv *t;
	struct opened opened;
	int kind, syscall, fd, ret, error, bytes, offset, pid, tid, args, path, host, file, fdtype,
	    fdgen; /* as tsv_want() numbers them */
	bool has_kind, has_pid, has_tid, has_source, has_type;
	uint64_t source; /* host and file of the row before, */
	struct number_again process; /* and its pid, or tid */
	struct buf source_text;
	uint8_t *row_of;          /* by row of syscall_table: its row of iocall.def, from 1 */
	struct iocall_saying flags[IOCALL_SAYINGS], commands[IOCALL_SAYINGS]; /* by hash */
	struct opened_key key;    /* of the row at hand */
	struct iocall other;      /* its other side, when it copies from one descriptor to another; NONE
	                             when it does not, or does not show to which */
	struct opened_fd *closed; /* by the row before */
};

/* Asks for the columns. extra: bytes of the program's own for each descriptor. */
void iocalls_open(struct iocalls *c, struct tsv *t, size_t extra);
/* After each TSV_HEADER: a new trace, in which nothing is known to be open. */
void iocalls_header(struct iocalls *c);
/* info: that of the row's system call, NULL when there is none. */
void iocalls_row(struct iocalls *c, const struct syscall_info *info, struct iocall *call);
/* At the end of the input: says what the bounds did, and frees. */
void iocalls_close(struct iocalls *c);

#endif
