#include "finding.h"
#include "html.h"
#include "pattern.h"

/* ---- findings ---- */

enum { IN_SIGHT = 6 };
static const struct folder *compared_with; /* the other of two runs */
static size_t findings_put;

static void put_finding(const struct folder *f, const struct row *row)
{
	static const char *const looks[] = {
	    [FINDING_BAD] = "critical", [FINDING_WARNING] = "warning", [FINDING_NOTE] = "note"};
	const struct sheet *s = folder_sheet(f, SHEET_FINDINGS);
	struct cell severity = sheet_cell(s, row, "severity"), fix = sheet_cell(s, row, "fix"),
	            rule = sheet_cell(s, row, "rule");
	struct buf figures = {0}, savings = {0}, places = {0};
	if (findings_put++ == IN_SIGHT)
		html("<details><summary>The others</summary>");
	finding_figures(&figures, f, row);
	finding_savings(&savings, f, row);
	finding_places(&places, f, row);
	html("<article class=\"finding %s\"><h3><span class=\"badge\">",
	     looks[finding_look(severity.text)]);
	html_text(severity.text, HTML_NAME);
	html("</span> ");
	html_text(finding_title(f, row), HTML_NAME);
	html(" <span class=\"subject\">");
	html_text(sheet_cell(s, row, "subject").text, HTML_NAME);
	html("</span>");
	if (compared_with && !finding_is_in(compared_with, row))
		html(" <span class=\"badge\">only here</span>");
	html("</h3><p>");
	html_text(sheet_cell(s, row, "evidence").text, HTML_PROSE);
	html("</p>");
	if (fix.known) {
		html("<p class=\"fix\"><strong>Advice:</strong> ");
		html_text(fix.text, HTML_PROSE);
		html("</p>");
	}
	html("<p class=\"figures\">");
	html_text(buf_str(&figures), HTML_NAME);
	if (savings.n) {
		html("%s<strong>may save ", figures.n ? "; " : "");
		html_text(buf_str(&savings), HTML_NAME);
		html("</strong>");
	}
	if (places.n) {
		html("; worst at ");
		html_text(buf_str(&places), HTML_PROSE);
	}
	html(" <span class=\"rule\">");
	html_text(rule.text, HTML_NAME);
	html("</span></p></article>\n");
	buf_free(&figures);
	buf_free(&savings);
	buf_free(&places);
}

void html_findings(const struct folder *f, const struct folder *other)
{
	const struct sheet *s = folder_sheet(f, SHEET_FINDINGS);
	compared_with = other;
	findings_put = 0;
	if (s->rows == 0)
		html("<p class=\"good\">No rule found anything to complain about.</p>");
	size_t more = finding_each(f, put_finding);
	if (findings_put > IN_SIGHT)
		html("</details>");
	if (more) {
		html("<p class=\"more\">");
		html_count((int64_t)more, "more finding is", "more findings are");
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
	html("</th><td%s>", row->active ? "" : " colspan=\"3\"");
	if (row->active) {
		html_number(TABLE_NS, row->time_ns);
		html("</td><td>");
		html_number(TABLE_PERCENT, row->share);
		html(" %%</td><td class=\"wide\">");
		html_bar(row->share, row->bottleneck ? "bottleneck" : "share");
	} else {
		html("<span class=\"aside\">kept out of the shares: it is waiting, not work</span>");
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
	     "<th scope=\"col\" class=\"t\">of the active</th><th scope=\"col\">waiting</th>"
	     "<th scope=\"col\">calls</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < n; i++)
		put_work(&rows[i]);
	html("</tbody></table></div>\n");
	if (n && rows[0].active && !rows[0].bottleneck)
		html("<p class=\"aside\">Most of the active time is no I/O.</p>");
}
