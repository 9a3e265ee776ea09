/* What the arguments of a call say: descriptor, bytes moved, file position, path. Which argument says
 * it is in syscall.def. */
#include "strace.h"

#include "event.h"
#include "input.h"
#include "number.h"
#include "syscall.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_arg_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Without blanks around it and without the name= that -N prints in front. */
static struct str bare_arg(struct str arg)
{
	if (arg.n > 1 && arg.p[0] == ' ')
		arg = str_drop(arg, 1);
	if (arg.n && (arg.p[0] == ' ' || arg.p[arg.n - 1] == ' '))
		arg = str_trim(arg);
	if (arg.n == 0 || !(arg.p[0] >= 'a' && arg.p[0] <= 'z'))
		return arg;
	size_t name = 0;
	while (name < arg.n && is_arg_name(arg.p[name]))
		name++;
	bool named = name + 1 < arg.n && arg.p[name] == '=' && arg.p[name + 1] != '>';
	return named ? str_drop(arg, name + 1) : arg;
}

struct str strace_arg(const struct strace_call *call, unsigned n)
{
	const struct strace_walk *walk = &call->walk;
	if (n == 0 || n > walk->commas + 1)
		return (struct str){0};
	const char *from = n == 1 ? call->args.p + 1 : walk->comma[n - 2] + 1;
	const char *to = n <= walk->commas ? walk->comma[n - 1] : call->args.p + call->args.n - 1;
	return bare_arg(str_between(from, to));
}

/* A number at the front: "3</etc/passwd>", "0x3", "-1", "4096", "0xffffff9c /" + "* AT_FDCWD *" + "/". */
static bool leading_number(struct str arg, int64_t *value)
{
	size_t n = arg.n && arg.p[0] == '-';
	while (n < arg.n && ((arg.p[n] >= '0' && arg.p[n] <= '9') ||
			     ((arg.p[n] | 0x20) >= 'a' && (arg.p[n] | 0x20) <= 'f') ||
			     (arg.p[n] | 0x20) == 'x'))
		n++;
	return number_any((struct str){arg.p, n}, value);
}

/* Descriptors are ints: raw tracers print -1 as 0xffffffff. AT_FDCWD is no descriptor. */
static bool descriptor(struct str arg, int64_t *fd)
{
	int64_t value;
	if (!leading_number(arg, &value))
		return false;
	*fd = (int32_t)value;
	return *fd != -100;
}

/* The text of the annotation behind a descriptor or AT_FDCWD: 3</etc/passwd>. */
static struct str annotation(struct str arg)
{
	const char *p = arg.p, *end = arg.p + arg.n;
	if (arg.n == 0 || arg.p[0] == '"')
		return (struct str){0};
	while (p < end && *p != '<' && p < arg.p + 12)
		p++;
	if (p < end && *p != '<') /* 0xffffff9c and a comment, under -X verbose */
		p = memchr(p, '<', (size_t)(end - p)) ?: end;
	const char *close = p < end ? strace_annotation_end(p, end) : NULL;
	return close ? str_between(p + 1, close) : (struct str){0};
}

/* The text between the quotes; nothing for NULL or an address. */
static struct str quoted(struct str arg)
{
	if (arg.n < 2 || arg.p[0] != '"')
		return (struct str){0};
	const char *last = memrchr(arg.p, '"', arg.n);
	return last > arg.p ? str_between(arg.p + 1, last) : (struct str){0};
}

static int octal_or_hex(const char **p, const char *end)
{
	int value = 0, n = 0;
	if (**p == 'x') {
		for ((*p)++; n < 2 && *p < end; n++, (*p)++) {
			char c = **p | 0x20;
			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
				break;
			value = value * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
		}
		return n ? value : -1;
	}
	for (; n < 3 && *p < end && **p >= '0' && **p <= '7'; n++, (*p)++)
		value = value * 8 + (**p - '0');
	return n ? value & 0xff : -1;
}

void strace_unescape(struct buf *b, struct str s)
{
	static const char named[256] = {['n'] = '\n', ['t'] = '\t', ['r'] = '\r', ['v'] = '\v',
					['f'] = '\f', ['a'] = '\a', ['b'] = '\b'};
	const char *p = s.p, *end = s.p + s.n;
	while (p < end) {
		if (*p != '\\' || p + 1 == end) {
			buf_add_char(b, *p++);
			continue;
		}
		p++;
		int code = octal_or_hex(&p, end);
		if (code >= 0) {
			buf_add_char(b, (char)code);
			continue;
		}
		char c = named[(unsigned char)*p];
		buf_add_char(b, c ? c : *p);
		p++;
	}
}

