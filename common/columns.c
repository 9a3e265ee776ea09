#include "columns.h"

#include "diag.h"
#include "number.h"

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
		if (!number_u64(str_of(arg), &c->top))
			argp_error(state, "--top: not a number: %s", arg);
		return 0;
	case 'c':
		c->list = arg;
		return 0;
	case 'o':
		if (!table_format_parse(arg, &c->format))
			argp_error(state, "--output is table, tsv, csv, json or md, not %s", arg);
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

static struct column column_named(const struct keys *keys, const struct column_values *values,
				  struct str name)
{
	for (int i = 0; i < keys->n; i++)
		if (str_eq(keys->key[i].name, name))
			return (struct column){.key = i};
	int value = value_named(values, name);
	if (value >= 0)
		return (struct column){.key = -1, .value = value};
	struct buf known = {0};
	for (int i = 0; i < keys->n; i++)
		add_name(&known, keys->key[i].name);
	for (int i = 0; i < values->n; i++)
		add_name(&known, str_of(values->info[i].name));
	diag_die(DIAG_USAGE, "no column %.*s; there are:%.*s", (int)name.n, name.p, (int)known.n,
		 known.p);
}

static void add_column(struct columns *c, struct column column)
{
	if (c->n == COLUMNS_MAX)
		diag_die(DIAG_USAGE, "more than %d columns", COLUMNS_MAX);
	c->column[c->n++] = column;
}

static void take_list(struct columns *c, struct keys *keys, const struct column_values *values)
{
	struct str list = str_of(c->list ? c->list : ""), name;
	bool keys_named = false;
	while (str_cut(&list, ',', &name))
		keys_named |= keys_use(keys, str_trim(name));
	for (int i = 0; i < keys->n && !keys_named; i++)
		add_column(c, (struct column){.key = i});
	for (int i = 0; i < values->n && !c->list; i++)
		if (values->all || values->info[i].standard)
			add_column(c, (struct column){.key = -1, .value = i});
	list = str_of(c->list ? c->list : "");
	while (c->list && str_cut(&list, ',', &name))
		add_column(c, column_named(keys, values, str_trim(name)));
}

static void take_sort(struct columns *c, const struct keys *keys, const struct column_values *values)
{
	struct str list = str_of(c->sort_list ? c->sort_list : "total_ns,calls"), name;
	while (str_cut(&list, ',', &name)) {
		name = str_trim(name);
		bool turned = str_starts(name, STR("-"));
		if (c->sorts == COLUMNS_SORTS)
			diag_die(DIAG_USAGE, "--sort takes at most %d columns", COLUMNS_SORTS);
		struct column column = column_named(keys, values, str_drop(name, turned));
		column.ascending = (column.key >= 0) != turned;
		c->sort[c->sorts++] = column;
	}
}

void columns_open(struct columns *c, struct keys *keys, const struct column_values *values)
{
	take_list(c, keys, values);
	take_sort(c, keys, values);
}
