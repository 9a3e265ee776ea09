/* distinct: how many different values there were. Exact up to DISTINCT_EXACT, from their hashes;
 * beyond, the HyperLogLog estimate of Flajolet et al. (2007) from DISTINCT_REGISTERS registers, with
 * the linear counting of small numbers: a standard error of 1.04 / sqrt(1024), 3.3 %. What is kept is
 * a function of the set of values alone, so that merging in any order gives the same. */
#ifndef SP_ADVISE_DISTINCT_H
#define SP_ADVISE_DISTINCT_H

#include "arena.h"

enum { DISTINCT_EXACT = 32, DISTINCT_BITS = 10, DISTINCT_REGISTERS = 1 << DISTINCT_BITS };

struct distinct {
	uint64_t last; /* that was added: the same one mostly comes again and again */
	uint8_t *registers; /* NULL: the hashes are all */
	uint8_t n;
	uint64_t hash[DISTINCT_EXACT]; /* ascending */
};

static inline bool distinct_is_last(const struct distinct *d, uint64_t hash)
{
	return d->last == hash && (d->n || d->registers);
}

/* Of a value; one that was added before changes nothing. */
void distinct_add(struct distinct *d, uint64_t hash);
void distinct_merge(struct distinct *into, const struct distinct *from);
uint64_t distinct_count(const struct distinct *d);

/* As text without blanks, and back; false when it is none. */
void distinct_write(const struct distinct *d, struct buf *out);
bool distinct_read(struct distinct *d, struct str text);

void distinct_free(struct distinct *d);
void distinct_renew(struct distinct *d); /* empties it */

#endif
