#include "row.h"

static void print_cells(const struct row *r, int from, int to, const struct group *g, struct table *t)
{
	for (int i = from; i < to; i++) {
		const struct column *c = &r->columns->column[i];
		if (c->key >= 0)
			keys_cell(&r->options->keys, g->key, c->key, t);
		else
			measure_cell(t, (enum measure)c->value, g, r->options, r->total_ns);
	}
}

static void make_empty(struct row *r, const struct table *t)
{
	static const struct group empty;
	struct table *part = table_part(t);
	print_cells(r, 0, r->columns->n, &empty, part);
	buf_add_str(&r->empty, table_part_text(part));
	buf_add_char(&r->empty, '\t');
	table_part_free(part);
	for (int i = 0; i < r->columns->n; i++) {
		struct str rest = str_drop(buf_str(&r->empty), r->at[i]);
		r->at[i + 1] = r->at[i] + (size_t)(str_chr(rest, '\t') - rest.p) + 1;
	}
}

static void find_runs(struct row *r)
{
	for (int i = 0; i < r->columns->n; i++) {
		const struct column *c = &r->columns->column[i];
		unsigned acts = c->key >= 0 ? ACT_CALL : measure_acts((enum measure)c->value);
		if (r->runs == 0 || r->run[r->runs - 1].acts != acts)
			r->run[r->runs++] = (struct run){.from = i, .acts = acts};
		r->run[r->runs - 1].to = i + 1;
	}
}

void row_open(struct row *r, const struct options *o, const struct columns *columns, __uint128_t total_ns,
              const struct table *t)
{
	*r = (struct row){.options = o, .columns = columns, .total_ns = total_ns};
	if (!table_has_parts(t)) {
		r->run[r->runs++] = (struct run){0, columns->n, ACT_CALL};
		return;
	}
	find_runs(r);
	make_empty(r, t);
}

static void copy_empty(const struct row *r, int from, int to, struct table *t)
{
	if (from < to)
		table_cells(t, str_between(r->empty.p + r->at[from], r->empty.p + r->at[to] - 1), to - from);
}

/* Its sums are looked at, and not its calls: a partial can have any of them without the others. */
static unsigned acts_of(const struct group *g)
{
	unsigned acts = ACT_CALL;
#define SUM(id, column, act) acts |= group_sum(g, SUM_##id) ? ACT_##act : 0;
#define HIST(id, column, unit, act) acts |= group_has(g, HIST_##id) ? ACT_##act : 0;
#include "sums.def"
#undef SUM
#undef HIST
	return acts;
}

void row_print(const struct row *r, const struct group *g, struct table *t)
{
	unsigned acts = acts_of(g);
	int done = 0;
	for (const struct run *run = r->run; run < r->run + r->runs; run++) {
		if (!(run->acts & acts))
			continue;
		copy_empty(r, done, run->from, t);
		print_cells(r, run->from, run->to, g, t);
		done = run->to;
	}
	copy_empty(r, done, r->columns->n, t);
	table_end_row(t);
}

void row_close(struct row *r)
{
	buf_free(&r->empty);
}
