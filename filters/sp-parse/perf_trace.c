/* The dialect of perf trace: whose line it is, which halves belong together, what a loss cuts. */
#include <stdlib.h>

#include "perf_trace_state.h"
#include "verbatim.h"

/* ---- threads ---- */

static struct perf_thread *find_extra(struct perf_trace *s, int64_t tid)
{
	struct perf_thread *x = s->last;
	if (x && x->tid == tid)
		return x;
	HASH_FIND(hh, s->extra, &tid, sizeof tid, x);
	if (!x) {
		x = xcalloc(1, sizeof *x);
		x->tid = tid;
		x->losses = s->losses;
		HASH_ADD(hh, s->extra, tid, sizeof tid, x);
	}
	s->last = x;
	return x;
}

static void forget_thread(struct perf_trace *s, struct thread *th)
{
	struct perf_thread *x;
	HASH_FIND(hh, s->extra, &th->tid, sizeof th->tid, x);
	if (x) {
		HASH_DEL(s->extra, x);
		free(x);
	}
	s->last = NULL;
	threads_exit(&s->parse->threads, th);
}

/* clone3 does not show whether it makes a thread or, for posix_spawn, a process. What the child does
 * first does: glibc's threads register for rseq and robust futexes, its processes do not or are made
 * by clone. */
static void settle_lineage(struct perf_trace *s, struct thread *th, struct str name)
{
	struct perf_thread *x = find_extra(s, th->tid);
	if (!x->undecided || syscall_creates_task(name))
		return;
	x->undecided = false;
	if (!str_eq(name, STR("rseq")) && !str_eq(name, STR("set_robust_list")))
		th->pid = th->tid;
}

static void adopt(struct perf_trace *s, struct thread *parent, const struct perf_line *l,
		  uint64_t entered)
{
	bool flags_unknown = str_eq(l->name, STR("clone3"));
	struct thread *child = threads_find(&s->parse->threads, l->ret);
	if (flags_unknown && child && child->born >= entered && !find_extra(s, l->ret)->undecided)
		return; /* it has shown already what it is */
	threads_born(&s->parse->threads, parent, l->ret,
		     flags_unknown || perf_trace_makes_thread(l->args), entered, s->parse->in->line);
	find_extra(s, l->ret)->undecided = flags_unknown;
}

static struct thread *thread_of(struct perf_trace *s, const struct perf_line *l)
{
	struct thread *th = threads_get(&s->parse->threads, l->tid, s->parse->in->line);
	if (l->comm.n && !str_eq(buf_str(&th->comm), l->comm)) {
		th->comm.n = 0;
		event_escape(&th->comm, l->comm);
		buf_reserve(&th->comm, INPUT_SLACK);
	}
	return th;
}

/* ---- events ---- */

static void begin_event(struct event *e, enum event_kind kind, const struct thread *th,
			struct str name)
{
	event_begin(e, kind);
	if (th->tid != NO_TID) {
		event_set(e, EVENT_PID, th->pid);
		event_set(e, EVENT_TID, th->tid);
	}
	e->text[EVENT_COMM] = buf_str(&th->comm);
	e->text[EVENT_SYSCALL] = name;
}

/* Whether lost records may hide the return of a call entered at start_ns and what came in between: the
 * tracer writes no record in less than this. */
static bool spans_loss(const struct perf_trace *s, const struct perf_thread *x, int64_t start_ns)
{
	enum { RECORD_NS = 100 };
	return x->losses != s->losses && x->has_end &&
	       (uint64_t)(start_ns - x->end_ns) < s->lost_last * RECORD_NS;
}

static void unfinished(struct perf_trace *s, struct thread *th, struct perf_line *entry,
		       const char *note)
{
	struct event e;
	entry->has_ret = false;
	begin_event(&e, EVENT_UNFINISHED, th, entry->name);
	if (entry->has_time)
		event_set(&e, EVENT_START, entry->time_ns);
	e.text[EVENT_ARGS] = verbatim_text(&s->args, entry->args);
	perf_trace_facts(entry, true, &e, &s->path);
	if (note)
		e.text[EVENT_NOTE] = EVENT_LITERAL("LOST");
	s->parse->accounts.unfinished++;
	perf_trace_emit(s, &e);
}

/* The entry that a first half told of. */
static struct perf_line pending_entry(const struct thread *th)
{
	struct perf_line entry = {.has_time = th->call.has_start, .time_ns = th->call.start_ns};
	struct str text = buf_str(&th->call.text);
	const char *open = str_chr(text, '(');
	entry.name = str_between(text.p, open);
	entry.args = str_between(open, text.p + text.n);
	return entry;
}

static void give_up(struct perf_trace *s, struct thread *th, const char *note)
{
	struct perf_line entry = pending_entry(th);
	threads_leave(&s->parse->threads, th);
	unfinished(s, th, &entry, note);
}

struct thread_list {
	struct thread **thread;
	size_t n;
	int64_t pid; /* only threads of this process; NO_TID: of all */
	bool idle_too;
};

static void collect(void *context, struct thread *th)
{
	struct thread_list *list = context;
	if ((th->call.active || list->idle_too) && (list->pid == NO_TID || th->pid == list->pid))
		list->thread[list->n++] = th;
}

static int by_line(const void *a, const void *b)
{
	const struct thread *x = *(struct thread *const *)a, *y = *(struct thread *const *)b;
	return (x->call.line > y->call.line) - (x->call.line < y->call.line);
}

