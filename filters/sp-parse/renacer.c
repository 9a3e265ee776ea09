/* The dialect of renacer's text: the entry of a call is printed before its result is known, and calls
 * of several processes come between, without a word about whose they are. */
#include "renacer.h"

#include <stdlib.h>

#include "number.h"
#include "syscall.h"

/* ---- held back for a stack ---- */

static void emit(struct renacer *r, const struct event *e)
{
	struct str next = parse_ahead(r->parse);
	held_take(&r->held, r->parse, e, next.n && next.p[0] != ' ');
}

static void give(struct renacer *r, const struct renacer_call *call, enum event_kind kind)
{
	struct event e;
	renacer_event(r, call, kind, &e);
	r->parse->accounts.unfinished += e.kind == EVENT_UNFINISHED;
	emit(r, &e);
}

/* ---- entries ---- */

static void keep(struct buf *b, struct str s)
{
	b->n = 0;
	buf_add_str(b, s);
	buf_reserve(b, INPUT_SLACK);
}

static struct renacer_call call_of(const struct renacer_entry *entry)
{
	struct str text = buf_str(&entry->text);
	return (struct renacer_call){.name = {text.p, entry->name_n},
				     .args = str_drop(text, entry->name_n),
				     .raw = entry->raw,
				     .file = buf_str(&entry->file),
				     .function = buf_str(&entry->function)};
}

/* Takes out entry i; its buffers wait behind the others to be used again. */
static void take_out(struct renacer *r, size_t i)
{
	struct renacer_entry gone = r->entry[i];
	memmove(r->entry + i, r->entry + i + 1, (r->entries - i - 1) * sizeof *r->entry);
	r->entry[--r->entries] = gone;
}

static void never_returned(struct renacer *r, size_t i)
{
	struct renacer_call call = call_of(&r->entry[i]);
	give(r, &call, EVENT_UNFINISHED);
	take_out(r, i);
}

static void enter(struct renacer *r, const struct renacer_call *call)
{
	if (r->entries == RENACER_MOST_ENTRIES)
		never_returned(r, 0);
	if (r->entries == r->cap_entries) {
		r->cap_entries = r->cap_entries ? r->cap_entries * 2 : 8;
		r->entry = xrealloc(r->entry, r->cap_entries, sizeof *r->entry);
		memset(r->entry + r->entries, 0,
		       (r->cap_entries - r->entries) * sizeof *r->entry);
	}
	struct renacer_entry *entry = &r->entry[r->entries++];
	entry->text.n = 0;
	buf_add_str(&entry->text, call->name);
	buf_add_str(&entry->text, call->args);
	buf_reserve(&entry->text, INPUT_SLACK);
	entry->name_n = call->name.n;
	entry->raw = call->raw;
	keep(&entry->file, call->file);
	keep(&entry->function, call->function);
}

/* A result by itself is of the call that was entered last: the others have waited longer already. */
static bool take_result(struct renacer *r, struct str line)
{
	struct renacer_call result = {0};
	if (r->entries == 0 || line.n == 0 || line.p[0] == ' ' || !renacer_value(line, &result))
		return false;
	bool told = r->entries == 1;
	struct renacer_call call = call_of(&r->entry[r->entries - 1]);
	call.has_ret = result.has_ret;
	call.ret = result.ret;
	call.error = result.error;
	call.has_dur = result.has_dur;
	call.dur_ns = result.dur_ns;
	call.never = result.never;
	struct event e;
	renacer_event(r, &call, EVENT_CALL, &e);
	if (!told)
		e.text[EVENT_NOTE] = EVENT_LITERAL("one of several calls");
	accounts_end(&r->parse->accounts);
	r->parse->accounts.joined++;
	emit(r, &e);
	r->entries--;
	return true;
}

/* ---- lines ---- */

