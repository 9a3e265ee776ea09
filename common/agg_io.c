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
}

static int column_named(const char *name)
{
	int i = 0;
	while (i < COLUMNS && strcmp(columns[i].name, name) != 0)
		i++;
	return i;
}

void agg_reader_header(struct agg_reader *r)
{
	bool calls = tsv_has(r->t, r->partial[column_named("calls")]);
	int bins_ns = r->partial[column_named("bins_ns")];
	int bins_bytes = r->partial[column_named("bins_bytes")];
	r->is_partial = calls && (tsv_has(r->t, bins_ns) || tsv_has(r->t, bins_bytes));
	if (calls && !r->is_partial)
		diag_at(DIAG_COLUMN, input_place(r->t->in),
			"bins_ns: this is a result; only events and what --partial wrote can be read");
	if (r->is_partial && r->agg->bins & AGG_BINS_DUR)
		tsv_require(r->t, bins_ns);
	if (r->is_partial && r->agg->bins & AGG_BINS_BYTES)
		tsv_require(r->t, bins_bytes);
	r->has_kind = tsv_has(r->t, r->kind);
	keys_header(r->keys);
}

/* ---- events ---- */

/* A field of up to eight digits, as nearly all are: all of them in three multiplications, no loop whose
 * length changes from row to row. The eight bytes at it are readable, as for all fields. */
