#include "rules.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <yaml.h>

#include "diag.h"
#include "fault.h"

/* Far beyond what people write (the largest shipped file has 50 KB), and small enough that a hostile
 * file, whose aliases multiply, takes neither the stack nor the memory. */
enum { MAX_DEPTH = 32, MAX_NODES = 100000, MAX_BYTES = 4 << 20, MAX_ANCHORS = 1000 };

struct anchor {
	struct str name;
	const struct rules_node *node;
};

struct loader {
	struct rules *rules;
	yaml_parser_t parser;
	size_t nodes, anchors;
	struct anchor anchor[MAX_ANCHORS];
};

/* ---- errors ---- */

/* The byte at which a line and a column begin; columns count characters. */
static size_t offset_of(struct str s, size_t line, size_t column)
{
	size_t i = 0;
	for (; i < s.n && line > 1; i++)
		line -= s.p[i] == '\n';
	for (; i < s.n && s.p[i] != '\n' && column > 1; column--)
		do
			i++;
		while (i < s.n && (s.p[i] & 0xc0) == 0x80);
	return i;
}

_Noreturn static void say(const struct rules *r, struct place at, const char *text)
{
	if (r->changed_by)
		diag_at(DIAG_RULES, at, "%s; %s changes this", text, r->changed_by);
	diag_at(DIAG_RULES, at, "%s", text);
	abort(); /* never reached: the diagnostic is fatal */
}

_Noreturn static void fail_at(const struct rules *r, size_t line, size_t column, const char *text)
{
	struct place at = {.file = r->path, .line = line, .column = column};
	struct fault fault = {.at = offset_of(r->source, line, column), .n = 1};
	fault_excerpt(&fault, r->source);
	say(r, at, text);
}

_Noreturn void rules_fail(const struct rules *r, const struct rules_node *at, const char *format,
                          ...)
{
	char text[512];
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	fail_at(r, at ? at->line : 1, at ? at->column : 1, text);
}

_Noreturn void rules_fail_in(const struct rules *r, const struct rules_node *text,
                             const struct fault *fault)
{
	size_t line = text->text_line, column = text->text_column;
	size_t from = offset_of(r->source, line, column);
	struct str there = str_drop(r->source, from);
	if (str_starts(there, text->text) && !str_chr(text->text, '\n')) {
		for (size_t i = 0; i < fault->at && i < text->text.n; i++)
			column += (text->text.p[i] & 0xc0) != 0x80;
		fail_at(r, line, column, fault->what);
	}
	struct place at = {.file = r->path, .line = line, .column = column};
	fault_excerpt(fault, text->text);
	say(r, at, fault->what);
}

void rules_expect(const struct rules *r, const struct rules_node *node, enum rules_kind kind,
                  const char *what)
{
	static const char *const names[] = {"text", "a list", "a map"};
	if (node->kind != kind)
		rules_fail(r, node, "%s must be %s, not %s", what, names[kind], names[node->kind]);
}

_Noreturn static void fail_mark(const struct loader *l, yaml_mark_t mark, const char *text)
{
	fail_at(l->rules, mark.line + 1, mark.column + 1, text);
}

/* ---- the file ---- */

static struct str read_all(struct rules *r)
{
	FILE *f = fopen(r->path, "re");
	if (!f)
		diag_die(DIAG_RULES, "%s: %s", r->path, strerror(errno));
	char *text = arena_alloc(&r->memory, MAX_BYTES + 1);
	size_t n = fread(text, 1, MAX_BYTES + 1, f);
	if (ferror(f))
		diag_die(DIAG_RULES, "%s: %s", r->path, strerror(errno));
	fclose(f);
	if (n > MAX_BYTES)
		diag_die(DIAG_RULES, "%s: larger than %d MiB", r->path, MAX_BYTES >> 20);
	return (struct str){text, n};
}

