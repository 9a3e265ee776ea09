#include "facts.h"

#include "diag.h"
#include "number.h"
#include "source.h"

enum { FACTS_MAX = 1000 }; /* many times what sp-analyze writes: for tables that anybody may have made */

static void add(struct facts *f, struct str name, struct str value)
{
	if (f->n == f->room)
		f->fact = xrealloc(f->fact, f->room = f->room ? 2 * f->room : 32, sizeof *f->fact);
	f->fact[f->n++] = (struct fact){arena_str(&f->arena, name), arena_str(&f->arena, value)};
}

void facts_load(struct facts *f, const char *dir)
{
	*f = (struct facts){0};
	struct source source;
	f->present = source_open(&source, dir, "summary");
	if (!f->present)
		return;
	struct tsv *t = source.t;
	int name = tsv_want(t, "name"), value = tsv_want(t, "value");
	uint64_t left_out = 0;
	enum tsv_what what;
	while ((what = source_next(&source)) != TSV_END) {
		if (what != TSV_ROW || t->field[name].n == 0 || t->field[value].n == 0)
			continue;
		if (f->n < FACTS_MAX)
			add(f, t->field[name], t->field[value]);
		else
			left_out++;
	}
	if (left_out)
		diag(DIAG_WARNING, "%s: %llu rows more than %d are left out", source.path.p,
		     (unsigned long long)left_out, FACTS_MAX);
	source_close(&source);
}

struct str facts_get(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->fact[i].name, str_of(name)))
			return f->fact[i].value;
	return STR("");
}

bool facts_number(const struct facts *f, const char *name, int64_t *n)
{
	return number_i64(facts_get(f, name), n);
}
