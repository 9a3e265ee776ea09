#define PCRE2_CODE_UNIT_WIDTH 8
#include "names.h"

#include <pcre2.h>
#include <stdlib.h>

#include "diag.h"
#include "rules.h"
#include "tsv.h"

/* Steps of one match, as PCRE2 counts them: patterns of sense need less than 1,000 on a line. */
enum { MATCH_LIMIT = 100000, HEAP_LIMIT_KB = 1024, MOST_PIECES = 10000 };

struct rule {
	struct rule *next;
	struct str id, pattern;
	pcre2_code *code;
	struct str name;	/* empty: replacement */
	struct str replacement; /* $0 .. $9 and \0 .. \9 are groups */
	uint32_t columns;	/* bit 1 << EVENT_... */
	struct str calls[16];	/* of these only; none: of all */
	size_t n_calls;
	uint64_t limited;
	bool known; /* only what has a number already */
	bool off;
};

struct names {
	struct rule *first, **end;
	struct ids things, counters; /* (kind, process, id) -> number; (kind, process) -> last number */
	struct ids texts;	     /* (name, text) -> number; (name) -> last number */
	pcre2_match_context *context;
	pcre2_match_data *match;
	struct buf work[2];
	struct arena memory;
};

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

/* ---- rules in ---- */

/* The pattern, or NULL with a message and where in the pattern it went wrong. */
static pcre2_code *compile(struct str pattern, uint32_t flags, char message[256], size_t *at)
{
	int error;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, flags | PCRE2_NEVER_BACKSLASH_C,
					 &error, at, NULL);
	if (!code) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)message, 256);
		return NULL;
	}
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without JIT it is only slower */
	return code;
}

static struct rule *new_rule(struct names *n)
{
	struct rule *rule = arena_alloc(&n->memory, sizeof *rule);
	rule->columns = 1u << EVENT_ARGS | 1u << EVENT_PATH | 1u << EVENT_COMM | 1u << EVENT_NOTE |
			1u << EVENT_STACK;
	*n->end = rule;
	n->end = &rule->next;
	return rule;
}

/* The part of a substitution up to the next delimiter that no backslash hides. */
static bool take_part(struct names *n, struct str *rest, char delimiter, struct str *part)
{
	struct buf b = {0};
	for (size_t i = 0; i < rest->n; i++) {
		if (rest->p[i] == delimiter) {
			*part = arena_str(&n->memory, buf_str(&b));
			buf_free(&b);
			*rest = str_drop(*rest, i + 1);
			return true;
		}
		if (rest->p[i] == '\\' && i + 1 < rest->n) {
			if (rest->p[i + 1] != delimiter)
				buf_add_char(&b, '\\');
			i++;
		}
		buf_add_char(&b, rest->p[i]);
	}
	buf_free(&b);
	return false;
}

/* "s/pattern/replacement/i". NULL, or what is wrong; *at is then where, in bytes from 0. */
static const char *substitution(struct names *n, struct str text, struct rule *rule, size_t *at)
{
	static char message[256];
	struct str rest = str_drop(text, 2);
	uint32_t flags = 0;
	*at = 0;
	if (text.n < 4 || text.p[0] != 's' || memchr("\\ \n", text.p[1], 3))
		return "a rule is s/pattern/replacement/";
	char delimiter = text.p[1];
	*at = text.n - 1;
	if (!take_part(n, &rest, delimiter, &rule->pattern))
		return "the pattern has no end";
	if (!take_part(n, &rest, delimiter, &rule->replacement))
		return "the replacement has no end";
	for (size_t i = 0; i < rest.n; i++) {
		*at = (size_t)(rest.p - text.p) + i;
		if (rest.p[i] == 'i')
			flags |= PCRE2_CASELESS;
		else if (rest.p[i] != 'g') /* all of them are replaced anyway */
			return "the flags of a rule are g and i";
	}
	if (!tsv_is_clean(rule->replacement))
		return "control bytes and a quote at the beginning cannot be written";
	size_t in_pattern;
	rule->code = compile(rule->pattern, flags, message, &in_pattern);
	*at = 2 + in_pattern;
	return rule->code ? NULL : message;
}

void names_add_substitution(struct names *n, const char *text)
{
	struct rule *rule = new_rule(n);
	size_t at;
	const char *wrong = substitution(n, str_of(text), rule, &at);
	if (!wrong)
		return;
	diag_excerpt(str_of(text), at + 1);
	struct place place = {.file = "--rule", .line = 1, .column = at + 1};
	diag_at(DIAG_RULES, place, "%s", wrong);
}

static void take_columns(const struct rules *r, const struct rules_node *list, struct rule *rule)
{
	rules_expect(r, list, RULES_LIST, "in");
	rule->columns = 0;
	for (const struct rules_node *c = list->first; c; c = c->next) {
		rules_expect(r, c, RULES_TEXT, "a column");
		int column = event_column_by_name(c->text);
		if (column < 0 || event_columns[column].type != EVENT_TEXT)
			rules_fail(r, c, "no text column is called %.*s", (int)c->text.n, c->text.p);
		rule->columns |= 1u << column;
	}
}

