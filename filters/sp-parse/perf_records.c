/* Events among calls: of perf itself, about tasks and what was lost; of the scheduler; of io_uring. */
#include "perf_script.h"

#include "number.h"

/* ---- of perf itself ---- */

/* "(12204:12204):(12202:12202)": pid:tid of the one, then of the other */
static bool take_tasks(struct str s, int64_t task[4])
{
	static const char *const before[] = {"(", ":", "):(", ":"};
	for (int i = 0; i < 4; i++) {
		size_t n = strlen(before[i]);
		uint64_t value;
		if (!str_starts(s, (struct str){before[i], n}))
			return false;
		s = str_drop(s, n);
		if (!number_take_u64(&s, &value) || value > INT32_MAX)
			return false;
		task[i] = (int64_t)value;
	}
	return str_starts(s, STR(")"));
}

/* "NAME:12202/12202" */
static bool take_named_task(struct str s, struct raw_record *at)
{
	const char *colon = s.n ? memrchr(s.p, ':', s.n) : NULL;
	if (!colon)
		return false;
	struct str numbers = str_between(colon + 1, s.p + s.n), pid;
	at->has_comm = true;
	at->comm = str_between(s.p, colon);
	return str_cut(&numbers, '/', &pid) && numbers.p && number_i64(pid, &at->pid) &&
	       number_i64(numbers, &at->tid) && at->tid >= 0 && at->comm.n < 64;
}

static void take_comm_record(struct perf_script *s, struct raw_record at, struct str text)
{
	bool exec = str_starts(text, STR(" exec: "));
	text = str_drop(text, exec ? 7 : 2);
	at.comm.n = 0;
	if (!take_named_task(text, &at))
		s->comm_open = true;
	else if (exec)
		raw_exec(s->raw, &at, NO_TID);
	else
		raw_rename(s->raw, &at);
	accounts_skip(accounts(s), SKIP_OTHER);
}

void perf_records_take(struct perf_script *s, struct raw_record at, struct str text)
{
	int64_t task[4];
	const char *lost = str_find(text, STR(" lost "));
	struct str number;
	uint64_t n;
	if (str_starts(text, STR("COMM"))) {
		take_comm_record(s, at, str_drop(text, 4));
		return;
	}
	if (str_starts(text, STR("EXIT")) && take_tasks(str_drop(text, 4), task)) {
		at.has_comm &= at.tid == task[1];
		at.pid = task[0];
		at.tid = task[1];
		raw_gone(s->raw, &at);
		return;
	}
	if (str_starts(text, STR("FORK")) && take_tasks(str_drop(text, 4), task)) {
		at.has_comm &= at.tid == task[3];
		at.pid = task[2];
		at.tid = task[3];
		raw_fork(s->raw, &at, task[1], task[0]);
	} else if (str_starts(text, STR("LOST")) && lost) {
		number = str_trim(str_between(lost + 6, text.p + text.n));
		raw_lost(s->raw, at.cpu, number_take_u64(&number, &n) ? n : 0);
		accounts_skip(accounts(s), SKIP_MESSAGE);
		return;
	}
	accounts_skip(accounts(s), SKIP_OTHER);
}

/* ---- other events ---- */

void perf_records_take_event(struct perf_script *s, const struct raw_record *at, struct str name,
			     struct str text)
{
	struct str subsystem, event = name;
	s->stack = STACK_OTHER;
	if (!str_cut(&event, ':', &subsystem) || !event.p ||
	    (!uring_event(s->uring, at, event, text) && !raw_task_event(s->raw, at, event, text)))
		accounts_skip(accounts(s), SKIP_OTHER);
}

bool perf_records_go_on(struct perf_script *s, struct str line)
{
	struct raw_record at;
	bool comm = s->comm_open && take_named_task(line, &at);
	if (comm)
		s->comm_open = false;
	else if (s->stack != STACK_OTHER || !str_chr(line, '='))
		return false;
	accounts_skip(accounts(s), SKIP_OTHER);
	return true;
}
