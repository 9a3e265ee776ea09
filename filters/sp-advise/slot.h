/* slot: what a group keeps for one measure: integers, and what else merges exactly. slot.def says how. */
#ifndef SP_ADVISE_SLOT_H
#define SP_ADVISE_SLOT_H

#include "arena.h"
#include "expr.h"

enum slot_kind {
#define SLOT(id, text) SLOT_##id,
#include "slot.def"
#undef SLOT
};

enum { SLOT_TEXT = 256 }; /* bytes kept of a text; what is longer ends in "..." */

/* A zeroed one is empty. */
struct slot {
	int64_t sum;     /* SUM, MEAN (as large as it can be, rather than overflowing); the slice of MOST;
	                  * how many are open now of PEAK; the first start in this trace of HUNG; of FIRST and LAST
	                  * the hash of the text, or 0 */
	uint64_t count;  /* COUNT, MEAN; values of MIN and MAX; in the slice of MOST; of HUNG: starts;
	                  * of FIRST and LAST: 1 when there is a text */
	int64_t extreme; /* MIN, MAX, MOST, PEAK, HUNG; the time of FIRST and LAST */
	void *more;      /* struct hist, struct distinct, the NUL-terminated text; of one's own */
};

void slot_number(enum slot_kind kind, struct slot *s, struct expr_value v); /* SUM MEAN MIN MAX HIST */
void slot_most(struct slot *s, int64_t slice);
/* hash: of the text, or 0. */
void slot_text(enum slot_kind kind, struct slot *s, int64_t at_ns, uint64_t hash, struct str text);
/* The same without the text, where that is kept already; else false. */
static inline bool slot_text_again(enum slot_kind kind, struct slot *s, int64_t at_ns, uint64_t hash)
{
	if (!s->count || !hash || s->sum != (int64_t)hash)
		return false;
	if (kind == SLOT_FIRST ? at_ns < s->extreme : at_ns > s->extreme)
		s->extreme = at_ns;
	return true;
}
void slot_distinct(struct slot *s, uint64_t hash);
void slot_peak(struct slot *s, int step); /* one more, or one less */

/* The trace is over at last_ns: nothing counts on into the next one. */
void slot_end_trace(enum slot_kind kind, struct slot *s, int64_t last_ns);

void slot_merge(enum slot_kind kind, struct slot *into, const struct slot *from);

/* Its value at the end; missing for those without one and for texts. */
struct expr_value slot_value(enum slot_kind kind, const struct slot *s, unsigned per_100k);
/* Whether it has memory of its own. */
static inline bool slot_owns(enum slot_kind kind)
{
	return kind == SLOT_HIST || kind == SLOT_DISTINCT || kind == SLOT_FIRST || kind == SLOT_LAST;
}

struct expr_value slot_integer(__int128_t value); /* a decimal where it does not fit */

/* Text of a partial, which a blank would end: it becomes "\x20", which no text of a table has, and back. */
void slot_write_text(struct str text, struct buf *out);
struct str slot_read_text(struct str text, struct buf *room);

/* As text without blanks, and back; false when it is none. */
void slot_write(enum slot_kind kind, const struct slot *s, struct buf *out);
bool slot_read(enum slot_kind kind, struct slot *s, struct str text);

static inline void slot_sum(struct slot *s, int64_t value)
{
	if (__builtin_add_overflow(s->sum, value, &s->sum))
		s->sum = value < 0 ? INT64_MIN : INT64_MAX;
}

/* Of FIRST and LAST; NULL: there is none. */
static inline const char *slot_kept(const struct slot *s)
{
	return s->count ? s->more : NULL;
}

void slot_free(enum slot_kind kind, struct slot *s);
/* Empties it, and keeps memory that will be wanted again. */
void slot_renew(enum slot_kind kind, struct slot *s);

#endif