/* A newline in openat's path cuts its line. */
static bool keep_open(struct renacer *r, struct str text, bool first)
{
	if (!str_starts(text, STR("openat(0x")) || !str_chr(text, '"'))
		return false;
	r->open_active = true;
	r->open_lines = first;
	r->open_at = input_place(r->parse->in);
	keep(&r->open, text);
	return true;
}

/* The calls of a line: at most one is whole, and it is the last one. An entry whose line ends here has
 * its result in another. */
static bool take_calls(struct renacer *r, struct str line, bool may_be_cut)
{
	struct renacer_call call = {0};
	const char *end = line.p + line.n, *p = renacer_skip_source(line, &call);
	for (bool first = true;; first = false) {
		const char *start = p;
		enum renacer_found found = renacer_take(p, end, &call, &p);
		if (found == RENACER_WHOLE) {
			give(r, &call, EVENT_CALL);
			accounts_end(&r->parse->accounts);
			return true;
		}
		if (found == RENACER_CUT && may_be_cut && keep_open(r, str_between(start, end), first)) {
			if (!first)
				accounts_part(&r->parse->accounts);
			return true;
		}
		if (found == RENACER_ENTRY)
			enter(r, &call);
		else if (first)
			return false;
		if (found != RENACER_ENTRY || p == end) {
			accounts_part(&r->parse->accounts);
			return true;
		}
		call = (struct renacer_call){0};
	}
}

static void drop_open(struct renacer *r)
{
	struct str rest = buf_str(&r->open), line;
	for (; r->open_active && r->open_lines; r->open_lines--, r->open_at.line++) {
		str_cut(&rest, '\n', &line);
		accounts_reject(&r->parse->accounts, r->open_at, "a call that does not end", line);
	}
	r->open_active = false;
}

static void go_on(struct renacer *r, struct str line)
{
	enum { MOST_LINES = 64, MOST_BYTES = 1 << 16 };
	buf_add_char(&r->open, '\n');
	buf_add_str(&r->open, line);
	buf_reserve(&r->open, INPUT_SLACK);
	r->open_lines++;
	if (take_calls(r, buf_str(&r->open), false)) {
		r->parse->accounts.parts += r->open_lines - 1;
		r->open_active = false;
	} else if (r->open_lines >= MOST_LINES || r->open.n > MOST_BYTES) {
		drop_open(r);
	}
}

static bool is_message(struct str line)
{
	return str_starts(line, STR("[renacer: ")) || str_find(line, STR("killed by signal: ")) ||
	       str_find(line, STR("ANOMALY: "));
}

/* Tables and reports follow each other up to the end of the output. */
static bool begins_summary(struct str line)
{
	return str_starts(line, STR("% time")) || str_starts(line, STR("=== ")) ||
	       str_starts(line, STR("Function Profiling Summary")) ||
	       str_starts(line, STR("Latency Percentiles")) ||
	       str_starts(line, STR("Post-Hoc Anomaly Detection"));
}

/* " > a---b" behind the line of its call. */
static bool take_stack(struct renacer *r, struct str line)
{
	if (!str_starts(line, STR(" > ")))
		return false;
	if (!r->held.active) {
		accounts_skip(&r->parse->accounts, SKIP_ORPHAN);
		return true;
	}
	renacer_frames(&r->stack, str_trim(str_drop(line, 3)));
	r->has_stacks = true;
	r->held.e.text[EVENT_STACK] = buf_str(&r->stack);
	accounts_part(&r->parse->accounts);
	held_release(&r->held, r->parse);
	return true;
}

static void take_line(struct renacer *r, struct str line)
{
	struct accounts *a = &r->parse->accounts;
	if (take_stack(r, line))
		return;
	held_release(&r->held, r->parse);
	if (r->open_active) {
		struct str name;
		if (!renacer_begins_call(line, &name)) {
			go_on(r, line);
			return;
		}
		drop_open(r);
	}
	if (str_trim(line).n == 0) {
		accounts_skip(a, SKIP_BLANK);
	} else if (is_message(line)) {
		accounts_skip(a, SKIP_MESSAGE);
	} else if (take_calls(r, line, true)) {
		r->in_summary = false;
	} else if (r->in_summary || begins_summary(line)) {
		r->in_summary = true;
		accounts_skip(a, SKIP_SUMMARY);
	} else if (!take_result(r, line)) {
		accounts_reject(a, input_place(r->parse->in), "no line of renacer", line);
	}
}

