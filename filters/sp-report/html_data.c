#include "html.h"

/* The numbers behind the charts as JSON in a script element that is not executed. Text keeps no
 * byte that could end the element or the string. */
static void put_string(struct str s)
{
	struct output *out = &output_stdout;
	struct buf b = {0};
	table_clean(&b, s.n > HTML_NAME ? (struct str){s.p, HTML_NAME} : s);
	output_char(out, '"');
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
			output_char(out, (char)c);
		}
	}
	output_char(out, '"');
	buf_free(&b);
}

static void put_grid(const char *name, const struct grid *g)
{
	html("\"%s\":{\"first\":%.6f,\"slice\":%.9f,\"lines\":[", name, (double)g->first_ns / 1e9,
	     (double)g->slice_ns / 1e9);
	for (size_t l = 0; l < g->lines; l++) {
		html("%s{\"name\":", l ? "," : "");
		put_string(g->line[l].name);
		html(",\"low\":%lld,\"high\":%lld,\"values\":[", (long long)g->line[l].low,
		     (long long)g->line[l].high);
		for (size_t i = 0; i < g->slices; i++)
			html("%s%lld", i ? "," : "", (long long)g->line[l].value[i]);
		html("]}");
	}
	html("]}");
}

void html_data(const struct folder *runs, int n)
{
	html("<script type=\"application/json\" id=\"data\">[");
	for (int i = 0; i < n; i++) {
		html("%s{", i ? "," : "");
		put_grid("timeline", &runs[i].timeline);
		html(",");
		put_grid("heat", &runs[i].heat);
		html(",");
		put_grid("fds", &runs[i].fds);
		html("}");
	}
	html("]</script>\n");
}
