#include "also.h"

static struct also {
	const char *file;
	struct output out;
	struct grouping grouping;
	struct keys keys;
	struct agg agg;
	struct agg_reader reader;
} tables[ALSO_MAX];
static int n;

bool also_take(char *argument, bool sums)
{
	char *equals = strrchr(argument, '=');
	if (!equals || equals == argument)
		return false;
	*equals = '\0';
	tables[n].file = argument;
	tables[n].agg.sums = sums;
	tables[n++].grouping.by = equals + 1;
	return true;
}

struct agg_reader *also_readers(void)
{
	return n ? &tables[0].reader : NULL;
}

bool also_is_full(void)
{
	return n == ALSO_MAX;
}

static void open_table(struct also *a, const struct options *o, struct tsv *t)
{
	output_open(&a->out, a->file);
	a->grouping.categories = o->grouping.categories;
	a->grouping.set = o->grouping.set;
	a->grouping.mounts = o->grouping.mounts;
	grouping_open(&a->grouping, &a->keys, NULL, NULL, o->over_ns);
	if (o->slices)
		grouping_slices(&a->keys, (int64_t)o->slices);
	bool sums = a->agg.sums;
	agg_open(&a->agg, 0);
	a->agg.sums = sums;
	a->agg.buckets = sums ? NULL : &o->buckets;
	a->agg.bucketed = o->of_bytes ? AGG_BINS_BYTES : AGG_BINS_DUR;
	struct agg_reader *next = a < &tables[n - 1] ? &a[1].reader : NULL;
	a->reader = (struct agg_reader){
	    .t = t, .agg = &a->agg, .keys = &a->keys, .spans = true, .also = next};
	agg_reader_open(&a->reader);
}

bool also_open(const struct options *o, struct tsv *t)
{
	bool slices = false;
	for (int i = 0; i < n; i++) {
		open_table(&tables[i], o, t);
		slices |= keys_use(&tables[i].keys, STR("slice_ns"));
	}
	return slices;
}

void also_close(void)
{
	for (int i = 0; i < n; i++) {
		struct also *a = &tables[i];
		agg_write_partial(&a->agg, &a->keys, &a->out);
		output_close(&a->out);
		agg_close(&a->agg);
		grouping_close(&a->grouping, &a->keys);
	}
}
