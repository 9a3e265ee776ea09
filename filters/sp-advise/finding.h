/* finding: what the rules say in the end about what was counted. */
#ifndef SP_ADVISE_FINDING_H
#define SP_ADVISE_FINDING_H

#include "engine.h"

struct finding {
	const struct rule *rule;
	const struct group *group;
	enum severity severity;
	struct str subject, evidence;
	__int128_t calls, total_ns;
	bool timed;                     /* total_ns is known */
	int64_t saves_ns, saves_calls;  /* -1: no estimate */
};

struct findings {
	struct finding *list; /* the worst first; then by what they save, their time, rule, subject */
	size_t n;
	struct arena memory;
};

void findings_make(struct findings *f, struct engine *e);
void findings_free(struct findings *f);

/* Whether what is said of the group may lack some calls, as text; nothing when it is exact. */
void finding_error(const struct finding *f, struct buf *out);

#endif