static void next_event(struct loader *l, yaml_event_t *event)
{
	if (yaml_parser_parse(&l->parser, event))
		return;
	yaml_parser_t *p = &l->parser;
	yaml_mark_t mark = p->problem_mark;
	if (p->error == YAML_READER_ERROR) { /* has an offset only */
		mark = (yaml_mark_t){0};
		for (size_t i = 0; i < p->problem_offset && i < l->rules->source.n; i++) {
			bool newline = l->rules->source.p[i] == '\n';
			mark.line += newline;
			mark.column = newline ? 0 : mark.column + 1;
		}
	}
	fail_mark(l, mark, p->problem ? p->problem : "not YAML");
}

static struct rules_node *new_node(struct loader *l, yaml_mark_t mark, unsigned depth)
{
	if (++l->nodes > MAX_NODES)
		fail_mark(l, mark, "too many entries, aliases counted in full");
	if (depth > MAX_DEPTH)
		fail_mark(l, mark, "too deep");
	struct rules_node *node = arena_alloc(&l->rules->memory, sizeof *node);
	node->line = (unsigned)mark.line + 1;
	node->column = (unsigned)mark.column + 1;
	node->text_line = node->line;
	node->text_column = node->column;
	return node;
}

static void add_child(struct rules_node *parent, struct rules_node *child,
                      const struct rules_node ***end)
{
	**end = child;
	*end = &child->next;
	parent->count++;
}

static void remember(struct loader *l, const yaml_char_t *anchor, yaml_mark_t mark,
                     const struct rules_node *node)
{
	if (!anchor)
		return;
	if (l->anchors == MAX_ANCHORS)
		fail_mark(l, mark, "too many anchors");
	l->anchor[l->anchors++] =
	    (struct anchor){arena_str(&l->rules->memory, str_of((const char *)anchor)), node};
}

static struct rules_node *copy(struct loader *l, const struct rules_node *from, yaml_mark_t mark,
                               unsigned depth)
{
	struct rules_node *node = new_node(l, mark, depth);
	struct rules_node keep = *node;
	*node = *from;
	node->line = keep.line;
	node->column = keep.column;
	node->key = (struct str){0};
	node->next = node->first = NULL;
	node->count = 0;
	const struct rules_node **end = &node->first;
	for (const struct rules_node *c = from->first; c; c = c->next) {
		struct rules_node *child = copy(l, c, mark, depth + 1);
		child->key = c->key;
		add_child(node, child, &end);
	}
	return node;
}

static struct rules_node *alias(struct loader *l, const yaml_event_t *event, unsigned depth)
{
	struct str name = str_of((const char *)event->data.alias.anchor);
	for (size_t i = l->anchors; i-- > 0;) /* the latest of that name */
		if (str_eq(l->anchor[i].name, name))
			return copy(l, l->anchor[i].node, event->start_mark, depth);
	fail_mark(l, event->start_mark, "no such anchor before this");
}

static struct rules_node *build(struct loader *l, yaml_event_t *event, unsigned depth);

static void build_list(struct loader *l, struct rules_node *list, unsigned depth)
{
	const struct rules_node **end = &list->first;
	for (;;) {
		yaml_event_t event;
		next_event(l, &event);
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			return;
		}
		add_child(list, build(l, &event, depth + 1), &end);
	}
}

static void build_map(struct loader *l, struct rules_node *map, unsigned depth)
{
	const struct rules_node **end = &map->first;
	for (;;) {
		yaml_event_t event;
		next_event(l, &event);
		if (event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			return;
		}
		yaml_mark_t mark = event.start_mark;
		struct rules_node *key = build(l, &event, depth + 1);
		if (key->kind != RULES_TEXT)
			fail_mark(l, mark, "a key must be text");
		for (const struct rules_node *c = map->first; c; c = c->next)
			if (str_eq(c->key, key->text))
				fail_mark(l, mark, "the same key twice");
		next_event(l, &event);
		struct rules_node *value = build(l, &event, depth + 1);
		value->key = key->text;
		value->line = key->line;
		value->column = key->column;
		add_child(map, value, &end);
	}
}

