/* The columns in front of a line of strace: pid, security context, clock, delta, number, address. */
#include "strace.h"

#include "number.h"

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_DAY (2 * STRACE_HALF_DAY_NS)

/* Linux's PID_MAX_LIMIT is 2^22: a bare integer beyond it is a time in unix seconds. */
enum { PID_LIMIT = 1 << 22 };

static bool is_hex(char c)
{
	return number_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* p + 1 for every byte of a blank run. */
static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && number_is_digit(*p))
		p++;
	return p;
}

static int64_t digits_value(const char *p, const char *end)
{
	uint64_t value = 0;
	struct str s = str_between(p, end);
	return number_take_u64(&s, &value) && value <= INT64_MAX ? (int64_t)value : 0;
}

/* Exactly [0-9]+ with at most nine digits counted. */
static int64_t fraction_ns(const char *p, const char *end)
{
	int64_t ns = 0, unit = NS_PER_S / 10;
	for (; p < end; p++, unit /= 10)
		ns += (*p - '0') * unit;
	return ns;
}

static bool is_clock(const char *p, const char *end)
{
	return end - p >= 8 && p[2] == ':' && p[5] == ':' && number_is_digit(p[0]) && number_is_digit(p[1]) &&
	       number_is_digit(p[3]) && number_is_digit(p[4]) && number_is_digit(p[6]) && number_is_digit(p[7]);
}

/* A wall clock without a date: of all the days it could be, the one nearest to the line before. */
static int64_t unwrap_day(struct strace_clock *clock, int64_t of_day)
{
	int64_t ns = clock->day_ns + of_day;
	if (!clock->ticking)
		return ns;
	if (ns < clock->last_ns - STRACE_HALF_DAY_NS) {
		clock->day_ns += NS_PER_DAY;
		clock->prefix_n = 0;
		return ns + NS_PER_DAY;
	}
	if (ns > clock->last_ns + STRACE_HALF_DAY_NS && clock->day_ns > 0)
		return clock->prefix_n = 0, ns - NS_PER_DAY; /* a straggler from before midnight */
	return ns;
}

/* The next line most likely begins with the same seconds. */
static void remember_seconds(struct strace_clock *clock, const char *p, unsigned n, int64_t ns)
{
	memcpy(clock->prefix, p, n);
	clock->prefix_n = n;
	clock->prefix_ns = ns;
	int64_t seconds = ns / NS_PER_S;
	char digits[24] = {0};
	clock->digits_n = seconds > 0 ? (unsigned)(number_put_i64(digits, seconds) - digits) : 0;
	memcpy(clock->digits, digits, sizeof clock->digits);
}

static const char *take_clock(struct strace_clock *clock, const char *p, const char *end,
			      int64_t *time_ns)
{
	int64_t of_day = (((p[0] - '0') * 10 + p[1] - '0') * INT64_C(3600) +
			  ((p[3] - '0') * 10 + p[4] - '0') * 60 + (p[6] - '0') * 10 + p[7] - '0') *
			 NS_PER_S;
	remember_seconds(clock, p, 8, clock->day_ns + of_day);
	p += 8;
	if (end - p > 1 && *p == '.' && number_is_digit(p[1])) {
		const char *stop = skip_digits(p + 1, end);
		of_day += fraction_ns(p + 1, stop);
		p = stop;
	}
	*time_ns = unwrap_day(clock, of_day);
	return p;
}

/* "     0.000021 " or "(+     0.000023) ": the time since the line before. */
static const char *take_delta(const char *p, const char *end, int64_t *delta_ns)
{
	struct str s = str_between(skip_blanks(p, end), end);
	return number_take_seconds(&s, delta_ns) ? s.p : NULL;
}

/* -r prints the time since the line before; the first line of the trace is the beginning. */
static int64_t since_first(struct strace_clock *clock, int64_t delta)
{
	clock->before_ns = clock->relative ? clock->relative_ns : -delta;
	if (__builtin_add_overflow(clock->before_ns, delta, &clock->relative_ns))
		clock->relative_ns = INT64_MAX;
	clock->relative = true;
	return clock->relative_ns;
}

static bool all_of(const char *p, const char *end, bool (*is)(char))
{
	for (; p < end; p++)
		if (!is(*p))
			return false;
	return true;
}

static bool is_blank_or_digit(char c)
{
	return c == ' ' || number_is_digit(c);
}

static bool is_question_mark(char c)
{
	return c == '?';
}

static bool is_context_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || number_is_digit(c) || c == '_' ||
	       c == ':' || c == '-' || c == '.' || c == ',' || c == '!' || c == '/';
}

