#include <stdlib.h>
#include <unistd.h>

#include "modes.h"
#include "number.h"
#include "range.h"
#include "show.h"

enum { LONGEST_BAR = 50, SHORTEST_BAR = 10, INDENT = 2 };

static const struct mark {
	unsigned per_100k;
	const char *name;
} marks[] = {{50000, "p50"}, {90000, "p90"}, {95000, "p95"}, {99000, "p99"}, {99900, "p99.9"}};
enum { MARKS = sizeof marks / sizeof *marks };

static void put(const struct buf *b)
{
	output_str(&output_stdout, buf_str(b));
}

/* ---- the line above ---- */

static void add_value(const struct options *o, struct buf *b, const char *name, __uint128_t value)
{
	char out[NUMBER_HUMAN];
	int64_t v = value > INT64_MAX ? INT64_MAX : (int64_t)value;
	buf_printf(b, "%s %s", name,
	           o->of_bytes ? number_human_bytes(out, v) : number_human_ns(out, v));
}

static void put_heading(const struct options *o, const struct agg_group *g)
{
	const struct hist *h = show_hist(o, g);
	struct buf b = {0};
	show_name(g->key, o->keys.n, &b);
	buf_add_str(&b, STR(": "));
	show_calls(h->count, &b);
	add_value(o, &b, ", total", h->sum);
	add_value(o, &b, ", mean", hist_mean(h));
	add_value(o, &b, ", stddev", hist_stddev(h));
	add_value(o, &b, ", min", h->min);
	add_value(o, &b, ", max", h->max);
	buf_add_char(&b, '\n');
	put(&b);
	buf_free(&b);
}

/* ---- bars ---- */

/* Eighths of a column where the terminal can show them; plain ASCII in a file. */
static bool has_blocks(void)
{
	const char *names[] = {getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")};
	const char *locale = "";
	for (int i = 0; i < 3 && !*locale; i++)
		locale = names[i] ? names[i] : "";
	return isatty(STDOUT_FILENO) && strcasestr(locale, "utf") != NULL;
}

/* Anything at all shows: an eighth of a column, or a dot. Returns the columns that were used. */
static size_t add_bar(struct buf *b, uint64_t count, uint64_t most, size_t room, bool blocks)
{
	static const char *const eighths[] = {"",       "\u258f", "\u258e", "\u258d",
	                                      "\u258c", "\u258b", "\u258a", "\u2589"};
	size_t length = (size_t)((__uint128_t)count * room * 8 / most);
	length += count && length == 0;
	size_t whole = blocks ? length / 8 : (length + 4) / 8;
	for (size_t i = 0; i < whole; i++)
		buf_add_str(b, blocks ? STR("\u2588") : STR("#"));
	if (!blocks && count && whole == 0)
		buf_add_char(b, '.');
	if (blocks)
		buf_add_str(b, str_of(eighths[length % 8]));
	return blocks ? whole + (length % 8 > 0) : whole + (count && whole == 0);
}

/* "p50 12.0 us, p90 p95 40.1 us", at the row of their bucket. */
static void add_marks(const struct options *o, struct buf *b, const struct hist *h,
                      const struct span *span, unsigned bucket)
{
	const char *separator = "  ";
	for (size_t i = 0; i < MARKS; i++) {
		uint64_t value = hist_percentile(h, marks[i].per_100k);
		unsigned at = buckets_index(&o->buckets, value);
		if ((at < span->from ? span->from : at) != bucket)
			continue;
		buf_add_str(b, str_of(separator));
		separator = ", ";
		for (; i + 1 < MARKS && hist_percentile(h, marks[i + 1].per_100k) == value; i++)
			buf_printf(b, "%s ", marks[i].name);
		add_value(o, b, marks[i].name, value);
	}
}

static void add_blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_add_char(b, ' ');
}

/* What one group's bars look like. */
struct layout {
	struct span span;
	uint64_t most;
	size_t names, counts, room; /* columns: of names, of counts, for bars */
	bool blocks;
};

static struct layout layout_for(const struct options *o, const struct agg_group *g)
{
	struct layout l = {.span = span_of(o, g), .most = 1, .blocks = has_blocks()};
	char number[NUMBER_HUMAN];
	for (unsigned i = l.span.from; i < l.span.to; i++)
		if (span_count(&l.span, l.span.counts, i) > l.most)
			l.most = span_count(&l.span, l.span.counts, i);
	l.names = span_width(&l.span);
	l.counts = strlen(number_human_count(number, (int64_t)l.most));
	size_t taken =
	    INDENT + l.names + 2 + l.counts + sizeof "  100.00 %  " + sizeof "p50 1.00 us";
	l.room = show_width() > taken + SHORTEST_BAR ? show_width() - taken : SHORTEST_BAR;
	l.room = l.room < LONGEST_BAR ? l.room : LONGEST_BAR;
	return l;
}

