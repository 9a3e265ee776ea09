#include "diag.h"
#include "load_private.h"
#include "number.h"

const struct str value_names[VALUE_COUNT] = {
#define VALUE(id, name) [VALUE_##id] = {name, sizeof name - 1},
#include "value.def"
#undef VALUE
};

const char *const severity_names[SEVERITIES] = {"info", "low", "medium", "high", "critical"};

bool severity_parse(struct str name, enum severity *severity)
{
	for (int i = 0; i < SEVERITIES; i++) {
		if (!str_eq(name, str_of(severity_names[i])))
			continue;
		*severity = (enum severity)i;
		return true;
	}
	return false;
}

int64_t load_time(struct loading *l, const struct rules_node *node)
{
	int64_t ns;
	rules_expect(l->at.file, node, RULES_TEXT, "a time");
	if (!number_duration(node->text, &ns) || ns <= 0)
		rules_fail(l->at.file, node, "a time is like 10us, 1.5ms, 2s, not %.*s",
		           (int)node->text.n, node->text.p);
	return ns;
}

int load_add_slot(struct loading *l, enum slot_kind kind, const char *name)
{
	struct rule *r = l->rule;
	int slot = r->slots++;
	r->slot_kind[slot] = kind;
	r->names[r->variables++] = arena_str(load_memory(l), str_of(name));
	return slot;
}

/* ---- the keys ---- */

static void require_keys(struct loading *l, struct source place, const struct source key[RULE_KEYS])
{
	static const struct {
		enum rule_key key;
		const char *name;
	} needed[] = {{RULE_KEY_TITLE, "title"}, {RULE_KEY_SEVERITY, "severity"}, {RULE_KEY_TEXT, "text"}};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!key[needed[i].key].node)
			rules_fail(place.file, place.node, "the rule %.*s has no %s", (int)l->rule->id.n, l->rule->id.p,
			           needed[i].name);
}

static void take_scope(struct loading *l, const struct rules_node *node)
{
	if (node && !str_eq(node->text, STR("fd"))) {
		l->rule->scope = load_scope(l, node);
		return;
	}
	struct str columns = node ? STR("host,file,pid,fd,fdgen,path") : STR("all");
	l->rule->scope = scope_named(&l->set->scopes, l->row, buf_str(&l->known), columns);
}

static void take_columns(struct loading *l, const struct rules_node *list)
{
	struct buf more = {0};
	for (const struct rules_node *c = list ? list->first : NULL; c; c = c->next) {
		rules_expect(l->at.file, c, RULES_TEXT, "a column");
		if (c->text.n == 0 || !tsv_is_clean(c->text))
			rules_fail(l->at.file, c, "no name of a column");
		buf_printf(&more, "%s%.*s", more.n ? "\t" : "", (int)c->text.n, c->text.p);
	}
	row_known(l->row, buf_str(&more), &l->known);
	buf_free(&more);
}

static void take_kind(struct loading *l, const struct rules_node *node)
{
	struct str rest = node->text, name;
	while (str_cut(&rest, ',', &name)) {
		unsigned bit = 0;
		name = str_trim(name);
		for (int i = 0; i < EVENT_KINDS; i++)
			if (str_eq(name, event_kind_name[i]))
				bit = 1u << i;
		if (!bit)
			rules_fail(l->at.file, node,
			           "a kind is call, unfinished, signal, exit or async, not %.*s",
			           (int)name.n, name.p);
		l->rule->kinds |= bit;
	}
}

static void add_case(struct rule *r, enum severity severity, struct expr *when)
{
	int at = r->severities++;
	for (; at > 0 && r->severity[at - 1].severity < severity; at--)
		r->severity[at] = r->severity[at - 1];
	r->severity[at] = (struct severity_case){severity, when};
}

static void take_severity(struct loading *l, const struct rules_node *node)
{
	struct rule *r = l->rule;
	enum severity severity;
	if (node->kind == RULES_TEXT) {
		r->off = str_eq(node->text, STR("off"));
		if (!r->off && !severity_parse(node->text, &severity))
			rules_fail(l->at.file, node,
			           "a severity is critical, high, medium, low, info or off");
		if (!r->off)
			add_case(r, severity, NULL);
		return;
	}
	for (const struct rules_node *c = node->first; c; c = c->next) {
		if (!severity_parse(c->key, &severity))
			rules_fail(l->at.file, c, "a severity is critical, high, medium, low or info");
		add_case(r, severity, load_expr(l, c, EXPR_CONDITION, r->variables));
	}
}

