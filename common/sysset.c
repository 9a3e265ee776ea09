#include "sysset.h"

#include <stdlib.h>

#include "arena.h"
#include "number.h"
#include "pattern.h"
#include "syscall.h"

/* Names that the table does not know (newer calls, syscall_0x1ff) are few; what was decided for them
 * is remembered, the last one in each place. */
enum { REMEMBERED = 64, LONGEST_NAME = 48 };

struct remembered {
	uint8_t n;
	bool in;
	char name[LONGEST_NAME];
};

struct element {
	enum { ELEMENT_NAME, ELEMENT_CLASS, ELEMENT_PATTERN, ELEMENT_ALL, ELEMENT_NONE } kind;
	bool negated;
	struct str name;
	unsigned classes;
	struct pattern *pattern;
};

struct sysset {
	bool inverted; /* begins with ! */
	struct element *element;
	size_t elements;
	struct arena arena;
	uint64_t *rows; /* a bit for each row of syscall_table */
	bool others;	/* events that are no calls */
	struct remembered *remembered; /* REMEMBERED, as soon as there is one */
};

static const struct class {
	const char *name;
	unsigned classes;
	bool bare; /* strace takes it without the %, too */
} classes[] = {
    {"%file", SYSCALL_CLASS_FILE, true},
    {"%desc", SYSCALL_CLASS_DESC, true},
    {"%process", SYSCALL_CLASS_PROCESS, true},
    {"%net", SYSCALL_CLASS_NETWORK, false},
    {"%network", SYSCALL_CLASS_NETWORK, true},
    {"%signal", SYSCALL_CLASS_SIGNAL, true},
    {"%ipc", SYSCALL_CLASS_IPC, true},
    {"%memory", SYSCALL_CLASS_MEMORY, true},
    {"%creds", SYSCALL_CLASS_CREDS, false},
    {"%clock", SYSCALL_CLASS_CLOCK, false},
    {"%pure", SYSCALL_CLASS_PURE, false},
    {"%stat", SYSCALL_CLASS_STAT, false},
    {"%lstat", SYSCALL_CLASS_LSTAT, false},
    {"%fstat", SYSCALL_CLASS_FSTAT, false},
    {"%%stat", SYSCALL_CLASS_STAT | SYSCALL_CLASS_LSTAT | SYSCALL_CLASS_FSTAT, false},
    {"%statfs", SYSCALL_CLASS_STATFS, false},
    {"%fstatfs", SYSCALL_CLASS_FSTATFS, false},
    {"%%statfs", SYSCALL_CLASS_STATFS | SYSCALL_CLASS_FSTATFS | SYSCALL_CLASS_USTAT, false},
    {0},
};

/* ---- membership ---- */

static bool matches(const struct element *e, struct str name, const struct syscall_info *info)
{
	switch (e->kind) {
	case ELEMENT_NAME:
		return str_eq(e->name, name);
	case ELEMENT_CLASS:
		return info && (info->classes & e->classes);
	case ELEMENT_PATTERN:
		return name.n && pattern_match(e->pattern, name);
	case ELEMENT_ALL:
		return true;
	case ELEMENT_NONE:
		break;
	}
	return false;
}

static bool decide(const struct sysset *s, struct str name, const struct syscall_info *info)
{
	bool in = s->inverted;
	for (size_t i = 0; i < s->elements; i++)
		if (matches(&s->element[i], name, info))
			in = !s->inverted && !s->element[i].negated;
	return in;
}

static bool has_unknown(struct sysset *s, struct str name)
{
	if (name.n > LONGEST_NAME)
		return decide(s, name, NULL);
	if (!s->remembered)
		s->remembered = xcalloc(REMEMBERED, sizeof *s->remembered);
	struct remembered *r = &s->remembered[str_hash(name) % REMEMBERED];
	if (!str_eq((struct str){r->name, r->n}, name)) {
		r->in = decide(s, name, NULL);
		r->n = (uint8_t)name.n;
		memcpy(r->name, name.p, name.n);
	}
	return r->in;
}

bool sysset_has(struct sysset *s, struct str syscall)
{
	if (syscall.n == 0)
		return s->others;
	const struct syscall_info *info = syscall_by_name(syscall);
	if (!info)
		return has_unknown(s, syscall);
	size_t row = (size_t)(info - syscall_table);
	return s->rows[row / 64] >> row % 64 & 1;
}

/* ---- reading a set ---- */

static const struct class *class_by_name(struct str name)
{
	for (const struct class *c = classes; c->name; c++)
		if (str_eq(name, str_of(c->name)) || (c->bare && str_eq(name, str_of(c->name + 1))))
			return c;
	return NULL;
}

static bool fail_unknown(struct str name, size_t at, struct fault *fault)
{
	struct nearest nearest = {0};
	for (const struct class *c = classes; c->name; c++) {
		fault_nearer(&nearest, name, str_of(c->name));
		if (c->bare)
			fault_nearer(&nearest, name, str_of(c->name + 1));
	}
	for (size_t i = 0; i < syscall_count; i++)
		fault_nearer(&nearest, name, syscall_table[i].name);
	const char *what = name.n && name.p[0] == '%' ? "class" : "system call";
	if (nearest.name.p)
		return fault_set(fault, at, name.n, "there is no %s %.*s; the nearest is %.*s", what,
				 (int)name.n, name.p, (int)nearest.name.n, nearest.name.p);
	return fault_set(fault, at, name.n, "there is no %s %.*s%s", what, (int)name.n, name.p,
			 name.p[0] == '%' ? "" : "; ?NAME takes a name that is not known");
}

