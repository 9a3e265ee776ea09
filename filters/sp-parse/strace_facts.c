/* What the arguments of a call say: descriptor, bytes moved, file position, path. Which argument says
 * it is in syscall.def. */
#include "strace.h"

#include "event.h"
#include "input.h"
#include "number.h"
#include "syscall.h"

static bool is_arg_name(char c)
{
	return (c >= 'a' && c <= 'z') || number_is_digit(c) || c == '_';
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
	if (arg.n && arg.p[0] == '[') /* _llseek(3, 0, [5], SEEK_CUR) */
		arg = str_drop(arg, 1);
	return number_leading(arg, value);
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
static struct strace_span annotation(const struct strace_call *call, struct str arg)
{
	const char *p = arg.p, *end = arg.p + arg.n;
	struct strace_span found = {0};
	if (arg.n == 0 || arg.p[0] == '"')
		return found;
	while (p < end && *p != '<' && *p != ',' && *p != '/')
		p++;
	if (p < end && p == call->walk.annotation.open)
		return call->walk.annotation;
	if (p < end && *p == '/') /* 0xffffff9c and a comment, under -X verbose */
		p = memchr(p, '<', (size_t)(end - p)) ?: end;
	if (p < end && *p == '<') {
		found.open = p;
		found.close = strace_annotation_end(p, end, &found.escaped, &found.escaped);
	}
	return found;
}

/* The text between the quotes; nothing for NULL or an address. */
static struct strace_span quoted(const struct strace_call *call, struct str arg)
{
	struct strace_walk walk;
	if (arg.n < 2 || arg.p[0] != '"')
		return (struct strace_span){0};
	if (arg.p == call->walk.string.open)
		return call->walk.string;
	strace_args_end(arg.p - 1, arg.p + arg.n, 0, &walk); /* whose first string it is */
	return walk.string;
}

static struct str inside(const struct strace_span *span)
{
	return span->close ? str_between(span->open + 1, span->close) : (struct str){0};
}

/* One spelling for one file. */
static struct str canonical(struct str s, bool odd, struct buf *space)
{
	if (!odd)
		return s;
	size_t at = space->n;
	event_respell(space, s);
	buf_reserve(space, INPUT_SLACK);
	return (struct str){space->p + at, space->n - at};
}

static struct str canonical_span(const struct strace_call *call, const struct strace_span *span,
				 struct buf *space)
{
	return canonical(inside(span), span->escaped | call->walk.dirty, space);
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
	buf_reserve(space, INPUT_SLACK);
	return (struct str){space->p + at, space->n - at};
}

/* arg: the argument that is the descriptor. */
static struct str path_of(const struct syscall_info *info, const struct strace_call *call,
			  struct str arg, struct buf *space)
{
	space->n = 0;
	if (call->annotation.n && info->returns == SYSCALL_RETURNS_FD)
		return canonical(call->annotation, call->annotation_escaped | call->walk.dirty,
				 space);
	if (info->path) {
		struct strace_span name = quoted(call, strace_arg(call, info->path));
		struct strace_span directory = {0};
		if (info->dirfd && !(name.close && name.open[1] == '/'))
			directory = annotation(call, strace_arg(call, info->dirfd));
		if (!directory.close)
			return canonical_span(call, &name, space);
		/* Both parts and the whole share the space: room for all, so that nothing moves. */
		buf_reserve(space, 8 * (inside(&name).n + inside(&directory).n) + 4 * INPUT_SLACK);
		struct str folder = canonical_span(call, &directory, space);
		return joined(folder, canonical_span(call, &name, space), space);
	}
	struct strace_span own = annotation(call, arg);
	return canonical_span(call, &own, space);
}

/* -1 where the call succeeded stands for none: an anonymous mmap. */
static void set_descriptor(struct event *e, struct str arg, bool succeeded)
{
	int64_t fd;
	if (arg.n && number_is_digit(arg.p[0]) && (arg.n == 1 || arg.p[1] == '<' || arg.p[1] == ',')) /* most of them */
		e->text[EVENT_FD] = (struct str){arg.p, 1};
	else if (descriptor(arg, &fd) && !(fd == -1 && succeeded))
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
		set_descriptor(e, fd, succeeded);
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
		e->text[column] = call->ret_digits;
	else
		event_set(e, column, call->ret);
}