static void take_saves(struct loading *l, const struct rules_node *map)
{
	static const char *const names[] = {"time", "calls", "because", NULL};
	struct rule *r = l->rule;
	load_check_keys(l, map, names, "saves");
	const struct rules_node *time = rules_get(map, "time"), *calls = rules_get(map, "calls");
	const struct rules_node *because = rules_get(map, "because");
	if (time) {
		r->saves_time = load_expr(l, time, EXPR_FORMULA, r->variables);
		r->saves_time_text = time->text;
	}
	if (calls) {
		r->saves_calls = load_expr(l, calls, EXPR_FORMULA, r->variables);
		r->saves_calls_text = calls->text;
	}
	if (because) {
		rules_expect(l->at.file, because, RULES_TEXT, "because");
		r->because = because->text;
	}
}

static bool is_one(int variable, enum value first, enum value last)
{
	return variable >= (int)first && variable <= (int)last;
}

static void note_values(struct rule *r, const struct expr *e)
{
	struct str name;
	int slot;
	for (size_t i = 0; e && expr_name(e, i, &name, &slot); i++) {
		int v = -1 - slot;
		r->needs_bins |= is_one(v, VALUE_P50, VALUE_P999);
		r->needs_extremes |= v == VALUE_MIN || v == VALUE_MAX || is_one(v, VALUE_P50, VALUE_P999);
		r->needs_bytes |= is_one(v, VALUE_BYTES, VALUE_MAX_BYTES) || v == VALUE_BYTES_PER_S;
		r->needs_span |= is_one(v, VALUE_FIRST, VALUE_SPAN);
		r->needs_sum |= is_one(v, VALUE_RULE_CALLS, VALUE_RULE_BYTES);
	}
}

/* What is not asked for need not be kept; partials that kept other things do not add up. */
static void look_for_values(struct rule *r)
{
	note_values(r, r->when);
	note_values(r, r->saves_time);
	note_values(r, r->saves_calls);
	for (int i = 0; i < r->severities; i++)
		note_values(r, r->severity[i].when);
	for (int i = 0; i < r->measures; i++)
		note_values(r, r->measure[i].of_measures);
	for (const struct piece *p = r->text; p; p = p->next)
		note_values(r, p->formula);
	const bool needs[] = {r->needs_bins, r->needs_extremes, r->needs_bytes, r->needs_span, r->needs_sum};
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		r->digest = r->digest * 31 + needs[i];
}

static struct str text_of(const struct source *key)
{
	return key->node ? key->node->text : (struct str){0};
}

void load_rule(struct loading *l, struct source place, const struct source key[RULE_KEYS])
{
	struct rule *r = l->rule;
	r->names = arena_alloc(load_memory(l), (VALUE_COUNT + RULE_SLOTS) * sizeof *r->names);
	memcpy(r->names, value_names, sizeof value_names);
	r->variables = VALUE_COUNT;
	r->title = text_of(&key[RULE_KEY_TITLE]);
	r->fix = text_of(&key[RULE_KEY_FIX]);
	r->about = text_of(&key[RULE_KEY_ABOUT]);
	r->hung_slot = -1;
	require_keys(l, place, key);
#define WITH(id) (l->at = key[RULE_KEY_##id], l->at.node)
	take_columns(l, WITH(COLUMNS));
	take_scope(l, WITH(SCOPE));
	if (WITH(KIND))
		take_kind(l, l->at.node);
	else
		r->kinds = 1u << EVENT_CALL;
	if (WITH(CALLS))
		r->calls = load_calls(l, l->at.node);
	if (WITH(WHERE))
		r->where = load_event_expr(l, l->at.node, EXPR_CONDITION);
	if (WITH(WORST))
		r->worst = load_event_expr(l, l->at.node, EXPR_FORMULA);
	if (WITH(SEQUENCE))
		load_sequence(l, l->at.node);
	if (WITH(PAIRS))
		load_pairs(l, l->at.node);
	if (r->kinds & 1u << EVENT_UNFINISHED)
		r->hung_slot = load_add_slot(l, SLOT_HUNG, "hung_ns");
	if (WITH(MEASURES))
		load_measures(l, l->at.node);
	if (WITH(SEVERITY))
		take_severity(l, l->at.node);
	if (WITH(WHEN))
		r->when = load_expr(l, l->at.node, EXPR_CONDITION, r->variables);
	if (WITH(TEXT))
		load_text(l, l->at.node);
	if (WITH(SAVES))
		take_saves(l, l->at.node);
#undef WITH
	look_for_values(r);
}
