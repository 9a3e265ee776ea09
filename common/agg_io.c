#include "agg_io.h"

#include <stddef.h>
#include <stdlib.h>

#include "number.h"
#include "syscall.h"

enum how { SUM64, SUM128, FIRST, LAST, EXTREME, BINS, BUCKETS };

static const struct {
	const char *name;
	enum how how;
	size_t offset; /* in struct agg_group */
} columns[] = {
#define AGG(member, name, how) {name, how, offsetof(struct agg_group, member)},
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

void agg_reader_header(struct agg_reader *r)
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
	r->is_plain = !r->is_partial && r->keys->plain == r->syscall && r->has_kind &&
	              !r->unfinished && !r->spans && r->agg->bins == AGG_BINS_DUR &&
	              !r->agg->buckets;
}

/* ---- events ---- */

/* Of up to eight digits, as nearly all are. */
static inline bool digits(struct str f, uint64_t *value)
{
	return f.n - 1 < 8 && number_eight_digits(f.p, f.n, value);
}

static __attribute__((noinline)) bool natural_slow(struct agg_reader *r, int column,
                                                   uint64_t *value)
{
	int64_t v;
	if (!tsv_i64(r->t, column, &v))
		return false;
	*value = (uint64_t)v;
	if (v < 0)
		diag_at(DIAG_ROW, input_place(r->t->in), "%s is negative",
		        column == r->dur ? "dur_ns" : "bytes");
	return v >= 0;
}

static inline bool natural(struct agg_reader *r, struct str f, int column, uint64_t *value)
{
	return f.n && (digits(f, value) || natural_slow(r, column, value));
}

static inline bool is_call(struct str kind)
{
	return kind.n == 4 && memcmp(kind.p, "call", 4) == 0;
}

static bool is_counted(const struct agg_reader *r)
{
	struct str kind = tsv_at(r->t, r->kind);
	return is_call(kind) || !r->has_kind || (r->unfinished && str_eq(kind, STR("unfinished")));
}

static bool waits(struct str syscall)
{
	const struct syscall_info *info = syscall_by_name(syscall);
	return info && info->waits;
}

static void note_span(struct agg_reader *r, struct agg_group *g, uint64_t dur)
{
	int64_t start, end;
	if (!tsv_i64(r->t, r->start, &start))
		return;
	if (__builtin_add_overflow(start, dur, &end))
		end = INT64_MAX;
	g->first_ns = start < g->first_ns ? start : g->first_ns;
	g->last_ns = end > g->last_ns ? end : g->last_ns;
}

static void add_value(struct agg *a, struct agg_group *g, struct hist *h, enum agg_bins bins,
                      uint64_t value)
{
	if (a->bins & bins)
		hist_add(h, value);
	else
		hist_add_sums(h, value);
	if (a->buckets && a->bucketed == bins)
		bucket_counts_add(&g->buckets, buckets_index(a->buckets, value), 1);
}

/* The group of the row at hand. */
static struct agg_group *group(struct agg_reader *r)
{
	struct str key = keys_read(r->keys);
	if (r->keys->widened) {
		r->keys->widened = false;
		agg_rekey(r->agg, keys_widen, r->keys);
	}
	return agg_group(r->agg, key);
}

static void add_event(struct agg_reader *r)
{
	if (!is_counted(r))
		return;
	struct agg_group *g = group(r);
	uint64_t dur = 0, bytes;
	bool waiting = waits(tsv_at(r->t, r->syscall));
	g->calls++;
	g->wait_calls += waiting;
	g->errors += tsv_at(r->t, r->error).n > 0;
	if (natural(r, tsv_at(r->t, r->dur), r->dur, &dur)) {
		g->wait_ns += waiting ? dur : 0;
		add_value(r->agg, g, &g->dur, AGG_BINS_DUR, dur);
	}
	if (natural(r, tsv_at(r->t, r->bytes), r->bytes, &bytes))
		add_value(r->agg, g, &g->bytes, AGG_BINS_BYTES, bytes);
	if (r->spans)
		note_span(r, g, dur);
}

static __attribute__((noinline)) void note_waits(struct agg_group *g)
{
	g->waits = waits(g->key) ? 1 : -1;
}

static inline struct str at(const char *const *place)
{
	return (struct str){place[0], (size_t)(place[1] - place[0]) - 1};
}

/* add_event for all rows of a table by syscall and nothing more, which is what most people want of
 * the largest files: what stays the same from row to row is looked up once. */