/* One spelling for one file: escapes are decoded and written anew, so that -y's \76 and the
 * argument's > agree. dirty: there may be bytes that strace should have escaped. */
static struct str canonical(struct str s, bool dirty, struct buf *space)
{
	if (!dirty && !str_chr(s, '\\'))
		return s;
	struct buf raw = {0};
	strace_unescape(&raw, s);
	size_t at = space->n;
	event_escape(space, buf_str(&raw));
	buf_free(&raw);
	return (struct str){space->p + at, space->n - at};
}

/* A relative name under a directory that -y names. */
static struct str joined(struct str directory, struct str name, struct buf *space)
{
	if (directory.n == 0 || directory.p[0] != '/' || (name.n && name.p[0] == '/'))
		return name;
	if (name.n == 0)
		return directory;
	size_t at = space->n;
	buf_add_str(space, directory);
	if (directory.n > 1)
		buf_add_char(space, '/');
	buf_add_str(space, name);
	return (struct str){space->p + at, space->n - at};
}

/* arg: the argument that is the descriptor. */
static struct str path_of(const struct syscall_info *info, const struct strace_call *call,
			  struct str arg, struct buf *space)
{
	space->n = 0;
	if (call->annotation.n && info->returns == SYSCALL_RETURNS_FD)
		return canonical(call->annotation, call->walk.dirty, space);
	if (info->path) {
		struct str name = quoted(strace_arg(call, info->path)), directory = {0};
		if (info->dirfd && !(name.n && name.p[0] == '/'))
			directory = annotation(strace_arg(call, info->dirfd));
		if (name.n || directory.n) {
			/* Both parts and the whole share the space: room for all, so that nothing moves. */
			buf_reserve(space, 8 * (name.n + directory.n) + INPUT_SLACK);
			return joined(canonical(directory, call->walk.dirty, space),
				      canonical(name, call->walk.dirty, space), space);
		}
	}
	return canonical(annotation(arg), call->walk.dirty, space);
}

static void set_descriptor(struct event *e, struct str arg)
{
	int64_t fd;
	if (arg.n && is_digit(arg.p[0]) && (arg.n == 1 || arg.p[1] == '<')) /* most of them */
		event_set_digits(e, EVENT_FD, (struct str){arg.p, 1});
	else if (descriptor(arg, &fd))
		event_set(e, EVENT_FD, fd);
}

void strace_facts(const struct strace_call *call, struct event *e, struct buf *path)
{
	const struct syscall_info *info = call->info;
	bool succeeded = call->has_ret && call->error.n == 0 && call->ret >= 0;
	struct str fd = {0};
	int64_t value;
	if (info->fd)
		fd = strace_arg(call, info->fd);
	else if (info->dirfd && info->returns != SYSCALL_RETURNS_FD &&
		 str_starts(strace_arg(call, info->path), STR("\"\"")))
		fd = strace_arg(call, info->dirfd); /* fstatat(3, "", AT_EMPTY_PATH) is about fd 3 */

	if (info->returns == SYSCALL_RETURNS_FD && succeeded)
		strace_set_ret(e, EVENT_FD, call);
	else
		set_descriptor(e, fd);
	if (info->returns == SYSCALL_RETURNS_BYTES && succeeded)
		strace_set_ret(e, EVENT_BYTES, call);
	if (info->returns == SYSCALL_RETURNS_OFFSET && succeeded)
		strace_set_ret(e, EVENT_OFFSET, call);
	else if (info->offset && leading_number(strace_arg(call, info->offset), &value))
		event_set(e, EVENT_OFFSET, value);
	if (info->path || fd.n || call->annotation.n)
		e->text[EVENT_PATH] = path_of(info, call, fd, path);
}

void strace_set_ret(struct event *e, enum event_column column, const struct strace_call *call)
{
	if (call->ret_digits.n)
		event_set_digits(e, column, call->ret_digits);
	else
		event_set(e, column, call->ret);
}
