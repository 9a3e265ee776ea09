#include "diag.h"
#include "names_private.h"
#include "rules.h"
#include "syscall.h"
#include "tsv.h"

/* The rule's pattern. False: a message and where in the pattern it went wrong. */
static bool compile(struct names *n, struct rule *rule, uint32_t flags, char message[256], size_t *at)
{
	int error;
	char required[PATTERN_REQUIRED];
	struct str pattern = rule->pattern;
	rule->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, flags | PCRE2_NEVER_BACKSLASH_C, &error,
	                           at, NULL);
	if (!rule->code) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)message, 256);
		return false;
	}
	pcre2_jit_compile(rule->code, PCRE2_JIT_COMPLETE); /* without JIT it is only slower */
	size_t n_required = flags & PCRE2_CASELESS ? 0 : pattern_required(pattern, required);
	rule->required = arena_str(&n->memory, (struct str){required, n_required});
	return true;
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
	bool good = compile(n, rule, flags, message, &in_pattern);
	*at = 2 + in_pattern;
	return good ? NULL : message;
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
			rules_fail(r, c, "no text column is called %.*s", (int)c->text.n,
			           c->text.p);
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
			rules_fail(r, c,
			           "a rule has id, what, match, name, replace, calls, in, and only: known");
		has_replacement |= str_eq(c->key, STR("replace"));
	}
	if (!match || (rule->name.n > 0) == has_replacement)
		rules_fail(r, map, "a rule has match, and either name or replace");
	if (!tsv_is_clean(rule->name) || !tsv_is_clean(rule->replacement))
		rules_fail(r, map, "control bytes and a quote at the beginning cannot be written");
	char message[256];
	size_t at;
	rule->pattern = arena_str(&n->memory, match->text);
	if (!compile(n, rule, 0, message, &at))
		rules_fail(r, match, "%s, at byte %zu of the pattern", message, at + 1);
}

void names_add_file(struct names *n, const char *path)
{
	struct rules *r = rules_load(path);
	if (r->root)
		rules_expect(r, r->root, RULES_MAP, "the file");
	for (const struct rules_node *part = r->root ? r->root->first : NULL; part;
	     part = part->next) {
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
