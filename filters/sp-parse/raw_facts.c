/* Arguments as text, and what they say: descriptor, bytes moved, file position, path. Which argument says
 * it is in syscall.def. */
#include "number.h"
#include "raw_state.h"
#include "verbatim.h"

static void put_hex(struct buf *b, uint64_t value)
{
	char *p = buf_reserve(b, 18), *end = p;
	if (value == 0) { /* as strace -e raw prints it */
		buf_add_char(b, '0');
		return;
	}
	*end++ = '0';
	*end++ = 'x';
	for (int shift = 60 - __builtin_clzll(value) / 4 * 4; shift >= 0; shift -= 4)
		*end++ = "0123456789abcdef"[value >> shift & 15];
	b->n += (size_t)(end - p);
}

/* As strace shows a struct whose other fields it leaves out. */
static void put_struct(struct buf *b, uint64_t flags)
{
	buf_add_str(b, STR("{flags="));
	put_hex(b, flags);
	buf_add_str(b, STR(", ...}"));
}

void raw_put_args(struct raw *r, struct raw_call *call, const struct raw_body *b, uint32_t arch)
{
	struct buf *text = &call->text;
	buf_add_char(text, '(');
	call->args = 0;
	if (b->named) {
		buf_add_str(text, verbatim_text(&r->args, b->text));
	} else {
		/* What stands in the other registers is none of the call's. */
		unsigned n = b->args;
		if (call->info && call->info->arg_count < n)
			n = call->info->arg_count;
		/* 32-bit callers pass a file position in two registers. */
		if (call->info && call->info->offset && raw_arch_is_32_bit(arch) && n < b->args)
			n++;
		for (unsigned i = 0; i < n; i++) {
			if (i)
				buf_add_str(text, STR(", "));
			if (b->has_flags && call->info && i + 1 == call->info->flags)
				put_struct(text, b->flags);
			else
				put_hex(text, b->arg[i]);
			call->arg[i] = b->arg[i];
		}
		call->args = n;
	}
	buf_add_char(text, ')');
}

/* The n-th argument of a named record, from 1: "fd: 0x3", "const char * buf: 0x7f", or, where the
 * kernel prints strings too, "filename: 0x7f \"/etc/passwd\"". */
static struct str named_arg(const struct raw_call *call, unsigned n)
{
	struct str rest = str_drop(buf_str(&call->text), call->name_n + 1);
	const char *end = rest.p + rest.n, *from = rest.p;
	bool quoted = false;
	for (const char *p = rest.p; p < end; p++) {
		if (*p == '"')
			quoted = raw_in_quotes(quoted, p, end);
		else if ((*p == ',' || p == end - 1) && !quoted) {
			if (--n == 0)
				return str_between(from, p);
			from = p + 1;
		}
	}
	return (struct str){0};
}

bool raw_arg(const struct raw_call *call, unsigned n, uint64_t *value)
{
	if (n <= call->args) {
		*value = call->arg[n - 1];
		return true;
	}
	if (call->args || call->text.n <= call->name_n)
		return false;
	struct str arg = named_arg(call, n);
	const char *colon = str_chr(arg, ':');
	if (!colon)
		return false;
	arg = str_trim(str_between(colon + 1, arg.p + arg.n));
	const char *blank = str_chr(arg, ' ');
	int64_t number;
	if (!number_any(blank ? str_between(arg.p, blank) : arg, &number))
		return false;
	*value = (uint64_t)number;
	return true;
}

static bool descriptor(const struct raw_call *call, unsigned n, int64_t *fd)
{
	uint64_t value;
	if (n == 0 || !raw_arg(call, n, &value))
		return false;
	*fd = (int32_t)value; /* an int, in a register of 64 bits */
	return *fd != -100;   /* AT_FDCWD */
}

/* Calls that work on a directory's descriptor itself when a flag says so. */
static bool empty_path(const struct raw_call *call)
{
	static const struct {
		struct str name;
		unsigned flags;
	} calls[] = {
	    {{"newfstatat", 10}, 4}, {{"statx", 5}, 3}, {{"fchownat", 8}, 5}, {{"execveat", 8}, 5}};
	static const uint64_t at_empty_path = 0x1000;
	uint64_t flags;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (str_eq(call->info->name, calls[i].name))
			return raw_arg(call, calls[i].flags, &flags) && (flags & at_empty_path);
	return false;
}

/* Text of the record is escaped already, but for quotes. */
static struct str path_of(const struct raw_thread *th, struct buf *space)
{
	const struct syscall_info *info = th->call.info;
	if (!info->path)
		return (struct str){0};
	if (th->path.n || th->call.args || th->call.text.n <= th->call.name_n)
		return buf_str(&th->path);
	struct str arg = named_arg(&th->call, info->path);
	const char *open = str_chr(arg, '"'), *close = open ? memrchr(arg.p, '"', arg.n) : NULL;
	if (close <= open || !str_chr(str_between(open + 1, close), '"'))
		return close > open ? str_between(open + 1, close) : (struct str){0};
	space->n = 0;
	for (const char *p = open + 1; p < close; p++) {
		if (*p == '"')
			buf_add_char(space, '\\');
		buf_add_char(space, *p);
	}
	buf_reserve(space, INPUT_SLACK);
	return buf_str(space);
}

void raw_facts(const struct raw_thread *th, bool returned, int64_t ret, struct event *e, struct buf *space)
{
	const struct raw_call *call = &th->call;
	const struct syscall_info *info = call->info;
	int64_t fd;
	uint64_t offset;
	if (!info)
		return;
	e->text[EVENT_PATH] = path_of(th, space);
	if (info->returns == SYSCALL_RETURNS_FD && returned && ret >= 0)
		event_set(e, EVENT_FD, ret);
	else if (descriptor(call, info->fd, &fd))
		event_set(e, EVENT_FD, fd);
	else if (info->dirfd && !info->fd && info->returns != SYSCALL_RETURNS_FD &&
		 empty_path(call) && descriptor(call, info->dirfd, &fd))
		event_set(e, EVENT_FD, fd);
	if (info->returns == SYSCALL_RETURNS_BYTES && returned && ret >= 0)
		event_set(e, EVENT_BYTES, ret);
	if (info->returns == SYSCALL_RETURNS_OFFSET && returned && ret >= 0)
		event_set(e, EVENT_OFFSET, ret);
	else if (info->offset && !raw_arch_is_32_bit(th->arch) &&
		 raw_arg(call, info->offset, &offset))
		event_set(e, EVENT_OFFSET, (int64_t)offset);
}
