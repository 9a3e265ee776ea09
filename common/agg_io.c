#include "agg_io_private.h"

#include <stddef.h>
#include <stdlib.h>

#include "agg_tally.h"
#include "number.h"

static const struct {
	const char *name;
	enum agg_how how;
	size_t offset; /* in struct agg_group */
} columns[] = {
#define AGG(member, name, how) {name, AGG_##how, offsetof(struct agg_group, member)},
#include "agg.def"
#undef AGG
};
enum { COLUMNS = sizeof columns / sizeof *columns };
_Static_assert((int)COLUMNS <= (int)AGG_IO_COLUMNS, "partial[] is too short");

void agg_reader_open(struct agg_reader *r)
{
	r->kind = tsv_want(r->t, "kind");
	r->syscall = tsv_want(r->t, "syscall");
	r->error = tsv_want(r->t, "errno");
	r->dur = tsv_want(r->t, "dur_ns");
	r->bytes = tsv_want(r->t, "bytes");
	if (r->spans)
		r->start = tsv_want(r->t, "start_ns");
	for (int i = 0; i < COLUMNS; i++)
		r->partial[i] = tsv_want(r->t, columns[i].name);
	keys_want(r->keys, r->t);
	tsv_by_place(r->t);
}

static int column_named(const char *name)
{
	int i = 0;
	while (i < COLUMNS && strcmp(columns[i].name, name) != 0)
		i++;
	return i;
}

/* Bins are kept, or other buckets are counted from them. */
static bool reads_bins(const struct agg *a, enum agg_bins which)
{
	return a->bins & which || (a->buckets && a->bucketed == which);
}

static void take_header(struct agg_reader *r)
{
	bool calls = tsv_has(r->t, r->partial[column_named("calls")]);
	int bins_ns = r->partial[column_named("bins_ns")];
	int bins_bytes = r->partial[column_named("bins_bytes")];
	r->is_partial = calls && (tsv_has(r->t, bins_ns) || tsv_has(r->t, bins_bytes));
	if (calls && !r->is_partial)
		diag_at(
		    DIAG_COLUMN, input_place(r->t->in),
		    "bins_ns: this is a result; only events and what --partial wrote can be read");
	if (r->is_partial && reads_bins(r->agg, AGG_BINS_DUR))
		tsv_require(r->t, bins_ns);
	if (r->is_partial && reads_bins(r->agg, AGG_BINS_BYTES))
		tsv_require(r->t, bins_bytes);
	r->has_kind = tsv_has(r->t, r->kind);
	keys_header(r->keys);
	r->by_syscall = keys_use(r->keys, STR("syscall"));
	r->is_plain = !r->is_partial && r->keys->plain == r->syscall && r->has_kind &&
	              !r->unfinished && !r->spans && r->agg->bins == AGG_BINS_DUR &&
	              !r->agg->buckets && !r->also;
}

void agg_reader_header(struct agg_reader *r)
{
	agg_reader_flush(r);
	for (struct agg_reader *to = r; to; to = to->also)
		take_header(to);
	agg_io_lead(r);
}

void agg_reader_flush(struct agg_reader *r)
{
	for (; r; r = r->also) {
		agg_tally_flush(r->agg);
		r->of_run = NULL;
	}
}

/* ---- partials, in ---- */

static struct hist *hist_at(struct agg_group *g, size_t offset)
{
	return offset < offsetof(struct agg_group, bytes) ? &g->dur : &g->bytes;
}

/* True when there are none although there are values. */
static bool lacks_bins(const struct hist *h)
{
	unsigned bin = 0;
	uint64_t count;
	return h->count && !hist_next(h, &bin, &count);
}

static bool take_bins(struct agg_reader *r, struct str f, struct hist *h, enum agg_bins which)
{
	uint64_t total = 0;
	if (h->unbinned)
		return f.n == 0;
	if (!reads_bins(r->agg, which) || (f.n == 0 && !(r->agg->bins & which)))
		return true;
	if (f.n == 0 && h->count)
		diag_at(DIAG_COLUMN, input_place(r->t->in), "%s: this partial was written without its histograms",
		        which == AGG_BINS_DUR ? "bins_ns" : "bins_bytes");
	return hist_read_bins(h, f, &total) && total == h->count;
}

/* A partial that counted other buckets, or none, still has bins that are nearly as narrow. */
static bool take_buckets(struct agg_reader *r, struct str f, struct agg_group *g)
{
	const struct agg *a = r->agg;
	const struct hist *h = agg_hist(g, a->bucketed);
	bool same;
	if (h->unbinned)
		return f.n == 0;
	if (!bucket_counts_read(&g->buckets, a->buckets, f, &same))
		return false;
	if (!same && lacks_bins(h))
		diag_at(DIAG_COLUMN, input_place(r->t->in),
		        "buckets: this partial was written without its histograms, and for other buckets");
	if (!same)
		bucket_counts_add_bins(&g->buckets, a->buckets, h);
	uint64_t total = 0;
	for (unsigned i = 0; i < g->buckets.size; i++)
		total += g->buckets.n[i];
	return total == h->count;
}

