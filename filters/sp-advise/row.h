/* row: the event at hand, as rules see it: the numbers that nearly every rule needs, read once, and
 * what is derived from its columns (derived.def), reckoned when it is asked for. */
#ifndef SP_ADVISE_ROW_H
#define SP_ADVISE_ROW_H

#include "arena.h"
#include "called.h"
#include "categories.h"
#include "event.h"
#include "expr.h"
#include "iocall.h"
#include "syscall.h"
#include "tsv.h"
#include "words.h"

enum derived {
#define DERIVED(id, name, type, source) DERIVED_##id,
#include "derived.def"
#undef DERIVED
	DERIVED_COUNT
};

extern const struct derived_info {
	struct str name;
	bool is_text;
	const char *source;
} derived_table[DERIVED_COUNT];

/* Columns of the event table have the number of their enum event_column in field[]; and behind them comes */
enum { ROW_FDTYPE = EVENT_COLUMNS };

/* It is taken for a call, but conditions tell them apart. */
enum { ROW_NO_KIND = 1 << EVENT_KINDS, ROW_WORDS_BITS = 8 };

/* What the words of a row are: few rows have other ones than those before them. */
struct row_words {
	uint64_t head, tail, error, fdtype; /* the name of the call, and their first eight bytes */
	size_t lengths;                     /* of each, a byte */
	const struct syscall_info *info;
	uint64_t number; /* among all that there ever were */
};

struct row {
	struct tsv *t;
	struct row_hash {
		uint64_t row, hash;
		uint64_t spelled; /* of a short number, which mostly comes again; 0: it is none */
	} hash[TSV_WANTED]; /* of columns, for those who ask for it again */
	struct number_before start_before;
	uint64_t number; /* counts rows, so that what was kept of the last one is known to be old */
	struct called called;
	struct row_words said[1 << ROW_WORDS_BITS]; /* by hash, of rows whose words are not told */
	uint64_t sayings; /* from RING_WORDS on */
	uint64_t saying;  /* rows of the same number have the same call, errno, fdtype and kind; 0: not known */
	int64_t start_ns, dur_ns, end_ns, moved;
	bool has_start, has_dur, has_bytes, failed;
	unsigned kind_bit; /* 1 << enum event_kind; 0: no kind that is known; of an empty one also ROW_NO_KIND */
	const struct syscall_info *info; /* NULL: unknown, or no call */
	unsigned state; /* what all of the derived ones that come from descriptors depend on */

	int text_slot[DERIVED_COUNT];   /* of field[]; -1 for numbers */
	struct str number_name[DERIVED_COUNT];
	int variable_of[DERIVED_COUNT]; /* of `variable`; -1 for texts */
	size_t variables;
	struct expr_value variable[DERIVED_COUNT]; /* the first three are those of the same number */
	unsigned have; /* a bit for each derived one that is up to date */
	struct buf shape, peer;
	struct words words;
	const struct categories *categories; /* NULL: those of syscall.def */
	bool follows; /* a rule asks for what only descriptors that are followed tell: */
	unsigned followed;    /* for which of the derived ones, */
	unsigned flags_asked; /* and for which of OPENED_... */
	struct iocalls io;
	struct iocall call;
};

void row_open(struct row *r, struct tsv *t);
void row_close(struct row *r);

/* The known names, as a header that expressions are bound to: columns of sp-parse and sp-fdmap, the
 * derived texts, and then `more`, separated by TABs. */
void row_known(const struct row *r, struct str more, struct buf *header);

/* These derived ones will be asked for: wants what they come from. Before the first row. */
void row_use(struct row *r, unsigned needs);

/* Takes the row that the table is at. */
void row_take(struct row *r);

/* Those that come from descriptors. */
enum {
	ROW_FOLLOWED = 1u << DERIVED_ACCESS | 1u << DERIVED_AGAIN | 1u << DERIVED_IDLE | 1u << DERIVED_O_DIRECT |
	               1u << DERIVED_O_SYNC | 1u << DERIVED_O_CREAT | 1u << DERIVED_O_DIRECTORY |
	               1u << DERIVED_O_WRITE | 1u << DERIVED_O_TRUNC,
};

/* A new trace begins: descriptors start afresh. */
void row_begin_trace(struct row *r);

void row_derive_slow(struct row *r, unsigned needs);

/* Brings these derived ones up to date. */
static inline void row_derive(struct row *r, unsigned needs)
{
	if (needs & ~r->have)
		row_derive_slow(r, needs & ~r->have);
}

/* The first eight bytes of a field, which are readable in any that is not empty; zeros for those it lacks. */
static inline uint64_t row_head(struct str field)
{
	return field.n == 0 ? 0 : str_word(field.p, field.n < 8 ? field.n : 8);
}

static inline struct str row_field(const struct row *r, int column)
{
	return r->t->field[column];
}

#endif
