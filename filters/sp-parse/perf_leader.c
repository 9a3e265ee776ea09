/* The leader is read from the event backwards: only the comm, at its front, can hold anything. */
#include "perf_leader.h"

#include "number.h"

/* 15 bytes and a NUL: TASK_COMM_LEN, linux/sched.h. Only kernel threads show longer names. */
enum { COMM_BYTES = 15, COMM_WIDTH = 16 };

static struct str last_token(const char *from, const char **end)
{
	const char *e = *end, *p;
	while (e > from && e[-1] == ' ')
		e--;
	for (p = e; p > from && p[-1] != ' ';)
		p--;
	*end = p;
	return str_between(p, e);
}

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!number_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

/* "1042.876522033:" */
static bool take_time(struct str s, int64_t *ns)
{
	return s.n && s.p[s.n - 1] == ':' && number_take_seconds(&s, ns) && s.n == 1;
}

static bool take_cpu(struct str s, int *cpu)
{
	uint64_t value;
	if (s.n < 3 || s.p[0] != '[' || s.p[s.n - 1] != ']' ||
	    !number_u64(str_between(s.p + 1, s.p + s.n - 1), &value) || value > INT32_MAX)
		return false;
	*cpu = (int)value;
	return true;
}

static bool take_thread(struct str s, struct raw_record *at)
{
	struct str pid = s;
	const char *slash = str_chr(s, '/');
	if (slash) {
		pid = str_between(s.p, slash);
		s = str_between(slash + 1, s.p + s.n);
	}
	at->pid = NO_TID;
	return number_i64(s, &at->tid) && (!slash || number_i64(pid, &at->pid)) &&
	       at->tid >= NO_TID;
}

/* Letters that tell what the cpu was doing (-F +misc). */
static bool is_misc(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	return s.n > 0;
}

/* All but the comm; *front is where it ends. */
static bool take_columns(const char *line, const char *event, struct raw_record *at,
			 const char **front)
{
	*at = (struct raw_record){.cpu = -1};
	struct str token = last_token(line, &event);
	if (is_number(token)) {
		/* The period, if there are columns in front of it. */
		const char *before = event;
		struct raw_record other;
		struct str previous = last_token(line, &before);
		if (take_time(previous, &at->time_ns) || take_cpu(previous, &at->cpu) ||
		    (str_chr(previous, '/') && take_thread(previous, &other))) {
			token = previous;
			event = before;
		}
	}
	at->cpu = -1;
	at->has_time = take_time(token, &at->time_ns);
	if (at->has_time)
		token = last_token(line, &event);
	if (is_misc(token))
		token = last_token(line, &event);
	if (take_cpu(token, &at->cpu))
		token = last_token(line, &event);
	*front = event;
	return take_thread(token, at);
}

static struct str trim_left(struct str s)
{
	while (s.n && s.p[0] == ' ')
		s = str_drop(s, 1);
	return s;
}

static struct str trim_right(struct str s)
{
	while (s.n && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

/* The comm's second part, `above` being the first. In 16 places it ends where they do. */
static bool join_comm(struct str above, struct str text, struct buf *space, struct str *comm)
{
	bool padded = above.p[0] == ' ';
	if (padded) {
		size_t width = COMM_WIDTH - 1 - above.n;
		if (above.n >= COMM_WIDTH || text.n <= width || text.p[width] != ' ')
			return false;
		text.n = width;
	} else {
		text = trim_right(text);
	}
	space->n = 0;
	buf_add_str(space, padded ? trim_left(above) : above);
	buf_add_char(space, '\n');
	buf_add_str(space, text);
	*comm = buf_str(space);
	return comm->n <= COMM_BYTES;
}

bool perf_leader(const char *line, const char *event, struct str above, struct buf *space,
		 struct raw_record *at, bool *used)
{
	const char *front;
	*used = false;
	if (!take_columns(line, event, at, &front))
		return false;
	struct str text = str_between(line, front);
	bool padded = text.n > COMM_WIDTH && line[0] == ' ' && line[COMM_WIDTH] == ' ' &&
		      trim_left(str_drop(text, COMM_WIDTH)).n == 0;
	if (above.n && !padded && join_comm(above, text, space, &at->comm)) {
		*used = at->has_comm = true;
		return true;
	}
	if (padded) {
		at->has_comm = true;
		at->comm = trim_left((struct str){line, COMM_WIDTH});
		return true;
	}
	at->comm = trim_right(text);
	if (at->comm.n > COMM_BYTES)
		at->comm = trim_left(at->comm);
	at->has_comm = at->comm.n > 0;
	return at->comm.n <= COMM_BYTES;
}

const char *perf_leader_find_event(struct str line, bool timed)
{
	const char *end = line.p + line.n;
	for (const char *p = line.p; p < end;) {
		while (p < end && *p == ' ')
			p++;
		const char *from = p;
		while (p < end && *p != ' ')
			p++;
		int64_t ns;
		struct raw_record at;
		const char *front;
		struct str token = str_between(from, p);
		bool named = token.n > 1 && token.p[token.n - 1] == ':' && !take_time(token, &ns);
		if ((named || str_starts(token, STR("PERF_RECORD_"))) &&
		    take_columns(line.p, from, &at, &front) && at.has_time == timed)
			return from;
	}
	return NULL;
}
