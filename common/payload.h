/* payload: what a trace shows of the bytes that a call wrote. strace prints the first 32 (-s) and
 * `...` where it cut; the bytes behind the cut are not known. */
#ifndef SP_PAYLOAD_H
#define SP_PAYLOAD_H

#include "str.h"

enum payload {
	PAYLOAD_UNKNOWN,   /* no string among the arguments: an address, or not traced */
	PAYLOAD_EMPTY,     /* "" */
	PAYLOAD_ZEROS,     /* all of it is zero bytes */
	PAYLOAD_ZEROS_CUT, /* all that is shown; the string is cut */
	PAYLOAD_DATA,
};

/* args: the column of the event table, as strace prints it; all its strings together (writev). */
enum payload payload_of(struct str args);

/* Whether the call writes the bytes among its arguments somewhere: write, pwrite64, writev,
 * sendto... */
bool payload_is_write(struct str syscall);

/* Whether it reads or moves bytes otherwise. */
bool payload_is_read(struct str syscall);

#endif