static void renacer_line(void *state, struct str line)
{
	struct renacer *r = state;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (r->data)
		renacer_data_line(r, line);
	else
		take_line(r, line);
}

/* ---- a file ---- */

static void *renacer_open(struct parse *parse)
{
	struct renacer *r = xcalloc(1, sizeof *r);
	r->parse = parse;
	r->data = renacer_data_open(parse->first);
	return r;
}

static void renacer_idle(void *state)
{
	struct renacer *r = state;
	if (!r->has_stacks)
		held_release(&r->held, r->parse);
}

static void renacer_close(void *state)
{
	struct renacer *r = state;
	if (r->data)
		renacer_data_close(r);
	drop_open(r);
	while (r->entries)
		never_returned(r, 0);
	held_release(&r->held, r->parse);
	for (size_t i = 0; i < r->cap_entries; i++) {
		buf_free(&r->entry[i].text);
		buf_free(&r->entry[i].file);
		buf_free(&r->entry[i].function);
	}
	held_free(&r->held);
	struct buf *bufs[] = {&r->open, &r->name, &r->args, &r->path, &r->stack};
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_free(bufs[i]);
	free(r->entry);
	free(r);
}

/* strace -e raw=all prints three hexadecimal arguments as well, but only of calls that have three, and
 * values from 10 on in hexadecimal, and errors by their names. */
static bool is_not_strace(const struct renacer_call *call)
{
	const struct syscall_info *info = syscall_by_name(call->name);
	bool decimal = call->has_ret && !call->error.n && (call->ret < -1 || call->ret > 9);
	return call->file.n || call->stack.n ||
	       (call->raw && (!info || info->arg_count != 3 || (decimal && !call->hex)));
}

/* What renacer never prints: blanks that line up the value, error texts, halves. */
static bool is_strace(struct str line)
{
	return str_find(line, STR(")  ")) || str_find(line, STR(" <unfinished ...>")) ||
	       (str_find(line, STR(" = -1 E")) && str_ends(line, STR(")")));
}

/* A line of another tracer behind a name or a time, as a log prints it, has its process and its clock
 * where the function would be; "[u8; 4]" has no word of digits alone. */
static bool is_function(struct str s)
{
	struct str word;
	while (str_cut(&s, ' ', &word)) {
		size_t i = 0;
		while (i < word.n && (number_is_digit(word.p[i]) || word.p[i] == ':' || word.p[i] == '.'))
			i++;
		if (word.n && i == word.n)
			return false;
	}
	return true;
}

static bool renacer_recognise(struct str lines)
{
	enum { LOOK_AT = 50 };
	struct renacer_data *data = renacer_data_open(lines);
	if (data) {
		renacer_data_free(data);
		return true;
	}
	struct str line;
	for (int i = 0; i < LOOK_AT && str_cut(&lines, '\n', &line); i++) {
		if (str_starts(line, STR("[renacer: ")))
			return true;
		if (is_strace(line))
			return false;
		struct renacer_call call = {0};
		const char *end = line.p + line.n, *rest;
		const char *p = renacer_skip_source(line, &call);
		enum renacer_found found = renacer_take(p, end, &call, &rest);
		if ((found == RENACER_WHOLE || found == RENACER_ENTRY) && is_not_strace(&call))
			return is_function(call.function);
	}
	return false;
}

const struct dialect dialect_renacer = {
    .recognise = renacer_recognise,
    .open = renacer_open,
    .line = renacer_line,
    .idle = renacer_idle,
    .close = renacer_close,
};
