#include "scope.h"

#include "fault.h"

static const struct {
	struct str name, columns;
} named[] = {
#define SCOPE(name, columns) {{name, sizeof name - 1}, {columns, sizeof columns - 1}},
#include "scope.def"
#undef SCOPE
};
enum { NAMED = sizeof named / sizeof *named };

/* Where these are missing there is one of it, or it does not matter; a row without one of the others
 * belongs to no group. */
static bool may_be_missing(struct str column)
{
	static const struct str names[] = {{"host", 4}, {"file", 4},  {"pid", 3},  {"tid", 3},
	                                   {"comm", 4}, {"fdgen", 5}, {"errno", 5}};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(column, names[i]))
			return true;
	return false;
}

static bool is_known(struct str known, struct str name)
{
	struct str column;
	while (str_cut(&known, '\t', &column))
		if (str_eq(column, name))
			return true;
	return event_column_by_name(name) >= 0;
}

static const unsigned of_path_alone = 1u << DERIVED_DIR | 1u << DERIVED_EXT | 1u << DERIVED_SHAPE | 1u << DERIVED_BASE;

static void take_column(struct scope *s, struct row *row, struct str name)
{
	struct buf z = {0};
	buf_add_str(&z, name);
	buf_add_char(&z, '\0');
	struct scope_column *c = &s->column[s->n++];
	*c = (struct scope_column){.slot = tsv_want(row->t, z.p), .required = !may_be_missing(name)};
	c->name = (struct str){z.p, name.n}; /* kept as long as the scope */
	for (int i = 0; i < DERIVED_COUNT; i++)
		if (derived_table[i].is_text && str_eq(derived_table[i].name, name))
			c->derived = 1u << i;
	if (c->derived & of_path_alone && !s->made.derived)
		s->made = (struct scope_made){c->derived, xcalloc(1 << SCOPE_MADE_BITS, sizeof *s->made.place), {0}, {0}};
	else
		s->needs |= c->derived;
	row_use(row, c->derived);
}

static int place_of(const struct scope *s, struct str name)
{
	for (int i = 0; i < s->n; i++)
		if (str_eq(s->column[i].name, name))
			return i;
	return -1;
}

static void take_path(struct scope *s, struct row *row)
{
	s->path = place_of(s, STR("path"));
	if (s->path < 0)
		return;
	if (place_of(s, STR("fd")) >= 0) {
		s->column[s->path].required = false;
		s->path = -1;
		return;
	}
	s->pid = tsv_want(row->t, "pid");
	s->fd = tsv_want(row->t, "fd");
	s->fdgen = tsv_want(row->t, "fdgen");
}

static struct scope *make(struct scope **all, struct row *row, struct str known, struct str text,
                          struct str *bad)
{
	struct str rest = text, name;
	for (struct scope *s = *all; s; s = s->next)
		if (str_eq(s->text, text))
			return s;
	for (int i = 0; i < NAMED; i++)
		if (str_eq(text, named[i].name))
			rest = named[i].columns;
	struct scope *s = xcalloc(1, sizeof *s);
	char *copy = xcalloc(1, text.n + 1);
	memcpy(copy, text.p, text.n);
	s->text = (struct str){copy, text.n};
	s->next = *all;
	*all = s;
	while (rest.n && str_cut(&rest, ',', &name)) {
		*bad = str_trim(name);
		if (!is_known(known, *bad) || s->n == SCOPE_COLUMNS)
			return NULL;
		take_column(s, row, *bad);
	}
	take_path(s, row);
	return s;
}

struct scope *scope_named(struct scope **all, struct row *row, struct str known, struct str text)
{
	struct str bad;
	return make(all, row, known, text, &bad);
}

struct scope *scope_of(struct scope **all, struct row *row, struct str known, const struct rules *r,
                       const struct rules_node *node)
{
	struct str bad = {0}, column, rest = known;
	rules_expect(r, node, RULES_TEXT, "a scope");
	struct scope *s = make(all, row, known, node->text, &bad);
	if (s)
		return s;
	struct nearest nearest = {0};
	while (str_cut(&rest, '\t', &column))
		fault_nearer(&nearest, bad, column);
	for (int i = 0; i < NAMED; i++)
		fault_nearer(&nearest, bad, named[i].name);
	struct fault fault;
	size_t at = bad.n ? (size_t)(bad.p - node->text.p) : 0;
	if (is_known(known, bad))
		fault_set(&fault, at, bad.n, "more than %d columns", SCOPE_COLUMNS);
	else if (nearest.name.p)
		fault_set(&fault, at, bad.n, "there is no column %.*s; the nearest is %.*s",
		          (int)bad.n, bad.p, (int)nearest.name.n, nearest.name.p);
	else
		fault_set(&fault, at, bad.n,
		          "there is no column %.*s; the rule's list `columns` may declare it",
		          (int)bad.n, bad.p);
	rules_fail_in(r, node, &fault);
}

static struct str value_at(const struct scope *s, const struct row *row, int i)
{
	struct str field = row->t->field[s->column[i].slot];
	return field.n || i != s->path ? field : buf_str(&s->nameless);
}

static void join(struct scope *s, const struct row *row)
{
	size_t room = 1;
	for (int i = 0; i < s->n; i++)
		room += value_at(s, row, i).n + 1;
	s->joined.n = 0;
	char *p = buf_reserve(&s->joined, room);
	for (int i = 0; i < s->n; i++) {
		struct str field = value_at(s, row, i);
		if (i)
			*p++ = '\t';
		if (field.n)
			p = mempcpy(p, field.p, field.n); /* what is derived may have nothing readable behind it */
	}
	s->key = str_between(s->joined.p, p);
}