static void take_calls(struct names *n, const struct rules *r, const struct rules_node *list,
		       struct rule *rule)
{
	rules_expect(r, list, RULES_LIST, "calls");
	for (const struct rules_node *c = list->first; c; c = c->next) {
		rules_expect(r, c, RULES_TEXT, "a syscall");
		if (rule->n_calls == sizeof rule->calls / sizeof *rule->calls)
			rules_fail(r, c, "a rule is for 16 syscalls at most");
		if (!syscall_by_name(c->text))
			rules_fail(r, c, "no syscall is called %.*s", (int)c->text.n, c->text.p);
		rule->calls[rule->n_calls++] = arena_str(&n->memory, c->text);
	}
}

static void take_map(struct names *n, const struct rules *r, const struct rules_node *map)
{
	struct rule *rule = new_rule(n);
	const struct rules_node *match = NULL;
	bool has_replacement = false;
	for (const struct rules_node *c = map->first; c; c = c->next) {
		bool is_list = str_eq(c->key, STR("in")) || str_eq(c->key, STR("calls"));
		if (!is_list)
			rules_expect(r, c, RULES_TEXT, "this");
		if (str_eq(c->key, STR("match")))
			match = c;
		else if (str_eq(c->key, STR("name")))
			rule->name = arena_str(&n->memory, c->text);
		else if (str_eq(c->key, STR("replace")))
			rule->replacement = arena_str(&n->memory, c->text);
		else if (str_eq(c->key, STR("id")))
			rule->id = arena_str(&n->memory, c->text);
		else if (str_eq(c->key, STR("only")) && str_eq(c->text, STR("known")))
			rule->known = true;
		else if (str_eq(c->key, STR("in")))
			take_columns(r, c, rule);
		else if (str_eq(c->key, STR("calls")))
			take_calls(n, r, c, rule);
		else if (!str_eq(c->key, STR("what")))
			rules_fail(r, c, "a rule has id, what, match, name, replace, calls, in, and only: known");
		has_replacement |= str_eq(c->key, STR("replace"));
	}
	if (!match || (rule->name.n > 0) == has_replacement)
		rules_fail(r, map, "a rule has match, and either name or replace");
	if (!tsv_is_clean(rule->name) || !tsv_is_clean(rule->replacement))
		rules_fail(r, map, "control bytes and a quote at the beginning cannot be written");
	char message[256];
	size_t at;
	rule->pattern = arena_str(&n->memory, match->text);
	rule->code = compile(match->text, 0, message, &at);
	if (!rule->code)
		rules_fail(r, match, "%s, at byte %zu of the pattern", message, at + 1);
}

void names_add_file(struct names *n, const char *path)
{
	struct rules *r = rules_load(path);
	if (r->root)
		rules_expect(r, r->root, RULES_MAP, "the file");
	for (const struct rules_node *part = r->root ? r->root->first : NULL; part; part = part->next) {
		if (str_eq(part->key, STR("startup")) || str_eq(part->key, STR("scheduling")))
			continue; /* what --fold leaves out: fold.c */
		if (!str_eq(part->key, STR("rules")))
			rules_fail(r, part, "the file has rules, startup and scheduling");
		rules_expect(r, part, RULES_LIST, "rules");
		for (const struct rules_node *c = part->first; c; c = c->next) {
			size_t at;
			const char *wrong;
			if (c->kind == RULES_MAP) {
				take_map(n, r, c);
				continue;
			}
			rules_expect(r, c, RULES_TEXT, "a rule");
			wrong = substitution(n, c->text, new_rule(n), &at);
			if (wrong)
				rules_fail(r, c, "%s, at byte %zu of the rule", wrong, at + 1);
		}
	}
	rules_free(r);
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
	return *ids_at(&n->texts, ids_pair(str_hash(rule->name), str_hash(what))) != IDS_NONE;
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

static void put_replacement(const struct names *n, const struct rule *rule, struct str text, int found,
			    struct buf *out)
{
	struct str s = rule->replacement;
	for (size_t i = 0; i < s.n; i++) {
		bool mark = (s.p[i] == '$' || s.p[i] == '\\') && i + 1 < s.n;
		if (mark && s.p[i + 1] >= '0' && s.p[i + 1] <= '9')
			buf_add_str(out, group(n, text, found, (unsigned)(s.p[++i] - '0')));
		else if (mark && (s.p[i + 1] == '$' || s.p[i + 1] == '\\'))
			buf_add_char(out, s.p[++i]);
		else
			buf_add_char(out, s.p[i]);
	}
}

static int match(struct names *n, struct rule *rule, struct str text, size_t from)
{
	int found = pcre2_match(rule->code, (PCRE2_SPTR)text.p, text.n, from, 0, n->match, n->context);
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
	while (from <= text.n && (found = match(n, rule, text, from)) > 0 && pieces++ < MOST_PIECES) {
		struct str all = group(n, text, found, 0), part = all;
		if (rule->name.n && found > 1)
			part = group(n, text, found, 1);
		size_t at = (size_t)(part.p - text.p), end = (size_t)(all.p - text.p) + all.n;
		bool known = !rule->known || is_known(n, rule, part);
		if (part.n == 0 || at < done || !known) { /* empty, or a group that did not take part */
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

struct str names_apply(struct names *n, enum event_column column, struct str text, struct trace *t,
		       const struct fields *f)
{
	int which = 0;
	if (text.n == 0)
		return text;
	for (struct rule *rule = n->first; rule; rule = rule->next) {
		if (!applies(rule, column, f->of[EVENT_SYSCALL]))
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
			diag(DIAG_WARNING, "a rule gave up %llu times, its match limit reached: %.*s",
			     (unsigned long long)rule->limited, (int)rule->pattern.n, rule->pattern.p);
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
