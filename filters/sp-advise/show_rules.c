/* The rules themselves: --list and --explain. */
#include "load_private.h"
#include "show.h"

static void list_severities(const struct rule *r, struct buf *out)
{
	out->n = 0;
	for (int i = 0; i < r->severities; i++)
		buf_printf(out, "%s%s", i ? "," : "", severity_names[r->severity[i].severity]);
	if (r->off)
		buf_add_str(out, STR("off"));
}

void show_rules(enum table_format format, const struct engine *e)
{
	struct buf severities = {0};
	struct table *t = table_new(&output_stdout, format);
	table_column(t, "rule", TABLE_TEXT);
	table_column(t, "severity", TABLE_TEXT);
	table_column(t, "scope", TABLE_TEXT);
	table_column(t, "follows", TABLE_TEXT);
	table_column(t, "title", TABLE_TEXT);
	for (const struct rule *r = e->rules.first; r; r = r->next) {
		list_severities(r, &severities);
		table_text(t, r->id);
		table_text(t, buf_str(&severities));
		table_text(t, r->scope->text);
		table_text(t, r->follows ? STR("fd") : STR(""));
		table_text(t, r->title);
		table_end_row(t);
	}
	table_finish(t);
	buf_free(&severities);
}

/* ---- one rule, as YAML again ---- */

static void put_text(struct str s)
{
	struct buf clean = {0};
	struct str rest = s, word;
	while (str_cut(&rest, '\n', &word)) {
		if (clean.n)
			buf_add_char(&clean, ' ');
		table_clean(&clean, str_trim(word));
	}
	output_str(&output_stdout, buf_str(&clean));
	buf_free(&clean);
}

static void put_node(const struct rules_node *node, int depth)
{
	if (node->kind == RULES_TEXT) {
		output_char(&output_stdout, ' ');
		put_text(node->text);
		output_char(&output_stdout, '\n');
		return;
	}
	output_char(&output_stdout, '\n');
	for (const struct rules_node *c = node->first; c; c = c->next) {
		output_printf(&output_stdout, "%*s", 2 * depth, "");
		if (node->kind == RULES_MAP)
			output_printf(&output_stdout, "%.*s:", (int)c->key.n, c->key.p);
		else
			output_char(&output_stdout, '-');
		put_node(c, depth + 1);
	}
}

bool show_rule(const struct engine *e, const char *id)
{
	struct source key[RULE_KEYS];
	const char *path = load_sources(&e->rules, str_of(id), key);
	if (!path)
		return false;
	for (int i = 0; i < RULE_KEYS; i++) {
		if (!key[i].node)
			continue;
		output_printf(&output_stdout, "%.*s:", (int)key[i].node->key.n, key[i].node->key.p);
		put_node(key[i].node, 1);
	}
	output_printf(&output_stdout, "file: %s\n", path);
	return true;
}
