#include "ranges.h"

#include "range.h"

enum { NAMED = 100 }; /* bytes of a mode's name: sp-hist has short ones */

static int64_t calls_of(const struct sheet *s, size_t row)
{
	return sheet_cell(s, s->row[row], "calls").n;
}

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
		while (to->first < to->end && calls_of(s, to->first) == 0)
			to->first++;
		while (to->first < to->end && calls_of(s, to->end - 1) == 0)
			to->end--;
		for (size_t r = to->first; r < to->end; r++) {
			int64_t share = sheet_cell(s, s->row[r], "calls_percent").n;
			to->calls = sheet_sum(to->calls, calls_of(s, r));
			to->most = share > to->most ? share : to->most;
		}
		for (size_t r = 0; r < stats->rows; r++)
			if (str_eq(sheet_cell(stats, stats->row[r], "syscall").text, name))
				to->stats = stats->row[r];
	}
	return n;
}

static const int64_t class_from[RANGES_CLASSES + 1] = {0,      10000,   50000,    100000,
                                                       500000, 1000000, 10000000, INT64_MAX};

bool ranges_classes(const struct folder *f, const struct distribution *d,
                    int64_t share[RANGES_CLASSES])
{
	const struct sheet *s = folder_sheet(f, SHEET_HIST);
	int64_t calls[RANGES_CLASSES] = {0};
	for (size_t r = d->first; r < d->end; r++) {
		struct cell low = sheet_cell(s, s->row[r], "low_ns"),
		            high = sheet_cell(s, s->row[r], "high_ns");
		int class = RANGES_CLASSES - 1;
		while (class > 0 && low.n < class_from[class])
			class --;
		bool fits =
		    high.known ? high.n <= class_from[class + 1] : class == RANGES_CLASSES - 1;
		if (!low.known || low.n < 0 || (!fits && calls_of(s, r)))
			return false;
		calls[class] = sheet_sum(calls[class], calls_of(s, r));
	}
	for (int i = 0; i < RANGES_CLASSES; i++)
		share[i] = sheet_share(calls[i], d->calls);
	return d->first < d->end;
}

void ranges_class_label(struct buf *b, int class)
{
	range_show(b, false, (uint64_t)class_from[class], class + 1 < RANGES_CLASSES,
	           (uint64_t)class_from[class + 1]);
}

void ranges_label(struct buf *b, const struct sheet *s, const struct row *row)
{
	struct cell low = sheet_cell(s, row, "low_ns"), high = sheet_cell(s, row, "high_ns");
	range_show(b, false, (uint64_t)low.n, high.known, (uint64_t)high.n);
}

void ranges_percentiles(struct buf *b, const struct folder *f, const struct distribution *d,
                        const struct row *row, bool is_last, bool values)
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
		buf_printf(b, "%s%s%s", b->n > from ? ", " : "", all[i].name, values ? " " : "");
		if (values)
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