static bool read_pattern(struct element *e, struct str text, size_t at, bool optional,
			 struct fault *fault)
{
	struct str body = str_drop(text, 1);
	if (body.n && body.p[body.n - 1] == '/')
		body.n--;
	e->kind = ELEMENT_PATTERN;
	e->pattern = pattern_compile(body, fault);
	if (!e->pattern) {
		fault->at += at + 1;
		return false;
	}
	for (size_t i = 0; i < syscall_count; i++)
		if (pattern_match(e->pattern, syscall_table[i].name))
			return true;
	return optional || fault_set(fault, at, text.n, "no system call matches this pattern");
}

static bool read_name(struct sysset *s, struct element *e, struct str name, size_t at,
		      bool optional, struct fault *fault)
{
	const struct class *c = class_by_name(name);
	int64_t number;
	const struct syscall_info *info = syscall_by_name(name);
	if (c) {
		e->kind = ELEMENT_CLASS;
		e->classes = c->classes;
		return true;
	}
	if (!info && number_i64(name, &number))
		info = syscall_by_number((long)number);
	e->kind = ELEMENT_NAME;
	e->name = info ? info->name : arena_str(&s->arena, name);
	if (info || (optional && name.n))
		return true;
	if (name.n == 0)
		return fault_set(fault, at, 0, "a system call is expected here");
	if (str_chr(name, '@'))
		return fault_set(fault, at, name.n,
				 "an event does not tell its personality (@64, @32)");
	return fail_unknown(name, at, fault);
}

static bool read_element(struct sysset *s, struct str text, size_t at, struct fault *fault)
{
	struct element *e = &s->element[s->elements++];
	*e = (struct element){0};
	struct str rest = text;
	if (rest.n && rest.p[0] == '!') {
		e->negated = true;
		rest = str_drop(rest, 1);
	}
	bool optional = rest.n && rest.p[0] == '?';
	rest = str_drop(rest, optional);
	at += text.n - rest.n;
	if (str_eq(rest, STR("all")))
		e->kind = ELEMENT_ALL;
	else if (str_eq(rest, STR("none")))
		e->kind = ELEMENT_NONE;
	else if (rest.n && rest.p[0] == '/')
		return read_pattern(e, rest, at, optional, fault);
	else
		return read_name(s, e, rest, at, optional, fault);
	return true;
}

/* Takes an element off the front. As in strace commas end a pattern, too, except in {2,3}. */
static struct str cut_element(struct str *rest)
{
	size_t n = 0;
	while (n < rest->n && (rest->p[n] == '!' || rest->p[n] == '?'))
		n++;
	bool pattern = n < rest->n && rest->p[n] == '/', braces = false;
	for (; n < rest->n && (rest->p[n] != ',' || braces); n++)
		braces = pattern && rest->p[n] != '}' && (braces || rest->p[n] == '{');
	struct str element = {rest->p, n};
	*rest = n < rest->n ? str_drop(*rest, n + 1) : (struct str){0};
	return element;
}

static bool read_set(struct sysset *s, struct str text, struct fault *fault)
{
	struct str rest = text;
	static const struct str prefixes[] = {{"trace=", 6}, {"t=", 2}};
	for (int i = 0; i < 2; i++)
		if (str_starts(text, prefixes[i]))
			rest = str_drop(text, prefixes[i].n);
	if (rest.n && rest.p[0] == '!') {
		s->inverted = true;
		rest = str_drop(rest, 1);
	}
	size_t commas = 0;
	for (size_t i = 0; i < rest.n; i++)
		commas += rest.p[i] == ',';
	s->element = xcalloc(commas + 1, sizeof *s->element);
	while (rest.p) {
		size_t at = (size_t)(rest.p - text.p);
		if (!read_element(s, cut_element(&rest), at, fault))
			return false;
	}
	return true;
}

static void put_row(struct sysset *s, size_t row, bool in)
{
	uint64_t bit = (uint64_t)1 << row % 64;
	s->rows[row / 64] = in ? s->rows[row / 64] | bit : s->rows[row / 64] & ~bit;
}

/* As decide() for each row of the table; but of a name only its row is looked at, and most elements are names. */
static void fill_rows(struct sysset *s)
{
	for (size_t i = 0; s->inverted && i < syscall_count; i++)
		put_row(s, i, true);
	for (size_t i = 0; i < s->elements; i++) {
		const struct element *e = &s->element[i];
		bool in = !s->inverted && !e->negated;
		if (e->kind == ELEMENT_NAME) {
			const struct syscall_info *info = syscall_by_name(e->name);
			if (info)
				put_row(s, (size_t)(info - syscall_table), in);
			continue;
		}
		for (size_t row = 0; row < syscall_count; row++)
			if (matches(e, syscall_table[row].name, &syscall_table[row]))
				put_row(s, row, in);
	}
}

struct sysset *sysset_compile(struct str text, struct fault *fault)
{
	struct sysset *s = xcalloc(1, sizeof *s);
	s->rows = xcalloc((syscall_count + 63) / 64, sizeof *s->rows);
	if (!read_set(s, text, fault)) {
		sysset_free(s);
		return NULL;
	}
	fill_rows(s);
	s->others = decide(s, (struct str){0}, NULL);
	return s;
}

void sysset_report(const struct sysset *s, const char *origin)
{
	for (size_t i = 0; i < s->elements; i++)
		if (s->element[i].pattern)
			pattern_report(s->element[i].pattern, origin);
}

void sysset_free(struct sysset *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->elements; i++)
		pattern_free(s->element[i].pattern);
	free(s->element);
	free(s->rows);
	free(s->remembered);
	arena_free(&s->arena);
	free(s);
}
