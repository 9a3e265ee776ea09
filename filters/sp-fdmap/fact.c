#include "fact.h"

#include "action.h"

/* Numbers for the words of rows, as they come. There are some hundreds in a trace. */
static unsigned numbers = 1;
static uint16_t next_number(void)
{
	return numbers < RING_WORDS ? (uint16_t)numbers++ : 0;
}

/* Of calls that did not fail, by type of the descriptor; 0: there is none yet. */
static uint16_t of_good[VERBS][FDTYPES + 1];

/* Of those that did. Short errors are words, zeros behind them, as no row has a NUL. */
enum { FAILED = 1024, TRIES = 8 /* places from that of the hash on; who finds none free has no number */ };
static struct failed {
	uint64_t error[2];
	size_t call; /* its place in of_good */
	uint16_t number; /* 0: free */
} failed[FAILED + TRIES];

static __attribute__((noinline)) uint16_t number_of_failed(size_t call, struct str error)
{
	struct failed f = {.call = call};
	if (error.n > STR_WORDS)
		return 0;
	str_words(error, &f.error[0], &f.error[1]);
	size_t at = (f.error[0] ^ f.error[1] << 21 ^ call << 40) * UINT64_C(0x9e3779b97f4a7c15) >> 32;
	for (struct failed *p = &failed[at % FAILED], *end = p + TRIES; p < end; p++) {
		if (p->number == 0) {
			*p = f;
			return p->number = next_number();
		}
		if (p->call == call && p->error[0] == f.error[0] && p->error[1] == f.error[1])
			return p->number;
	}
	return 0;
}

static uint16_t words_of(const struct row *row, const struct shown *shown)
{
	struct str kind = row_field(row, COLUMN_KIND), error = row_field(row, COLUMN_ERRNO);
	if (!shown->verb || !shown->verb->head || kind.n != 4 || memcmp(kind.p, "call", 4) != 0)
		return 0;
	uint16_t *good = &of_good[shown->verb - verbs][shown->own->type];
	if (error.n)
		return number_of_failed((size_t)(good - of_good[0]), error);
	return *good ? *good : (*good = next_number());
}

/* Nearly all starts have more than eight digits, and nearly all durations fewer than nine: the others are left to the
 * readers. */
void fact_tell(const struct row *row, const struct shown *shown, struct ring_fact *fact)
{
	static struct number_before before;
	struct str start = row_field(row, COLUMN_START), dur = row_field(row, COLUMN_DUR);
	int64_t start_ns;
	uint64_t dur_ns;
	bool has_start = start.n > 8 && number_time(start, &before, &start_ns);
	bool has_dur = dur.n - 1 < 8 && number_eight_digits(dur.p, dur.n, &dur_ns);
	fact->start_ns = has_start ? start_ns : RING_NO_START;
	fact->dur_ns = has_dur ? (uint32_t)dur_ns : RING_NO_DUR;
	fact->words = words_of(row, shown);
	fact->fdgen = shown->own->gen < RING_NO_GEN ? (uint16_t)shown->own->gen : RING_NO_GEN;
}
