#include "md.h"

#include "finding.h"
#include "md_tables.h"
#include "pattern.h"
#include "ranges.h"
#include "table.h"

enum { ROWS = 15, SHORT_ROWS = 10, DISTRIBUTIONS = 3 };

static struct output *const out = &output_stdout;

/* ---- parts ---- */

static void put_figure(const struct folder *runs, int n, const char *name, const char *label,
                       enum table_type type)
{
	int64_t value;
	bool known = false;
	for (int i = 0; i < n; i++)
		known |= folder_number(&runs[i], name, &value);
	if (!known)
		return;
	output_printf(out, "| %s |", label);
	for (int i = 0; i < n; i++) {
		output_char(out, ' ');
		if (folder_number(&runs[i], name, &value))
			md_number(type, value);
		output_str(out, STR(" |"));
	}
	output_char(out, '\n');
}

static void put_fact(const struct folder *runs, int n, const char *name, const char *label)
{
	bool known = false;
	for (int i = 0; i < n; i++)
		known |= facts_get(&runs[i].facts, name).n > 0;
	if (!known)
		return;
	output_printf(out, "| %s |", label);
	for (int i = 0; i < n; i++) {
		output_char(out, ' ');
		md_text(facts_get(&runs[i].facts, name));
		output_str(out, STR(" |"));
	}
	output_char(out, '\n');
}

static void put_summary(const struct folder *runs, int n)
{
	output_str(out, STR("|  |"));
	for (int i = 0; i < n; i++) {
		output_str(out, STR(" "));
		if (n == 2) {
			output_printf(out, "%c: ", 'A' + i);
			md_text(runs[i].name);
		}
		output_str(out, STR(" |"));
	}
	output_str(out, n == 2 ? STR("\n|---|---:|---:|\n") : STR("\n|---|---:|\n"));
	put_fact(runs, n, "command", "command");
	put_fact(runs, n, "tracer", "tracer");
	put_fact(runs, n, "traces", "trace");
	put_figure(runs, n, "wall_ns", "duration", TABLE_NS);
	put_figure(runs, n, "processes", "processes", TABLE_COUNT);
	put_figure(runs, n, "threads", "threads", TABLE_COUNT);
	put_figure(runs, n, "calls", "calls", TABLE_COUNT);
	put_figure(runs, n, "errors", "failed calls", TABLE_COUNT);
	put_figure(runs, n, "total_ns", "time in calls", TABLE_NS);
	put_figure(runs, n, "rejected", "lines not understood", TABLE_COUNT);
}

static void put_verdict(const struct folder *f)
{
	struct buf b = {0};
	pattern_verdict(&b, f);
	if (b.n) {
		output_str(out, STR("\n**Bottleneck:** "));
		md_text(buf_str(&b));
		output_str(out, STR(".\n"));
	}
	buf_free(&b);
}

static size_t numbered;

static void put_finding(const struct folder *f, const struct row *row)
{
	const struct sheet *s = folder_sheet(f, SHEET_FINDINGS);
	struct cell fix = sheet_cell(s, row, "fix");
	struct buf savings = {0};
	finding_savings(&savings, f, row);
	output_printf(out, "%zu. **", ++numbered);
	md_text(sheet_cell(s, row, "severity").text);
	output_str(out, STR(": "));
	md_text(finding_title(f, row));
	output_str(out, STR("** ("));
	md_text(sheet_cell(s, row, "subject").text);
	output_str(out, STR("): "));
	md_text(sheet_cell(s, row, "evidence").text);
	if (savings.n) {
		output_str(out, STR("; may save "));
		md_text(buf_str(&savings));
	}
	output_str(out, STR(".\n"));
	if (fix.known) {
		output_str(out, STR("   Advice: "));
		md_text(fix.text);
		output_char(out, '\n');
	}
	buf_free(&savings);
}

static void put_findings(const struct folder *f)
{
	const struct sheet *s = folder_sheet(f, SHEET_FINDINGS);
	if (!s->present)
		return;
	md_heading("Findings");
	if (s->rows == 0)
		output_str(out, STR("No rule found anything to complain about.\n"));
	numbered = 0;
	md_more(finding_each(f, put_finding), "findings");
}

static void put_pattern(const struct folder *f)
{
	struct pattern_row rows[PATTERN_ROWS];
	size_t n = pattern_rows(f, rows);
	if (!n)
		return;
	md_heading("Where the time of I/O goes");
	struct table *t = table_new(out, TABLE_MD);
	table_column(t, "work", TABLE_TEXT);
	table_column(t, "time_ns", TABLE_NS);
	table_column(t, "active_percent", TABLE_PERCENT);
	table_column(t, "remark", TABLE_TEXT);
	for (size_t i = 0; i < n; i++) {
		struct buf name = {0};
		pattern_name(&name, rows[i].work);
		md_cell(t, buf_str(&name));
		table_int(t, rows[i].time_ns);
		if (rows[i].active)
			table_number(t, (double)rows[i].share / 100);
		else
			table_empty(t);
		table_text(t, rows[i].bottleneck ? STR("bottleneck")
		              : rows[i].active   ? STR("")
		                                 : STR("waiting, kept out of the shares"));
		table_end_row(t);
		buf_free(&name);
	}
	table_finish(t);
}

