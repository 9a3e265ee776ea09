#include "accounts.h"

#include <stdio.h>

static const char *const skip_name[SKIP_COUNT] = {
#define SKIP(id, name) [SKIP_##id] = name,
    SKIP_KINDS
#undef SKIP
};

void accounts_open(struct accounts *a, const char *rejects_path)
{
	if (!rejects_path)
		return;
	a->has_rejects_file = true;
	output_open(&a->rejects, rejects_path);
	output_str(&a->rejects, STR("file\tline\tcolumn\treason\ttext\n"));
}

/* What people have at hand instead of a trace, by how it begins. */
static const struct {
	struct str begin;
	const char *hint;
} no_text[] = {
    {{"PERFILE2", 8}, "this is the data of perf record; perf script -i FILE writes it as text"},
    {{"\027\010Dtracing", 10}, "this is the data of trace-cmd; trace-cmd report -i FILE writes it as text"},
    {{"\377\376", 2}, "this is UTF-16; iconv -f UTF-16 -t UTF-8 FILE makes it text"},
    {{"\376\377", 2}, "this is UTF-16; iconv -f UTF-16 -t UTF-8 FILE makes it text"},
    {{"start_ns\t", 9}, "this is a table of events already; the other filters read it as it is"},
    {{"PK\003\004", 4}, "this is a zip archive; take the traces out of it first"},
};

/* The header of its first file, which ends in this, stands in front of that one's first line (tar(5)). */
static bool is_tar(struct str text)
{
	static const size_t magic_at = 257;
	return text.n > magic_at && str_starts(str_drop(text, magic_at), STR("ustar"));
}

static void look_what_it_is(struct accounts *a, struct str text)
{
	for (size_t i = 0; i < sizeof no_text / sizeof *no_text; i++)
		if (str_starts(text, no_text[i].begin))
			a->instead = no_text[i].hint;
	if (is_tar(text))
		a->instead = "this is a tar archive; take the traces out of it first";
}

void accounts_reject(struct accounts *a, struct place at, const char *reason, struct str text)
{
	a->rejected++;
	a->of_stdin |= strcmp(at.file, "-") == 0;
	if (at.line == 1)
		look_what_it_is(a, text);
	if (!a->has_rejects_file)
		return;
	struct buf escaped = {0};
	event_escape(&escaped, text);
	output_printf(&a->rejects, "%s\t%llu\t", at.file, (unsigned long long)at.line);
	if (at.column)
		output_printf(&a->rejects, "%llu", (unsigned long long)at.column);
	output_printf(&a->rejects, "\t%s\t", reason);
	output_str(&a->rejects, buf_str(&escaped));
	output_char(&a->rejects, '\n');
	buf_free(&escaped);
}

static uint64_t skipped_total(const struct accounts *a)
{
	uint64_t total = 0;
	for (int i = 0; i < SKIP_COUNT; i++)
		total += a->skipped[i];
	return total;
}

static void add_count(struct buf *b, const char *key, uint64_t value)
{
	buf_printf(b, "%s\"%s\":%llu", b->n && b->p[b->n - 1] != '{' ? "," : "", key,
		   (unsigned long long)value);
}

static void print_json(const struct accounts *a)
{
	struct buf b = {0};
	buf_add_char(&b, '{');
	add_count(&b, "lines", a->lines);
	add_count(&b, "event_lines", a->ends);
	add_count(&b, "part_lines", a->parts);
	add_count(&b, "skipped_lines", skipped_total(a));
	add_count(&b, "rejected_lines", a->rejected);
	buf_printf(&b, ",\"skipped\":{");
	for (int i = 0; i < SKIP_COUNT; i++)
		add_count(&b, skip_name[i], a->skipped[i]);
	buf_add_char(&b, '}');
	add_count(&b, "events", a->events);
	add_count(&b, "joined", a->joined);
	add_count(&b, "unfinished", a->unfinished);
	add_count(&b, "lost", a->lost);
	buf_printf(&b, ",\"formats\":[");
	for (int i = 0; i < ACCOUNTS_FORMATS && a->format[i]; i++)
		buf_printf(&b, "%s\"%s\"", i ? "," : "", a->format[i]);
	buf_add_char(&b, ']');
	fprintf(stderr, "%.*s}\n", (int)b.n, b.p);
	buf_free(&b);
}

static void print_line(const struct accounts *a)
{
	struct buf b = {0};
	buf_printf(&b, "%llu lines: %llu events, %llu parts of events (%llu calls joined), %llu skipped",
		   (unsigned long long)a->lines, (unsigned long long)a->ends,
		   (unsigned long long)a->parts, (unsigned long long)a->joined,
		   (unsigned long long)skipped_total(a));
	const char *separator = " (";
	for (int i = 0; i < SKIP_COUNT; i++) {
		if (!a->skipped[i])
			continue;
		buf_printf(&b, "%s%llu %s", separator, (unsigned long long)a->skipped[i],
			   skip_name[i]);
		separator = ", ";
	}
	buf_printf(&b, "%s, %llu rejected", skipped_total(a) ? ")" : "",
		   (unsigned long long)a->rejected);
	if (a->unfinished)
		buf_printf(&b, "; %llu calls never returned", (unsigned long long)a->unfinished);
	if (a->lost)
		buf_printf(&b, "; the tracer lost %llu records", (unsigned long long)a->lost);
	buf_add_char(&b, '\0');
	diag(DIAG_NOTE, "%s", b.p);
	buf_free(&b);
}

void accounts_print(const struct accounts *a, bool json)
{
	if (json)
		print_json(a);
	else
		print_line(a);
}

void accounts_hint(const struct accounts *a, const struct event_layout *layout)
{
	enum { LEAST = 10, ONE_IN = 100 }; /* calls that overlap, before it is said */
	if (a->overlapping >= LEAST && a->overlapping >= a->events / ONE_IN && a->lost == 0)
		diag(DIAG_HINT, "calls of one thread overlap, as if its number were that of a process with several; "
		                "print with perf script -F comm,pid,tid,cpu,time,event,trace");
	bool start = event_layout_has(layout, EVENT_START) && a->filled[EVENT_START] == 0;
	bool dur = event_layout_has(layout, EVENT_DUR) && a->filled[EVENT_DUR] == 0;
	if (a->of_strace && a->events && (start || dur))
		diag(DIAG_HINT, "the trace has no %s; record with strace %s%s%s -o FILE",
		     start && dur ? "times and no durations" : start ? "times" : "durations",
		     start ? "-ttt" : "", start && dur ? " " : "", dur ? "-T" : "");
	if (a->of_cpu)
		diag(DIAG_HINT, "the times of strace -c are the kernel's on a CPU, without waiting, unless it was given -w");
	bool nothing = !a->ends && !a->parts;
	if (a->instead)
		diag(DIAG_HINT, "%s", a->instead);
	else if (a->rejected && nothing)
		diag(DIAG_HINT, "no line begins as a tracer's%s; cut off what stands in front of each, or try --lenient",
		     a->of_stdin ? ", which writes to standard error (2>&1 |)" : "");
}

void accounts_close(struct accounts *a)
{
	if (a->has_rejects_file)
		output_close(&a->rejects);
}
