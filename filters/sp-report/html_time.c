#include "html.h"

/* Charts without script: bars and steps over time, as SVG in units of a slice. Where there is the
 * library for it, the script puts charts to zoom in their place. */

static void put_span(const struct grid *g)
{
	int64_t last = g->first_ns + (int64_t)g->slices * g->slice_ns;
	html("<p class=\"axis\" aria-hidden=\"true\"><span>");
	html_number(TABLE_TIME, g->first_ns);
	html("</span><span>");
	html_number(TABLE_NS, g->slice_ns);
	html(" a slice</span><span>");
	html_number(TABLE_TIME, last);
	html("</span></p>");
}

static int64_t most_of(const struct grid_line *line, size_t slices)
{
	int64_t most = 0;
	for (size_t i = 0; i < slices; i++)
		most = line->value[i] > most ? line->value[i] : most;
	return most;
}

static void put_bars(const struct grid *g, size_t at, const char *name, enum table_type type)
{
	const struct grid_line *line = &g->line[at];
	int64_t most = most_of(line, g->slices);
	if (most == 0)
		return;
	html("<div class=\"static\"><p class=\"axis\"><span>%s, at most ", name);
	html_number(type, most);
	html(" a slice</span></p><svg viewBox=\"0 0 %zu 100\" preserveAspectRatio=\"none\" role=\"img\" "
	     "aria-label=\"%s over time\" class=\"bars c%zu\"><path d=\"",
	     g->slices, name, at);
	for (size_t i = 0; i < g->slices; i++) {
		if (line->value[i] <= 0)
			continue;
		double height = 100.0 * (double)line->value[i] / (double)most;
		html("M%zu 100v-%.1fh.9V100z", i, height < 1 ? 1 : height);
	}
	html("\"/></svg></div>");
}

static const struct {
	const char *name;
	enum table_type type;
} timeline_lines[TIMELINE_LINES] = {[TIMELINE_CALLS] = {"calls", TABLE_COUNT},
                                    [TIMELINE_ERRORS] = {"errors", TABLE_COUNT},
                                    [TIMELINE_BYTES] = {"bytes", TABLE_BYTES},
                                    [TIMELINE_TOTAL] = {"time in calls", TABLE_NS}};

static const char *name_of(const struct grid *g, size_t line)
{
	return line == TIMELINE_TOTAL && g->active ? "active time" : timeline_lines[line].name;
}

/* The same as a table of at most ROWS rows, for those who do not look at pictures. */
static void put_table(const struct grid *g)
{
	enum { ROWS = 25 };
	size_t each = (g->slices + ROWS - 1) / ROWS;
	html("<details><summary>As a table</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	     "aria-label=\"Timeline as a table\"><table class=\"plain\"><thead><tr>"
	     "<th scope=\"col\" class=\"t\">from</th>");
	for (int l = 0; l < TIMELINE_LINES; l++)
		html("<th scope=\"col\">%s</th>", name_of(g, (size_t)l));
	html("</tr></thead><tbody>\n");
	for (size_t i = 0; i < g->slices; i += each) {
		html("<tr><th scope=\"row\">");
		html_number(TABLE_TIME, g->first_ns + (int64_t)i * g->slice_ns);
		html("</th>");
		for (int l = 0; l < TIMELINE_LINES; l++) {
			int64_t sum = 0;
			for (size_t s = i; s < i + each && s < g->slices; s++)
				sum += g->line[l].value[s];
			html("<td>");
			html_number(timeline_lines[l].type, sum);
			html("</td>");
		}
		html("</tr>\n");
	}
	html("</tbody></table></div></details>");
}

void html_timeline(const struct folder *f)
{
	const struct grid *g = &f->timeline;
	html("<figure data-chart=\"timeline\" data-time=\"%s\" role=\"group\" aria-label=\"Calls, errors, bytes and "
	     "time over time; the table below has the figures\">",
	     name_of(g, TIMELINE_TOTAL));
	for (size_t l = 0; l < TIMELINE_LINES; l++)
		put_bars(g, l, name_of(g, l), timeline_lines[l].type);
	put_span(g);
	html("</figure>");
	if (g->active)
		html("<p class=\"hint\">Time waiting for others is left out. A call counts in the slice in "
		     "which it returned.</p>");
	put_table(g);
}

