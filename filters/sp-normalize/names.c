#include "names_private.h"

#include <stdlib.h>

#include "diag.h"

/* Steps of one match, as PCRE2 counts them: patterns of sense need less than 1,000 on a line. */
enum { MATCH_LIMIT = 100000, HEAP_LIMIT_KB = 1024, MOST_PIECES = 10000 };

struct names *names_new(void)
{
	struct names *n = xcalloc(1, sizeof *n);
	n->end = &n->first;
	n->context = pcre2_match_context_create(NULL);
	n->match = pcre2_match_data_create(10, NULL);
	if (!n->context || !n->match)
		diag_die(DIAG_MEMORY, "PCRE2");
	pcre2_set_match_limit(n->context, MATCH_LIMIT);
	pcre2_set_heap_limit(n->context, HEAP_LIMIT_KB);
	return n;
}

/* ---- numbers ---- */

static uint32_t number_in(struct ids *numbers, uint64_t key, struct ids *counters, uint64_t counter)
{
	uint32_t *known = ids_at(numbers, key);
	if (*known != IDS_NONE)
		return *known;
	uint32_t *last = ids_at(counters, counter);
	uint32_t next = *last == IDS_NONE ? 1 : *last + 1;
	*last = next;
	*ids_at(numbers, key) = next;
	return next;
}

uint32_t names_number(struct names *n, enum token_kind kind, uint32_t process, uint32_t id)
{
	uint64_t scope = (uint64_t)kind << 32 | process;
	return number_in(&n->things, ids_pair(scope, id), &n->counters, scope);
}

void names_begin(struct names *n)
{
	ids_free(&n->things);
	ids_free(&n->counters);
	ids_free(&n->texts);
}

bool names_leave_out(struct names *n, struct str id)
{
	bool found = false;
	for (struct rule *rule = n->first; rule; rule = rule->next) {
		rule->off |= str_eq(rule->id, id);
		found |= str_eq(rule->id, id);
	}
	return found;
}

/* ---- rules at work ---- */

static struct str group(const struct names *n, struct str text, int found, unsigned i)
{
	const size_t *at = pcre2_get_ovector_pointer(n->match);
	if ((int)i >= found || at[2 * i] == PCRE2_UNSET || at[2 * i + 1] < at[2 * i])
		return STR("");
	return (struct str){text.p + at[2 * i], at[2 * i + 1] - at[2 * i]};
}

static bool is_known(struct names *n, const struct rule *rule, struct str what)
{
	return ids_get(&n->texts, ids_pair(str_hash(rule->name), str_hash(what))) != IDS_NONE;
}

/* "PID7" for a process of the trace, "TMP3" for others and for all other names. */
static void put_name(struct names *n, const struct rule *rule, struct str what, struct trace *t,
                     const struct fields *f, struct buf *out)
{
	struct str name = rule->name;
	if (str_eq(name, STR("PID"))) {
		uint32_t task = trace_task(t, f, what);
		if (task != NO_TASK) {
			buf_printf(out, "PID%u", t->task[task].number);
			return;
		}
		name = STR("OTHER");
	}
	uint64_t scope = str_hash(name);
	uint32_t number = number_in(&n->texts, ids_pair(scope, str_hash(what)), &n->texts, scope);
	buf_printf(out, "%.*s%u", (int)name.n, name.p, number);
}

static void put_replacement(const struct names *n, const struct rule *rule, struct str text,
                            int found, struct buf *out)
{
	struct str s = rule->replacement;
	for (size_t i = 0; i < s.n; i++) {
		bool mark = (s.p[i] == '$' || s.p[i] == '\\') && i + 1 < s.n;
		if (mark && number_is_digit(s.p[i + 1]))
			buf_add_str(out, group(n, text, found, (unsigned)(s.p[++i] - '0')));
		else if (mark && (s.p[i + 1] == '$' || s.p[i + 1] == '\\'))
			buf_add_char(out, s.p[++i]);
		else
			buf_add_char(out, s.p[i]);
	}
}

static int match(struct names *n, struct rule *rule, struct str text, size_t from)
{
	int found =
	    pcre2_match(rule->code, (PCRE2_SPTR)text.p, text.n, from, 0, n->match, n->context);
	if (found < 0 && found != PCRE2_ERROR_NOMATCH)
		rule->limited++;
	return found;
}

/* False when the rule finds nothing: then out holds nothing either. */
static bool rewrite(struct names *n, struct rule *rule, struct str text, struct trace *t,
                    const struct fields *f, struct buf *out)
{
	size_t done = 0, from = 0;
	int found, pieces = 0;
	out->n = 0;
	while (from <= text.n && (found = match(n, rule, text, from)) > 0 &&
	       pieces++ < MOST_PIECES) {
		struct str all = group(n, text, found, 0), part = all;
		if (rule->name.n && found > 1)
			part = group(n, text, found, 1);
		size_t at = (size_t)(part.p - text.p), end = (size_t)(all.p - text.p) + all.n;
		bool known = !rule->known || is_known(n, rule, part);
		if (part.n == 0 || at < done ||
		    !known) { /* empty, or a group that did not take part */
			from = end > from ? end : from + 1;
			continue;
		}
		buf_add(out, text.p + done, at - done);
		if (rule->name.n)
			put_name(n, rule, part, t, f, out);
		else
			put_replacement(n, rule, text, found, out);
		done = at + part.n;
		from = end > from ? end : from + 1;
		if (from < done)
			from = done;
	}
	if (done == 0)
		return false;
	buf_add(out, text.p + done, text.n - done);
	return true;
}

static bool applies(const struct rule *rule, enum event_column column, struct str syscall)
{
	if (rule->off || !(rule->columns >> column & 1))
		return false;
	for (size_t i = 0; i < rule->n_calls; i++)
		if (str_eq(rule->calls[i], syscall))
			return true;
	return rule->n_calls == 0;
}

/* What is quickly seen, for most texts and rules. */
static bool may_match(struct names *n, const struct rule *rule, struct str text)
{
	if (rule->required.n && !str_find(text, rule->required))
		return false;
	return !rule->known || ids_get(&n->texts, str_hash(rule->name)) != IDS_NONE;
}

struct str names_apply(struct names *n, enum event_column column, struct str text, struct trace *t,
                       const struct fields *f)
{
	int which = 0;
	if (text.n == 0)
		return text;
	for (struct rule *rule = n->first; rule; rule = rule->next) {
		if (!applies(rule, column, f->of[EVENT_SYSCALL]) || !may_match(n, rule, text))
			continue;
		if (!rewrite(n, rule, text, t, f, &n->work[which]))
			continue;
		text = buf_str(&n->work[which]);
		which = !which;
	}
	return text;
}

void names_close(struct names *n)
{
	for (struct rule *rule = n->first; rule; rule = rule->next) {
		if (rule->limited)
			diag(DIAG_WARNING,
			     "a rule gave up %llu times, its match limit reached: %.*s",
			     (unsigned long long)rule->limited, (int)rule->pattern.n,
			     rule->pattern.p);
		pcre2_code_free(rule->code);
	}
	pcre2_match_data_free(n->match);
	pcre2_match_context_free(n->context);
	names_begin(n);
	buf_free(&n->work[0]);
	buf_free(&n->work[1]);
	arena_free(&n->memory);
	free(n);
}
