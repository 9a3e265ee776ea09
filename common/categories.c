#include "categories.h"

#include <stdlib.h>

#include "arena.h"
#include "diag.h"
#include "rules.h"
#include "syscall.h"
#include "sysset.h"
#include "tsv.h"

/* A file's rules are applied to every known syscall once, so that a look-up costs the same as in
 * syscall.def; names that are not known there are matched each time. */
struct categories {
	struct buf path;
	struct rules *rules;
	struct pattern {
		struct str category;
		struct str builtin; /* p NULL: see set */
		struct sysset *set;
	} * pattern;
	size_t patterns;
	struct str *of_known; /* by row of syscall_table; p NULL: not in the set */
};

/* "category:file_io" is one of syscall.def's; all else is in strace's syntax. */
static struct str builtin_category(struct str pattern)
{
	struct str prefix = STR("category:");
	return str_starts(pattern, prefix) ? str_drop(pattern, prefix.n) : (struct str){0};
}

static bool matches(const struct pattern *p, struct str name, const struct syscall_info *info)
{
	if (p->set)
		return sysset_has(p->set, name);
	return info && str_eq(syscall_category_name(info->category), p->builtin);
}

static struct str look_up(const struct categories *c, struct str name,
                          const struct syscall_info *info)
{
	for (size_t i = 0; i < c->patterns; i++)
		if (matches(&c->pattern[i], name, info))
			return c->pattern[i].category;
	return (struct str){0};
}

static void check_category(const struct rules *r, const struct rules_node *node, struct str name)
{
	for (int i = 0; i < SYSCALL_CATEGORY_COUNT; i++)
		if (str_eq(syscall_category_name((enum syscall_category)i), name))
			return;
	rules_fail(r, node, "no category of syscalls is called %.*s", (int)name.n, name.p);
}

static void take_pattern(struct categories *c, struct str category, const struct rules_node *node)
{
	struct fault fault;
	rules_expect(c->rules, node, RULES_TEXT, "a syscall");
	struct pattern *p = &c->pattern[c->patterns++];
	*p = (struct pattern){.category = category, .builtin = builtin_category(node->text)};
	if (p->builtin.p)
		check_category(c->rules, node, p->builtin);
	else if (!(p->set = sysset_compile(node->text, &fault)))
		rules_fail(c->rules, node, "%s", fault.what);
}

static void take_set(struct categories *c, const struct rules_node *set)
{
	size_t n = 0;
	rules_expect(c->rules, set, RULES_MAP, "a set of categories");
	for (const struct rules_node *category = set->first; category; category = category->next)
		n += category->count;
	c->pattern = xcalloc(n + 1, sizeof *c->pattern);
	for (const struct rules_node *category = set->first; category; category = category->next) {
		if (!tsv_is_clean(category->key) || category->key.n == 0)
			rules_fail(c->rules, category, "a category's name must be plain text");
		rules_expect(c->rules, category, RULES_LIST, "a category");
		for (const struct rules_node *p = category->first; p; p = p->next)
			take_pattern(c, category->key, p);
	}
}

static const struct rules_node *find_set(const struct categories *c, const char *set)
{
	const struct rules_node *root = c->rules->root;
	if (!root)
		rules_fail(c->rules, NULL, "no sets of categories");
	rules_expect(c->rules, root, RULES_MAP, "the file");
	const struct rules_node *found = set ? rules_get(root, set) : root->first;
	if (found)
		return found;
	struct buf names = {0};
	for (const struct rules_node *s = root->first; s; s = s->next)
		buf_printf(&names, " %.*s", (int)s->key.n, s->key.p);
	rules_fail(c->rules, root, "no set %s; there are:%.*s", set ? set : "at all", (int)names.n,
	           names.p);
}

struct categories *categories_load(const char *path, const char *set)
{
	struct categories *c = xcalloc(1, sizeof *c);
	if (!path) {
		if (!rules_find("categories.yaml", &c->path)) {
			if (set)
				diag_die(DIAG_RULES, "no categories.yaml found for the set %s",
				         set);
			buf_free(&c->path);
			free(c);
			return NULL;
		}
		path = c->path.p;
	}
	c->rules = rules_load(path);
	take_set(c, find_set(c, set));
	c->of_known = xcalloc(syscall_count, sizeof *c->of_known);
	for (size_t i = 0; i < syscall_count; i++)
		c->of_known[i] = look_up(c, syscall_table[i].name, &syscall_table[i]);
	return c;
}

struct str categories_of(const struct categories *c, struct str name)
{
	const struct syscall_info *info = syscall_by_name(name);
	struct str found = {0};
	if (!c && info)
		found = syscall_category_name(info->category);
	else if (c && info)
		found = c->of_known[info - syscall_table];
	else if (c)
		found = look_up(c, name, NULL);
	return found.p ? found : STR("other");
}

void categories_free(struct categories *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->patterns; i++)
		if (c->pattern[i].set)
			sysset_free(c->pattern[i].set);
	rules_free(c->rules);
	free(c->pattern);
	buf_free(&c->path);
	free(c->of_known);
	free(c);
}
