#include "summary.h"

#include "number.h"

enum what { NOTHING, NAME, CALLS, ERRORS, TOTAL, WALL_TOTAL, MIN, MAX };

/* strace's times are in seconds, perf's in milliseconds. Of strace's two totals, seconds are those of the CPU in the
 * kernel unless -w was given, wall-total (since 7.1) is what a call took. */
static const struct {
	struct str name;
	enum what what;
	bool in[2]; /* by enum summary_of */
} known[] = {
    {{"%", 1}, NOTHING, {true, false}},
    {{"time", 4}, NOTHING, {true, false}},
    {{"seconds", 7}, TOTAL, {true, false}},
    {{"usecs/call", 10}, NOTHING, {true, false}},
    {{"shortest", 8}, MIN, {true, false}},
    {{"longest", 7}, MAX, {true, false}},
    {{"wall-total", 10}, WALL_TOTAL, {true, false}},
    {{"wall-avg", 8}, NOTHING, {true, false}},
    {{"wall-min", 8}, MIN, {true, false}},
    {{"wall-max", 8}, MAX, {true, false}},
    {{"calls", 5}, CALLS, {true, true}},
    {{"errors", 6}, ERRORS, {true, true}},
    {{"syscall", 7}, NAME, {true, true}},
    {{"total", 5}, TOTAL, {false, true}},
    {{"min", 3}, MIN, {false, true}},
    {{"avg", 3}, NOTHING, {false, true}},
    {{"max", 3}, MAX, {false, true}},
    {{"stddev", 6}, NOTHING, {false, true}},
};
enum { KNOWN = sizeof known / sizeof *known };

void summary_begin(struct summary *s, struct parse *parse)
{
	s->parse = parse;
	s->events_before = parse->accounts.events;
}

bool summary_head(struct summary *s, enum summary_of tracer, struct str line)
{
	struct str word;
	int column[SUMMARY_COLUMNS];
	size_t columns = 0, words = 0;
	while (str_cut(&line, ' ', &word)) {
		int k = 0;
		if (word.n == 0)
			continue;
		while (k < KNOWN && !(known[k].in[tracer] && str_eq(word, known[k].name)))
			k++;
		if (k == KNOWN || columns == SUMMARY_COLUMNS)
			return false;
		words++;
		if (k > 0) /* "% time" is one column */
			column[columns++] = k;
	}
	if (words < 2)
		return false;
	memcpy(s->column, column, sizeof column);
	s->columns = columns;
	return true;
}

/* ---- rows ---- */

struct row {
	struct str name;
	uint64_t calls, errors;
	bool has_calls, has_total, of_cpu, has_wall, has_min, has_max;
	int64_t total_ns, min_ns, max_ns;
};

static bool take_ns(struct str word, bool of_perf, int64_t *ns, bool *has)
{
	*has = number_take_seconds(&word, ns) && word.n == 0;
	if (of_perf)
		*ns /= 1000;
	return *has;
}

static bool take_word(struct row *r, int column, struct str word)
{
	bool of_perf = !known[column].in[SUMMARY_OF_STRACE];
	int64_t ns;
	switch (known[column].what) {
	case NAME:
		r->name = word;
		return counts_is_name(word) && !number_is_digit(word.p[0]);
	case CALLS:
		return r->has_calls = number_u64(word, &r->calls);
	case ERRORS:
		return number_u64(word, &r->errors);
	case TOTAL:
		r->of_cpu = !of_perf;
		return take_ns(word, of_perf, r->has_wall ? &ns : &r->total_ns, &r->has_total);
	case WALL_TOTAL:
		return r->has_wall = take_ns(word, of_perf, &r->total_ns, &r->has_total);
	case MIN:
		return take_ns(word, of_perf, &r->min_ns, &r->has_min);
	case MAX:
		return take_ns(word, of_perf, &r->max_ns, &r->has_max);
	case NOTHING:
		break;
	}
	return true;
}

/* A cell of `errors` is blank where there were none. */
static bool take_row(const struct summary *s, struct str line, size_t words, struct row *r)
{
	struct str word;
	size_t at = 0;
	while (str_cut(&line, ' ', &word)) {
		if (word.n == 0)
			continue;
		if (words < s->columns && known[s->column[at]].what == ERRORS)
			at++;
		if (at == s->columns || !take_word(r, s->column[at++], word))
			return false;
	}
	return at == s->columns;
}

void summary_row(struct summary *s, struct str line)
{
	struct row r = {0};
	struct str rest = line, word;
	size_t words = 0;
	while (str_cut(&rest, ' ', &word))
		words += word.n > 0;
	if ((words != s->columns && words + 1 != s->columns) || !take_row(s, line, words, &r) ||
	    !r.name.n || !r.has_calls || str_eq(r.name, STR("total")))
		return;
	struct counts_group *g = counts_of(&s->counts, r.name, syscall_by_name(r.name));
	g->calls += r.calls;
	g->errors += r.errors;
	g->has_total |= r.has_total;
	s->of_cpu |= r.of_cpu && !r.has_wall;
	g->total_ns += r.has_total ? (uint64_t)r.total_ns : 0;
	if (r.has_min && r.has_max && r.min_ns <= r.max_ns)
		counts_extremes(g, (uint64_t)r.min_ns, (uint64_t)r.max_ns);
}

void summary_end(struct summary *s)
{
	struct parse *parse = s->parse;
	struct buf text = {0};
	if (parse->accounts.events == s->events_before && counts_write(&s->counts, &text)) {
		parse_table(parse, buf_str(&text));
		parse->accounts.of_cpu |= s->of_cpu;
	}
	buf_free(&text);
	counts_free(&s->counts);
}