static bool take_column(struct agg_reader *r, int i, struct agg_group *g)
{
	struct str f = tsv_at(r->t, r->partial[i]);
	char *member = (char *)g + columns[i].offset;
	struct hist *h = hist_at(g, columns[i].offset);
	switch (columns[i].how) {
	case AGG_SUM64:
		return number_u64(f, (uint64_t *)(void *)member);
	case AGG_SQUARES:
		h->unbinned = f.n == 0 && h->count;
		if (h->unbinned)
			return true;
		/* fall through */
	case AGG_SUM128:
		return number_u128(f, (__uint128_t *)(void *)member);
	case AGG_FIRST:
	case AGG_LAST:
		return f.n == 0 || number_i64(f, (int64_t *)(void *)member);
	case AGG_EXTREME:
		h->unbounded |= f.n == 0 && h->unbinned;
		return f.n == 0 ? h->count == 0 || h->unbinned
		                : number_u64(f, (uint64_t *)(void *)member) &&
		                      *(const uint64_t *)(const void *)member <= INT64_MAX;
	case AGG_BINS:
		return take_bins(r, f, h, h == &g->dur ? AGG_BINS_DUR : AGG_BINS_BYTES);
	case AGG_BUCKETS:
		return !r->agg->buckets || take_buckets(r, f, g);
	}
	return false;
}

static void add_partial(struct agg_reader *r)
{
	struct agg_group g = agg_group_empty();
	int i = 0;
	while (i < COLUMNS && take_column(r, i, &g))
		i++;
	if (i == COLUMNS && (g.wait_calls > g.calls || g.wait_ns > g.dur.sum))
		i = column_named(g.wait_calls > g.calls ? "wait_calls" : "wait_ns");
	if (i < COLUMNS) {
		diag_at(DIAG_ROW, input_place(r->t->in), "a partial's %s cannot be: %.*s",
		        columns[i].name, (int)tsv_at(r->t, r->partial[i]).n,
		        tsv_at(r->t, r->partial[i]).p);
	} else {
		if (!(r->agg->bins & AGG_BINS_DUR))
			hist_drop_bins(&g.dur);
		if (!(r->agg->bins & AGG_BINS_BYTES))
			hist_drop_bins(&g.bytes);
		agg_merge(agg_io_group(r), &g);
	}
	agg_group_free(&g);
}

void agg_reader_row(struct agg_reader *r)
{
	if (!r->is_partial)
		agg_io_event(r);
	else
		for (; r; r = r->also)
			add_partial(r);
}

void agg_reader_run(struct agg_reader *r)
{
	enum tsv_what what = tsv_next(r->t);
	while (what != TSV_END) {
		if (what == TSV_HEADER)
			agg_reader_header(r);
		else
			agg_reader_row(r);
		what = r->is_partial ? tsv_next(r->t) : r->is_plain ? agg_io_plain_events(r) : agg_io_events(r);
	}
	agg_reader_flush(r);
}

/* ---- partials, out ---- */

/* Without a column of bins nobody would take it for a partial. */
static bool is_written(const struct agg *a, int i)
{
	if (columns[i].how == AGG_BUCKETS)
		return a->buckets;
	bool dur = columns[i].offset == offsetof(struct agg_group, dur);
	if (columns[i].how == AGG_BINS)
		return reads_bins(a, dur ? AGG_BINS_DUR : AGG_BINS_BYTES) || (a->sums && dur);
	return true;
}

static void put_column(const struct agg *a, struct buf *b, int i, struct agg_group *g)
{
	const char *member = (const char *)g + columns[i].offset;
	const struct hist *h = hist_at(g, columns[i].offset);
	int64_t time;
	switch (columns[i].how) {
	case AGG_SUM64:
		buf_add_number(b, *(const uint64_t *)(const void *)member);
		break;
	case AGG_SQUARES:
		if (h->unbinned)
			break;
		/* fall through */
	case AGG_SUM128:
		buf_add_number(b, *(const __uint128_t *)(const void *)member);
		break;
	case AGG_FIRST:
	case AGG_LAST:
		time = *(const int64_t *)(const void *)member;
		if (g->first_ns <= g->last_ns)
			buf_add_signed(b, time);
		break;
	case AGG_EXTREME:
		if (h->count && !h->unbounded)
			buf_add_number(b, *(const uint64_t *)(const void *)member);
		break;
	case AGG_BINS:
		if (!h->unbinned)
			hist_write_bins(h, b);
		break;
	case AGG_BUCKETS:
		if (!agg_hist(g, a->bucketed)->unbinned)
			bucket_counts_write(&g->buckets, a->buckets, b);
		break;
	}
}

void agg_write_partial(const struct agg *a, const struct keys *keys, struct output *out)
{
	struct buf b = {0};
	for (int i = 0; i < keys->n; i++)
		buf_printf(&b, "%.*s\t", (int)keys->key[i].name.n, keys->key[i].name.p);
	for (int i = 0; i < COLUMNS; i++)
		if (is_written(a, i))
			buf_printf(&b, "%s\t", columns[i].name);
	struct agg_group **sorted = agg_sorted(a);
	for (size_t g = 0;; g++) {
		b.p[b.n - 1] = '\n';
		output_str(out, buf_str(&b));
		if (g == a->groups.records)
			break;
		if (a->sums) {
			hist_keep_sums(&sorted[g]->dur);
			hist_keep_sums(&sorted[g]->bytes);
		}
		b.n = 0;
		buf_add_str(&b, sorted[g]->key);
		if (keys->n)
			buf_add_char(&b, '\t');
		for (int i = 0; i < COLUMNS; i++) {
			if (!is_written(a, i))
				continue;
			put_column(a, &b, i, sorted[g]);
			buf_add_char(&b, '\t');
		}
	}
	free(sorted);
	buf_free(&b);
}
