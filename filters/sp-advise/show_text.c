/* Findings as text for people, and as TAP for test harnesses. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "number.h"
#include "show_private.h"

enum { LABEL = 11, NARROWEST = 60, WIDEST = 100, EACH = 3 };

/* ---- paragraphs ---- */

static size_t width_of_terminal(void)
{
	const char *set = getenv("COLUMNS");
	uint64_t columns = WIDEST;
	struct winsize size;
	if (set && number_u64(str_of(set), &columns) && columns)
		;
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		columns = size.ws_col;
	else
		columns = WIDEST;
	return columns < NARROWEST ? NARROWEST : columns > WIDEST ? WIDEST : (size_t)columns;
}

static size_t characters(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += (s.p[i] & 0xc0) != 0x80;
	return n;
}

/* "  label   text", words wrapped under each other. */
static void paragraph(const char *label, struct str raw, size_t width)
{
	struct buf clean = {0};
	table_clean(&clean, raw);
	struct str rest = buf_str(&clean), word;
	size_t at = LABEL;
	output_printf(&output_stdout, "  %-*s", LABEL - 2, label);
	for (bool first = true; str_cut(&rest, ' ', &word); first = false) {
		size_t n = characters(word);
		if (word.n == 0)
			continue;
		if (!first && at + 1 + n > width) {
			output_printf(&output_stdout, "\n%*s", LABEL, "");
			at = LABEL;
		} else if (!first) {
			output_char(&output_stdout, ' ');
			at++;
		}
		output_str(&output_stdout, word);
		at += n;
	}
	output_char(&output_stdout, '\n');
	buf_free(&clean);
}

/* YAML keeps the newlines of a text that is written with a bar. */
static struct str one_line(struct buf *room, struct str s)
{
	room->n = 0;
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(room, s.p[i] == '\n' ? ' ' : s.p[i]);
	return buf_str(room);
}

static const char *color_of(enum severity severity)
{
	static const char *const colors[SEVERITIES] = {"\33[36m", "\33[32m", "\33[33m", "\33[31m",
	                                               "\33[1;31m"};
	const char *no_color = getenv("NO_COLOR");
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) ? colors[severity] : "";
}

/* ---- text ---- */

static void subject_line(const struct finding *f, struct buf *out)
{
	char shown[NUMBER_HUMAN];
	out->n = 0;
	buf_add_str(out, f->subject);
	buf_printf(out, ": %s call%s", number_human_count(shown, (int64_t)f->calls), f->calls == 1 ? "" : "s");
	if (f->timed)
		buf_printf(out, ", %s", number_human_ns(shown, (int64_t)f->total_ns));
}

static void saves_line(const struct finding *f, struct buf *out)
{
	char shown[NUMBER_HUMAN];
	const struct rule *r = f->rule;
	out->n = 0;
	if (f->saves_ns >= 0)
		buf_printf(out, "about %s", number_human_ns(shown, f->saves_ns));
	if (f->saves_calls >= 0)
		buf_printf(out, "%s%s call%s", out->n ? " and " : "about ",
		           number_human_count(shown, f->saves_calls), f->saves_calls == 1 ? "" : "s");
	if (out->n && r->because.n)
		buf_printf(out, ": %.*s", (int)r->because.n, r->because.p);
}

static void show_one(const struct finding *f, size_t width)
{
	const struct rule *r = f->rule;
	struct buf text = {0}, room = {0};
	const char *color = color_of(f->severity);
	output_printf(&output_stdout, "%s%-*s%s%.*s: ", color, LABEL, severity_names[f->severity],
	              *color ? "\33[m" : "", (int)r->id.n, r->id.p);
	table_clean(&text, one_line(&room, r->title));
	output_str(&output_stdout, buf_str(&text));
	output_char(&output_stdout, '\n');
	subject_line(f, &text);
	paragraph("of", buf_str(&text), width);
	paragraph("evidence", f->evidence, width);
	text.n = 0;
	finding_error(f, &text);
	if (text.n)
		paragraph("limit", buf_str(&text), width);
	if (r->fix.n)
		paragraph("fix", one_line(&room, r->fix), width);
	saves_line(f, &text);
	if (text.n)
		paragraph("saves", one_line(&room, buf_str(&text)), width);
	text.n = 0;
	show_where(f, true, &text);
	if (text.n)
		paragraph("worst", buf_str(&text), width);
	output_char(&output_stdout, '\n');
	buf_free(&text);
	buf_free(&room);
}