static void add_number(struct buf *out, struct str label, struct str digits)
{
	buf_add_str(out, label);
	buf_add_str(out, digits);
}

/* Without its incarnation a descriptor is no file: its number means another one soon. */
static __attribute__((noinline)) bool name_descriptor(struct scope *s, const struct row *row)
{
	const struct str *field = row->t->field;
	s->nameless.n = 0;
	if (!field[s->fd].n || !field[s->fdgen].n)
		return false;
	add_number(&s->nameless, STR("pid "), field[s->pid]);
	add_number(&s->nameless, STR(" fd "), field[s->fd]);
	add_number(&s->nameless, STR(" gen "), field[s->fdgen]);
	return true;
}

uint64_t scope_hash(const struct scope *s, struct str key)
{
	struct str rest = key, value;
	uint64_t hash = 0;
	if (s->n < 2)
		return str_hash(key);
	for (int i = 0; i < s->n && str_cut(&rest, '\t', &value); i++)
		hash = value.n ? scope_combine(hash, str_hash(value), i) : hash;
	return hash;
}

struct str scope_key(struct scope *s, struct row *row)
{
	row_derive(row, s->made.derived);
	if (!s->has_key && s->n == 1)
		s->key = value_at(s, row, 0);
	else if (!s->has_key)
		join(s, row);
	s->has_key = true;
	return s->key;
}

static bool is_number(struct str column)
{
	return str_eq(column, STR("pid")) || str_eq(column, STR("tid")) || str_eq(column, STR("fd")) ||
	       str_eq(column, STR("fdgen"));
}

void scope_header(struct scope *s, struct row *row)
{
	for (; s; s = s->next) {
		s->parts = 0;
		s->lacks = false;
		s->of_numbers = true;
		s->needed = NULL;
		for (int i = 0; i < s->n; i++) {
			const struct scope_column *c = &s->column[i];
			if (c->derived || i == s->path || tsv_has(row->t, c->slot)) {
				bool number = is_number(c->name);
				bool made = c->derived && c->derived == s->made.derived;
				s->part[s->parts++] = (struct scope_part){made ? &s->made.field : &row->t->field[c->slot],
				                                          made ? &s->made.hash : &row->hash[c->slot],
				                                          i, c->required, number};
				s->of_numbers &= number;
				s->needed = c->required ? s->part[s->parts - 1].field : s->needed;
			} else {
				s->lacks |= c->required;
			}
		}
		s->of_numbers &= s->parts > 1;
		s->of_one = s->parts == 1 && !s->needs && !s->made.derived && !s->lacks;
		s->nothing = str_hash((struct str){0});
	}
}

static inline void find_made(struct scope_made *made, struct row *row)
{
	uint64_t path = scope_field_hash(row, &row->hash[EVENT_PATH], row_field(row, EVENT_PATH), false);
	struct scope_place *place = &made->place[path >> (64 - SCOPE_MADE_BITS)];
	if (place->path != path) {
		row_derive(row, made->derived);
		struct str text = row_field(row, row->text_slot[__builtin_ctz(made->derived)]);
		*place = (struct scope_place){path, str_hash(text), text.n};
	}
	made->field.n = place->n;
	made->hash.row = row->number;
	made->hash.hash = place->hash;
}

bool scope_read_slow(struct scope *s, struct row *row)
{
	uint64_t hash = 0;
	s->row = row->number;
	s->has_key = s->usable = false;
	if (s->lacks)
		return false;
	if (s->needs)
		row_derive(row, s->needs);
	if (s->made.derived)
		find_made(&s->made, row);
	for (const struct scope_part *p = s->part, *end = p + s->parts; p < end; p++) {
		uint64_t value;
		if (p->field->n)
			value = scope_part_hash(row, p);
		else if (p->place == s->path && name_descriptor(s, row))
			value = str_hash(buf_str(&s->nameless));
		else if (p->required)
			return false;
		else
			continue;
		hash = s->n > 1 ? scope_combine(hash, value, p->place) : value;
	}
	s->hash = s->n ? hash : s->nothing;
	return s->usable = true;
}

/* Short numbers are words of their own. */
bool scope_read_numbers(struct scope *s, struct row *row)
{
	uint64_t hash = 0;
	if (s->track_row == row->number)
		return s->trackable;
	s->track_row = row->number;
	s->trackable = false;
	if (s->lacks)
		return false;
	for (const struct scope_part *p = s->part + s->parts; p-- > s->part;) {
		struct str field = *p->field;
		if (field.n)
			hash = scope_combine(hash, field.n <= 8 ? str_word(field.p, field.n) : scope_part_hash(row, p),
			               p->place);
		else if (p->required)
			return false;
	}
	s->track_hash = hash;
	return s->trackable = true;
}

void scope_subject(const struct scope *s, struct str key, struct buf *out)
{
	struct str rest = key, value;
	bool any = false;
	for (int i = 0; i < s->n && str_cut(&rest, '\t', &value); i++) {
		struct str name = s->column[i].name;
		if (value.n == 0 || str_eq(name, STR("fdgen")))
			continue;
		buf_printf(out, "%s", any ? " " : "");
		if (is_number(name))
			buf_printf(out, "%.*s ", (int)name.n, name.p);
		buf_add_str(out, value);
		any = true;
	}
	if (!any)
		buf_add_str(out, s->n ? STR("unknown") : STR("all"));
}
