#include "show_private.h"

#include "diag.h"
#include "number.h"

/* Text, as a table would show it. */
static void add_clean(struct buf *out, struct str s)
{
	table_clean(out, s);
}

void show_where(const struct finding *f, bool for_people, struct buf *out)
{
	char shown[NUMBER_HUMAN];
	for (int i = 0; i < f->group->examples; i++) {
		const struct example *x = &f->group->worst[i];
		bool cited = x->file || x->line >= 0;
		if (!cited && x->start_ns < 0)
			continue;
		if (out->n)
			buf_add_str(out, for_people ? STR(", ") : STR(" "));
		if (cited) {
			add_clean(out, x->file ? *x->file : STR("line"));
			if (x->line >= 0)
				buf_printf(out, ":%lld", (long long)x->line);
		} else if (for_people) {
			buf_add_str(out, str_of(number_human_time(shown, x->start_ns)));
		} else {
			buf_printf(out, "%lld", (long long)x->start_ns);
		}
		if (!for_people)
			continue;
		buf_add_char(out, ' ');
		add_clean(out, x->call ? *x->call : STR("?"));
		if (x->dur_ns >= 0)
			buf_printf(out, " %s", number_human_ns(shown, x->dur_ns));
		if (x->tid >= 0 && !cited)
			buf_printf(out, " tid %lld", (long long)x->tid);
	}
}

bool show_takes(struct show_limit *limit, const struct findings *f, size_t i)
{
	uint64_t before = 0; /* of the same rule */
	for (size_t j = i; limit->each != UINT64_MAX && j-- > 0 && before < limit->each;)
		before += f->list[j].rule == f->list[i].rule;
	if (limit->shown < limit->options->top && before < limit->each) {
		limit->shown++;
		return true;
	}
	limit->left++;
	limit->left_ns += f->list[i].saves_ns > 0 ? f->list[i].saves_ns : 0;
	return false;
}

/* ---- tables ---- */

static void optional(struct table *t, bool known, __int128_t value)
{
	if (known)
		table_int(t, value);
	else
		table_empty(t);
}

static void row(struct table *t, const struct finding *f, bool brief, bool for_people)
{
	struct buf text = {0};
	table_text(t, str_of(severity_names[f->severity]));
	table_text(t, f->rule->id);
	table_text(t, f->subject);
	table_int(t, f->calls);
	optional(t, f->timed, f->total_ns);
	table_text(t, f->evidence);
	if (!brief)
		table_text(t, f->rule->fix);
	optional(t, f->saves_ns >= 0, f->saves_ns);
	optional(t, f->saves_calls >= 0, f->saves_calls);
	if (!brief) {
		table_text(t, f->rule->title);
		show_where(f, for_people, &text);
		table_text(t, buf_str(&text));
		optional(t, f->group->missed > 0, f->group->missed);
	}
	table_end_row(t);
	buf_free(&text);
}

static void show_table(const struct show_options *o, const struct findings *f)
{
	enum table_format format = table_format_for(&output_stdout, o->format);
	bool brief = format == TABLE_ALIGNED; /* what fits a terminal */
	bool for_people = brief || format == TABLE_MD;
	struct show_limit limit = {.options = o, .each = o->each};
	struct table *t = table_new(&output_stdout, o->format);
	table_column(t, "severity", TABLE_TEXT);
	table_column(t, "rule", TABLE_TEXT);
	table_column(t, "subject", TABLE_TEXT);
	table_column(t, "calls", TABLE_COUNT);
	table_column(t, "total_ns", TABLE_NS);
	table_column(t, "evidence", TABLE_TEXT);
	if (!brief)
		table_column(t, "fix", TABLE_TEXT);
	table_column(t, "saves_ns", TABLE_NS);
	table_column(t, "saves_calls", TABLE_COUNT);
	if (!brief) {
		table_column(t, "title", TABLE_TEXT);
		table_column(t, "where", TABLE_TEXT);
		table_column(t, "missed_ns", TABLE_NS);
	}
	for (size_t i = 0; i < f->n; i++)
		if (show_takes(&limit, f, i))
			row(t, &f->list[i], brief, for_people);
	table_finish(t);
	if (limit.left)
		diag(DIAG_NOTE, "%llu more findings are not shown", (unsigned long long)limit.left);
}

void show_findings(const struct show_options *o, const struct findings *f, const struct engine *e)
{
	enum show_form form = o->form;
	if (form == SHOW_AUTO)
		form = table_format_for(&output_stdout, TABLE_AUTO) == TABLE_ALIGNED ? SHOW_TEXT : SHOW_TABLE;
	if (form == SHOW_TEXT)
		show_text(o, f, e);
	else if (form == SHOW_TAP)
		show_tap(o, f, e);
	else
		show_table(o, f);
}