static const char *take_pid(const char *p, const char *end, struct strace_leader *leader)
{
	const char *stop = skip_digits(p, end);
	int64_t tid = digits_value(p, stop);
	if (stop == p || tid >= PID_LIMIT)
		return NULL;
	if (stop < end && *stop == '<') {
		const char *close = memchr(stop, '>', (size_t)(end - stop));
		if (!close)
			return NULL;
		leader->comm = str_between(stop + 1, close);
		stop = close + 1;
	}
	leader->tid = tid;
	leader->has_tid = true;
	return stop;
}

/* "[pid 123<comm>] ", "[ 257] " (-n), "[00007fc5050ac9e7] " or "[????????????????] " (-i), or
 * "[u:r:t:s0] " (--secontext). NULL for anything else. */
static const char *take_bracket(const char *p, const char *end, struct strace_leader *leader)
{
	if (end - p > 5 && memcmp(p, "[pid ", 5) == 0) {
		p = take_pid(skip_blanks(p + 5, end), end, leader);
		return p && p < end && *p == ']' ? p + 1 : NULL;
	}
	const char *close = memchr(p, ']', (size_t)(end - p));
	if (!close)
		return NULL;
	size_t n = (size_t)(close - p) - 1;
	bool address = n >= 8 && n <= 16; /* 9 to 15: int $0x80 in 64-bit code */
	bool context = memchr(p, ':', n + 1) || memchr(p, '_', n + 1);
	if ((n >= 4 && n <= 10 && all_of(p + 1, close, is_blank_or_digit)) ||
	    (address && all_of(p + 1, close, is_hex)) ||
	    (n >= 3 && all_of(p + 1, close, is_question_mark)) ||
	    (context && all_of(p + 1, close, is_context_byte)))
		return close + 1;
	return NULL;
}

/* A run of digits opens the line: a pid, a clock, unix seconds or a delta. Returns what follows the
 * column, or NULL when it is no column. */
static const char *take_number(struct strace_clock *clock, const char *line, const char *p,
			       const char *end, struct strace_leader *leader)
{
	int64_t delta;
	if (is_clock(p, end)) {
		leader->has_time = true;
		return take_clock(clock, p, end, &leader->time_ns);
	}
	const char *stop = skip_digits(p, end);
	if (stop < end && *stop == '.') {
		struct str s = str_between(p, end);
		if (leader->has_time || !number_take_seconds(&s, &delta))
			return NULL;
		leader->has_time = true;
		/* A delta is right-justified in six columns; nobody traced before September 2001. */
		bool is_delta = delta < 1000000000 * NS_PER_S;
		if (stop - p == 10 && !is_delta)
			remember_seconds(clock, p, 10, delta / NS_PER_S * NS_PER_S);
		leader->time_ns = is_delta ? since_first(clock, delta) : delta;
		return s.p;
	}
	/* -r in whole seconds: right-justified in six columns, the first one 0, which is no pid. */
	bool right_justified = p > line && stop - line == 6 && !leader->has_column;
	int64_t value = digits_value(p, stop);
	bool delta_seconds = right_justified && (clock->relative_seconds || value == 0);
	if (delta_seconds || (leader->has_tid && !leader->has_time && value < PID_LIMIT)) {
		clock->relative_seconds = leader->has_time = true;
		leader->time_ns = since_first(clock, value * NS_PER_S);
		return stop;
	}
	if (!leader->has_tid && value < PID_LIMIT)
		return take_pid(p, end, leader);
	if (leader->has_time || value < PID_LIMIT || value > INT64_MAX / NS_PER_S)
		return NULL;
	leader->has_time = true;
	leader->time_ns = value * NS_PER_S;
	return stop;
}

void strace_leader(struct strace_clock *clock, struct str line, struct strace_leader *leader)
{
	const char *p = line.p, *end = line.p + line.n;
	*leader = (struct strace_leader){.body = line.p};
	for (;;) {
		const char *column = skip_blanks(p, end), *after = NULL;
		const struct strace_clock clock_before = *clock;
		const struct strace_leader before = *leader;
		int64_t delta;
		if (column == end)
			break;
		if (number_is_digit(*column)) {
			after = take_number(clock, line.p, column, end, leader);
		} else if (*column == '[') {
			after = take_bracket(column, end, leader);
		} else if (*column == '(' && end - column > 2 && column[1] == '+') {
			after = take_delta(column + 2, end, &delta);
			after = after && after < end && *after == ')' ? after + 1 : NULL;
		}
		/* Every column is followed by a blank: `5read(` and `0.5x` are none. */
		if (!after || after == end || (*after != ' ' && *after != '\t')) {
			*clock = clock_before;
			*leader = before;
			break;
		}
		leader->has_column = true;
		p = leader->body = after + 1;
	}
	leader->body = skip_blanks(leader->body, end);
	if (leader->has_time) {
		clock->last_ns = leader->time_ns;
		clock->ticking = true;
	}
}
