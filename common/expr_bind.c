/* Names to columns: the part of expr that knows tables. */
#include "expr_tree.h"

static bool has_column(struct str header, struct str name)
{
	struct str column;
	while (str_cut(&header, '\t', &column))
		if (str_eq(column, name))
			return true;
	return false;
}

static bool find_variable(struct node *node, struct str name, const struct str *variables, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(name, variables[i]))
			continue;
		node->slot = -1 - (int)i;
		return true;
	}
	return false;
}

static bool unknown_name(const struct node *node, struct str header, const struct str *variables,
			 size_t n, struct fault *fault)
{
	struct nearest nearest = {0};
	struct str name = node->name, column, rest = header;
	while (str_cut(&rest, '\t', &column)) {
		fault_nearer(&nearest, name, column);
		if (str_ends(column, STR("_ns")))
			fault_nearer(&nearest, name, (struct str){column.p, column.n - 3});
	}
	for (size_t i = 0; i < n; i++)
		fault_nearer(&nearest, name, variables[i]);
	if (nearest.name.p)
		return fault_set(fault, node->at, node->n,
				 "there is no column %.*s; the nearest is %.*s", (int)name.n, name.p,
				 (int)nearest.name.n, nearest.name.p);
	if (node->maybe_word)
		return fault_set(fault, node->at, node->n,
				 "there is no column %.*s; if it is text, it needs quotes: \"%.*s\"",
				 (int)name.n, name.p, (int)name.n, name.p);
	struct buf have = {0};
	for (size_t i = 0; i < header.n; i++)
		buf_add_char(&have, header.p[i] == '\t' ? ' ' : header.p[i]);
	for (size_t i = 0; i < n; i++)
		buf_printf(&have, "%s%.*s", have.n ? " " : "", (int)variables[i].n, variables[i].p);
	fault_set(fault, node->at, node->n, "there is no column %.*s; there are: %.*s", (int)name.n,
		  name.p, (int)have.n, have.p ? have.p : "none");
	buf_free(&have);
	return false;
}

/* The name itself goes before the one with _ns. */
static bool bind_name(struct expr *e, struct node *node, struct tsv *table,
		      const struct str *variables, size_t n, struct fault *fault)
{
	struct str header = table ? table->header : (struct str){0};
	struct buf *spelling = &e->left;
	spelling->n = 0;
	buf_add_str(spelling, node->name);
	buf_add_str(spelling, STR("_ns"));
	buf_reserve(spelling, 1); /* for the end of the string */
	for (int i = 0; i < 2; i++) {
		struct str name = {spelling->p, i ? spelling->n : node->name.n};
		if (has_column(header, name)) {
			spelling->p[name.n] = '\0';
			node->slot = tsv_want(table, spelling->p);
			return true;
		}
		if (find_variable(node, name, variables, n))
			return !node->as_text || fault_set(fault, node->at, node->n,
							   "%.*s is a number, not text",
							   (int)name.n, name.p);
	}
	return unknown_name(node, header, variables, n, fault);
}

bool expr_bind(struct expr *e, struct tsv *table, const struct str *variables, size_t n,
	       struct fault *fault)
{
	for (size_t i = 0; i < e->names.n; i++)
		if (!bind_name(e, e->names.node[i], table, variables, n, fault))
			return false;
	return true;
}

bool expr_name(const struct expr *e, size_t i, struct str *name, int *slot)
{
	if (i >= e->names.n)
		return false;
	*name = e->names.node[i]->name;
	*slot = e->names.node[i]->slot;
	return true;
}
