#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "load_private.h"

/* What the files say about one id: for each key the last one that had it. */
struct draft {
	struct draft *next;
	struct str id;
	struct source place, key[RULE_KEYS];
};

struct loaded {
	struct arena memory;
	struct rules **file;
	size_t files;
	struct draft *first, **end;
};

static const struct {
	const char *name;
	enum { TEXT, LIST, MAP, EITHER } kind;
	bool counted;
} keys[RULE_KEYS] = {
#define RULE_KEY(id, name, kind, counted) [RULE_KEY_##id] = {name, kind, counted},
#include "rule_key.def"
#undef RULE_KEY
};

struct arena *load_memory(struct loading *l)
{
	return &l->set->loaded->memory;
}

static bool is_one_of(struct str key, const char *const *names)
{
	while (*names && !str_eq(key, str_of(*names)))
		names++;
	return *names;
}

static _Noreturn void fail_unknown(const struct rules *file, const struct rules_node *node, const char *const *names,
                         const char *what)
{
	struct nearest nearest = {0};
	struct buf all = {0};
	for (; *names; names++) {
		fault_nearer(&nearest, node->key, str_of(*names));
		buf_printf(&all, " %s", *names);
	}
	if (nearest.name.p)
		rules_fail(file, node, "%s has no key %.*s; the nearest is %s", what, (int)node->key.n, node->key.p,
		           nearest.name.p);
	rules_fail(file, node, "%s has no key %.*s; there are:%.*s", what, (int)node->key.n, node->key.p, (int)all.n,
	           all.p);
}

void load_check_keys(struct loading *l, const struct rules_node *map, const char *const *names,
                     const char *what)
{
	for (const struct rules_node *c = map->first; c; c = c->next)
		if (!is_one_of(c->key, names))
			fail_unknown(l->at.file, c, names, what);
}

/* ---- files ---- */

static void check_id(const struct rules *file, const struct rules_node *node)
{
	rules_expect(file, node, RULES_TEXT, "id");
	struct str id = node->text;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (!(c >= 'a' && c <= 'z') && !number_is_digit(c) && c != '-')
			id.n = 0;
	}
	if (id.n == 0)
		rules_fail(file, node, "an id is lower-case letters, digits and dashes");
}

static struct draft *draft_of(struct loaded *all, struct str id)
{
	struct draft *d = all->first;
	for (; d; d = d->next)
		if (str_eq(d->id, id))
			return d;
	d = arena_alloc(&all->memory, sizeof *d);
	d->id = id;
	*all->end = d;
	all->end = &d->next;
	return d;
}

static int key_named(struct str name)
{
	for (int i = 0; i < RULE_KEYS; i++)
		if (str_eq(name, str_of(keys[i].name)))
			return i;
	return -1;
}

static void take_rule(struct loading *l, const struct rules *file, const struct rules_node *map)
{
	const char *names[RULE_KEYS + 1] = {0};
	for (int i = 0; i < RULE_KEYS; i++)
		names[i] = keys[i].name;
	l->at = (struct source){file, map};
	rules_expect(file, map, RULES_MAP, "a rule");
	load_check_keys(l, map, names, "a rule");
	const struct rules_node *id = rules_get(map, "id");
	if (!id)
		rules_fail(file, map, "a rule needs an id");
	check_id(file, id);
	struct draft *d = draft_of(l->set->loaded, id->text);
	if (d->place.file == file)
		rules_fail(file, id, "the id %.*s stands twice in this file", (int)id->text.n,
		           id->text.p);
	d->place = (struct source){file, map};
	for (const struct rules_node *c = map->first; c; c = c->next) {
		static const char *const kinds[] = {"text", "a list", "a map", "text or a map"};
		int key = key_named(c->key);
		bool right = keys[key].kind == EITHER ? c->kind != RULES_LIST
		                                      : (int)c->kind == (int)keys[key].kind;
		if (!right)
			rules_fail(file, c, "%s must be %s", keys[key].name, kinds[keys[key].kind]);
		d->key[key] = (struct source){file, c};
	}
}

static void take_file(struct loading *l, const char *path)
{
	static const char *const top[] = {"rules", NULL};
	struct loaded *all = l->set->loaded;
	struct str kept = arena_str(&all->memory, str_of(path));
	struct rules *file = rules_load(kept.p);
	all->file = xrealloc(all->file, all->files + 1, sizeof(struct rules *));
	all->file[all->files++] = file;
	l->at = (struct source){file, file->root};
	if (!file->root)
		return;
	rules_expect(file, file->root, RULES_MAP, "the file");
	load_check_keys(l, file->root, top, "the file");
	const struct rules_node *list = rules_get(file->root, "rules");
	if (!list)
		return;
	rules_expect(file, list, RULES_LIST, "rules");
	for (const struct rules_node *rule = list->first; rule; rule = rule->next)
		take_rule(l, file, rule);
}

