#include "agg_tally.h"

#include <stdlib.h>

static const struct agg_group blank = {.first_ns = INT64_MAX, .last_ns = INT64_MIN};

void agg_open(struct agg *a, enum agg_bins bins)
{
	*a = (struct agg){.bins = bins};
	keyed_open(&a->groups, &blank, sizeof blank);
}

struct agg_group agg_group_empty(void)
{
	return blank;
}

void agg_merge(struct agg_group *into, const struct agg_group *from)
{
	into->calls += from->calls;
	into->errors += from->errors;
	into->wait_calls += from->wait_calls;
	into->wait_ns += from->wait_ns;
	if (from->first_ns < into->first_ns)
		into->first_ns = from->first_ns;
	if (from->last_ns > into->last_ns)
		into->last_ns = from->last_ns;
	hist_merge(&into->dur, &from->dur);
	hist_merge(&into->bytes, &from->bytes);
	bucket_counts_merge(&into->buckets, &from->buckets);
}

struct agg_group **agg_sorted(const struct agg *a)
{
	struct agg_group **list = xcalloc(a->groups.records + 1, sizeof *list);
	void **sorted = keyed_sorted(&a->groups);
	for (size_t i = 0; i < a->groups.records; i++)
		list[i] = sorted[i];
	free(sorted);
	return list;
}

void agg_group_free(struct agg_group *g)
{
	hist_free(&g->dur);
	hist_free(&g->bytes);
	bucket_counts_free(&g->buckets);
}

static void look_for_times(const struct agg *a, bool *calls, bool *timed)
{
	const struct agg_group *g;
	for (size_t at = 0; (g = keyed_next(&a->groups, &at)); at++) {
		*calls |= g->calls > 0;
		*timed |= g->dur.count > 0;
	}
}

bool agg_is_untimed(const struct agg *a)
{
	bool calls = a->cleared_calls, timed = a->cleared_timed;
	look_for_times(a, &calls, &timed);
	return calls && !timed;
}

bool agg_is_unbinned(const struct agg *a, enum agg_bins which)
{
	const struct agg_group *g;
	for (size_t at = 0; (g = keyed_next(&a->groups, &at)); at++)
		if (agg_hist(g, which)->unbinned)
			return true;
	return false;
}

static void free_groups(const struct agg *a)
{
	struct agg_group *g;
	for (size_t at = 0; (g = keyed_next(&a->groups, &at)); at++)
		agg_group_free(g);
}

void agg_clear(struct agg *a)
{
	agg_tally_flush(a);
	look_for_times(a, &a->cleared_calls, &a->cleared_timed);
	free_groups(a);
	keyed_clear(&a->groups);
}

void agg_rekey(struct agg *a, struct str (*rename)(void *context, struct str key), void *context)
{
	struct keyed old = a->groups;
	struct agg_group *g;
	keyed_open(&a->groups, &blank, sizeof blank);
	for (size_t at = 0; (g = keyed_next(&old, &at)); at++) {
		agg_merge(agg_group(a, rename(context, g->key)), g);
		agg_group_free(g);
	}
	keyed_close(&old);
}

void agg_close(struct agg *a)
{
	agg_tally_close(a);
	free_groups(a);
	keyed_close(&a->groups);
	*a = (struct agg){0};
}
