/* Maps as bpftrace prints them (its src/output.cpp): scalars, counts, averages, hist, lhist, stats,
 * tuples; stacks as keys and values. */
#include "bpftrace.h"

#include "number.h"

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || number_is_digit(c) || c == '_';
}

/* "[4, 8)   56 |@@@@  |", "(..., 0)   1 |@@ |", "[1K, 2K) ...", "[100, ...) ..." */
static bool is_bar(struct str line)
{
	return line.n > 55 && (line.p[0] == '[' || line.p[0] == '(') && line.p[line.n - 1] == '|' &&
	       line.p[line.n - 54] == '|';
}

/* "4", "1K", "2G": powers of 1024 */
static bool take_bound(struct str *s, uint64_t *value)
{
	static const char suffixes[] = "KMGTPE";
	if (!number_take_u64(s, value))
		return false;
	const char *suffix = s->n && s->p[0] ? strchr(suffixes, s->p[0]) : NULL;
	if (suffix) {
		unsigned shift = 10 * (unsigned)(suffix - suffixes + 1);
		if (*value >> (64 - shift))
			return false;
		*value <<= shift;
		*s = str_drop(*s, 1);
	}
	return true;
}

/* False for values below zero, which are no times. */
static bool take_bar(struct str line, struct map_bar *bar)
{
	struct str s = str_drop(line, 1);
	if (line.p[0] != '[' || !take_bound(&s, &bar->low))
		return false;
	bar->high = bar->low;
	if (str_starts(s, STR(", "))) {
		s = str_drop(s, 2);
		if (str_starts(s, STR("...")))
			s = str_drop(s, 3);
		else if (!take_bound(&s, &bar->high))
			return false;
	}
	s = str_trim(str_drop(s, 1)); /* ] or ) */
	return bar->high >= bar->low && number_take_u64(&s, &bar->count);
}

/* "count N, average N, total N", or one number */
static void take_value(struct str s, struct map_line *l)
{
	struct str rest = s;
	l->is_stats = str_starts(s, STR("count "));
	if (!l->is_stats) {
		l->has_number = number_u64(str_trim(s), &l->number);
		return;
	}
	rest = str_drop(rest, 6);
	const char *total = str_find(rest, STR(", total "));
	l->has_number = number_take_u64(&rest, &l->number) && total;
	if (!l->has_number)
		return;
	rest = str_between(total + 8, s.p + s.n);
	l->has_number = number_take_u64(&rest, &l->total);
}

/* "@name[key]: value"; s begins behind the @. */
static bool take_head(struct maps *m, struct str line, struct map_line *l)
{
	size_t n = 1;
	while (n < line.n && is_name_byte(line.p[n]))
		n++;
	struct str rest = str_drop(line, n);
	if (str_eq(rest, STR("["))) {
		m->in_key = true;
		m->in_value = false;
		return true;
	}
	/* The key may hold "]: ", the value of a map that is of use does not. */
	const char *end = rest.p;
	if (str_starts(rest, STR("["))) {
		const char *p = rest.p;
		for (end = NULL; (p = str_find(str_between(p, rest.p + rest.n), STR("]:"))); p++)
			end = p;
		if (!end)
			return false;
		l->key = str_between(rest.p + 1, end++);
	}
	rest = str_between(end, rest.p + rest.n);
	if (!str_starts(rest, STR(":")))
		return false;
	l->kind = MAP_HEAD;
	l->map = (struct str){line.p + 1, n - 1};
	rest = str_trim(str_drop(rest, 1));
	m->in_value = rest.n == 0;
	take_value(rest, l);
	return true;
}

bool maps_take(struct maps *m, struct str line, struct map_line *l)
{
	*l = (struct map_line){.kind = MAP_TEXT};
	if (m->in_key) {
		m->in_key = !str_starts(line, STR("]:"));
		return true;
	}
	if (line.n && line.p[0] == '@')
		return take_head(m, line, l);
	if (is_bar(line)) {
		if (take_bar(line, &l->bar))
			l->kind = MAP_BAR;
		return true;
	}
	if (m->in_value && line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
		return true;
	m->in_value = false;
	return false;
}