/* What --rules names: a file, or, as one word, rules that are shipped. */
static void take_asked(struct loading *l, const char *name)
{
	struct buf shipped = {0}, path = {0};
	buf_printf(&shipped, "%s.yaml", name);
	bool word = !strpbrk(name, "/.") && access(name, F_OK) != 0;
	take_file(l, word && rules_find_shipped(shipped.p, &path) ? path.p : name);
	buf_free(&shipped);
	buf_free(&path);
}

static void take_defaults(struct loading *l)
{
	struct buf path = {0};
	if (rules_find_shipped("advice.yaml", &path))
		take_file(l, path.p);
	else
		diag(DIAG_WARNING, "no advice.yaml is installed with the program");
	if (rules_find_own("advice.yaml", &path))
		take_file(l, path.p);
	buf_free(&path);
}

/* ---- rules ---- */

static void digest(uint64_t *h, const struct rules_node *node)
{
	*h = (*h ^ str_hash(node->key)) * UINT64_C(0x9e3779b97f4a7c15) + str_hash(node->text);
	for (const struct rules_node *c = node->first; c; c = c->next)
		digest(h, c);
	*h = (*h ^ node->count) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t digest_of(const struct draft *d)
{
	uint64_t h = 0;
	for (int i = 0; i < RULE_KEYS; i++)
		if (keys[i].counted && d->key[i].node)
			digest(&h, d->key[i].node);
	return h;
}

static bool is_listed(const char *list, struct str id)
{
	struct str rest = str_of(list), name;
	while (str_cut(&rest, ',', &name))
		if (str_eq(str_trim(name), id))
			return true;
	return false;
}

static _Noreturn void fail_at_id(const struct loaded *all, struct str id, const char *option)
{
	struct nearest nearest = {0};
	for (const struct draft *d = all->first; d; d = d->next)
		fault_nearer(&nearest, id, d->id);
	if (nearest.name.p)
		diag_die(DIAG_USAGE, "%s: no rule is called %.*s; the nearest is %.*s", option, (int)id.n,
		         id.p, (int)nearest.name.n, nearest.name.p);
	diag_die(DIAG_USAGE, "%s: no rule is called %.*s; --list shows all", option, (int)id.n, id.p);
}

/* An id that no rule has is a slip. */
static void check_list(const struct loaded *all, const char *list, const char *option)
{
	struct str rest = str_of(list ? list : ""), name;
	while (list && str_cut(&rest, ',', &name)) {
		const struct draft *d = all->first;
		name = str_trim(name);
		while (d && !str_eq(d->id, name))
			d = d->next;
		if (!d)
			fail_at_id(all, name, option);
	}
}

/* What an earlier file says may only be wrong because of what the last one changed. */
static void note_change(const struct loaded *all, const struct rules *last)
{
	for (size_t i = 0; i < all->files; i++)
		all->file[i]->changed_by = all->file[i] == last ? NULL : last->path;
}

void load_rules(struct ruleset *set, struct row *row, const struct load_options *options)
{
	struct loaded *all = xcalloc(1, sizeof *all);
	struct loading l = {.set = set, .row = row};
	struct rule **end = &set->first;
	all->end = &all->first;
	*set = (struct ruleset){.loaded = all};
	if (!options->no_defaults)
		take_defaults(&l);
	for (size_t i = 0; options->files && options->files[i]; i++)
		take_asked(&l, options->files[i]);
	check_list(all, options->only, "--only");
	check_list(all, options->skip, "--skip");
	for (const struct draft *d = all->first; d; d = d->next) {
		if ((options->only && !is_listed(options->only, d->id)) ||
		    (options->skip && is_listed(options->skip, d->id)))
			continue;
		struct rule *rule = arena_alloc(&all->memory, sizeof *rule);
		rule->id = d->id;
		rule->digest = digest_of(d);
		l.rule = rule;
		note_change(all, d->place.file);
		load_rule(&l, d->place, d->key);
		groups_open(&rule->groups, rule->slot_kind, rule->slots, options->groups);
		*end = rule;
		end = &rule->next;
	}
	buf_free(&l.known);
}

bool load_knows(const struct ruleset *set, struct str id)
{
	for (const struct draft *d = set->loaded->first; d; d = d->next)
		if (str_eq(d->id, id))
			return true;
	return false;
}

const char *load_sources(const struct ruleset *set, struct str id, struct source key[RULE_KEYS])
{
	for (const struct draft *d = set->loaded->first; d; d = d->next) {
		if (!str_eq(d->id, id))
			continue;
		memcpy(key, d->key, sizeof d->key);
		return d->place.file->path;
	}
	return NULL;
}
