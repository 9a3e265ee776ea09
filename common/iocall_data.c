#include "iocall_private.h"

/* It has been seen to have a position. */
static void is_no_stream(struct opened_fd *fd)
{
	fd->file->is_stream &= !fd->file->guessed;
}

/* Whether the call began in a block that was touched before. One that goes on inside of a block is
 * what the call before it was. */
static void note_blocks(struct iocalls *c, struct iocall *call, struct access_result r,
                        enum access_op op)
{
	int64_t probe = r.start;
	if (r.class == ACCESS_SEQUENTIAL && probe % ACCESS_BLOCK)
		probe += ACCESS_BLOCK - probe % ACCESS_BLOCK;
	bool enters = probe < r.start + (int64_t)call->bytes;
	bool before = touched_add(&c->opened.touched, &call->fd->file->touched, op, r.start,
	                          call->bytes, enters ? probe : r.start);
	call->again = enters ? before : r.stream->again;
	r.stream->again = call->again;
}

/* An explicit offset that the trace shows only the address of. */
static const int64_t offset_hidden = INT64_MIN;

/* "[4096] => [8192]", NULL, an address. */
static int64_t offset_argument(struct args *args, unsigned i, const char *names)
{
	struct str arg = args_at(args, i, names);
	int64_t offset;
	if (arg.n == 0 || str_eq(arg, STR("NULL")) || str_eq(arg, STR("0")) ||
	    str_eq(arg, STR("0x0")))
		return ACCESS_IMPLICIT;
	bool shown = arg.p[0] == '[' && args_number(str_drop(arg, 1), &offset) && offset >= 0;
	return shown ? offset : offset_hidden;
}

static int64_t offset_column(struct iocalls *c)
{
	int64_t offset;
	return tsv_i64(c->t, c->offset, &offset) && offset >= 0 ? offset : ACCESS_IMPLICIT;
}

/* Of the first descriptor; splice and copy_file_range have it among their arguments. */
static int64_t offset_of(struct iocalls *c, unsigned row)
{
	struct args args;
	if (iocall_table[row].argument != 3)
		return offset_column(c);
	args_begin(&args, tsv_at(c->t, c->args));
	return offset_argument(&args, 2, iocall_table[row].names);
}

/* What pwritev2(2) is told goes before how the file was opened. strace shows five arguments of it, other
 * tracers the kernel's six. */
static bool appends(struct iocalls *c, const struct opened_fd *fd, unsigned row)
{
	static const struct flag told[] = {{{"APPEND", 6}, 0x10}, {{"NOAPPEND", 8}, 0x20}};
	bool opened_so = fd->file->flags & OPENED_APPEND;
	struct args args;
	if (!str_eq(iocall_table[row].name, STR("pwritev2")))
		return opened_so;
	args_begin(&args, tsv_at(c->t, c->args));
	struct str sixth = args_at(&args, 6, iocall_table[row].names);
	unsigned flags = args_flags(sixth.n ? sixth : args_at(&args, 5, ""), told, 2);
	return flags & 1 || (opened_so && !(flags & 2));
}

static void move_data(struct iocalls *c, struct iocall *call, unsigned row, int64_t offset)
{
	enum access_op op = call->role == IOCALL_READ ? ACCESS_READ : ACCESS_WRITE;
	struct opened_fd *fd = call->fd;
	int64_t bytes;
	if (call->failed || !tsv_i64(c->t, c->bytes, &bytes) || bytes < 0)
		return;
	call->has_bytes = true;
	call->bytes = (uint64_t)bytes;
	if (offset != ACCESS_IMPLICIT)
		is_no_stream(fd);
	if (fd->file->is_stream || offset == offset_hidden)
		return;
	if (op == ACCESS_WRITE && appends(c, fd, row))
		offset = offset == ACCESS_IMPLICIT ? ACCESS_APPEND : ACCESS_PAPPEND;
	struct access_result r = access_data(&fd->file->access, op, offset, call->bytes);
	call->class = r.class;
	call->start = r.start;
	if (r.start != ACCESS_UNKNOWN)
		note_blocks(c, call, r, op);
}

static struct opened_fd *find_or_add_other(struct iocalls *c, const struct opened_key *key, struct str arg)
{
	struct opened_fd *fd = opened_find(&c->opened, key, OPENED_ANY);
	if (fd)
		return fd;
	fd = opened_add(&c->opened, key, OPENED_ANY, false);
	fd->file->is_stream = !str_starts(args_annotation(arg), STR("/"));
	fd->file->guessed = true;
	return fd;
}

/* sendfile(2) of a file onto itself reads where it writes: the position is taken once. */
static void move_other(struct iocalls *c, const struct iocall *call, unsigned row, bool at_position)
{
	unsigned argument = iocall_table[row].argument;
	const char *names = iocall_table[row].names;
	struct opened_key key = c->key;
	struct args args;
	args_begin(&args, tsv_at(c->t, c->args));
	struct str arg = args_at(&args, argument, names);
	if (!args_number(arg, &key.fd) || key.fd < 0)
		return;
	int64_t offset = offset_argument(&args, argument + 1, names);
	c->other = (struct iocall){.failed = call->failed, .start = ACCESS_UNKNOWN};
	c->other.role = call->role == IOCALL_READ ? IOCALL_WRITE : IOCALL_READ;
	c->other.fd = find_or_add_other(c, &key, arg);
	if (at_position && offset == ACCESS_IMPLICIT && c->other.fd->file == call->fd->file)
		offset = call->start;
	move_data(c, &c->other, row, offset);
}

void iocall_move(struct iocalls *c, struct iocall *call, unsigned row)
{
	int64_t offset = offset_of(c, row);
	move_data(c, call, row, offset);
	if (iocall_table[row].argument)
		move_other(c, call, row, offset == ACCESS_IMPLICIT);
}

void iocall_seek(struct iocalls *c, struct iocall *call)
{
	int64_t position;
	if (call->failed) {
		call->fd->file->is_stream |= str_eq(tsv_at(c->t, c->error), STR("ESPIPE"));
	} else if (tsv_i64(c->t, c->offset, &position) && position >= 0) {
		is_no_stream(call->fd);
		call->idle = access_seek(&call->fd->file->access, position) == ACCESS_STAYED;
	}
}
