#include "renacer.h"

#include "number.h"
#include "raw_state.h"
#include "syscall.h"
#include "verbatim.h"

/* ---- arguments ---- */

enum { ARGS = 6 };

/* The ", " behind the argument at p, outside of strings and brackets. Not for raw ones. */
static const char *arg_end(const char *p, const char *end)
{
	int depth = 0;
	bool quoted = false;
	for (; p < end; p++) {
		if (*p == '\\' && quoted)
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (*p == '(' || *p == '[' || *p == '{')
			depth++;
		else if (*p == ')' || *p == ']' || *p == '}')
			depth--;
		else if (*p == ',' && depth <= 0)
			return p;
	}
	return end;
}

static unsigned cut_args(const struct renacer_call *call, struct str *arg)
{
	if (call->args.n < 2)
		return 0;
	struct str inside = {call->args.p + 1, call->args.n - 2};
	const char *p = inside.p, *end = inside.p + inside.n;
	if (call->raw) {
		/* Three, of which only the second can hold a comma. */
		const char *first = memchr(p, ',', inside.n), *last = memrchr(p, ',', inside.n);
		if (!first || last <= first)
			return 0;
		arg[0] = str_trim(str_between(p, first));
		arg[1] = str_trim(str_between(first + 1, last));
		arg[2] = str_trim(str_between(last + 1, end));
		return 3;
	}
	unsigned n = 0;
	while (p < end && n < ARGS) {
		const char *stop = arg_end(p, end);
		arg[n++] = str_trim(str_between(p, stop));
		p = stop < end ? stop + 1 : end;
	}
	return n;
}

/* Registers hold what C passes as an int: -1 is 0xffffffff. AT_FDCWD is no descriptor. */
static bool descriptor(struct str arg, int64_t *fd)
{
	int64_t value;
	if (!number_leading(arg, &value))
		return false;
	*fd = (int32_t)value;
	return *fd != -100;
}

static struct str path_of(struct renacer *r, const struct renacer_call *call, struct str arg)
{
	if (arg.n < 2 || arg.p[0] != '"')
		return (struct str){0};
	const char *close = memrchr(arg.p, '"', arg.n);
	if (close == arg.p)
		return (struct str){0};
	struct str path = str_between(arg.p + 1, close);
	if (call->raw)
		return verbatim_name(&r->path, path);
	r->path.n = 0;
	event_respell(&r->path, path);
	buf_reserve(&r->path, INPUT_SLACK);
	return buf_str(&r->path);
}

static void facts(struct renacer *r, const struct renacer_call *call,
		  const struct syscall_info *info, struct event *e)
{
	struct str arg[ARGS + 1] = {0}; /* from 1, as in syscall.def */
	cut_args(call, arg + 1);
	bool returned = call->has_ret && call->ret >= 0 && call->error.n == 0;
	int64_t value;
	if (info->returns == SYSCALL_RETURNS_FD && returned)
		event_set(e, EVENT_FD, call->ret);
	else if (info->fd && info->fd <= ARGS && descriptor(arg[info->fd], &value))
		event_set(e, EVENT_FD, value);
	if (info->returns == SYSCALL_RETURNS_BYTES && returned)
		event_set(e, EVENT_BYTES, call->ret);
	if (info->returns == SYSCALL_RETURNS_OFFSET && returned)
		event_set(e, EVENT_OFFSET, call->ret);
	else if (info->offset && info->offset <= ARGS && number_leading(arg[info->offset], &value))
		event_set(e, EVENT_OFFSET, value);
	if (info->path && info->path <= ARGS)
		e->text[EVENT_PATH] = path_of(r, call, arg[info->path]);
}

/* ---- events ---- */

/* What the book shows is spelled as strace spells it: escapes and quotes stay. */
static struct str args_text(struct renacer *r, const struct renacer_call *call)
{
	if (call->raw)
		return verbatim_text(&r->args, call->args);
	r->args.n = 0;
	const char *end = call->args.p + call->args.n;
	for (const char *p = call->args.p; p < end;) {
		const char *q = p;
		while (q < end && *q != '\\' && *q != '"')
			q++;
		event_escape(&r->args, str_between(p, q));
		if (q < end)
			buf_add_char(&r->args, *q++);
		p = q;
	}
	buf_reserve(&r->args, INPUT_SLACK);
	return buf_str(&r->args);
}

/* The function at the bottom of every stack: where it stands last, the innermost stands first. */
static bool is_outermost(struct str frame)
{
	return str_eq(frame, STR("main")) || str_eq(frame, STR("_start")) ||
	       str_eq(frame, STR("clone3")) || str_eq(frame, STR("__libc_start_main"));
}

void renacer_frames(struct buf *stack, struct str text)
{
	static const struct str separator = {"---", 3};
	const char *end = text.p + text.n, *p;
	stack->n = 0;
	while ((p = str_find(text, separator))) {
		verbatim_frame(stack, str_between(text.p, p));
		buf_add_char(stack, ';');
		text = str_between(p + separator.n, end);
	}
	verbatim_frame(stack, text);
	if (is_outermost(text)) {
		struct buf reversed = {0};
		held_outermost_first(&reversed, buf_str(stack));
		buf_free(stack);
		*stack = reversed;
	}
	buf_reserve(stack, INPUT_SLACK);
}

/* function@file:line, as strace -kk's frames are spelled. */
static struct str stack_text(struct renacer *r, const struct renacer_call *call)
{
	r->stack.n = 0;
	if (call->stack.n) {
		renacer_frames(&r->stack, call->stack);
		return buf_str(&r->stack);
	}
	verbatim_frame(&r->stack, call->function);
	if (call->function.n && call->file.n)
		buf_add_char(&r->stack, '@');
	verbatim_frame(&r->stack, call->file);
	buf_reserve(&r->stack, INPUT_SLACK);
	return buf_str(&r->stack);
}

static void result(const struct renacer_call *call, struct event *e)
{
	struct str error = call->error.n ? call->error : raw_error(call->ret);
	if (call->has_ret && error.n) {
		e->text[EVENT_ERRNO] = error;
		if (!raw_is_restart(call->ret))
			event_set(e, EVENT_RET, -1);
	} else if (call->has_ret) {
		event_set(e, EVENT_RET, call->ret);
	}
}

void renacer_event(struct renacer *r, const struct renacer_call *call, enum event_kind kind,
		   struct event *e)
{
	const struct syscall_info *info = syscall_by_name(call->name);
	int64_t number;
	/* The book shows -1 as what exit_group returns. */
	bool never = call->never || (info && info->returns == SYSCALL_RETURNS_NEVER && call->ret < 0);
	event_begin(e, never ? EVENT_UNFINISHED : kind);
	e->text[EVENT_SYSCALL] = call->name;
	r->name.n = 0;
	if (!info && number_i64(str_drop(call->name, 8), &number)) {
		info = raw_name_of_number(raw_default_arch(), number, &r->name);
		buf_reserve(&r->name, INPUT_SLACK);
		e->text[EVENT_SYSCALL] = buf_str(&r->name);
	}
	if (e->kind == EVENT_CALL)
		result(call, e);
	if (call->has_dur)
		event_set(e, EVENT_DUR, call->dur_ns);
	e->text[EVENT_ARGS] = args_text(r, call);
	e->text[EVENT_STACK] = stack_text(r, call);
	if (info)
		facts(r, call, info, e);
}
