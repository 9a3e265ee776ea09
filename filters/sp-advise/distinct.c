#include "distinct.h"

#include <math.h>
#include <stdlib.h>

#include "number.h"

enum { RANK_MOST = 64 }; /* that partials may have */

static void add_to_registers(struct distinct *d, uint64_t hash)
{
	size_t at = hash >> (64 - DISTINCT_BITS);
	uint64_t rest = hash << DISTINCT_BITS | UINT64_C(1) << (DISTINCT_BITS - 1);
	uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
	if (rank > d->registers[at])
		d->registers[at] = rank;
}

static void spread_out(struct distinct *d)
{
	d->registers = xcalloc(DISTINCT_REGISTERS, 1);
	for (unsigned i = 0; i < d->n; i++)
		add_to_registers(d, d->hash[i]);
	d->n = 0;
}

void distinct_add(struct distinct *d, uint64_t hash)
{
	d->last = hash;
	if (d->registers) {
		add_to_registers(d, hash);
		return;
	}
	unsigned at = d->n;
	while (at > 0 && d->hash[at - 1] >= hash)
		at--;
	if (at < d->n && d->hash[at] == hash)
		return;
	if (d->n == DISTINCT_EXACT) {
		spread_out(d);
		add_to_registers(d, hash);
		return;
	}
	memmove(&d->hash[at + 1], &d->hash[at], (size_t)(d->n - at) * sizeof hash);
	d->hash[at] = hash;
	d->n++;
}

void distinct_merge(struct distinct *into, const struct distinct *from)
{
	for (unsigned i = 0; i < from->n; i++)
		distinct_add(into, from->hash[i]);
	if (!from->registers)
		return;
	if (!into->registers)
		spread_out(into);
	for (size_t i = 0; i < DISTINCT_REGISTERS; i++)
		if (from->registers[i] > into->registers[i])
			into->registers[i] = from->registers[i];
}

uint64_t distinct_count(const struct distinct *d)
{
	if (!d->registers)
		return d->n;
	double sum = 0, m = DISTINCT_REGISTERS, zeros = 0;
	double power[RANK_MOST + 1] = {1}; /* of 1/2 */
	for (size_t i = 1; i <= RANK_MOST; i++)
		power[i] = power[i - 1] / 2;
	for (size_t i = 0; i < DISTINCT_REGISTERS; i++) {
		sum += power[d->registers[i]];
		zeros += d->registers[i] == 0;
	}
	double estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
	if (estimate <= 2.5 * m && zeros > 0)
		estimate = m * log(m / zeros);
	return (uint64_t)llround(estimate);
}

void distinct_write(const struct distinct *d, struct buf *out)
{
	buf_printf(out, "%c", d->registers ? 'r' : 'h');
	for (unsigned i = 0; i < d->n; i++)
		buf_printf(out, "%s%llu", i ? "," : "", (unsigned long long)d->hash[i]);
	for (size_t i = 0; d->registers && i < DISTINCT_REGISTERS; i++)
		buf_add_char(out, (char)('!' + d->registers[i])); /* ranks are at most 55 */
}

bool distinct_read(struct distinct *d, struct str text)
{
	struct str rest = str_drop(text, 1), piece;
	uint64_t hash;
	if (text.n == 0)
		return false;
	if (text.p[0] == 'r') {
		if (rest.n != DISTINCT_REGISTERS)
			return false;
		d->registers = xcalloc(DISTINCT_REGISTERS, 1);
		for (size_t i = 0; i < rest.n; i++) {
			if (rest.p[i] < '!' || rest.p[i] > '!' + RANK_MOST)
				return false;
			d->registers[i] = (uint8_t)(rest.p[i] - '!');
		}
		return true;
	}
	while (rest.n && str_cut(&rest, ',', &piece)) {
		if (!number_u64(piece, &hash))
			return false;
		distinct_add(d, hash);
	}
	return text.p[0] == 'h';
}

void distinct_renew(struct distinct *d)
{
	free(d->registers);
	d->registers = NULL;
	d->n = 0;
}

void distinct_free(struct distinct *d)
{
	free(d->registers);
	*d = (struct distinct){0};
}
