#include "columns.h"

#include "diag.h"
#include "option_value.h"

enum { KEY_TOTAL = 600 };

static const struct argp_option options[] = {
    {"sort", 's', "LIST", 0,
     "Order by these columns; -NAME turns the order round (default: total,calls)", 0},
    {"top", 'n', "N", 0, "Show only the first N rows", 0},
    {"columns", 'c', "LIST", 0, "Show these columns", 0},
    {"output", 'o', "FORM", 0,
     "table, tsv, csv, json or md (default: table on a terminal, else tsv)", 0},
    {"total", KEY_TOTAL, NULL, 0, "The total row in tsv, csv and json too", 0},
    {0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct columns *c = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		c->top = UINT64_MAX;
		return 0;
	case 's':
		c->sort_list = arg;
		return 0;
	case 'n':
		c->top = option_number(state, "--top", arg, 0, UINT64_MAX);
		return 0;
	case 'c':
		c->list = arg;
		return 0;
	case 'o':
		c->format = option_form(state, arg);
		return 0;
	case KEY_TOTAL:
		c->total = true;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp columns_argp = {.options = options, .parser = take_option};

static int value_named(const struct column_values *values, struct str name)
{
	for (int i = 0; i < values->n; i++)
		if (str_eq(name, str_of(values->info[i].name)))
			return i;
	for (int i = 0; i < values->n; i++) {
		struct str full = str_of(values->info[i].name);
		struct str unit = str_starts(full, name) ? str_drop(full, name.n) : STR("");
		if (str_eq(unit, STR("_ns")) || str_eq(unit, STR("_percent")))
			return i;
	}
	return -1;
}

static void add_name(struct buf *b, struct str name)
{
	buf_printf(b, " %.*s", (int)name.n, name.p);
}

static struct column column_named(const struct columns *c, struct str name)
{
	const struct keys *keys = c->keys;
	for (int i = 0; i < keys->n; i++)
		if (str_eq(keys->key[i].name, name))
			return (struct column){.key = i};
	int value = value_named(c->values, name);
	if (value >= 0)
		return (struct column){.key = -1, .value = value};
	struct buf known = {0};
	for (int i = 0; i < keys->n; i++)
		add_name(&known, keys->key[i].name);
	for (int i = 0; i < c->values->n; i++)
		add_name(&known, str_of(c->values->info[i].name));
	diag_die(DIAG_USAGE, "no column %.*s; there are:%.*s", (int)name.n, name.p, (int)known.n,
		 known.p);
}

static void add_column(struct columns *c, struct column column)
{
	if (c->n == COLUMNS_MAX)
		diag_die(DIAG_USAGE, "more than %d columns", COLUMNS_MAX);
	c->column[c->n++] = column;
}

/* Rows that do not tell their slice are no use: it comes first even where the list names other keys. */
static void take_list(struct columns *c)
{
	struct str list = str_of(c->list ? c->list : ""), name, slice = STR("slice_ns");
	bool keys_named = false, slice_named = false;
	while (str_cut(&list, ',', &name)) {
		keys_named |= keys_use(c->keys, str_trim(name));
		slice_named |= str_eq(str_trim(name), slice);
	}
	for (int i = 0; i < c->keys->n; i++)
		if (!keys_named || (!slice_named && str_eq(c->keys->key[i].name, slice)))
			add_column(c, (struct column){.key = i});
	/* A name that is a key means that: two columns of one name are no JSON, and no table of sqlite. */
	for (int i = 0; i < c->values->n && !c->list; i++)
		if ((c->values->all || c->values->info[i].standard) &&
		    !keys_use(c->keys, str_of(c->values->info[i].name)))
			add_column(c, (struct column){.key = -1, .value = i});
	list = str_of(c->list ? c->list : "");
	while (c->list && str_cut(&list, ',', &name))
		add_column(c, column_named(c, str_trim(name)));
}

static void take_sort(struct columns *c)
{
	struct str list = str_of(c->sort_list ? c->sort_list : "total_ns,calls"), name;
	while (str_cut(&list, ',', &name)) {
		name = str_trim(name);
		bool turned = str_starts(name, STR("-"));
		if (c->sorts == COLUMNS_SORTS)
			diag_die(DIAG_USAGE, "--sort takes at most %d columns", COLUMNS_SORTS);
		struct column column = column_named(c, str_drop(name, turned));
		column.ascending = (column.key >= 0) != turned;
		c->sort[c->sorts++] = column;
	}
}

void columns_open(struct columns *c, const struct keys *keys, const struct column_values *values)
{
	c->keys = keys;
	c->values = values;
	take_list(c);
	take_sort(c);
}

struct table *columns_table(const struct columns *c, struct output *out)
{
	struct table *t = table_new(out, c->format);
	for (int i = 0; i < c->n; i++) {
		const struct column *column = &c->column[i];
		if (column->key >= 0)
			table_column(t, c->keys->key[column->key].name.p,
				     c->keys->key[column->key].type);
		else
			table_column(t, c->values->info[column->value].name,
				     c->values->info[column->value].type);
	}
	table_keep_totals(t, c->total);
	return t;
}

int columns_label(const struct columns *c)
{
	int first = -1;
	for (int i = 0; i < c->n; i++) {
		int key = c->column[i].key;
		if (key >= 0 && c->keys->key[key].type == TABLE_TEXT)
			return i;
		if (key >= 0 && first < 0)
			first = i;
	}
	return first;
}
