/* load_private: what the files of load share. */
#ifndef SP_ADVISE_LOAD_PRIVATE_H
#define SP_ADVISE_LOAD_PRIVATE_H

#include "load.h"

enum rule_key {
#define RULE_KEY(id, name, kind, counted) RULE_KEY_##id,
#include "rule_key.def"
#undef RULE_KEY
	RULE_KEYS
};

/* A value of YAML and the file it is in. */
struct source {
	const struct rules *file;
	const struct rules_node *node; /* NULL: the key is not there */
};

struct loading {
	struct ruleset *set;
	struct row *row;
	struct rule *rule;
	struct source at; /* the value that is being read: its file is that of all nodes in it */
	struct buf known; /* what a row's expressions may name */
};

/* What lives as long as the rules. */
struct arena *load_memory(struct loading *l);

/* A faulty value ends the program, with its place in the file, in all that follows. */

/* ---- load_expr.c ---- */

/* Reads a set of system calls, a condition or formula over an event, or one over measures, of which
 * the first n are known. */
struct sysset *load_calls(struct loading *l, const struct rules_node *node);
struct event_expr *load_event_expr(struct loading *l, const struct rules_node *node,
                                  enum expr_result result);
struct expr *load_expr(struct loading *l, const struct rules_node *node, enum expr_result result,
                       int n);
/* Has a fault of such an expression speak of measures, not of columns. */
void load_name_measures(struct fault *fault);
/* What a rule's groups are, and marks the columns without which it sees nothing. */
struct scope *load_scope(struct loading *l, const struct rules_node *node);
/* The rule sees nothing in a table without this column. */
void load_want(struct loading *l, int slot);

/* ---- load.c, load_rule.c and one file for each long key ---- */

int64_t load_time(struct loading *l, const struct rules_node *node); /* ns, above 0 */

/* Ends the program unless all keys of the map are in the list; kinds as in names: NULL-terminated. */
void load_check_keys(struct loading *l, const struct rules_node *map, const char *const *keys,
                     const char *what);

/* Adds a slot with a variable of that name; returns its number. */
int load_add_slot(struct loading *l, enum slot_kind kind, const char *name);

/* The values of the keys of a rule that are more than a word, into l->rule. */
void load_sequence(struct loading *l, const struct rules_node *map);
void load_pairs(struct loading *l, const struct rules_node *map);
void load_measures(struct loading *l, const struct rules_node *map);
void load_text(struct loading *l, const struct rules_node *node);

/* Compiles l->rule from its keys; place is the whole rule. */
void load_rule(struct loading *l, struct source place, const struct source key[RULE_KEYS]);

/* What the files say about a rule, by key; the last file that has it, or NULL. */
const char *load_sources(const struct ruleset *set, struct str id, struct source key[RULE_KEYS]);

#endif
