/* What comes out of raw: calls, held back while a stack may follow. */
#include <stdlib.h>

#include "raw_state.h"
#include "verbatim.h"

/* ---- stacks ---- */

void raw_expect_frames(struct raw *r, bool expected)
{
	r->frames_expected = expected;
}

void raw_frames_of(struct raw *r, int64_t tid)
{
	struct raw_thread *th = raw_thread_find(&r->threads, tid);
	if (r->held.active && r->held_tid == tid)
		r->frames = &r->held.stack;
	else
		r->frames = th && th->call.active && !th->call.interrupted ? &th->call.stack : NULL;
}

static struct str last_part(struct str path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	return slash ? str_between(slash + 1, path.p + path.n) : path;
}

void raw_frame(struct raw *r, struct str symbol, struct str object, struct str address, bool line)
{
	struct buf *stack = r->frames;
	if (line)
		accounts_part(&r->parse->accounts);
	if (!stack)
		return;
	if (stack->n)
		buf_add_char(stack, ';');
	object = last_part(object);
	if (symbol.n) {
		verbatim_frame(stack, symbol);
	} else if (object.n) {
		/* [libc.so.6+0x10e1ad], as the strace dialect spells it; [vdso] has its brackets. */
		bool bare = object.p[0] != '[';
		if (bare)
			buf_add_char(stack, '[');
		verbatim_frame(stack, object);
		if (bare && address.n) {
			buf_add_str(stack, STR("+0x"));
			verbatim_frame(stack, address);
		}
		if (bare)
			buf_add_char(stack, ']');
	} else if (address.n) {
		while (address.n > 1 && address.p[0] == '0')
			address = str_drop(address, 1);
		buf_add_str(stack, STR("[0x"));
		verbatim_frame(stack, address);
		buf_add_char(stack, ']');
	} else {
		buf_add_str(stack, STR("[unknown]"));
	}
}

void raw_frame_source(struct raw *r, struct str source)
{
	accounts_part(&r->parse->accounts);
	if (!r->frames || r->frames->n == 0 || source.n == 0)
		return;
	buf_add_char(r->frames, '@'); /* as the strace dialect does */
	verbatim_frame(r->frames, source);
}

/* ---- giving out ---- */

void raw_release(struct raw *r)
{
	if (!r->held.active)
		return;
	held_give_out(&r->held, r->parse);
	r->frames = NULL;
}

void raw_emit(struct raw *r, const struct raw_thread *th, struct event *e, bool wait)
{
	raw_release(r);
	if (wait && r->frames_expected && th->call.stack.n == 0) {
		held_keep(&r->held, e, r->parse->in->line);
		r->held_tid = th->tid;
		r->frames = &r->held.stack;
		return;
	}
	e->text[EVENT_STACK] = held_outermost_first(&r->stack, buf_str(&th->call.stack));
	parse_event(r->parse, e);
}

void raw_begin_event(struct event *e, enum event_kind kind, const struct raw_thread *th)
{
	memset(e, 0, sizeof *e);
	e->kind = kind;
	if (th->tid != NO_TID) {
		event_set(e, EVENT_PID, th->pid);
		event_set(e, EVENT_TID, th->tid);
	}
	e->text[EVENT_COMM] = buf_str(&th->comm);
}

void raw_give_out(struct raw *r, struct raw_thread *th, bool returned, int64_t ret, bool wait)
{
	struct raw_call *call = &th->call;
	struct event e;
	raw_begin_event(&e, returned ? EVENT_CALL : EVENT_UNFINISHED, th);
	if (call->has_start) {
		event_set(&e, EVENT_START, call->start_ns);
		if (call->has_end && call->end_ns >= call->start_ns)
			event_set(&e, EVENT_DUR, call->end_ns - call->start_ns);
	}
	buf_reserve(&call->text, INPUT_SLACK);
	struct str text = buf_str(&call->text);
	e.text[EVENT_SYSCALL] = (struct str){text.p, call->name_n};
	e.text[EVENT_ARGS] = str_drop(text, call->name_n);
	e.text[EVENT_NOTE] = call->note;
	if (returned) {
		e.text[EVENT_ERRNO] = raw_error(ret);
		if (e.text[EVENT_ERRNO].n)
			ret = -1;
		if (!call->interrupted) /* strace: = ? ERESTARTSYS */
			event_set(&e, EVENT_RET, ret);
	}
	raw_facts(th, returned && !call->interrupted, ret, &e, &r->name);
	call->active = call->interrupted = false;
	call->note = (struct str){0};
	th->path.n = 0;
	raw_emit(r, th, &e, wait);
	call->stack.n = 0;
}

void raw_settle(struct raw *r, struct raw_thread *th)
{
	if (th->call.active && th->call.interrupted)
		raw_give_out(r, th, true, th->call.code, false);
}

void raw_give_up(struct raw *r, struct raw_thread *th, struct str note)
{
	struct raw_call *call = &th->call;
	call->note = call->interrupted ? raw_error(call->code) : note;
	call->interrupted = false;
	r->parse->accounts.unfinished++;
	raw_give_out(r, th, false, 0, false);
}

/* ---- beginning and end ---- */

struct raw *raw_open(struct parse *parse)
{
	struct raw *r = xcalloc(1, sizeof *r);
	r->parse = parse;
	return r;
}

struct active {
	struct raw_thread **thread;
	size_t n;
};

static void collect_active(struct raw *r, struct raw_thread *th, void *with)
{
	struct active *active = with;
	(void)r;
	if (th->call.active)
		active->thread[active->n++] = th;
}

static int by_line(const void *a, const void *b)
{
	const struct raw_thread *x = *(struct raw_thread *const *)a;
	const struct raw_thread *y = *(struct raw_thread *const *)b;
	return (x->call.line > y->call.line) - (x->call.line < y->call.line);
}

void raw_close(struct raw *r)
{
	struct active active = {.thread = xcalloc(r->threads.n + 1, sizeof *active.thread)};
	raw_threads_each(r, collect_active, &active);
	qsort(active.thread, active.n, sizeof *active.thread, by_line);
	for (size_t i = 0; i < active.n; i++) {
		struct raw_call *call = &active.thread[i]->call;
		if (!call->interrupted) {
			call->has_end = r->ticking;
			call->end_ns = r->last_ns;
		}
		raw_give_up(r, active.thread[i], EVENT_LITERAL("trace ends"));
	}
	raw_release(r);
	free(active.thread);
	raw_threads_free(&r->threads);
	held_free(&r->held);
	struct buf *bufs[] = {&r->stack, &r->name, &r->args};
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_free(bufs[i]);
	free(r);
}
