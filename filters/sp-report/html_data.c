#include "html.h"
#include "visible.h"

/* The numbers behind the charts as JSON in a script element that is not executed. Text keeps no
 * byte that could end the element or the string. */
static void put_string(struct str s)
{
	struct buf b = {0};
	visible_text(&b, s.n > HTML_NAME ? (struct str){s.p, HTML_NAME} : s);
	html("\"");
	for (size_t i = 0; i < b.n; i++) {
		unsigned char c = (unsigned char)b.p[i];
		bool separator = c == 0xe2 && i + 2 < b.n && (unsigned char)b.p[i + 1] == 0x80 &&
		                 ((unsigned char)b.p[i + 2] & 0xfe) == 0xa8;
		if (separator) { /* U+2028 and U+2029 */
			html("\\u20%02x", (unsigned char)b.p[i + 2] == 0xa8 ? 0x28 : 0x29);
			i += 2;
		} else if (c < 0x20 || strchr("<>&\"'\\-", c)) {
			html("\\u%04x", c);
		} else {
			html_str((struct str){&b.p[i], 1});
		}
	}
	html("\"");
	buf_free(&b);
}

/* Seconds from the first slice of all charts: a date in nanoseconds is more than a double holds. */
static int64_t origin_of(const struct folder *f)
{
	const struct grid *grids[] = {&f->timeline, &f->heat, &f->fds};
	int64_t origin = INT64_MAX;
	for (size_t i = 0; i < sizeof grids / sizeof *grids; i++)
		if (grids[i]->slices && grids[i]->first_ns < origin)
			origin = grids[i]->first_ns;
	return origin;
}

static void put_grid(const char *name, const struct grid *g, int64_t origin)
{
	html("\"%s\":{\"first\":%.9f,\"slice\":%.9f,\"lines\":[", name,
	     g->slices ? (double)(g->first_ns - origin) / 1e9 : 0.0, (double)g->slice_ns / 1e9);
	for (size_t l = 0; l < g->lines; l++) {
		html("%s{\"name\":", l ? "," : "");
		put_string(g->line[l].name);
		html(",\"low\":%lld,\"high\":%lld,\"values\":[", (long long)g->line[l].low,
		     (long long)g->line[l].high);
		for (size_t i = 0; i < g->slices; i++) {
			html(i ? "," : "");
			html_int(g->line[l].value[i]);
		}
		html("]}");
	}
	html("]}");
}

void html_data(const struct folder *runs, int n)
{
	html("<script type=\"application/json\" id=\"data\">[");
	for (int i = 0; i < n; i++) {
		int64_t origin = origin_of(&runs[i]);
		html("%s{", i ? "," : "");
		put_grid("timeline", &runs[i].timeline, origin);
		html(",");
		put_grid("heat", &runs[i].heat, origin);
		html(",");
		put_grid("fds", &runs[i].fds, origin);
		html("}");
	}
	html("]</script>\n");
}