/* ---- durations against time ---- */

enum { LEVELS = 8 };

/* 1 for a single call, LEVELS for the most, on a logarithmic scale. */
static int level_of(int64_t n, int64_t most)
{
	int bits = 64 - __builtin_clzll((uint64_t)n), all = 64 - __builtin_clzll((uint64_t)most);
	return all <= 1 ? LEVELS : 1 + (LEVELS - 1) * (bits - 1) / (all - 1);
}

void html_heat(const struct folder *f)
{
	const struct grid *g = &f->heat;
	int64_t most = 1;
	for (size_t l = 0; l < g->lines; l++) {
		int64_t n = most_of(&g->line[l], g->slices);
		most = n > most ? n : most;
	}
	html("<figure data-chart=\"heat\" role=\"group\" aria-label=\"Heat map of durations over "
	     "time\"><div class=\"static\"><p class=\"axis\"><span>up to ");
	html_number(TABLE_NS, g->line[g->lines - 1].high ? g->line[g->lines - 1].high
	                                                 : g->line[g->lines - 1].low);
	html("</span></p><svg viewBox=\"0 0 %zu %zu\" preserveAspectRatio=\"none\" role=\"img\" "
	     "aria-label=\"Durations of calls over time\" class=\"heat\">",
	     g->slices, g->lines);
	for (int level = 1; level <= LEVELS; level++) {
		bool any = false;
		for (size_t l = 0; l < g->lines; l++) {
			for (size_t i = 0; i < g->slices; i++) {
				int64_t n = g->line[l].value[i];
				if (n <= 0 || level_of(n, most) != level)
					continue;
				if (!any)
					html("<path class=\"h%d\" d=\"", level);
				any = true;
				html("M%zu %zuh1v1h-1z", i, g->lines - 1 - l);
			}
		}
		if (any)
			html("\"/>");
	}
	html("</svg><p class=\"axis\"><span>from ");
	html_number(TABLE_NS, g->line[0].low);
	html("</span></p></div>");
	put_span(g);
	html("</figure>");
}

/* ---- descriptors ---- */

void html_fds(const struct folder *f)
{
	const struct grid *g = &f->fds;
	int64_t most = g->line[0].total > 0 ? g->line[0].total : 1;
	html("<figure data-chart=\"fds\" role=\"group\" aria-label=\"Open descriptors over "
	     "time\"><div class=\"static\"><p class=\"axis\"><span>at most ");
	html_count(most, "open descriptor", "open descriptors");
	html("</span></p><svg viewBox=\"0 0 %zu 100\" preserveAspectRatio=\"none\" role=\"img\" "
	     "aria-label=\"Open descriptors over time\" class=\"lines\">",
	     g->slices);
	for (size_t l = 0; l < g->lines; l++) {
		bool begun = false;
		html("<path class=\"c%zu\" d=\"", l);
		for (size_t i = 0; i < g->slices; i++) {
			if (g->line[l].value[i] < 0)
				continue;
			double y = 100.0 - 98.0 * (double)g->line[l].value[i] / (double)most;
			html("%s%zu %.1fh1", begun ? "L" : "M", i, y);
			begun = true;
		}
		html("\"/>");
	}
	html("</svg></div>");
	put_span(g);
	html("<ul class=\"legend\">");
	for (size_t l = 0; l < g->lines; l++) {
		html("<li class=\"c%zu\">process ", l);
		html_text(g->line[l].name, HTML_NAME);
		html(": at most ");
		html_number(TABLE_COUNT, g->line[l].total);
		html("</li>");
	}
	html("</ul></figure>");
	if (g->left_out) {
		html("<p class=\"more\">");
		html_count((int64_t)g->left_out, "more process is", "more processes are");
		html(" in fds.tsv.</p>");
	}
}
