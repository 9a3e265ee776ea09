/* rules: YAML that users edit, as a tree whose nodes know where they stand. Everything wrong in it
 * ends the program with file:line:column, the line and a caret. Bounds on depth, nodes and file
 * size keep a hostile file from taking the memory; aliases (*name) are copies and count like the
 * text. */
#ifndef SP_RULES_H
#define SP_RULES_H

#include "arena.h"
#include "str.h"

enum rules_kind { RULES_TEXT, RULES_LIST, RULES_MAP };

struct rules_node {
	enum rules_kind kind;
	struct str key;                        /* in a map: what it is filed under */
	struct str text;                       /* of RULES_TEXT: without quotes, escapes resolved */
	size_t count;                          /* of its children */
	const struct rules_node *first, *next; /* its first child; the next child of its parent */
	unsigned line, column;                 /* of its key, or of itself; 1 is the first */
	unsigned text_line, text_column;       /* of a text itself, without its quote */
};

struct rules {
	const char *path;
	const char *changed_by;        /* a later file, which messages name, too; NULL */
	struct str source;             /* the whole file */
	const struct rules_node *root; /* NULL: an empty file */
	struct arena memory;
};

/* Never returns NULL. */
struct rules *rules_load(const char *path);
void rules_free(struct rules *r);

/* Ends the program: "rules.yaml:12:5: bad rules file: ..." and the line. */
_Noreturn void rules_fail(const struct rules *r, const struct rules_node *at, const char *format,
                          ...) __attribute__((format(printf, 3, 4)));

/* The same for a fault in a text that its reader found: the very place, where the text stands in the
 * file as it is (in one line, without escapes). */
struct fault;
_Noreturn void rules_fail_in(const struct rules *r, const struct rules_node *text,
                             const struct fault *fault);

/* Ends the program unless the node is of that kind; what names it in the message ("a category"). */
void rules_expect(const struct rules *r, const struct rules_node *node, enum rules_kind kind,
                  const char *what);

/* The child of a map, or NULL. */
const struct rules_node *rules_get(const struct rules_node *map, const char *key);

/* Where a file of the folder rules/ is: the user's own in $XDG_CONFIG_HOME/sp/, else the one
 * installed with, or built beside, the program. False when there is none. */
bool rules_find(const char *name, struct buf *path);
bool rules_find_own(const char *name, struct buf *path);
bool rules_find_shipped(const char *name, struct buf *path);

#endif