static void put_bars(const struct options *o, const struct agg_group *g)
{
	const struct hist *h = show_hist(o, g);
	struct layout l = layout_for(o, g);
	struct buf b = {0}, name = {0};
	char number[NUMBER_HUMAN];
	for (unsigned i = l.span.from; i < l.span.to; i++) {
		uint64_t count = span_count(&l.span, l.span.counts, i);
		b.n = name.n = 0;
		span_name(&l.span, i, &name);
		add_blanks(&b, INDENT + l.names - name.n);
		buf_add_str(&b, buf_str(&name));
		buf_printf(&b, "  %*s  %6.2f %%  ", (int)l.counts,
		           number_human_count(number, (int64_t)count),
		           100 * (double)count / (double)h->count);
		size_t bar = add_bar(&b, count, l.most, l.room, l.blocks);
		add_blanks(&b, l.room - bar);
		add_marks(o, &b, h, &l.span, i);
		while (b.p[b.n - 1] == ' ')
			b.n--;
		buf_add_char(&b, '\n');
		put(&b);
	}
	buf_free(&b);
	buf_free(&name);
}

/* ---- modes ---- */

static struct str syscall_of(const struct options *o, struct str key)
{
	struct str part = STR("");
	for (int i = 0; i < o->keys.n && str_cut(&key, '\t', &part); i++)
		if (str_eq(o->keys.key[i].name, STR("syscall")))
			return part;
	return STR("");
}

static int find_modes(const struct options *o, const struct agg_group *g, struct mode modes[])
{
	int n = modes_find(show_hist(o, g), o->of_bytes, modes);
	if (!o->of_bytes)
		modes_name(modes, n, syscall_of(o, g->key));
	return n;
}

static void put_modes(const struct options *o, const struct agg_group *g)
{
	const struct hist *h = show_hist(o, g);
	struct mode modes[MODES_MAX];
	struct buf b = {0};
	double p = 0;
	int n = find_modes(o, g, modes);
	if (n < 2)
		return;
	buf_printf(&b, "  %d modes:", n);
	for (int i = 0; i < n; i++) {
		buf_printf(&b, "%s %.1f %% at ", i ? ";" : "",
		           100 * (double)modes[i].count / (double)h->count);
		range_show(&b, o->of_bytes, modes[i].low, true, modes[i].high);
		if (modes[i].peak_low != modes[i].low || modes[i].peak_high != modes[i].high) {
			buf_add_str(&b, STR(", most at "));
			range_show(&b, o->of_bytes, modes[i].peak_low, true, modes[i].peak_high);
		}
		if (modes[i].name)
			buf_printf(&b, " (%s)", modes[i].name);
		p = modes[i].p > p ? modes[i].p : p;
	}
	buf_printf(&b, "; p %s %.0e\n", p < 1e-12 ? "<" : "=", p < 1e-12 ? 1e-12 : p);
	put(&b);
	buf_free(&b);
}

void show_bars(const struct options *o, const struct agg *agg)
{
	size_t n;
	struct agg_group **groups = show_order(o, agg, &n);
	for (size_t i = 0; i < n; i++) {
		if (i)
			output_char(&output_stdout, '\n');
		put_heading(o, groups[i]);
		put_bars(o, groups[i]);
		put_modes(o, groups[i]);
	}
	free(groups);
}

void show_modes(const struct options *o, const struct agg *agg)
{
	size_t n;
	struct agg_group **groups = show_order(o, agg, &n);
	struct table *t = table_new(&output_stdout, o->format);
	keys_columns(&o->keys, t);
	table_column(t, "mode", TABLE_INT);
	show_bound_columns(o, t);
	table_column(t, o->of_bytes ? "peak_bytes" : "peak_ns",
	             o->of_bytes ? TABLE_BYTES : TABLE_NS);
	table_column(t, "calls", TABLE_COUNT);
	table_column(t, "calls_percent", TABLE_PERCENT);
	table_column(t, "p_value", TABLE_SCIENTIFIC);
	table_column(t, "name", TABLE_TEXT);
	for (size_t i = 0; i < n; i++) {
		struct mode modes[MODES_MAX];
		int found = find_modes(o, groups[i], modes);
		for (int m = 0; m < found; m++) {
			keys_cells(&o->keys, groups[i]->key, t);
			table_int(t, m + 1);
			table_int(t, modes[m].low);
			table_int(t, modes[m].high);
			table_int(t, modes[m].peak_low);
			table_int(t, (int64_t)modes[m].count);
			table_number(t, 100 * (double)modes[m].count /
			                    (double)show_hist(o, groups[i])->count);
			if (m)
				table_number(t, modes[m].p);
			else
				table_empty(t);
			table_text(t, modes[m].name ? str_of(modes[m].name) : STR(""));
			table_end_row(t);
		}
	}
	table_finish(t);
	free(groups);
}