/* Calls that are entered and will not be seen to return, in the order in which they were entered. */
static void give_up_all(struct perf_trace *s, int64_t pid, const char *note, bool exits)
{
	struct threads *threads = &s->parse->threads;
	struct thread_list list = {.thread = xcalloc(threads->n + 1, sizeof *list.thread),
				   .pid = pid,
				   .idle_too = exits};
	threads_each(threads, collect, &list);
	qsort(list.thread, list.n, sizeof *list.thread, by_line);
	for (size_t i = 0; i < list.n; i++) {
		if (list.thread[i]->call.active)
			give_up(s, list.thread[i], note);
		if (exits)
			forget_thread(s, list.thread[i]);
	}
	free(list.thread);
}

static void take_first_half(struct perf_trace *s, struct thread *th, const struct perf_line *l)
{
	if (th->call.active)
		give_up(s, th, NULL);
	threads_enter(&s->parse->threads, th, syscall_creates_task(l->name),
		      str_eq(l->name, STR("clone3")) || perf_trace_makes_thread(l->args));
	th->call.has_start = l->has_time;
	th->call.start_ns = l->time_ns;
	th->call.line = s->parse->in->line;
	th->call.text.n = 0;
	buf_add_str(&th->call.text, l->name);
	buf_add_str(&th->call.text, l->args);
	buf_reserve(&th->call.text, INPUT_SLACK);
	accounts_part(&s->parse->accounts);
}

/* A second half repeats name and start of the first. */
static bool join(struct perf_trace *s, struct thread *th, struct perf_line *l, uint64_t *entered)
{
	if (!th->call.active)
		return false;
	struct perf_line entry = pending_entry(th);
	if (!str_eq(entry.name, l->name) || entry.has_time != l->has_time ||
	    (l->has_time && entry.time_ns != l->time_ns)) {
		give_up(s, th, NULL);
		return false;
	}
	l->args = entry.args;
	*entered = th->call.line;
	threads_leave(&s->parse->threads, th);
	s->parse->accounts.joined++;
	return true;
}

static void call_event(struct perf_trace *s, struct thread *th, const struct perf_line *l,
		       bool entered)
{
	struct event e;
	begin_event(&e, EVENT_CALL, th, l->name);
	if (l->has_time)
		event_set(&e, EVENT_START, l->time_ns);
	if (l->has_dur)
		event_set(&e, EVENT_DUR, l->dur_ns);
	if (l->has_ret)
		event_set(&e, EVENT_RET, l->ret);
	e.text[EVENT_ERRNO] = l->error;
	e.text[EVENT_NOTE] = l->note;
	e.text[EVENT_ARGS] = verbatim_text(&s->args, l->args);
	perf_trace_facts(l, entered, &e, &s->path);
	perf_trace_emit(s, &e);
}

static void take_exit(struct perf_trace *s, struct thread *th, struct perf_line *l)
{
	if (th->call.active)
		give_up(s, th, NULL);
	int64_t pid = th->pid;
	unfinished(s, th, l, NULL);
	if (th->tid == NO_TID)
		return;
	forget_thread(s, th);
	if (str_eq(l->name, STR("exit_group")))
		give_up_all(s, pid, NULL, true);
}

static void take_call(struct perf_trace *s, struct thread *th, struct perf_line *l)
{
	struct perf_thread *x = find_extra(s, th->tid);
	bool entered = l->kind == PERF_CALL;
	uint64_t entry_line = s->parse->in->line;
	if (l->kind == PERF_SECOND_HALF) {
		entered = join(s, th, l, &entry_line);
		/* perf keeps the start when the records in between are lost: it may be another call's. */
		if (!entered && x->losses != s->losses) {
			l->has_time = l->has_dur = false;
			l->note = EVENT_LITERAL("LOST");
		} else if (!entered && !l->has_time) {
			l->note = EVENT_LITERAL("entry not seen");
			/* An empty value where a pid belongs, on the child's side: 0. */
			if (!l->has_ret && l->error.n == 0 && syscall_creates_task(l->name))
				l->has_ret = true;
		}
	} else if (th->call.active) {
		give_up(s, th, NULL);
	}
	if (l->kind == PERF_CALL && l->has_time && spans_loss(s, x, l->time_ns))
		unfinished(s, th, l, "LOST");
	else
		call_event(s, th, l, entered);
	if (l->has_time && l->has_dur) {
		x->has_end = true;
		x->end_ns = l->time_ns + l->dur_ns;
	}
	x->losses = s->losses;
	if (entered && l->has_ret && l->error.n == 0 && l->ret > 0 && syscall_creates_task(l->name))
		adopt(s, th, l, entry_line);
}

void perf_trace_take(struct perf_trace *s, struct perf_line *l)
{
	struct accounts *a = &s->parse->accounts;
	if (l->kind == PERF_OTHER_EVENT) {
		accounts_skip(a, SKIP_OTHER);
		return;
	}
	struct thread *th = thread_of(s, l);
	settle_lineage(s, th, l->name);
	if (l->kind == PERF_FIRST_HALF) {
		take_first_half(s, th, l);
		return;
	}
	accounts_end(a);
	if (l->exits)
		take_exit(s, th, l);
	else
		take_call(s, th, l);
}

void perf_trace_lost(struct perf_trace *s, uint64_t records)
{
	s->parse->accounts.lost += records;
	s->losses++;
	s->lost_last = records;
	give_up_all(s, NO_TID, "LOST", false);
}

void perf_trace_end(struct perf_trace *s)
{
	give_up_all(s, NO_TID, NULL, false);
	struct perf_thread *x, *next;
	HASH_ITER(hh, s->extra, x, next) {
		HASH_DEL(s->extra, x);
		free(x);
	}
}
