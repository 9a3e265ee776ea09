/* show: findings for people, programs and test harnesses; and the rules themselves. */
#ifndef SP_ADVISE_SHOW_H
#define SP_ADVISE_SHOW_H

#include "finding.h"
#include "table.h"

enum show_form { SHOW_AUTO, SHOW_TEXT, SHOW_TAP, SHOW_TABLE };

struct show_options {
	enum show_form form;
	enum table_format format; /* of SHOW_TABLE */
	uint64_t top;             /* findings at most */
	uint64_t each;            /* of one rule at most; UINT64_MAX: as the form has it */
	enum severity fails;      /* TAP: from here on a finding is "not ok" */
};

void show_findings(const struct show_options *o, const struct findings *f, const struct engine *e);
void show_rules(enum table_format format, const struct engine *e);
/* False: there is no such rule. */
bool show_rule(const struct engine *e, const char *id);

#endif
