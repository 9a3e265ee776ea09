/* scope: what calls are grouped by, or have in common: some columns of the event. All rules with the
 * same columns share a scope, so that its key is read and hashed once a row. */
#ifndef SP_ADVISE_SCOPE_H
#define SP_ADVISE_SCOPE_H

#include "row.h"
#include "rules.h"

enum { SCOPE_COLUMNS = 8, SCOPE_MADE_BITS = 8 };

struct scope {
	/* Of the row at hand: */
	uint64_t row, hash;
	uint64_t track_row, track_hash; /* the same of several numbers, for scope_track */
	bool usable, has_key, trackable;

	bool lacks; /* a required column is not in the table at hand */
	bool of_numbers, of_one; /* what is read are several numbers; one column, as it is */
	unsigned needs; /* derived ones */
	const struct str *needed; /* the last required one, as a descriptor, which many rows lack; NULL: none is required */
	uint64_t nothing; /* the hash of an empty key */
	int path;       /* which column; -1: none, or it may be missing */
	int n, parts;
	struct scope_part {
		const struct str *field;
		struct row_hash *hash; /* of that field */
		int place; /* in column[] */
		bool required, is_number;
	} part[SCOPE_COLUMNS]; /* the columns that the table at hand has */
	struct scope_column {
		struct str name;
		int slot;
		bool required; /* a row without it belongs to no group */
		unsigned derived; /* its bit; 0: it is none */
	} column[SCOPE_COLUMNS];
	int pid, fd, fdgen; /* a file whose path the trace does not show, as perf script's, is named after
	                       its descriptor */
	/* What is made of a path alone, as its shape is, need not be made again to know its hash: by that of the path,
	 * where it was found last. */
	struct scope_made {
		unsigned derived; /* 0: the scope has no such column */
		struct scope_place {
			uint64_t path, hash;
			size_t n; /* its length */
		} *place;
		/* In the row at hand; of the text only the length, until somebody asks for the key. */
		struct str field;
		struct row_hash hash;
	} made;
	struct scope *next;
	struct str text;     /* as written */
	struct str key;      /* of the row at hand */
	struct buf nameless; /* that name, where it is needed */
	struct buf joined;
};

/* Of a list of columns or a name of scope.def; `known` is row_known's. Ends the program at what is
 * none. */
struct scope *scope_of(struct scope **all, struct row *row, struct str known, const struct rules *r,
                       const struct rules_node *node);
struct scope *scope_named(struct scope **all, struct row *row, struct str known, struct str text);

/* A header has been read. */
void scope_header(struct scope *all, struct row *row);

/* The hash of one column is that of its text; that of several takes in one after the other, with its
 * place. Empty ones, as host and file mostly are, change nothing. */
static inline uint64_t scope_combine(uint64_t sum, uint64_t hash, int place)
{
	__uint128_t product = (__uint128_t)(sum ^ UINT64_C(0x243f6a8885a308d3)) *
	                      ((hash ^ UINT64_C(0x13198a2e03707344)) + (uint64_t)place);
	return (uint64_t)product ^ (uint64_t)(product >> 64) ^ sum;
}

static inline uint64_t scope_field_hash(const struct row *row, struct row_hash *known, struct str field, bool is_number)
{
	if (known->row == row->number)
		return known->hash;
	known->row = row->number;
	uint64_t spelled = is_number ? str_short(field) : 0;
	if (spelled && spelled == known->spelled)
		return known->hash;
	known->spelled = spelled;
	return known->hash = str_hash(field);
}

static inline uint64_t scope_part_hash(const struct row *row, const struct scope_part *part)
{
	return scope_field_hash(row, part->hash, *part->field, part->is_number);
}

bool scope_read_slow(struct scope *s, struct row *row);

static inline bool scope_read_one(struct scope *s, struct row *row)
{
	const struct scope_part *p = s->part;
	if (!p->field->n)
		return scope_read_slow(s, row);
	uint64_t value = scope_part_hash(row, p);
	s->row = row->number;
	s->has_key = false;
	s->hash = s->n > 1 ? scope_combine(0, value, p->place) : value;
	return s->usable = true;
}

/* Brings the hash up to date. False: the row belongs to no group. */
static inline bool scope_read(struct scope *s, struct row *row)
{
	if (s->row == row->number)
		return s->usable;
	return s->of_one ? scope_read_one(s, row) : scope_read_slow(s, row);
}

bool scope_read_numbers(struct scope *s, struct row *row);

/* A hash for keys that are forgotten with the trace: where the columns are several numbers, one that costs less.
 * False as above. */
static inline bool scope_track(struct scope *s, struct row *row, uint64_t *hash)
{
	if (!s->of_numbers) {
		bool usable = scope_read(s, row);
		*hash = s->hash;
		return usable;
	}
	if ((s->needed && !s->needed->n) || !scope_read_numbers(s, row))
		return false;
	*hash = s->track_hash;
	return true;
}

/* The columns joined by TABs, of a row that scope_read has said belongs to a group; valid until the
 * next row. */
struct str scope_key(struct scope *s, struct row *row);

/* The hash that rows with this key have. */
uint64_t scope_hash(const struct scope *s, struct str key);

/* What people are shown of a key. */
void scope_subject(const struct scope *s, struct str key, struct buf *out);

#endif
