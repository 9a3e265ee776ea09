/* What the arguments of a call say: descriptor, bytes moved, file position, path. Which argument says
 * it is in syscall.def. */
#include "strace.h"

#include "event.h"
#include "number.h"
#include "syscall.h"

/* The next comma or closing bracket of this nesting depth; p is inside the arguments. */
static const char *arg_end(const char *p, const char *end)
{
	int depth = 0;
	for (; p < end; p++) {
		const char *skip = p;
		bool dirty;
		switch (*p) {
		case '"':
			/* A string ends like a list of arguments that is one string: reuse the scan. */
			for (skip = p + 1; skip < end && *skip != '"'; skip++)
				if (*skip == '\\')
					skip++;
			break;
		case '(':
			skip = strace_args_end(p, end, &dirty);
			break;
		case '<':
			if ((p[-1] >= '0' && p[-1] <= '9') || p[-1] == 'D')
				skip = strace_annotation_end(p, end);
			break;
		case '[':
		case '{':
			depth++;
			break;
		case ']':
		case '}':
			depth--;
			break;
		case ',':
			if (depth <= 0)
				return p;
			break;
		}
		if (!skip || skip >= end)
			return end;
		p = skip;
	}
	return end;
}

static bool is_arg_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

struct str strace_arg(struct str args, unsigned n)
{
	const char *p = args.p + 1, *end = args.p + args.n - 1;
	if (args.n < 2)
		return (struct str){0};
	for (; n > 1; n--) {
		p = arg_end(p, end);
		if (p == end)
			return (struct str){0};
		p++;
	}
	struct str arg = str_trim(str_between(p, arg_end(p, end)));
	size_t name = 0;
	while (name < arg.n && is_arg_name(arg.p[name]))
		name++;
	if (name > 0 && name + 1 < arg.n && arg.p[name] == '=' && arg.p[name + 1] != '>' &&
	    !(arg.p[0] >= '0' && arg.p[0] <= '9'))
		arg = str_drop(arg, name + 1);
	return arg;
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

/* The text of the first annotation in the argument: 3</etc/passwd>. */
static struct str annotation(struct str arg)
{
	const char *open = str_chr(arg, '<'), *quote = str_chr(arg, '"');
	if (!open || (quote && quote < open))
		return (struct str){0};
	const char *close = strace_annotation_end(open, arg.p + arg.n);
	return close ? str_between(open + 1, close) : (struct str){0};
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

static bool needs_canonical_spelling(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\\' || s.p[i] == '"' || (signed char)s.p[i] < 0x20)
			return true;
	return false;
}

/* One spelling for one file: escapes are decoded and written anew, so that -y's \76 and the
 * argument's > agree. */
static struct str canonical(struct str s, struct buf *space)
{
	if (!needs_canonical_spelling(s))
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

static struct str path_of(const struct syscall_info *info, const struct strace_call *call,
			  struct buf *space)
{
	if (call->annotation.n && info->returns == SYSCALL_RETURNS_FD)
		return canonical(call->annotation, space);
	if (info->path) {
		struct str arg = strace_arg(call->args, info->path);
		struct str name = quoted(arg);
		struct str directory = {0};
		if (info->dirfd)
			directory = annotation(strace_arg(call->args, info->dirfd));
		if (name.n || directory.n) {
			/* Joining uses the same space: make room first, so that nothing moves. */
			buf_reserve(space, 8 * (name.n + directory.n) + 8);
			return joined(canonical(directory, space), canonical(name, space), space);
		}
	}
	if (info->fd)
		return canonical(annotation(strace_arg(call->args, info->fd)), space);
	return (struct str){0};
}

void strace_facts(const struct syscall_info *info, const struct strace_call *call, struct event *e,
		  struct buf *path)
{
	int64_t value;
	bool returned = call->has_ret && call->error.n == 0;
	path->n = 0;
	if (info->returns == SYSCALL_RETURNS_FD && returned && call->ret >= 0)
		event_set(e, EVENT_FD, call->ret);
	else if (info->fd && descriptor(strace_arg(call->args, info->fd), &value))
		event_set(e, EVENT_FD, value);
	else if (info->dirfd && !info->fd && info->returns != SYSCALL_RETURNS_FD &&
		 str_starts(strace_arg(call->args, info->path), STR("\"\"")) &&
		 descriptor(strace_arg(call->args, info->dirfd), &value))
		event_set(e, EVENT_FD, value); /* fstatat(3, "", AT_EMPTY_PATH) is about fd 3 */
	if (info->returns == SYSCALL_RETURNS_BYTES && returned && call->ret >= 0)
		event_set(e, EVENT_BYTES, call->ret);
	if (info->returns == SYSCALL_RETURNS_OFFSET && returned)
		event_set(e, EVENT_OFFSET, call->ret);
	else if (info->offset && leading_number(strace_arg(call->args, info->offset), &value))
		event_set(e, EVENT_OFFSET, value);
	e->text[EVENT_PATH] = path_of(info, call, path);
}
