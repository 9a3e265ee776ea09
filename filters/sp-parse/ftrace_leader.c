#include "ftrace_leader.h"

#include "number.h"

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

static const char *token_end(const char *p, const char *end)
{
	while (p < end && *p != ' ')
		p++;
	return p;
}

/* "(   2563)", "(-------)" */
static const char *take_tgid(const char *p, const char *end, int64_t *pid)
{
	const char *close = memchr(p, ')', (size_t)(end - p));
	if (!close)
		return NULL;
	struct str text = str_trim(str_between(p + 1, close));
	uint64_t value;
	if (number_u64(text, &value) && value <= INT32_MAX)
		*pid = (int64_t)value;
	else if (text.n == 0 || text.p[0] != '-')
		return NULL;
	return close + 1;
}

/* "2049.044179:"; "64119us" ":" or "64123us+:" of the latency format; a counter's "1234:". */
static const char *take_time(const char *p, const char *end, struct raw_record *at)
{
	struct str s = str_between(p, token_end(p, end));
	uint64_t value;
	struct str rest = s;
	if (rest.n == 0 || !number_is_digit(rest.p[0]))
		return NULL;
	if (rest.p[rest.n - 1] == ':' && str_chr(rest, '.')) {
		at->has_time = number_take_seconds(&rest, &at->time_ns) && rest.n == 1;
		return at->has_time ? s.p + s.n : NULL;
	}
	if (!number_take_u64(&rest, &value) || value > INT64_MAX / 1000)
		return NULL;
	if (str_starts(rest, STR("us"))) {
		at->has_time = true;
		at->time_ns = (int64_t)value * 1000;
		p = s.p + s.n;
		if (rest.p[rest.n - 1] == ':')
			return p;
		p = skip_blanks(p, end);
		return p < end && *p == ':' ? p + 1 : NULL;
	}
	/* A clock that does not count time. */
	return rest.n == 1 && rest.p[0] == ':' ? s.p + s.n : NULL;
}

/* What stands behind "comm-"; NULL when it is no leader. */
static const char *take_columns(const char *p, const char *end, struct raw_record *at)
{
	struct str s = str_between(p, end);
	uint64_t value;
	*at = (struct raw_record){.pid = NO_TID, .cpu = -1};
	if (!number_take_u64(&s, &value) || value > INT32_MAX || s.n == 0 || s.p[0] != ' ')
		return NULL;
	at->tid = (int64_t)value;
	p = skip_blanks(s.p, end);
	if (p < end && *p == '(' && !(p = take_tgid(p, end, &at->pid)))
		return NULL;
	p = skip_blanks(p, end);
	s = str_between(p, end);
	bool bracket = str_starts(s, STR("["));
	s = str_drop(s, bracket);
	if (!number_take_u64(&s, &value) || value > INT32_MAX || s.n == 0)
		return NULL;
	at->cpu = (int)value;
	if (bracket) {
		if (s.p[0] != ']')
			return NULL;
		p = s.p + 1;
	} else {
		p = token_end(s.p, end); /* cpu and flags in one: 1..... */
	}
	p = skip_blanks(p, end);
	const char *time = take_time(p, end, at);
	if (!time && bracket) /* flags */
		time = take_time(skip_blanks(token_end(p, end), end), end, at);
	return time;
}

const char *ftrace_leader(struct str line, struct raw_record *at)
{
	static const size_t places[] = {16, 8};
	const char *end = line.p + line.n, *event = NULL, *dash = NULL;
	for (size_t i = 0; i < 2 && !event; i++) {
		dash = line.p + places[i];
		if (line.n > places[i] + 8 && *dash == '-')
			event = take_columns(dash + 1, end, at);
	}
	for (const char *p = line.p; !event && p && p < end; p++) {
		p = memchr(p, '-', (size_t)(end - p));
		if (!p)
			break;
		dash = p;
		event = take_columns(p + 1, end, at);
	}
	if (!event)
		return NULL;
	at->comm = str_between(line.p, dash);
	while (at->comm.n && at->comm.p[0] == ' ')
		at->comm = str_drop(at->comm, 1);
	at->has_comm = !str_eq(at->comm, STR("<...>"));
	return at->comm.n <= 16 ? skip_blanks(event, end) : NULL;
}
