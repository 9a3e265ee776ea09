/* load: rules from YAML files. A rule of an id that was there before changes what it says and keeps the
 * rest. Whatever is wrong ends the program with file:line:column, the line and a caret. */
#ifndef SP_ADVISE_LOAD_H
#define SP_ADVISE_LOAD_H

#include "rule.h"

struct ruleset {
	struct rule *first; /* in the order of the files */
	struct scope *scopes;
	struct event_expr *exprs;
	struct loaded *loaded; /* the files, as long as the rules */
};

struct load_options {
	const char *const *files; /* of --rules, NULL at the end */
	bool no_defaults;
	const char *only, *skip; /* lists of ids, or NULL */
	size_t groups;
};

/* advice.yaml and security.yaml as shipped, the user's own advice.yaml, then the named files. */
void load_rules(struct ruleset *set, struct row *row, const struct load_options *options);
/* Whether the files have a rule of that id, even if it is left out. */
bool load_knows(const struct ruleset *set, struct str id);

#endif
