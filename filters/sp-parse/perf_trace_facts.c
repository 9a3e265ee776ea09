/* What the arguments of perf trace say: "fd: 3</etc/passwd>, buf: 0x7ffc, count: 8". Their names are
 * those of the kernel's tracepoints (events/syscalls/sys_enter_NAME/format), "arg0" where there is none. */
#include "perf_trace.h"

#include "event.h"
#include "input.h"
#include "number.h"
#include "syscall.h"
#include "verbatim.h"

struct arguments {
	bool named; /* at least one has a name */
	struct str fd, dirfd, path, offset, flags;
};

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || number_is_digit(c) || c == '_';
}

/* "name: " at p; returns what follows it, or NULL. */
static const char *take_name(const char *p, const char *end, struct str *name)
{
	const char *start = p;
	while (p < end && is_name_byte(*p))
		p++;
	*name = str_between(start, p);
	return p > start && end - p >= 2 && p[0] == ':' && p[1] == ' ' ? p + 2 : NULL;
}

/* The ", " in front of the next name, or end. Paths hold anything: behind `3<` the `>` comes first. */
static const char *value_end(const char *p, const char *end)
{
	struct str name;
	const char *digits = p;
	while (digits < end && number_is_digit(*digits))
		digits++;
	bool annotated = digits > p && digits < end && *digits == '<';
	for (; (p = str_find(str_between(p, end), STR(", "))); p += 2)
		if ((!annotated || p[-1] == '>') && take_name(p + 2, end, &name))
			return p;
	return end;
}

