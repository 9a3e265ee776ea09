#include "partial.h"

#include <stdlib.h>

#include "number.h"
#include "table.h"

static const char *const names[PARTIAL_COLUMNS] = {
#define PARTIAL(id, name) [PARTIAL_##id] = name,
#include "partial.def"
#undef PARTIAL
};
_Static_assert(PARTIAL_KEY8 - PARTIAL_KEY1 + 1 == SCOPE_COLUMNS, "one for each column of a scope");

/* ---- out ---- */

struct writer {
	struct buf row;
	int column; /* of the next cell */
};

static void to_column(struct writer *w, enum partial_column column)
{
	for (; w->column < (int)column; w->column++)
		buf_add_char(&w->row, '\t');
}

static void put_number(struct writer *w, enum partial_column column, __uint128_t value)
{
	to_column(w, column);
	char *p = buf_reserve(&w->row, 40);
	w->row.n += (size_t)(number_put_u128(p, value) - p);
}

static void put_signed(struct writer *w, enum partial_column column, int64_t value)
{
	to_column(w, column);
	buf_printf(&w->row, "%lld", (long long)value);
}

static void put_text(struct writer *w, enum partial_column column, struct str text)
{
	to_column(w, column);
	bool quote = text.n && text.p[0] == '"';
	if (quote)
		buf_add_str(&w->row, STR("\\x22"));
	table_clean(&w->row, str_drop(text, quote));
}

static void end_row(struct writer *w, struct output *out)
{
	to_column(w, PARTIAL_COLUMNS - 1);
	buf_add_char(&w->row, '\n');
	output_str(out, buf_str(&w->row));
	w->row.n = 0;
	w->column = 0;
}

static void put_slots(struct writer *w, const struct rule *r, const struct slot *slots)
{
	struct buf text = {0};
	for (int i = 0; i < r->slots; i++) {
		if (i)
			buf_add_char(&text, ' ');
		slot_write(r->slot_kind[i], &slots[i], &text);
	}
	put_text(w, PARTIAL_SLOTS, buf_str(&text));
	buf_free(&text);
}

/* VALUE:START:DUR:TID:LINE:CALL:FILE, a blank between two. */
static void put_examples(struct writer *w, const struct group *g)
{
	struct buf text = {0};
	for (int i = 0; i < g->examples; i++) {
		const struct example *x = &g->worst[i];
		buf_printf(&text, "%s%lld:%lld:%lld:%lld:%lld:%.*s:", i ? " " : "", (long long)x->value,
		           (long long)x->start_ns, (long long)x->dur_ns, (long long)x->tid,
		           (long long)x->line, x->call ? (int)x->call->n : 0, x->call ? x->call->p : "");
		if (x->file)
			slot_write_text(*x->file, &text);
	}
	put_text(w, PARTIAL_WORST, buf_str(&text));
	buf_free(&text);
}

static void write_group(struct writer *w, const struct rule *r, const struct group *g)
{
	struct str rest = g->key, value;
	put_text(w, PARTIAL_RULE, r->id);
	put_text(w, PARTIAL_PART, STR("group"));
	for (int i = 0; i < r->scope->n && str_cut(&rest, '\t', &value); i++)
		put_text(w, (enum partial_column)(PARTIAL_KEY1 + i), value);
	put_number(w, PARTIAL_CALLS, g->calls);
	put_number(w, PARTIAL_ERRORS, g->errors);
	put_number(w, PARTIAL_TIMED, g->timed);
	put_number(w, PARTIAL_TOTAL, g->total_ns);
	put_signed(w, PARTIAL_MIN, g->min_ns);
	put_signed(w, PARTIAL_MAX, g->max_ns);
	put_number(w, PARTIAL_MOVES, g->moves);
	put_number(w, PARTIAL_BYTES, g->bytes);
	put_signed(w, PARTIAL_MIN_BYTES, g->min_bytes);
	put_signed(w, PARTIAL_MAX_BYTES, g->max_bytes);
	if (g->first_ns <= g->last_ns) {
		put_signed(w, PARTIAL_FIRST, g->first_ns);
		put_signed(w, PARTIAL_LAST, g->last_ns);
	}
	put_number(w, PARTIAL_WEIGHT, g->weight);
	put_number(w, PARTIAL_MISSED, g->missed);
	to_column(w, PARTIAL_BINS);
	hist_write_bins(&g->dur, &w->row);
	put_examples(w, g);
	put_slots(w, r, g->slot);
}

static uint64_t given_up(const struct rule *r)
{
	return r->lost + (r->pairs && r->pairs->track ? r->pairs->track->lost : 0);
}

static void write_rule(struct writer *w, const struct rule *r)
{
	put_text(w, PARTIAL_RULE, r->id);
	put_text(w, PARTIAL_PART, STR("rule"));
	put_number(w, PARTIAL_DIGEST, r->digest);
	put_number(w, PARTIAL_CALLS, r->sum.calls);
	put_number(w, PARTIAL_ERRORS, r->sum.errors);
	put_number(w, PARTIAL_TIMED, r->saw);
	put_number(w, PARTIAL_TOTAL, r->sum.ns);
	put_number(w, PARTIAL_MIN, given_up(r));
	put_number(w, PARTIAL_BYTES, r->sum.bytes);
	put_number(w, PARTIAL_WEIGHT, r->groups.forgotten);
	put_number(w, PARTIAL_MISSED, groups_floor(&r->groups));
	put_slots(w, r, r->trace_slot);
}

static void write_trace(struct writer *w, const struct engine *e)
{
	put_text(w, PARTIAL_PART, STR("trace"));
	put_number(w, PARTIAL_CALLS, e->totals.calls);
	put_number(w, PARTIAL_ERRORS, e->totals.errors);
	put_number(w, PARTIAL_TIMED, e->untimed);
	put_number(w, PARTIAL_TOTAL, e->totals.ns);
	put_number(w, PARTIAL_MIN, e->totals.wait_ns);
	put_number(w, PARTIAL_MAX, e->totals.span_ns);
	put_number(w, PARTIAL_MOVES, e->rows);
}

void partials_write(struct engine *e, struct output *out)
{
	struct writer w = {0};
	for (int i = 0; i < PARTIAL_COLUMNS; i++)
		output_printf(out, "%s%s", i ? "\t" : "", names[i]);
	output_char(out, '\n');
	write_trace(&w, e);
	end_row(&w, out);
	for (const struct rule *r = e->rules.first; r; r = r->next) {
		if (r->off)
			continue;
		write_rule(&w, r);
		end_row(&w, out);
		struct group **groups = groups_sorted(&r->groups);
		for (size_t i = 0; i < r->groups.n; i++) {
			write_group(&w, r, groups[i]);
			end_row(&w, out);
		}
		free(groups);
	}
	buf_free(&w.row);
}
