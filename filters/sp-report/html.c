#include "html.h"

#include <stdarg.h>
#include <stdio.h>

#include "number.h"
#include "visible.h"

static _Thread_local struct buf *page; /* where this thread writes */

void html_into(struct buf *b)
{
	page = b;
}

void html_str(struct str s)
{
	buf_add_str(page, s);
}

void html(const char *format, ...)
{
	va_list ap;
	char line[1024];
	if (!strchr(format, '%')) {
		html_str(str_of(format));
		return;
	}
	va_start(ap, format);
	int n = vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	html_str((struct str){line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1});
}

static struct str entity(char c)
{
	switch (c) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return STR("&gt;");
	case '"':
		return STR("&quot;");
	case '\'':
		return STR("&#39;");
	default:
		return STR("");
	}
}

static void put_escaped(struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		struct str e = entity(s.p[i]);
		if (!e.n)
			continue;
		html_str((struct str){s.p + from, i - from});
		html_str(e);
		from = i + 1;
	}
	html_str(str_drop(s, from));
}

static void put_clean(struct str s)
{
	struct buf b = {0};
	visible_text(&b, s);
	put_escaped(buf_str(&b));
	buf_free(&b);
}

/* The next start of a character at or after `at`. */
static size_t boundary(struct str s, size_t at)
{
	while (at < s.n && (s.p[at] & 0xc0) == 0x80)
		at++;
	return at;
}

void html_text(struct str s, size_t most)
{
	if (s.n <= most) {
		put_clean(s);
		return;
	}
	size_t head = boundary(s, most * 2 / 3), tail = boundary(s, s.n - most / 3);
	put_clean((struct str){s.p, head});
	html("<span class=\"cut\"> [... ");
	html_number(TABLE_COUNT, (int64_t)(tail - head));
	html(" bytes ...] </span>");
	put_clean(str_drop(s, tail));
}

void html_int(int64_t n)
{
	char digits[24];
	html_str(str_between(digits, number_put_i64(digits, n)));
}

void html_number(enum table_type type, int64_t n)
{
	sheet_show(page, type, n);
}

void html_bar(int64_t hundredths, const char *kind)
{
	int64_t n = hundredths < 0 ? 0 : hundredths > 10000 ? 10000 : hundredths;
	html("<svg class=\"bar %s\" aria-hidden=\"true\"><rect width=\"%lld.%02lld%%\" "
	     "height=\"100%%\"/></svg>",
	     kind, (long long)n / 100, (long long)n % 100);
}

void html_cell(const struct sheet_column *column, const struct cell *cell, bool first)
{
	if (column->type == TABLE_TEXT) {
		html("%s class=\"t\">", first ? "<th scope=\"row\"" : "<td");
		html_text(cell->text, HTML_NAME);
		html("</%s>", first ? "th" : "td");
		return;
	}
	if (!cell->known) {
		html("<td></td>");
		return;
	}
	html("<td data-v=\"");
	html_int(cell->n);
	html("\">");
	html_number(column->type, cell->n);
	if (column->flags & SHEET_SHARE)
		html_bar(cell->n, "share");
	html("</td>");
}

void html_count(int64_t n, const char *one, const char *many)
{
	html_number(TABLE_COUNT, n);
	html(" %s", n == 1 ? one : many);
}