static inline bool digits(struct str f, uint64_t *value)
{
	uint64_t v;
	if (f.n - 1 >= 8)
		return false;
	memcpy(&v, f.p, 8);
	v = (v ^ UINT64_C(0x3030303030303030)) << (64 - 8 * f.n); /* zeros before the first digit */
	if ((v | (v + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080))
		return false; /* some byte is no digit: above 9 after the xor */
	v = v * 10 + (v >> 8);
	*value = (((v & UINT64_C(0x000000ff000000ff)) * (100 + (UINT64_C(1000000) << 32))) +
		  (((v >> 16) & UINT64_C(0x000000ff000000ff)) * (1 + (UINT64_C(10000) << 32)))) >>
		 32 & UINT32_MAX;
	return true;
}

static bool natural_slow(struct agg_reader *r, int column, const char *name, uint64_t *value)
{
	int64_t v;
	if (!tsv_i64(r->t, column, &v))
		return false;
	*value = (uint64_t)v;
	if (v < 0)
		diag_at(DIAG_ROW, input_place(r->t->in), "%s is negative", name);
	return v >= 0;
}

static inline bool natural(struct agg_reader *r, int column, const char *name, uint64_t *value)
{
	struct str f = r->t->field[column];
	return f.n && (digits(f, value) || natural_slow(r, column, name, value));
}

static inline bool is_counted(const struct agg_reader *r)
{
	struct str kind = r->t->field[r->kind];
	if (kind.n == 4 && memcmp(kind.p, "call", 4) == 0)
		return true;
	return !r->has_kind || (r->unfinished && str_eq(kind, STR("unfinished")));
}

static inline bool waits(struct agg_reader *r, struct agg_group *g)
{
	bool group_is_syscall = r->keys->plain == r->syscall;
	if (group_is_syscall && g->waits)
		return g->waits > 0;
	const struct syscall_info *info = syscall_by_name(r->t->field[r->syscall]);
	bool found = info && info->waits;
	if (group_is_syscall)
		g->waits = found ? 1 : -1;
	return found;
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

static inline void add_value(struct agg *a, struct agg_group *g, struct hist *h, enum agg_bins bins,
			     uint64_t value)
{
	if (!(a->bins & bins)) {
		hist_add_sums(h, value);
		return;
	}
	hist_add(h, value);
	if (a->buckets)
		bucket_counts_add(&g->buckets, buckets_index(a->buckets, value), 1);
}

static inline void add_event(struct agg_reader *r)
{
	if (!is_counted(r))
		return;
	struct agg_group *g = agg_group(r->agg, keys_read(r->keys));
	uint64_t dur = 0, bytes;
	bool waiting = waits(r, g);
	r->calls = true;
	g->calls++;
	g->wait_calls += waiting;
	g->errors += r->t->field[r->error].n > 0;
	if (natural(r, r->dur, "dur_ns", &dur)) {
		r->timed = true;
		g->wait_ns += waiting ? dur : 0;
		add_value(r->agg, g, &g->dur, AGG_BINS_DUR, dur);
	}
	if (natural(r, r->bytes, "bytes", &bytes))
		add_value(r->agg, g, &g->bytes, AGG_BINS_BYTES, bytes);
	if (r->spans)
		note_span(r, g, dur);
}

/* ---- partials, in ---- */

static bool take_u128(struct str s, __uint128_t *value)
{
	__uint128_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(s.p[i] - '0');
		if (digit > 9 || __builtin_mul_overflow(v, (__uint128_t)10, &v) ||
		    __builtin_add_overflow(v, (__uint128_t)digit, &v))
			return false;
	}
	*value = v;
	return s.n > 0;
}

static struct hist *hist_at(struct agg_group *g, size_t offset)
{
	return offset < offsetof(struct agg_group, bytes) ? &g->dur : &g->bytes;
}

/* A partial that counted other buckets, or none, still has bins that are nearly as narrow. */
static bool take_buckets(const struct agg *a, struct str f, struct agg_group *g)
{
	const struct hist *h = a->bins & AGG_BINS_DUR ? &g->dur : &g->bytes;
	bool same;
	if (!bucket_counts_read(&g->buckets, a->buckets, f, &same))
		return false;
	if (!same)
		bucket_counts_add_bins(&g->buckets, a->buckets, h);
	uint64_t total = 0;
	for (unsigned i = 0; i < g->buckets.size; i++)
		total += g->buckets.n[i];
	return total == h->count;
}

static bool take_column(struct agg_reader *r, int i, struct agg_group *g)
{
	struct str f = r->t->field[r->partial[i]];
	char *member = (char *)g + columns[i].offset;
	struct hist *h = (struct hist *)(void *)member;
	enum agg_bins bins = h == &g->dur ? AGG_BINS_DUR : AGG_BINS_BYTES;
	uint64_t total = 0;
	switch (columns[i].how) {
	case SUM64:
		return number_u64(f, (uint64_t *)(void *)member);
	case SUM128:
		return take_u128(f, (__uint128_t *)(void *)member);
	case FIRST:
	case LAST:
		return f.n == 0 || number_i64(f, (int64_t *)(void *)member);
	case EXTREME:
		return f.n == 0 ? hist_at(g, columns[i].offset)->count == 0
				: number_u64(f, (uint64_t *)(void *)member);
	case BINS:
		return !(r->agg->bins & bins) || (hist_read_bins(h, f, &total) && total == h->count);
	case BUCKETS:
		return !r->agg->buckets || take_buckets(r->agg, f, g);
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
			columns[i].name, (int)r->t->field[r->partial[i]].n,
			r->t->field[r->partial[i]].p);
	} else {
		agg_merge(agg_group(r->agg, keys_read(r->keys)), &g);
		r->calls |= g.calls > 0;
		r->timed |= g.dur.count > 0;
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
	enum tsv_what what;
	while ((what = tsv_next(r->t)) != TSV_END) {
		if (what == TSV_HEADER)
			agg_reader_header(r);
		else if (r->is_partial)
			add_partial(r);
		else
			add_event(r);
	}
}

/* ---- partials, out ---- */

static bool is_written(const struct agg *a, int i)
{
	if (columns[i].how == BUCKETS)
		return a->buckets;
	bool dur = columns[i].offset == offsetof(struct agg_group, dur);
	return columns[i].how != BINS || a->bins & (dur ? AGG_BINS_DUR : AGG_BINS_BYTES);
}

static void put_u128(struct buf *b, __uint128_t value)
{
	char text[40], *p = text + sizeof text;
	do
		*--p = (char)('0' + (int)(value % 10));
	while ((value /= 10) > 0);
	buf_add_str(b, str_between(p, text + sizeof text));
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
		if (g == a->groups)
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
