/* engine: one pass over the events. Each row goes to the rules whose calls it is one of, found by its
 * system call; they count it in the groups of their scope. */
#ifndef SP_ADVISE_ENGINE_H
#define SP_ADVISE_ENGINE_H

#include "load.h"
#include "track.h"

/* Of all calls that returned, in all traces. */
struct totals {
	uint64_t calls, errors;
	__uint128_t ns, wait_ns, span_ns;
};

/* Sequences that have the same columns in common, and how far each has come. */
enum { WATCH_RULES = 64, ENGINE_LATEST_BITS = 8 };

struct watch {
	struct watch *next;
	struct scope *on;
	struct track track;
	size_t size;
	int n;
	struct rule **rule;
};

struct engine {
	struct row row;
	struct ruleset rules;
	struct totals totals;      /* these, rows and untimed: up to the last engine_end_trace */
	int64_t first_ns, last_ns; /* of the trace at hand; INT64_MAX, INT64_MIN: none yet */
	bool started;              /* expressions know the trace's first start */
	uint64_t rows, untimed;
	uint64_t part; /* counts partials */
	struct watch *watches;
	struct actions **by_call; /* by row of syscall_table; NULL: not asked for yet */
	struct actions *no_call, **unknown;
	struct latest {
		uint64_t saying;
		unsigned state;
		struct actions *all;
	} latest[1 << ENGINE_LATEST_BITS]; /* by these two, where they were found last */
	uint64_t classes;                  /* that were made */
	struct actions *now;               /* of the row at hand */
	struct answer *answers;
	struct names *names;
	struct counted {
		const struct action *action;
		struct group *group; /* NULL: it has none yet */
	} *counted; /* what counts the row at hand */
	struct coming {
		const struct due *due;
		uint64_t hash, alike; /* track.h */
	} *coming; /* the watches that it may move on */
};

void engine_open(struct engine *e, struct tsv *t, const struct load_options *options);
/* Says what bounds did. All that is found by the engine stays until the program ends: it ends right behind that, and
 * groups are all over memory. */
void engine_close(struct engine *e);

/* A header has been read, and the trace before it ended: a new one begins. */
void engine_header(struct engine *e);
void engine_row(struct engine *e);
void engine_end_trace(struct engine *e);

/* A copy of a name that lives as long as the engine; NULL when it is empty or there are too many. */
const struct str *engine_name(struct engine *e, struct str name);

#endif
