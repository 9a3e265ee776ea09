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

/* What a read, write or seek, row `row` of the table, does to the descriptor call->fd. */
void iocall_move(struct iocalls *c, struct iocall *call, unsigned row);
void iocall_seek(struct iocalls *c, struct iocall *call);

#endif
