/* The text of a finding: "{calls} flushes of {mean} each". */
#include "load_private.h"

static const struct {
	struct str name;
	enum show show;
} formats[] = {
    {{"count", 5}, SHOW_COUNT},     {{"ns", 2}, SHOW_NS},         {{"bytes", 5}, SHOW_BYTES},
    {{"percent", 7}, SHOW_PERCENT}, {{"number", 6}, SHOW_NUMBER}, {{"time", 4}, SHOW_TIME},
};
enum { FORMATS = sizeof formats / sizeof *formats };

static struct piece *add(struct loading *l, struct piece ***end)
{
	struct piece *p = arena_alloc(load_memory(l), sizeof *p);
	p->measure = -1;
	**end = p;
	*end = &p->next;
	return p;
}

static bool is_single(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (!((c >= 'a' && c <= 'z') || c == '_' || number_is_digit(c)))
			return false;
	}
	return text.n > 0;
}

/* The variable of that name, or of it with _ns; -1. */
static int variable_named(const struct rule *r, struct str name)
{
	for (int with_unit = 0; with_unit < 2; with_unit++)
		for (int i = 0; i < r->variables; i++) {
			struct str known = r->names[i];
			if (with_unit && str_ends(known, STR("_ns")))
				known.n -= 3;
			if (str_eq(known, name))
				return i;
		}
	return -1;
}

static enum show show_of(struct str name)
{
	if (str_eq(name, value_names[VALUE_FIRST]) || str_eq(name, value_names[VALUE_LAST]))
		return SHOW_TIME;
	if (str_ends(name, STR("_ns")))
		return SHOW_NS;
	if (str_ends(name, STR("bytes")))
		return SHOW_BYTES;
	if (str_ends(name, STR("share")))
		return SHOW_PERCENT;
	return str_ends(name, STR("_per_s")) ? SHOW_NUMBER : SHOW_COUNT;
}

/* Takes "| ns" off the end. A "||" is an or. */
static bool take_format(struct str *text, enum show *show, struct fault *fault, size_t at)
{
	const char *bar = text->n ? memrchr(text->p, '|', text->n) : NULL;
	if (!bar || (bar > text->p && bar[-1] == '|'))
		return true;
	struct str name = str_trim(str_between(bar + 1, text->p + text->n));
	text->n = (size_t)(bar - text->p);
	for (int i = 0; i < FORMATS; i++) {
		if (!str_eq(formats[i].name, name))
			continue;
		*show = formats[i].show;
		return true;
	}
	return fault_set(fault, at + (size_t)(bar - text->p), 1,
	                 "a value is shown as count, ns, bytes, percent, number or time, not %.*s",
	                 (int)name.n, name.p);
}

/* What stands between the braces; `at` is where in the text. */
static void read_value(struct loading *l, const struct rules_node *node, struct piece *p,
                       struct str text, size_t at)
{
	struct rule *r = l->rule;
	struct fault fault;
	p->show = SHOW_NUMBER;
	struct str single = str_trim(text);
	int variable = is_single(single) ? variable_named(r, single) : -1;
	if (variable >= 0)
		p->show = show_of(r->names[variable]);
	for (int i = 0; i < r->measures; i++) {
		bool is_text = r->measure[i].kind == SLOT_FIRST || r->measure[i].kind == SLOT_LAST;
		if (is_text && str_eq(r->measure[i].name, single))
			p->measure = i;
	}
	if (p->measure >= 0)
		return;
	if (!take_format(&text, &p->show, &fault, at))
		rules_fail_in(l->at.file, node, &fault);
	/* The expression alone, at its place: the fault's offset is then that of the text. */
	p->formula = expr_compile(text, EXPR_FORMULA, &fault);
	if (p->formula && expr_bind(p->formula, NULL, r->names, (size_t)r->variables, &fault))
		return;
	fault.at += at;
	load_name_measures(&fault);
	rules_fail_in(l->at.file, node, &fault);
}

void load_text(struct loading *l, const struct rules_node *node)
{
	struct piece **end = &l->rule->text;
	struct str rest = node->text;
	while (rest.n) {
		const char *brace = str_chr(rest, '{');
		size_t n = brace ? (size_t)(brace - rest.p) : rest.n;
		if (n)
			add(l, &end)->literal = (struct str){rest.p, n};
		rest = str_drop(rest, n);
		if (!brace)
			break;
		if (rest.n > 1 && rest.p[1] == '{') {
			add(l, &end)->literal = (struct str){rest.p, 1};
			rest = str_drop(rest, 2);
			continue;
		}
		const char *close = str_chr(rest, '}');
		size_t at = (size_t)(rest.p - node->text.p);
		struct fault fault;
		if (!close) {
			fault_set(&fault, at, 1, "this brace is never closed; {{ is a brace itself");
			rules_fail_in(l->at.file, node, &fault);
		}
		read_value(l, node, add(l, &end), str_between(rest.p + 1, close), at + 1);
		rest = str_drop(rest, (size_t)(close - rest.p) + 1);
	}
}
