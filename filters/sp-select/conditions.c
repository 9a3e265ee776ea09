#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "arena.h"
#include "diag.h"
#include "number.h"
#include "select.h"

static const int64_t SECOND_NS = 1000000000, MINUTE_NS = 60 * SECOND_NS, HOUR_NS = 60 * MINUTE_NS;

/* The text is the list's from now on. */
static void add(struct conditions *c, const char *origin, struct buf text)
{
	struct fault fault;
	struct expr *expr = expr_compile(buf_str(&text), EXPR_CONDITION, &fault);
	if (!expr)
		fault_die(&fault, buf_str(&text), origin);
	c->condition = xrealloc(c->condition, c->n + 1, sizeof *c->condition);
	c->condition[c->n++] = (struct condition){origin, text, expr};
}

void conditions_add(struct conditions *c, const char *origin, const char *text)
{
	struct buf copy = {0};
	buf_add(&copy, text, strlen(text));
	add(c, origin, copy);
}

/* ---- lists ---- */

void conditions_add_numbers(struct conditions *c, const char *origin, const char *column,
			    const char *list)
{
	struct str rest = str_of(list), piece;
	int64_t number;
	while (str_cut(&rest, ',', &piece))
		if (!number_i64(str_trim(piece), &number))
			diag_die(DIAG_USAGE, "%s: not a number: %.*s", origin, (int)piece.n, piece.p);
	struct buf text = {0};
	buf_printf(&text, "%s in {%s}", column, list);
	add(c, origin, text);
}

static void add_quoted(struct buf *text, struct str s)
{
	buf_add_char(text, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_add_char(text, '\\');
		buf_add_char(text, s.p[i]);
	}
	buf_add_char(text, '"');
}

void conditions_add_names(struct conditions *c, const char *origin, const char *column,
			  const char *list)
{
	struct str rest = str_of(list), piece;
	struct buf text = {0};
	buf_printf(&text, "%s in {", column);
	for (bool first = true; str_cut(&rest, ',', &piece); first = false) {
		if (!first)
			buf_add_char(&text, ',');
		add_quoted(&text, piece);
	}
	buf_add_char(&text, '}');
	add(c, origin, text);
}

/* ---- time windows ---- */

struct moment {
	enum { ABSOLUTE, CLOCK, ELAPSED } kind;
	int64_t ns;
};

/* YYYY-MM-DD, a T or a blank, a clock time, and Z for UTC instead of local time. */
static bool date_and_time(const char *text, int64_t *ns)
{
	struct tm tm = {.tm_isdst = -1};
	const char *rest = strptime(text, "%Y-%m-%d", &tm);
	if (!rest || (*rest != 'T' && *rest != ' '))
		return false;
	struct str clock = str_of(rest + 1);
	bool utc = str_ends(clock, STR("Z"));
	clock.n -= utc;
	if (!expr_clock_time(clock, ns))
		return false;
	tm.tm_hour = (int)(*ns / HOUR_NS);
	tm.tm_min = (int)(*ns / MINUTE_NS % 60);
	tm.tm_sec = (int)(*ns / SECOND_NS % 60);
	time_t seconds = utc ? timegm(&tm) : mktime(&tm);
	if (seconds < 0 || seconds > INT64_MAX / SECOND_NS - 1)
		return false;
	*ns = (int64_t)seconds * SECOND_NS + *ns % SECOND_NS;
	return true;
}

static struct moment moment_of(const char *origin, const char *text)
{
	struct moment m = {.kind = ABSOLUTE};
	struct str s = str_of(text);
	struct str seconds = s;
	if (expr_clock_time(s, &m.ns)) {
		m.kind = CLOCK;
		return m;
	}
	if (s.n && s.p[0] == '+') {
		m.kind = ELAPSED;
		if (number_duration(str_drop(s, 1), &m.ns))
			return m;
	}
	if (str_chr(s, '.') && number_take_seconds(&seconds, &m.ns) && seconds.n == 0)
		return m;
	if (!number_duration(s, &m.ns) && !date_and_time(text, &m.ns))
		diag_die(DIAG_USAGE,
			 "%s: not a time: %s; times are 12:34:56.5, 2026-11-21T12:34:56, +10s, "
			 "seconds as strace -ttt prints them, or ns",
			 origin, text);
	return m;
}

static void add_moment(struct conditions *c, const char *origin, const char *comparison,
		       struct moment m)
{
	struct buf text = {0};
	buf_printf(&text, "%s %s ", m.kind == ELAPSED ? "elapsed" : "start_ns", comparison);
	if (m.kind == CLOCK)
		buf_printf(&text, "%" PRId64 ":%02d:%02d.%09d", m.ns / HOUR_NS,
			   (int)(m.ns / MINUTE_NS % 60), (int)(m.ns / SECOND_NS % 60),
			   (int)(m.ns % SECOND_NS));
	else
		buf_printf(&text, "%" PRId64, m.ns);
	add(c, origin, text);
}

void conditions_add_window(struct conditions *c, const char *from, const char *to)
{
	struct moment begin, end;
	if (from)
		add_moment(c, "--from", ">=", begin = moment_of("--from", from));
	if (!to)
		return;
	end = moment_of("--to", to);
	/* From 23:50 to 00:10 goes over midnight. */
	if (from && begin.kind == CLOCK && end.kind == CLOCK && end.ns <= begin.ns)
		end.ns += 24 * HOUR_NS;
	add_moment(c, "--to", "<", end);
}

/* ---- at work ---- */

bool conditions_bind(struct conditions *c, struct tsv *t)
{
	bool needs_start = false;
	struct fault fault;
	for (size_t i = 0; i < c->n; i++) {
		struct condition *this = &c->condition[i];
		if (!expr_bind(this->expr, t, NULL, 0, &fault))
			fault_die(&fault, buf_str(&this->text), this->origin);
		needs_start |= expr_needs_start(this->expr);
	}
	return needs_start;
}

void conditions_begin_trace(struct conditions *c, int64_t start_ns)
{
	for (size_t i = 0; i < c->n; i++)
		expr_begin_trace(c->condition[i].expr, start_ns);
}

bool conditions_hold(const struct conditions *c, const struct str *field)
{
	for (size_t i = 0; i < c->n; i++)
		if (!expr_test(c->condition[i].expr, field, NULL))
			return false;
	return true;
}

void conditions_close(struct conditions *c)
{
	for (size_t i = 0; i < c->n; i++) {
		expr_report(c->condition[i].expr, c->condition[i].origin);
		expr_free(c->condition[i].expr);
		buf_free(&c->condition[i].text);
	}
	free(c->condition);
}
