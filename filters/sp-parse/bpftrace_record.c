/* The records of scripts/record.bt. Fields are separated by TABs; the last one may hold any byte and ends
 * with US (0x1f) where it is text.
 *
 *     SP1 B mono_ns wall_seconds root_pid                       the clock, and who is recorded
 *     SP1 P tid path                                            of the E or U that follows for this tid
 *     SP1 S tid flags                                           the same: of a struct, in hexadecimal
 *     SP1 E start_ns dur_ns pid tid number ret a0,..,a5 comm    a call
 *     SP1 U start_ns dur_ns pid tid number ?   a0,..,a5 comm    a call that never returned
 *     SP1 X ns pid tid number ret                               a return whose entry was not seen
 *     SP1 F ns pid parent_tid child_tid                         a new thread */
#include <stdlib.h>

#include "bpftrace.h"
#include "number.h"

enum { US = 0x1f };

static const struct str magic = {"SP1\t", 4};

struct recorder {
	struct parse *parse;
	struct raw *raw;
	int64_t wall_ns; /* what to add to a time to have it since 1970 */
	/* bpftrace -c starts the root itself: what it does before its execve is not the program's. */
	int64_t root;
	bool launching;
	bool running; /* it was recorded before the clock was told: -c never does */
	bool has_first; /* a return of the root while launching: whose it is shows next */
	struct raw_record first;
	struct raw_body first_body;
};

struct recorder *recorder_open(struct parse *parse)
{
	struct recorder *rec = xcalloc(1, sizeof *rec);
	rec->parse = parse;
	rec->raw = raw_open(parse);
	return rec;
}

void recorder_close(struct recorder *rec)
{
	if (rec->has_first)
		raw_exit(rec->raw, &rec->first, &rec->first_body);
	raw_close(rec->raw);
	free(rec);
}

void recorder_lost(struct recorder *rec, uint64_t n)
{
	raw_lost(rec->raw, -1, n);
}

static bool has_text(char letter)
{
	return letter == 'P' || letter == 'E' || letter == 'U';
}

bool recorder_begins(struct str line)
{
	return line.n > magic.n + 1 && str_starts(line, magic) && line.p[magic.n + 1] == '\t';
}

bool recorder_ends(struct str text)
{
	return text.n && text.p[text.n - 1] == US;
}

bool recorder_goes_on(struct str text)
{
	return has_text(text.p[magic.n]) && !recorder_ends(text);
}

/* ---- fields ---- */

static bool take_i64(struct str *rest, int64_t *value)
{
	struct str field;
	return str_cut(rest, '\t', &field) && number_i64(field, value);
}

/* "3,7ffc3f07ade8,340,0,0,0" */
static bool take_args(struct str *rest, struct raw_body *b)
{
	struct str list, arg;
	if (!str_cut(rest, '\t', &list))
		return false;
	for (b->args = 0; b->args < RAW_ARGS && str_cut(&list, ',', &arg); b->args++) {
		if (!raw_take_hex(&arg, &b->arg[b->args]) || arg.n)
			return false;
	}
	return b->args == RAW_ARGS && list.p == NULL;
}

/* The last field, without US. */
static bool take_text(struct str rest, struct str *text)
{
	if (!recorder_ends(rest))
		return false;
	*text = (struct str){rest.p, rest.n - 1};
	return true;
}

static bool is_id(int64_t id)
{
	return id >= 0 && id <= INT32_MAX;
}

static bool take_ids(struct str *rest, struct raw_record *at)
{
	return take_i64(rest, &at->pid) && take_i64(rest, &at->tid) && is_id(at->pid) &&
	       is_id(at->tid);
}

/* ---- records ---- */

static bool read_clock(struct recorder *rec, struct str rest)
{
	struct str wall;
	int64_t mono_ns, wall_ns;
	if (!take_i64(&rest, &mono_ns) || mono_ns < 0 || !str_cut(&rest, '\t', &wall) ||
	    !number_take_seconds(&wall, &wall_ns))
		return false;
	rec->wall_ns = wall_ns - mono_ns;
	rec->launching = take_i64(&rest, &rec->root) && rec->root > 0 && !rec->running;
	return true;
}

/* A process that ran before is recorded from before the recorder is ready and tells the clock. */
void recorder_look(struct recorder *rec, struct str lines)
{
	static const struct str clock = {"SP1\tB\t", 6};
	struct str line;
	while (str_cut(&lines, '\n', &line)) {
		if (str_starts(line, clock) && read_clock(rec, str_trim(str_drop(line, clock.n))))
			return;
		rec->running |= recorder_begins(line);
	}
}

