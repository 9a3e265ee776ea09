/* iocall_private: what the halves of iocall share: iocall.c knows which call does what to which
 * descriptor, iocall_data.c follows positions. */
#ifndef SP_IOCALL_PRIVATE_H
#define SP_IOCALL_PRIVATE_H

#include "iocall.h"

/* The rows of iocall.def. */
extern const struct iocall_info {
	struct str name;
	uint8_t role, argument;
	const char *names;
} iocall_table[];

/* Follows the position of call->fd through a read or write (row `row` of the table) or a seek, and says in the call
 * how it stands to those before it. */
void iocall_move(struct iocalls *c, struct iocall *call, unsigned row);
void iocall_seek(struct iocalls *c, struct iocall *call);

#endif
