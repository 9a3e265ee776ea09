#include "finding.h"
#include "html.h"
#include "number.h"
#include "pattern.h"

static const struct figure {
	const char *name, *label;
	enum table_type type;
} figures[] = {
    {"wall_ns", "duration", TABLE_NS},       {"processes", "processes", TABLE_COUNT},
    {"threads", "threads", TABLE_COUNT},     {"calls", "calls", TABLE_COUNT},
    {"errors", "failed calls", TABLE_COUNT}, {"total_ns", "time in calls", TABLE_NS},
};
enum { FIGURES = sizeof figures / sizeof *figures };

static void put_value(const struct folder *f, const struct figure *figure)
{
	int64_t n;
	if (folder_number(f, figure->name, &n))
		html_number(figure->type, n);
	else
		html("?");
}

static bool is_known(const struct folder *runs, int n, const struct figure *figure)
{
	int64_t value;
	for (int i = 0; i < n; i++)
		if (folder_number(&runs[i], figure->name, &value))
			return true;
	return false;
}

static void put_figures(const struct folder *runs, int n)
{
	html("<dl class=\"tiles\">");
	for (int i = 0; i < FIGURES; i++) {
		int64_t a, b;
		if (!is_known(runs, n, &figures[i]))
			continue;
		html("<div><dt>%s</dt><dd>%s", figures[i].label,
		     n == 2 ? "<span class=\"aside\">A</span> " : "");
		put_value(&runs[0], &figures[i]);
		html("</dd>");
		if (n == 2) {
			html("<dd class=\"b\"><span class=\"aside\">B</span> ");
			put_value(&runs[1], &figures[i]);
			if (folder_number(&runs[0], figures[i].name, &a) &&
			    folder_number(&runs[1], figures[i].name, &b) && a != 0)
				html(" <span class=\"aside\">%+.1f&nbsp;%%</span>",
				     100.0 * ((double)b - (double)a) / (double)a);
			html("</dd>");
		}
		html("</div>");
	}
	html("</dl>\n");
}

/* Facts that are not among the figures, with the names they have for people. */
static const struct {
	const char *name, *label;
	enum table_type type;
} details[] = {
    {"command", "Command", TABLE_TEXT},
    {"tracer", "Tracer", TABLE_TEXT},
    {"traces", "Trace", TABLE_TEXT},
    {"recorded", "Recorded", TABLE_TEXT},
    {"first_ns", "From", TABLE_TIME},
    {"last_ns", "To", TABLE_TIME},
    {"rejected", "Lines not understood", TABLE_COUNT},
    {"skipped", "Skipped lines", TABLE_COUNT},
    {"unfinished", "Never returned", TABLE_COUNT},
    {"lost", "Events lost", TABLE_COUNT},
    {"exit_status", "Exit status", TABLE_INT},
    {"version", "Made with sp", TABLE_TEXT},
};
enum { DETAILS = sizeof details / sizeof *details };

static bool is_hidden(struct str name)
{
	for (int i = 0; i < FIGURES; i++)
		if (str_eq(name, str_of(figures[i].name)))
			return true;
	return str_eq(name, STR("lacks")) || str_ends(name, STR("slice_ns"));
}

/* That nothing was lost needs no words; that every line was understood does. */
static bool is_idle(const struct fact *fact)
{
	static const char *const names[] = {"unfinished", "lost", "skipped", "exit_status"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(fact->name, str_of(names[i])) && str_eq(fact->value, STR("0")))
			return true;
	return false;
}

static void put_detail(const struct fact *fact)
{
	const char *label = NULL;
	enum table_type type = TABLE_TEXT;
	int64_t n;
	for (int i = 0; i < DETAILS; i++) {
		if (!str_eq(fact->name, str_of(details[i].name)))
			continue;
		label = details[i].label;
		type = details[i].type;
	}
	html("<div><dt>");
	html_text(label ? str_of(label) : fact->name, HTML_NAME);
	html("</dt><dd>");
	if (type != TABLE_TEXT && number_i64(fact->value, &n))
		html_number(type, n);
	else
		html_text(fact->value, HTML_PROSE);
	html("</dd></div>");
}

static void say_lack(struct str sentence)
{
	html("<li>");
	html_text(sentence, HTML_PROSE);
	html("</li>");
}

/* What to know in one line. */
static void put_verdict(const struct folder *f)
{
	struct buf bottleneck = {0}, findings = {0};
	pattern_verdict(&bottleneck, f);
	finding_counts(&findings, f);
	if (bottleneck.n || findings.n)
		html("<p class=\"verdict\">");
	if (bottleneck.n) {
		html("Bottleneck: <a href=\"#pattern\">");
		html_text(buf_str(&bottleneck), HTML_NAME);
		html("</a>. ");
	}
	if (findings.n) {
		html("<a href=\"#findings\">");
		html_text(buf_str(&findings), HTML_NAME);
		html("</a>.");
	}
	if (bottleneck.n || findings.n)
		html("</p>\n");
	buf_free(&bottleneck);
	buf_free(&findings);
}

void html_summary(const struct folder *runs, int n)
{
	html("<section id=\"summary\" aria-label=\"Summary\">\n");
	put_figures(runs, n);
	html("<div class=\"runs\">");
	for (int i = 0; i < n; i++) {
		html("<div class=\"run\">");
		if (n == 2) {
			html("<h2 class=\"side\"><b>%c</b> ", 'A' + i);
			html_text(runs[i].name, HTML_NAME);
			html("</h2>");
		}
		put_verdict(&runs[i]);
		html("<dl class=\"facts\">");
		for (size_t k = 0; k < runs[i].facts.n; k++)
			if (!is_hidden(runs[i].facts.fact[k].name) &&
			    !is_idle(&runs[i].facts.fact[k]))
				put_detail(&runs[i].facts.fact[k]);
		html("</dl><details class=\"lacks\"><summary>What is missing</summary><ul>");
		folder_lacks(&runs[i], say_lack);
		html("</ul></details></div>");
	}
	html("</div></section>\n");
}
