#include <stdlib.h>

#include "html.h"
#include "pattern.h"

/* ---- findings ---- */

/* The severities of sp-advise, worst first, and how each looks. */
static const char *const severities[][2] = {{"critical", "critical"},
                                            {"high", "critical"},
                                            {"medium", "warning"},
                                            {"low", "note"},
                                            {"info", "note"}};
enum { SEVERITIES = sizeof severities / sizeof *severities };

static size_t rank(struct str severity)
{
	size_t i = 0;
	while (i < SEVERITIES && !str_eq(severity, str_of(severities[i][0])))
		i++;
	return i;
}

static void put_finding(const struct sheet *s, const struct row *row)
{
	struct str severity = sheet_cell(s, row, "severity").text;
	size_t at = rank(severity);
	struct cell saves = sheet_cell(s, row, "saves_ns"), calls = sheet_cell(s, row, "calls"),
	            total = sheet_cell(s, row, "total_ns"),
	            evidence = sheet_cell(s, row, "evidence"), fix = sheet_cell(s, row, "fix");
	html("<article class=\"finding %s\"><h3><span class=\"badge\">",
	     at < SEVERITIES ? severities[at][1] : "note");
	html_text(severity, HTML_NAME);
	html("</span> ");
	html_text(sheet_cell(s, row, "rule").text, HTML_NAME);
	html(" <span class=\"subject\">");
	html_text(sheet_cell(s, row, "subject").text, HTML_NAME);
	html("</span></h3><p>");
	html_text(evidence.text, HTML_PROSE);
	html("</p>");
	if (fix.known) {
		html("<p class=\"fix\"><strong>Advice:</strong> ");
		html_text(fix.text, HTML_PROSE);
		html("</p>");
	}
	html("<p class=\"figures\">");
	if (calls.known)
		html_count(calls.n, "call", "calls");
	if (total.known) {
		html("%s", calls.known ? ", " : "");
		html_number(TABLE_NS, total.n);
	}
	if (saves.known) {
		html("%s<strong>may save ", calls.known || total.known ? "; " : "");
		html_number(TABLE_NS, saves.n);
		html("</strong>");
	}
	html("</p></article>\n");
}

void html_findings(const struct folder *f)
{
	const struct sheet *s = folder_sheet(f, SHEET_FINDINGS);
	size_t shown = 0;
	if (s->rows == 0)
		html("<p class=\"good\">No rule found anything to complain about.</p>");
	for (size_t at = 0; at <= SEVERITIES; at++)
		for (size_t i = 0; i < s->rows; i++)
			if (rank(sheet_cell(s, s->row[i], "severity").text) == at &&
			    shown++ < sheet_info[SHEET_FINDINGS].shown)
				put_finding(s, s->row[i]);
	if (shown > sheet_info[SHEET_FINDINGS].shown || s->left_out) {
		html("<p class=\"more\">");
		html_count((int64_t)(shown - sheet_info[SHEET_FINDINGS].shown + s->left_out),
		           "more finding is", "more findings are");
		html(" in findings.tsv.</p>");
	}
}

/* ---- where the time of I/O goes ---- */

static void put_work(const struct pattern_row *row)
{
	struct buf name = {0};
	pattern_name(&name, row->work);
	html("<tr class=\"%s\"><th scope=\"row\">", row->bottleneck ? "bottleneck"
	                                            : row->active   ? ""
	                                                            : "waiting");
	html_text(buf_str(&name), HTML_NAME);
	if (row->bottleneck)
		html(" <span class=\"badge\">bottleneck</span>");
	html("</th><td>");
	if (row->active) {
		html_number(TABLE_NS, row->time_ns);
		html("</td><td>");
		html_number(TABLE_PERCENT, row->share);
		html(" %%</td><td class=\"wide\">");
		html_bar(row->share, row->bottleneck ? "bottleneck" : "share");
	} else {
		html("</td><td></td><td class=\"wide\"><span class=\"aside\">kept out of the "
		     "shares: "
		     "it is waiting, not work</span>");
	}
	html("</td><td>");
	if (row->wait_ns)
		html_number(TABLE_NS, row->wait_ns);
	html("</td><td>");
	html_number(TABLE_COUNT, row->calls);
	html("</td></tr>\n");
	buf_free(&name);
}

void html_pattern(const struct folder *f)
{
	struct pattern_row rows[PATTERN_ROWS];
	size_t n = pattern_rows(f, rows);
	html("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"I/O pattern\">"
	     "<table class=\"plain\"><thead><tr><th scope=\"col\" class=\"t\">work</th>"
	     "<th scope=\"col\">active</th><th scope=\"col\">share</th>"
	     "<th scope=\"col\" class=\"t\">of active time</th><th scope=\"col\">waiting</th>"
	     "<th scope=\"col\">calls</th></tr></thead>"
	     "<tbody>\n");
	for (size_t i = 0; i < n; i++)
		put_work(&rows[i]);
	html("</tbody></table></div>\n");
	if (n && rows[0].active && !rows[0].bottleneck)
		html("<p class=\"aside\">Most of the active time is no I/O.</p>");
}