static enum tsv_what add_plain_events(struct agg_reader *r)
{
	struct tsv *t = r->t;
	struct agg *agg = r->agg;
	const char *const *kind = t->place[r->kind], *const *syscall = t->place[r->syscall];
	const char *const *error = t->place[r->error], *const *dur_ns = t->place[r->dur];
	const char *const *moved = t->place[r->bytes];
	enum tsv_what what;
	while ((what = tsv_next(t)) == TSV_ROW) {
		uint64_t dur, bytes;
		if (!is_call(at(kind)))
			continue;
		struct agg_group *g = agg_group(agg, at(syscall));
		g->calls++;
		g->errors += at(error).n > 0;
		if (!g->waits)
			note_waits(g);
		bool timed = natural(r, at(dur_ns), r->dur, &dur);
		if (timed)
			hist_add(&g->dur, dur);
		if (g->waits > 0) {
			g->wait_calls++;
			g->wait_ns += timed ? dur : 0;
		}
		if (natural(r, at(moved), r->bytes, &bytes))
			hist_add_sums(&g->bytes, bytes);
	}
	return what;
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
	const struct hist *h = a->bucketed == AGG_BINS_DUR ? &g->dur : &g->bytes;
	bool same;
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
	struct hist *h = (struct hist *)(void *)member;
	switch (columns[i].how) {
	case SUM64:
		return number_u64(f, (uint64_t *)(void *)member);
	case SUM128:
		return number_u128(f, (__uint128_t *)(void *)member);
	case FIRST:
	case LAST:
		return f.n == 0 || number_i64(f, (int64_t *)(void *)member);
	case EXTREME:
		return f.n == 0 ? hist_at(g, columns[i].offset)->count == 0
		                : number_u64(f, (uint64_t *)(void *)member);
	case BINS:
		return take_bins(r, f, h, h == &g->dur ? AGG_BINS_DUR : AGG_BINS_BYTES);
	case BUCKETS:
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
	if (i == COLUMNS && g.wait_ns > g.dur.sum)
		i = column_named("wait_ns");
	if (i < COLUMNS) {
		diag_at(DIAG_ROW, input_place(r->t->in), "a partial's %s cannot be: %.*s",
		        columns[i].name, (int)tsv_at(r->t, r->partial[i]).n,
		        tsv_at(r->t, r->partial[i]).p);
	} else {
		if (!(r->agg->bins & AGG_BINS_DUR))
			hist_drop_bins(&g.dur);
		if (!(r->agg->bins & AGG_BINS_BYTES))
			hist_drop_bins(&g.bytes);
		agg_merge(group(r), &g);
	}
	agg_group_free(&g);
}

void agg_reader_row(struct agg_reader *r)
{
	if (r->is_partial)
		add_partial(r);
	else
		add_event(r);
}

void agg_reader_run(struct agg_reader *r)
{
	enum tsv_what what = tsv_next(r->t);
	while (what != TSV_END) {
		if (what == TSV_HEADER)
			agg_reader_header(r);
		else
			agg_reader_row(r);
		what = r->is_plain ? add_plain_events(r) : tsv_next(r->t);
	}
}

/* ---- partials, out ---- */

static bool is_written(const struct agg *a, int i)
{
	if (columns[i].how == BUCKETS)
		return a->buckets;
	bool dur = columns[i].offset == offsetof(struct agg_group, dur);
	return columns[i].how != BINS || reads_bins(a, dur ? AGG_BINS_DUR : AGG_BINS_BYTES);
}

static void put_u128(struct buf *b, __uint128_t value)
{
	char *p = buf_reserve(b, 40);
	b->n += (size_t)(number_put_u128(p, value) - p);
}

static void put_column(const struct agg *a, struct buf *b, int i, struct agg_group *g)
{
	const char *member = (const char *)g + columns[i].offset;
	int64_t time;
	switch (columns[i].how) {
	case SUM64:
		put_u128(b, *(const uint64_t *)(const void *)member);
		break;
	case SUM128:
		put_u128(b, *(const __uint128_t *)(const void *)member);
		break;
	case FIRST:
	case LAST:
		time = *(const int64_t *)(const void *)member;
		if (g->first_ns <= g->last_ns)
			buf_printf(b, "%lld", (long long)time);
		break;
	case EXTREME:
		if (hist_at(g, columns[i].offset)->count)
			put_u128(b, *(const uint64_t *)(const void *)member);
		break;
	case BINS:
		hist_write_bins((const struct hist *)(const void *)member, b);
		break;
	case BUCKETS:
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