static void summary(const struct findings *f, const struct engine *e, const struct show_limit *limit)
{
	char shown[NUMBER_HUMAN];
	uint64_t of[SEVERITIES] = {0}, rules = 0;
	for (size_t i = 0; i < f->n; i++)
		of[f->list[i].severity]++;
	for (const struct rule *r = e->rules.first; r; r = r->next)
		rules += !r->off && r->saw;
	if (limit->left)
		output_printf(&output_stdout, "%llu more findings are not shown (saving %s); --each and "
		              "--top show more, -o tsv all.\n\n",
		              (unsigned long long)limit->left, number_human_ns(shown, (int64_t)limit->left_ns));
	output_printf(&output_stdout, "%zu finding%s", f->n, f->n == 1 ? "" : "s");
	const char *before = ": ";
	for (int i = SEVERITIES; i-- > 0;) {
		if (!of[i])
			continue;
		output_printf(&output_stdout, "%s%llu %s", before, (unsigned long long)of[i], severity_names[i]);
		before = ", ";
	}
	output_printf(&output_stdout, ". %llu rule%s looked at ", (unsigned long long)rules,
	              rules == 1 ? "" : "s");
	output_printf(&output_stdout, "%s calls.\n", number_human_count(shown, (int64_t)e->totals.calls));
}

void show_text(const struct show_options *o, const struct findings *f, const struct engine *e)
{
	struct show_limit limit = {.options = o, .each = o->each == UINT64_MAX ? EACH : o->each};
	size_t width = width_of_terminal();
	for (size_t i = 0; i < f->n; i++)
		if (show_takes(&limit, f, i))
			show_one(&f->list[i], width);
	summary(f, e, &limit);
}

/* ---- TAP ---- */

static void tap_lines(const struct show_options *o, const struct findings *f, const struct rule *r)
{
	struct buf line = {0}, clean = {0};
	uint64_t shown = 0, left = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = &f->list[i];
		if (one->rule != r)
			continue;
		if (shown++ >= (o->each == UINT64_MAX ? EACH : o->each)) {
			left++;
			continue;
		}
		line.n = clean.n = 0;
		buf_add_str(&line, one->subject);
		buf_add_str(&line, STR(": "));
		buf_add_str(&line, one->evidence);
		show_where(one, true, &clean);
		if (clean.n)
			buf_printf(&line, " (%.*s)", (int)clean.n, clean.p);
		clean.n = 0;
		table_clean(&clean, buf_str(&line));
		output_printf(&output_stdout, "# %s: ", severity_names[one->severity]);
		output_str(&output_stdout, buf_str(&clean));
		output_char(&output_stdout, '\n');
	}
	if (left)
		output_printf(&output_stdout, "# and %llu more\n", (unsigned long long)left);
	buf_free(&line);
	buf_free(&clean);
}

void show_tap(const struct show_options *o, const struct findings *f, const struct engine *e)
{
	uint64_t n = 0;
	struct buf title = {0}, room = {0};
	for (const struct rule *r = e->rules.first; r; r = r->next)
		n += !r->off;
	output_printf(&output_stdout, "TAP version 13\n1..%llu\n", (unsigned long long)n);
	n = 0;
	for (const struct rule *r = e->rules.first; r; r = r->next) {
		bool bad = false;
		if (r->off)
			continue;
		for (size_t i = 0; i < f->n; i++)
			bad |= f->list[i].rule == r && f->list[i].severity >= o->fails;
		title.n = 0;
		table_clean(&title, one_line(&room, r->title));
		output_printf(&output_stdout, "%sok %llu - %.*s: %.*s%s\n", bad ? "not " : "",
		              (unsigned long long)++n, (int)r->id.n, r->id.p, (int)title.n, title.p,
		              r->saw || bad ? "" : " # SKIP columns are missing");
		tap_lines(o, f, r);
	}
	buf_free(&title);
	buf_free(&room);
}
