#include "ranges.h"

#include "range.h"

enum { NAMED = 100 }; /* bytes of a mode's name: sp-hist has short ones */

size_t ranges_find(const struct folder *f, struct distribution d[RANGES_SHOWN], size_t *left_out)
{
	const struct sheet *s = folder_sheet(f, SHEET_HIST);
	const struct sheet *stats = folder_sheet(f, SHEET_SYSCALLS);
	size_t n = 0;
	*left_out = 0;
	for (size_t i = 0, end; i < s->rows; i = end) {
		struct str name = sheet_cell(s, s->row[i], "syscall").text;
		for (end = i; end < s->rows; end++)
			if (!str_eq(sheet_cell(s, s->row[end], "syscall").text, name))
				break;
		if (n == RANGES_SHOWN) {
			++*left_out;
			continue;
		}
		struct distribution *to = &d[n++];
		*to = (struct distribution){.name = name, .first = i, .end = end};
		for (size_t r = i; r < end; r++) {
			int64_t share = sheet_cell(s, s->row[r], "calls_percent").n;
			to->calls = sheet_sum(to->calls, sheet_cell(s, s->row[r], "calls").n);
			to->most = share > to->most ? share : to->most;
		}
		for (size_t r = 0; r < stats->rows; r++)
			if (str_eq(sheet_cell(stats, stats->row[r], "syscall").text, name))
				to->stats = stats->row[r];
	}
	return n;
}

void ranges_label(struct buf *b, const struct sheet *s, const struct row *row)
{
	struct cell low = sheet_cell(s, row, "low_ns"), high = sheet_cell(s, row, "high_ns");
	range_show(b, false, (uint64_t)low.n, high.known, (uint64_t)high.n);
}

void ranges_percentiles(struct buf *b, const struct folder *f, const struct distribution *d,
                        const struct row *row, bool is_last)
{
	static const struct {
		const char *column, *name;
	} all[] = {{"p50_ns", "p50"}, {"p90_ns", "p90"}, {"p95_ns", "p95"}, {"p99_ns", "p99"}};
	const struct sheet *s = folder_sheet(f, SHEET_HIST);
	struct cell low = sheet_cell(s, row, "low_ns"), high = sheet_cell(s, row, "high_ns");
	size_t from = b->n;
	for (size_t i = 0; d->stats && i < sizeof all / sizeof *all; i++) {
		struct cell value =
		    sheet_cell(folder_sheet(f, SHEET_SYSCALLS), d->stats, all[i].column);
		if (!value.known || value.n < low.n ||
		    (high.known && !is_last && value.n >= high.n))
			continue;
		buf_printf(b, "%s%s ", b->n > from ? ", " : "", all[i].name);
		sheet_show(b, TABLE_NS, value.n);
	}
}

void ranges_modes(struct buf *b, const struct folder *f, struct str syscall)
{
	const struct sheet *s = folder_sheet(f, SHEET_MODES);
	int modes = 0;
	for (size_t i = 0; i < s->rows; i++)
		modes += str_eq(sheet_cell(s, s->row[i], "syscall").text, syscall);
	if (modes < 2)
		return;
	buf_printf(b, "%d modes: ", modes);
	bool any = false;
	for (size_t i = 0; i < s->rows; i++) {
		const struct row *row = s->row[i];
		if (!str_eq(sheet_cell(s, row, "syscall").text, syscall))
			continue;
		struct cell low = sheet_cell(s, row, "low_ns"),
		            high = sheet_cell(s, row, "high_ns"), name = sheet_cell(s, row, "name");
		buf_add_str(b, any ? STR("; ") : STR(""));
		sheet_show(b, TABLE_PERCENT, sheet_cell(s, row, "calls_percent").n);
		buf_add_str(b, STR(" % at "));
		range_show(b, false, (uint64_t)low.n, high.known, (uint64_t)high.n);
		if (name.known)
			buf_printf(b, " (%.*s)", (int)(name.text.n < NAMED ? name.text.n : NAMED),
			           name.text.p);
		any = true;
	}
}