/* The node that begins with this event, which is used up. */
static struct rules_node *build(struct loader *l, yaml_event_t *event, unsigned depth)
{
	struct rules_node *node;
	yaml_event_t e = *event;
	switch (e.type) {
	case YAML_ALIAS_EVENT:
		node = alias(l, &e, depth);
		break;
	case YAML_SEQUENCE_START_EVENT:
		node = new_node(l, e.start_mark, depth);
		node->kind = RULES_LIST;
		build_list(l, node, depth);
		remember(l, e.data.sequence_start.anchor, e.start_mark, node);
		break;
	case YAML_MAPPING_START_EVENT:
		node = new_node(l, e.start_mark, depth);
		node->kind = RULES_MAP;
		build_map(l, node, depth);
		remember(l, e.data.mapping_start.anchor, e.start_mark, node);
		break;
	case YAML_SCALAR_EVENT:
		node = new_node(l, e.start_mark, depth);
		node->text_column += e.data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
		                     e.data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
		node->text =
		    arena_str(&l->rules->memory, (struct str){(const char *)e.data.scalar.value,
		                                              e.data.scalar.length});
		remember(l, e.data.scalar.anchor, e.start_mark, node);
		break;
	default:
		fail_mark(l, e.start_mark, "unexpected end");
	}
	yaml_event_delete(&e);
	return node;
}

struct rules *rules_load(const char *path)
{
	struct loader *l = xcalloc(1, sizeof *l);
	struct rules *r = xcalloc(1, sizeof *r);
	r->path = path;
	r->source = read_all(r);
	l->rules = r;
	if (!yaml_parser_initialize(&l->parser))
		diag_die(DIAG_MEMORY, "YAML");
	yaml_parser_set_input_string(&l->parser, (const unsigned char *)r->source.p, r->source.n);
	yaml_event_type_t type;
	do {
		yaml_event_t event;
		next_event(l, &event);
		type = event.type;
		if (type == YAML_DOCUMENT_START_EVENT) {
			if (r->root)
				fail_mark(l, event.start_mark, "more than one document");
			yaml_event_delete(&event);
			next_event(l, &event);
			r->root = build(l, &event, 0);
			continue;
		}
		yaml_event_delete(&event);
	} while (type != YAML_STREAM_END_EVENT);
	yaml_parser_delete(&l->parser);
	free(l);
	return r;
}

void rules_free(struct rules *r)
{
	arena_free(&r->memory);
	free(r);
}

const struct rules_node *rules_get(const struct rules_node *map, const char *key)
{
	for (const struct rules_node *c = map->first; c; c = c->next)
		if (str_eq(c->key, str_of(key)))
			return c;
	return NULL;
}

/* ---- where the files are ---- */

static bool exists(struct buf *path, const char *format, const char *folder, size_t n,
                   const char *name)
{
	path->n = 0;
	buf_printf(path, format, (int)n, folder, name);
	buf_add_char(path, '\0');
	return access(path->p, R_OK) == 0;
}

bool rules_find_own(const char *name, struct buf *path)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (config && *config) {
		if (exists(path, "%.*s/sp/%s", config, strlen(config), name))
			return true;
	} else if (home && exists(path, "%.*s/.config/sp/%s", home, strlen(home), name)) {
		return true;
	}
	return false;
}

bool rules_find_shipped(const char *name, struct buf *path)
{
	char program[4096];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program);
	const char *slash = n > 0 ? memrchr(program, '/', (size_t)n) : NULL;
	if (!slash)
		return false;
	size_t folder = (size_t)(slash - program);
	return exists(path, "%.*s/../share/sp/rules/%s", program, folder, name) ||
	       exists(path, "%.*s/../rules/%s", program, folder, name);
}

bool rules_find(const char *name, struct buf *path)
{
	return rules_find_own(name, path) || rules_find_shipped(name, path);
}