static void put_ranges(const struct folder *f, const struct distribution *d)
{
	const struct sheet *s = folder_sheet(f, SHEET_HIST);
	output_str(out, STR("**"));
	md_text(d->name);
	output_str(out, STR("**, "));
	md_number(TABLE_COUNT, d->calls);
	output_str(out, d->calls == 1 ? STR(" call\n\n") : STR(" calls\n\n"));
	struct table *t = table_new(out, TABLE_MD);
	table_column(t, "duration", TABLE_TEXT);
	table_column(t, "calls", TABLE_COUNT);
	table_column(t, "calls_percent", TABLE_PERCENT);
	table_column(t, "percentiles", TABLE_TEXT);
	for (size_t r = d->first; r < d->end; r++) {
		struct buf label = {0}, marks = {0};
		ranges_label(&label, s, s->row[r]);
		ranges_percentiles(&marks, f, d, s->row[r], r + 1 == d->end, true);
		table_text(t, buf_str(&label));
		table_int(t, sheet_cell(s, s->row[r], "calls").n);
		table_number(t, (double)sheet_cell(s, s->row[r], "calls_percent").n / 100);
		table_text(t, buf_str(&marks));
		table_end_row(t);
		buf_free(&label);
		buf_free(&marks);
	}
	table_finish(t);
	output_char(out, '\n');
}

/* In the seven classes that are the same for all, or false where the table has other bounds. */
static bool put_classes(const struct folder *f, const struct distribution d[], size_t n)
{
	int64_t share[RANGES_CLASSES];
	struct buf labels[RANGES_CLASSES] = {0};
	for (size_t i = 0; i < n; i++)
		if (!ranges_classes(f, &d[i], share))
			return false;
	struct table *t = table_new(out, TABLE_MD);
	table_column(t, "percent of calls", TABLE_TEXT);
	for (int c = 0; c < RANGES_CLASSES; c++) {
		ranges_class_label(&labels[c], c);
		buf_add_char(&labels[c], '\0');
		table_column(t, labels[c].p, TABLE_PERCENT);
	}
	for (size_t i = 0; i < n; i++) {
		ranges_classes(f, &d[i], share);
		md_cell(t, d[i].name);
		for (int c = 0; c < RANGES_CLASSES; c++)
			table_number(t, (double)share[c] / 100);
		table_end_row(t);
	}
	table_finish(t);
	output_char(out, '\n');
	for (int c = 0; c < RANGES_CLASSES; c++)
		buf_free(&labels[c]);
	return true;
}

static void put_latency(const struct folder *f)
{
	struct distribution d[RANGES_SHOWN];
	size_t left_out, n = ranges_find(f, d, &left_out);
	if (!n)
		return;
	md_heading("Latency");
	size_t shown = n;
	if (!put_classes(f, d, n)) {
		shown = n < DISTRIBUTIONS ? n : DISTRIBUTIONS;
		for (size_t i = 0; i < shown; i++)
			put_ranges(f, &d[i]);
	}
	for (size_t i = 0; i < n; i++) {
		struct buf modes = {0};
		ranges_modes(&modes, f, d[i].name);
		if (modes.n) {
			output_str(out, STR("- "));
			md_text(d[i].name);
			output_str(out, STR(": "));
			md_text(buf_str(&modes));
			output_char(out, '\n');
		}
		buf_free(&modes);
	}
	if (n > shown || left_out)
		output_printf(out, "\n%zu more system calls are in hist.tsv.\n",
		              n - shown + left_out);
}

static void say_lack(struct str sentence)
{
	output_str(out, STR("- "));
	md_text(sentence);
	output_char(out, '\n');
}

static void put_lacks(const struct folder *f)
{
	md_heading("What is missing");
	folder_lacks(f, say_lack);
}

static void put_run(const struct folder *f)
{
	put_verdict(f);
	put_findings(f);
	put_pattern(f);
	md_sheet(f, SHEET_SYSCALLS, "System calls", ROWS);
	put_latency(f);
	md_sheet(f, SHEET_FILES, "Hot files", SHORT_ROWS);
	md_sheet(f, SHEET_SOCKETS, "Hot sockets", SHORT_ROWS);
	md_sheet(f, SHEET_PIPES, "Hot pipes", SHORT_ROWS);
	md_sheet(f, SHEET_ERRORS, "Errors by kind", SHORT_ROWS);
	md_sheet(f, SHEET_THREADS, "Processes and threads", SHORT_ROWS);
	put_lacks(f);
}

/* What is different first, then what each run has of its own. */
static void put_two_runs(const struct folder *runs)
{
	md_compared(runs, SHEET_SYSCALLS, "System calls", ROWS);
	md_compared(runs, SHEET_CATEGORIES, "Categories", ROWS);
	md_compared(runs, SHEET_ACTIVITY, "Where the time of I/O goes", ROWS);
	md_compared(runs, SHEET_FILES, "Hot files", SHORT_ROWS);
	md_compared(runs, SHEET_SOCKETS, "Hot sockets", SHORT_ROWS);
	md_compared(runs, SHEET_PIPES, "Hot pipes", SHORT_ROWS);
	md_compared(runs, SHEET_ERRORS, "Errors by kind", SHORT_ROWS);
	for (int i = 0; i < 2; i++) {
		output_printf(out, "\n# %c: ", 'A' + i);
		md_text(runs[i].name);
		output_char(out, '\n');
		put_verdict(&runs[i]);
		put_findings(&runs[i]);
		put_latency(&runs[i]);
		put_lacks(&runs[i]);
	}
}

void md_page(const struct folder *runs, int n, struct str title)
{
	output_str(out, STR("# "));
	md_text(title);
	output_str(out, STR("\n\n"));
	put_summary(runs, n);
	if (n == 2)
		put_two_runs(runs);
	else
		put_run(&runs[0]);
}