static bool is_one_of(struct str name, const struct str *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

#define NAME(literal) {literal, sizeof(literal) - 1}
#define IS_ONE_OF(name, names) is_one_of(name, names, sizeof(names) / sizeof *(names))

static bool is_fd(struct str name)
{
	static const struct str names[] = {
	    NAME("fd"),	    NAME("fildes"), NAME("oldfd"), NAME("out_fd"),     NAME("fd_in"),
	    NAME("fdin"),   NAME("epfd"),   NAME("ufd"),   NAME("mqdes"),      NAME("fanotify_fd"),
	    NAME("pidfd"), NAME("fs_fd"),  NAME("ruleset_fd"),
	};
	return IS_ONE_OF(name, names);
}

static bool is_path(struct str name)
{
	static const struct str names[] = {
	    NAME("filename"), NAME("pathname"), NAME("path"),	 NAME("oldname"),     NAME("newname"),
	    NAME("name"),     NAME("new_root"), NAME("dir_name"), NAME("specialfile"), NAME("special"),
	};
	return IS_ONE_OF(name, names);
}

static bool is_offset(struct str name)
{
	static const struct str names[] = {NAME("off"), NAME("pos"), NAME("offset"), NAME("pos_l")};
	return IS_ONE_OF(name, names);
}

static bool is_raw(struct str name, unsigned wanted)
{
	return wanted && name.n == 4 && memcmp(name.p, "arg", 3) == 0 &&
	       (unsigned)(name.p[3] - '0') == wanted - 1;
}

static void keep_first(struct str *slot, struct str value)
{
	if (!slot->p)
		*slot = value;
}

static void sort_in(struct arguments *a, const struct syscall_info *info, struct str name,
		    struct str value)
{
	if (info->dirfd && (str_ends(name, STR("fd")) || is_raw(name, info->dirfd)))
		keep_first(&a->dirfd, value);
	else if (info->fd && (is_fd(name) || is_raw(name, info->fd)))
		keep_first(&a->fd, value);
	else if (info->offset && (is_offset(name) || is_raw(name, info->offset)))
		keep_first(&a->offset, value);
	else if (info->path > 1 && !info->path2 && str_eq(name, STR("oldname")))
		return; /* of symlink: only text */
	else if (info->path && is_path(name))
		keep_first(&a->path, value);
	else if (str_starts(name, STR("flag")))
		keep_first(&a->flags, value);
}

static void cut_arguments(struct str args, const struct syscall_info *info, struct arguments *a)
{
	const char *end = args.p + args.n - 1; /* without the parenthesis */
	for (const char *p = args.p + 1; p < end;) {
		struct str name;
		const char *value = take_name(p, end, &name);
		const char *stop = value_end(value ? value : p, end);
		if (value) {
			a->named = true;
			sort_in(a, info, name, str_between(value, stop));
		}
		p = stop + 2;
	}
}

static bool leading_number(struct str value, int64_t *number)
{
	size_t n = value.n && value.p[0] == '-';
	while (n < value.n && (is_name_byte(value.p[n]) || value.p[n] == 'X'))
		n++;
	return n && number_any((struct str){value.p, n}, number);
}

/* "3</etc/passwd>": what perf found in /proc, which may be later than the call. */
static struct str annotation(struct str value)
{
	const char *open = str_chr(value, '<');
	if (!open || value.p[value.n - 1] != '>')
		return (struct str){0};
	return str_between(open + 1, value.p + value.n - 1);
}

/* Strings show only where perf may load BPF programs, else there is an address. */
static bool quoted(struct str value, struct str *text)
{
	if (value.n < 2 || value.p[0] != '"' || value.p[value.n - 1] != '"')
		return false;
	*text = str_between(value.p + 1, value.p + value.n - 1);
	return true;
}

/* AT_EMPTY_PATH: the call is about the descriptor itself, as fstat() is in glibc from 2.33 on. */
static bool is_about_dirfd(const struct arguments *a)
{
	enum { EMPTY_PATH = 0x1000 };
	int64_t flags;
	if (str_find(a->flags, STR("EMPTY_PATH")))
		return true;
	return leading_number(a->flags, &flags) && (flags & EMPTY_PATH);
}

static struct str path_of(const struct arguments *a, struct buf *space)
{
	struct str name;
	struct str directory = annotation(a->dirfd);
	if (!quoted(a->path, &name))
		return verbatim_name(space, is_about_dirfd(a) ? directory : annotation(a->fd));
	if (directory.n == 0 || directory.p[0] != '/' || (name.n && name.p[0] == '/'))
		return verbatim_name(space, name);
	space->n = 0;
	event_escape(space, directory);
	if (name.n && directory.n > 1)
		buf_add_char(space, '/');
	event_escape(space, name);
	buf_reserve(space, INPUT_SLACK);
	return buf_str(space);
}

/* Of an anonymous mapping perf prints neither descriptor nor offset: they mean nothing. */
static bool means_nothing(const struct perf_line *l)
{
	return str_eq(l->name, STR("mmap")) && str_find(l->args, STR("ANON"));
}

/* perf leaves out arguments that are zero (unless trace.show_zeros is set), so that an argument which
 * must be there and is not is 0. Not so when the entry was not seen, or names are not printed. */
static bool value_or_zero(struct str value, bool zero, int64_t *number)
{
	*number = 0;
	return value.p ? leading_number(value, number) : zero;
}

void perf_trace_facts(const struct perf_line *l, bool entered, struct event *e, struct buf *space)
{
	const struct syscall_info *info = syscall_by_name(l->name);
	if (!info)
		return;
	struct arguments a = {0};
	cut_arguments(l->args, info, &a);
	bool zero = entered && (a.named || l->args.n == 2) && !means_nothing(l);
	bool returned = l->has_ret && l->error.n == 0;
	int64_t value;
	if (info->returns == SYSCALL_RETURNS_FD && returned && l->ret >= 0)
		event_set(e, EVENT_FD, l->ret);
	else if (info->fd && value_or_zero(a.fd, zero, &value))
		event_set(e, EVENT_FD, (int32_t)value);
	else if (info->dirfd && !info->fd && info->returns != SYSCALL_RETURNS_FD &&
		 is_about_dirfd(&a) && value_or_zero(a.dirfd, zero, &value))
		event_set(e, EVENT_FD, value);
	if (info->returns == SYSCALL_RETURNS_BYTES && returned && l->ret >= 0)
		event_set(e, EVENT_BYTES, l->ret);
	if (info->returns == SYSCALL_RETURNS_OFFSET && returned)
		event_set(e, EVENT_OFFSET, l->ret);
	else if (info->offset && value_or_zero(a.offset, zero, &value))
		event_set(e, EVENT_OFFSET, value);
	e->text[EVENT_PATH] = path_of(&a, space);
}

/* CLONE_THREAD. clone3 has its flags in memory, where perf does not look. */
bool perf_trace_makes_thread(struct str args)
{
	return str_find(args, STR("THREAD")) != NULL;
}

void perf_trace_frame(struct buf *stack, struct str frame)
{
	static const struct str unknown = {"([unknown])", 11};
	frame = str_trim(frame);
	if (stack->n)
		buf_add_char(stack, ';');
	const char *open = memrchr(frame.p, '(', frame.n);
	struct str symbol = frame, object = {0};
	if (open && open > frame.p && str_ends(frame, STR(")"))) {
		symbol = str_trim(str_between(frame.p, open));
		object = str_between(open + 1, frame.p + frame.n - 1);
	}
	if (str_ends(frame, unknown) || symbol.n < 2 || symbol.p[0] != '[') {
		verbatim_frame(stack, str_ends(frame, unknown) ? STR("[unknown]") : symbol);
		return;
	}
	/* [0x7f12] (/usr/lib/libfoo.so): no symbol, spelled as strace's frames are */
	const char *slash = object.n ? memrchr(object.p, '/', object.n) : NULL;
	buf_add_char(stack, '[');
	verbatim_frame(stack, slash ? str_between(slash + 1, object.p + object.n) : object);
	buf_add_char(stack, '+');
	verbatim_frame(stack, str_drop(symbol, 1));
}
