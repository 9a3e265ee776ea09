#include "html.h"
#include "ranges.h"

enum { IN_SIGHT = 4 };

static void put_stats(const struct folder *f, const struct distribution *d)
{
	static const char *const names[] = {"mean_ns", "p50_ns", "p90_ns",
	                                    "p95_ns",  "p99_ns", "max_ns"};
	const struct sheet *s = folder_sheet(f, SHEET_SYSCALLS);
	html("<p class=\"figures\">");
	html_count(d->calls, "call", "calls");
	for (size_t i = 0; d->stats && i < sizeof names / sizeof *names; i++) {
		struct cell cell = sheet_cell(s, d->stats, names[i]);
		if (!cell.known)
			continue;
		html(", %s&nbsp;<strong>", s->column[sheet_column(s, names[i])]->label);
		html_number(TABLE_NS, cell.n);
		html("</strong>");
	}
	html("</p>");
}

static void put_range(const struct folder *f, const struct distribution *d, size_t r)
{
	const struct sheet *s = folder_sheet(f, SHEET_HIST);
	const struct row *row = s->row[r];
	struct buf label = {0}, marks = {0};
	int64_t share = sheet_cell(s, row, "calls_percent").n;
	ranges_label(&label, s, row);
	ranges_percentiles(&marks, f, d, row, r + 1 == d->end, false);
	html("<tr><th scope=\"row\">");
	html_text(buf_str(&label), HTML_NAME);
	html("</th><td>");
	html_number(TABLE_COUNT, sheet_cell(s, row, "calls").n);
	html("</td><td>");
	html_number(TABLE_PERCENT, share);
	html(" %%</td><td class=\"wide\">");
	html_bar(sheet_share(share, d->most), "share");
	html("</td><td class=\"t marks\">");
	html_text(buf_str(&marks), HTML_NAME);
	html("</td></tr>\n");
	buf_free(&label);
	buf_free(&marks);
}

static void put_distribution(const struct folder *f, const struct distribution *d)
{
	struct buf modes = {0};
	html("<article class=\"dist\"><h3>");
	html_text(d->name, HTML_NAME);
	html("</h3>");
	put_stats(f, d);
	html("<table class=\"plain\"><thead class=\"sr\"><tr><th scope=\"col\">duration</th>"
	     "<th scope=\"col\">calls</th><th scope=\"col\">share</th><th scope=\"col\">drawn</th>"
	     "<th scope=\"col\">percentiles</th></tr></thead><tbody>\n");
	for (size_t r = d->first; r < d->end; r++)
		put_range(f, d, r);
	html("</tbody></table>");
	ranges_modes(&modes, f, d->name);
	if (modes.n) {
		html("<p class=\"modes\">");
		html_text(buf_str(&modes), HTML_PROSE);
		html("</p>");
	}
	html("</article>\n");
	buf_free(&modes);
}

/* All of them in the same seven classes; nothing where the table has other bounds. */
static void put_classes(const struct folder *f, const struct distribution d[], size_t n)
{
	int64_t share[RANGES_CLASSES];
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		if (!ranges_classes(f, &d[i], share))
			continue;
		if (!any) {
			html("<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
			     "aria-label=\"Latency classes\"><table class=\"classes\"><thead><tr>"
			     "<th scope=\"col\" class=\"t\">calls that took</th>");
			for (int c = 0; c < RANGES_CLASSES; c++) {
				struct buf label = {0};
				ranges_class_label(&label, c);
				html("<th scope=\"col\">");
				html_text(buf_str(&label), HTML_NAME);
				html("</th>");
				buf_free(&label);
			}
			html("</tr></thead><tbody>\n");
		}
		any = true;
		html("<tr><th scope=\"row\">");
		html_text(d[i].name, HTML_NAME);
		html("</th>");
		for (int c = 0; c < RANGES_CLASSES; c++) {
			html("<td>");
			if (share[c]) {
				html_number(TABLE_PERCENT, share[c]);
				html(" %%");
				html_bar(share[c], "below");
			}
			html("</td>");
		}
		html("</tr>\n");
	}
	if (any)
		html("</tbody></table></div>\n");
}

void html_latency(const struct folder *f)
{
	struct distribution d[RANGES_SHOWN];
	size_t left_out, n = ranges_find(f, d, &left_out);
	put_classes(f, d, n);
	html("<div class=\"dists\">");
	for (size_t i = 0; i < n && i < IN_SIGHT; i++)
		put_distribution(f, &d[i]);
	html("</div>");
	if (n > IN_SIGHT) {
		html("<details><summary>%zu more</summary><div class=\"dists\">", n - IN_SIGHT);
		for (size_t i = IN_SIGHT; i < n; i++)
			put_distribution(f, &d[i]);
		html("</div></details>");
	}
	if (left_out || folder_sheet(f, SHEET_HIST)->left_out)
		html("<p class=\"more\">More are in hist.tsv.</p>");
}