static void stamp(const struct recorder *rec, struct raw_record *at)
{
	at->has_time = true;
	at->cpu = -1;
	if (__builtin_add_overflow(at->time_ns, rec->wall_ns, &at->time_ns))
		at->has_time = false;
}

static bool take_path(struct recorder *rec, struct str rest)
{
	int64_t tid;
	struct str path;
	if (!take_i64(&rest, &tid) || !is_id(tid) || !take_text(rest, &path))
		return false;
	raw_path(rec->raw, tid, path);
	accounts_part(&rec->parse->accounts);
	return true;
}

static bool take_struct(struct recorder *rec, struct str rest)
{
	int64_t tid;
	uint64_t flags;
	if (!take_i64(&rest, &tid) || !is_id(tid) || !raw_take_hex(&rest, &flags) || rest.n)
		return false;
	raw_struct(rec->raw, tid, flags);
	accounts_part(&rec->parse->accounts);
	return true;
}

/* Whether the call is bpftrace's own, in the process that is about to become the program. */
static bool is_launcher(struct recorder *rec, const struct raw_record *at)
{
	if (!rec->launching || at->tid != rec->root)
		return false;
	bool launcher = str_eq(at->comm, STR("bpftrace"));
	rec->launching = launcher;
	if (rec->has_first && !launcher)
		raw_exit(rec->raw, &rec->first, &rec->first_body);
	else if (rec->has_first)
		accounts_skip(&rec->parse->accounts, SKIP_MESSAGE);
	rec->has_first = false;
	return launcher;
}

static bool take_call(struct recorder *rec, struct str rest, bool returned)
{
	struct raw_record at = {.has_comm = true};
	struct raw_body b = {0};
	struct str question;
	int64_t dur_ns;
	if (!take_i64(&rest, &at.time_ns) || !take_i64(&rest, &dur_ns) || !take_ids(&rest, &at) ||
	    !take_i64(&rest, &b.number) || at.time_ns < 0 || dur_ns < 0)
		return false;
	if (!(returned ? take_i64(&rest, &b.ret) : str_cut(&rest, '\t', &question)) ||
	    !take_args(&rest, &b) || !take_text(rest, &at.comm))
		return false;
	stamp(rec, &at);
	if (is_launcher(rec, &at)) {
		accounts_skip(&rec->parse->accounts, SKIP_MESSAGE);
		return true;
	}
	accounts_end(&rec->parse->accounts);
	raw_whole(rec->raw, &at, &b, dur_ns, returned);
	return true;
}

static bool take_return(struct recorder *rec, struct str rest)
{
	struct raw_record at = {0};
	struct raw_body b = {.exits = true};
	if (!take_i64(&rest, &at.time_ns) || at.time_ns < 0 || !take_ids(&rest, &at) ||
	    !take_i64(&rest, &b.number) || !take_i64(&rest, &b.ret))
		return false;
	stamp(rec, &at);
	if (rec->launching && at.tid == rec->root && !rec->has_first) {
		rec->has_first = true;
		rec->first = at;
		rec->first_body = b;
		return true;
	}
	raw_exit(rec->raw, &at, &b);
	return true;
}

static bool take_fork(struct recorder *rec, struct str rest)
{
	struct raw_record at = {0};
	int64_t child;
	if (!take_i64(&rest, &at.time_ns) || at.time_ns < 0 || !take_ids(&rest, &at) ||
	    !take_i64(&rest, &child) || !is_id(child))
		return false;
	stamp(rec, &at);
	raw_fork(rec->raw, &at, child, NO_TID);
	accounts_skip(&rec->parse->accounts, SKIP_OTHER);
	return true;
}

const char *recorder_take(struct recorder *rec, struct str text)
{
	struct str rest = str_drop(text, magic.n + 2);
	bool taken = false;
	switch (text.p[magic.n]) {
	case 'B':
		taken = read_clock(rec, rest);
		if (taken)
			accounts_skip(&rec->parse->accounts, SKIP_HEADER);
		break;
	case 'P':
		taken = take_path(rec, rest);
		break;
	case 'S':
		taken = take_struct(rec, rest);
		break;
	case 'E':
		taken = take_call(rec, rest, true);
		break;
	case 'U':
		taken = take_call(rec, rest, false);
		break;
	case 'X':
		taken = take_return(rec, rest);
		break;
	case 'F':
		taken = take_fork(rec, rest);
		break;
	default:
		return "record of an unknown kind";
	}
	return taken ? NULL : "damaged record";
}
