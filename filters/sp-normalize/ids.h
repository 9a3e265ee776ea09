/* ids: a map from 64-bit keys to 32-bit numbers, for everything that is known by a number or by the
 * hash of its text. */
#ifndef SP_IDS_H
#define SP_IDS_H

#include "str.h"

enum { IDS_NONE = UINT32_MAX };

/* A zeroed one is empty. */
struct ids {
	struct ids_slot {
		uint64_t key;
		uint32_t value;
		bool used;
	} * slot;
	size_t used, mask;
};

/* Where the number of the key is kept; IDS_NONE stands there for a new one. Valid until the next
 * call. */
uint32_t *ids_at(struct ids *m, uint64_t key);
/* The same number, without making room for a new one. */
uint32_t ids_get(const struct ids *m, uint64_t key);
void ids_free(struct ids *m);

/* One key of two. */
static inline uint64_t ids_pair(uint64_t a, uint64_t b)
{
	uint64_t both[2] = {a, b};
	return str_hash((struct str){(const char *)both, sizeof both});
}

#endif
