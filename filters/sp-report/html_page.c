#include "embed.h"
#include "html.h"
#include "output.h"
#include "parts.h"
#include "pattern.h"

static bool has_sheet_findings(const struct folder *f)
{
	int64_t calls;
	bool idle = folder_number(f, "calls", &calls) && calls == 0;
	return folder_has(f, SHEET_FINDINGS) || (f->sheet[SHEET_FINDINGS].present && !idle);
}

static _Thread_local const struct folder *beside; /* the other of two runs */

static void put_findings(const struct folder *f)
{
	html_findings(f, beside);
}

#define HAS_SHEET(name, ID)                                                                        \
	static bool has_##name(const struct folder *f)                                             \
	{                                                                                          \
		return folder_has(f, SHEET_##ID);                                                  \
	}                                                                                          \
	static void one_##name(const struct folder *f)                                             \
	{                                                                                          \
		html_sheet(f, SHEET_##ID);                                                         \
	}
HAS_SHEET(syscalls, SYSCALLS)
HAS_SHEET(categories, CATEGORIES)
HAS_SHEET(files, FILES)
HAS_SHEET(sockets, SOCKETS)
HAS_SHEET(pipes, PIPES)

static bool has_errors(const struct folder *f)
{
	return folder_has(f, SHEET_ERRORS) ||
	       (f->sheet[SHEET_ERRORS].present && folder_has(f, SHEET_SYSCALLS));
}

static void one_errors(const struct folder *f)
{
	if (folder_has(f, SHEET_ERRORS))
		html_sheet(f, SHEET_ERRORS);
	else
		html("<p class=\"good\">No call failed.</p>");
}

static bool has_pattern(const struct folder *f)
{
	struct pattern_row rows[PATTERN_ROWS];
	return pattern_rows(f, rows) > 0;
}

static bool has_latency(const struct folder *f)
{
	return folder_has(f, SHEET_HIST);
}

static bool has_threads(const struct folder *f)
{
	return folder_has(f, SHEET_THREADS);
}

static bool has_timeline(const struct folder *f)
{
	return f->timeline.lines > 0;
}

static bool has_heat(const struct folder *f)
{
	return f->heat.lines > 0;
}

static bool has_fds(const struct folder *f)
{
	return f->fds.lines > 0;
}

static bool has_stacks(const struct folder *f)
{
	return f->stacks.frames > 1;
}

/* In the order of the page. `compared` tables put two runs into one. */
static const struct section {
	const char *id, *heading, *shorter; /* for the page's list of sections */
	bool (*has)(const struct folder *f);
	void (*put)(const struct folder *f);
	enum sheet_id compared; /* or SHEETS */
	const char *hint;
} sections[] = {
    {"findings", "Findings", "Findings", has_sheet_findings, put_findings, SHEETS, NULL},
    {"pattern", "Where the time of I/O goes", "I/O", has_pattern, html_pattern, SHEETS, NULL},
    {"syscalls", "System calls", "System calls", has_syscalls, one_syscalls, SHEET_SYSCALLS, NULL},
    {"latency", "Latency of the top system calls", "Latency", has_latency, html_latency, SHEETS,
     NULL},
    {"timeline", "Timeline", "Timeline", has_timeline, html_timeline, SHEETS, NULL},
    {"heat", "Latency over time", "Heat map", has_heat, html_heat, SHEETS,
     "The stronger the colour, the more calls took so long in that slice; the scale is logarithmic."},
    {"files", "Hot files", "Files", has_files, one_files, SHEET_FILES, NULL},
    {"sockets", "Hot sockets", "Sockets", has_sockets, one_sockets, SHEET_SOCKETS, NULL},
    {"pipes", "Hot pipes", "Pipes", has_pipes, one_pipes, SHEET_PIPES, NULL},
    {"errors", "Errors by kind", "Errors", has_errors, one_errors, SHEET_ERRORS, NULL},
    {"categories", "Categories", "Categories", has_categories, one_categories, SHEET_CATEGORIES,
     NULL},
    {"threads", "Processes and threads", "Processes", has_threads, html_threads, SHEETS,
     "Time is the time spent in system calls; that of threads adds up."},
    {"flame", "Stacks", "Stacks", has_stacks, html_flame, SHEETS,
     "From the outermost frame down, each as wide as the time in its system calls."},
    {"fds", "Open descriptors", "Descriptors", has_fds, html_fds, SHEETS, NULL},
};
enum { SECTIONS = sizeof sections / sizeof *sections, PARTS = SECTIONS + 2 };

static bool any_has(const struct section *s, const struct folder *runs, int n)
{
	for (int i = 0; i < n; i++)
		if (s->has(&runs[i]))
			return true;
	return false;
}

static void put_section(const struct section *s, const struct folder *runs, int n)
{
	html("<section id=\"%s\" aria-labelledby=\"%s-h\"><h2 id=\"%s-h\">%s</h2>\n", s->id, s->id,
	     s->id, s->heading);
	if (s->hint)
		html("<p class=\"hint\">%s</p>\n", s->hint);
	if (n == 1) {
		s->put(&runs[0]);
	} else if (s->compared != SHEETS && s->has(&runs[0]) && s->has(&runs[1])) {
		html_compared(&runs[0], &runs[1], s->compared);
	} else {
		html("<div class=\"runs\">");
		for (int i = 0; i < n; i++) {
			html("<div class=\"run\" data-run=\"%d\"><h3 class=\"side\"><b>%c</b> ", i,
			     'A' + i);
			html_text(runs[i].name, HTML_NAME);
			html("</h3>");
			beside = &runs[1 - i];
			if (s->has(&runs[i]))
				s->put(&runs[i]);
			else
				html("<p class=\"aside\">The trace has none.</p>");
			html("</div>");
		}
		html("</div>");
	}
	html("</section>\n");
}

/* Up to the heading. */
static void put_head(struct str title)
{
	html("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-");
	html_str(embed_script_hash());
	html("'; style-src 'sha256-");
	html_str(embed_style_hash());
	html("'; base-uri 'none'; form-action 'none'\">\n"
	     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	     "<meta name=\"referrer\" content=\"no-referrer\">\n"
	     "<meta name=\"color-scheme\" content=\"light dark\">\n"
	     "<meta name=\"generator\" content=\"sp-report " SP_VERSION "\">\n<title>");
	html_text(title, HTML_NAME);
	html("</title>\n<style>");
	html_str(embed_style());
	html(
	    "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n");
}

struct page {
	const struct folder *runs;
	int n;
	struct str title;
	struct buf part[PARTS]; /* what comes before and after the sections, too */
};

static void put_top(const struct page *p)
{
	put_head(p->title);
	html("<header><h1>");
	html_text(p->title, HTML_NAME);
	html("</h1>\n");
	html_summary(p->runs, p->n);
	html("</header>\n<nav aria-label=\"Sections\"><ul>");
	for (int i = 0; i < SECTIONS; i++)
		if (any_has(&sections[i], p->runs, p->n))
			html("<li><a href=\"#%s\">%s</a></li>", sections[i].id,
			     sections[i].shorter);
	html("</ul></nav>\n<main id=\"main\">\n");
}

static void put_bottom(const struct page *p)
{
	int64_t calls;
	if (p->n == 1 && folder_number(&p->runs[0], "calls", &calls) && calls == 0)
		html("<section id=\"none\"><p>The trace has no system calls.</p></section>\n");
	html("</main>\n<footer><p>Made by sp-report " SP_VERSION
	     ". Percentiles are within 0.4 %% of the true value; "
	     "times are those of the traced program, which tracing slows down.</p></footer>\n");
	html_data(p->runs, p->n);
	html("<script>");
	html_str(embed_script());
	html("</script>\n</body>\n</html>\n");
}

static void make_part(void *page, int part)
{
	struct page *p = page;
	html_into(&p->part[part]);
	if (part == 0)
		put_top(p);
	else if (part > SECTIONS)
		put_bottom(p);
	else if (any_has(&sections[part - 1], p->runs, p->n))
		put_section(&sections[part - 1], p->runs, p->n);
}

void html_page(const struct folder *runs, int n, struct str title)
{
	struct page page = {.runs = runs, .n = n, .title = title};
	parts_make(PARTS, make_part, &page);
	for (int i = 0; i < PARTS; i++) {
		output_str(&output_stdout, buf_str(&page.part[i]));
		buf_free(&page.part[i]);
	}
}
