#include "agg_io_private.h"
#include "agg_tally.h"
#include "number.h"
#include "syscall.h"

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
	if (v < 0) {
		diag_at(DIAG_ROW, input_place(r->t->in), "%s is negative",
		        column == r->dur ? "dur_ns" : "bytes");
		return false;
	}
	*value = (uint64_t)v;
	return true;
}

/* False leaves the value as it is. */
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
	return r->t->fact->words || is_call(kind) || !r->has_kind || (r->unfinished && str_eq(kind, STR("unfinished")));
}

static bool waits(struct str syscall)
{
	const struct syscall_info *info = syscall_by_field(syscall);
	return info && info->waits;
}

/* All calls of a group by syscall wait, or none does. */
static __attribute__((noinline)) void note_waits(struct agg_group *g, struct str syscall)
{
	g->waits = waits(syscall) ? 1 : -1;
}

static bool group_waits(struct agg_group *g, struct str syscall)
{
	if (!g->waits)
		note_waits(g, syscall);
	return g->waits > 0;
}

/* What a row says, whatever its group. */
struct facts {
	bool waits, failed, timed, moves, placed, returned, bucketed;
	uint64_t dur_ns, wait_ns, bytes;
	int64_t start_ns, end_ns;
	unsigned bucket;
};

static inline bool dur_of(struct agg_reader *r, uint64_t *dur_ns)
{
	uint32_t told = r->t->fact->dur_ns;
	if (told == RING_NO_DUR)
		return natural(r, tsv_at(r->t, r->dur), r->dur, dur_ns);
	*dur_ns = told;
	return true;
}

static inline void read_facts(struct agg_reader *r, struct facts *f)
{
	const struct agg *a = r->agg;
	bool of_time = a->bucketed == AGG_BINS_DUR;
	f->failed = tsv_at(r->t, r->error).n > 0;
	f->waits = false;
	f->dur_ns = f->wait_ns = f->bytes = 0;
	f->timed = dur_of(r, &f->dur_ns);
	f->moves = natural(r, tsv_at(r->t, r->bytes), r->bytes, &f->bytes);
	f->placed = r->spans && tsv_start(r->t, r->start, &r->before, &f->start_ns);
	f->returned = f->placed && !__builtin_add_overflow(f->start_ns, f->dur_ns, &f->end_ns);
	if (f->placed && !f->returned)
		f->end_ns = INT64_MAX;
	f->returned &= f->timed || tsv_at(r->t, r->dur).n == 0; /* a bad one: slices are those of the keys' texts */
	f->bucketed = a->buckets && (of_time ? f->timed : f->moves);
	if (f->bucketed)
		f->bucket = buckets_index(a->buckets, of_time ? f->dur_ns : f->bytes);
}

/* To a group, or to the sums in a tally: t is NULL or that. */
static inline void add_facts(const struct agg *a, struct agg_group *g, struct agg_tally *t, const struct facts *f)
{
	g->calls++;
	g->wait_calls += f->waits;
	g->wait_ns += f->wait_ns;
	g->errors += f->failed;
	if (f->placed) {
		if (f->start_ns < g->first_ns)
			g->first_ns = f->start_ns;
		if (f->end_ns > g->last_ns)
			g->last_ns = f->end_ns;
	}
	if (a->sums) {
		g->dur.count += f->timed;
		g->dur.sum += f->dur_ns;
		g->bytes.count += f->moves;
		g->bytes.sum += f->bytes;
		return;
	}
	if (f->timed)
		hist_add_sums(&g->dur, f->dur_ns);
	if (f->timed && a->bins & AGG_BINS_DUR) {
		if (t)
			agg_tally_note(t, f->dur_ns);
		else
			hist_add_its_bin(&g->dur, f->dur_ns);
	}
	if (f->moves)
		hist_add_sums(&g->bytes, f->bytes);
	if (f->moves && a->bins & AGG_BINS_BYTES)
		hist_add_its_bin(t ? &t->group[0]->bytes : &g->bytes, f->bytes);
	if (f->bucketed)
		bucket_counts_add(&g->buckets, f->bucket, 1);
}

/* ---- groups ---- */

/* Slices have become wider: all groups get other keys. */
static __attribute__((noinline)) void widen(struct agg_reader *r)
{
	agg_tally_flush(r->lead->agg);
	r->keys->widened = false;
	agg_rekey(r->agg, keys_widen, r->keys);
}

struct agg_group *agg_io_group(struct agg_reader *r)
{
	struct str key = keys_read(r->keys);
	if (r->keys->widened)
		widen(r);
	return agg_group(r->agg, key);
}

/* Rows of one thread follow each other. Who has no slice in the words of its key has none to widen. */
static void find_runs(struct agg_reader *lead)
{
	lead->in_runs = lead->keys->worded && !lead->slicer && keys_use(lead->keys, STR("tid")) &&
	                !keys_use(lead->keys, STR("slice_ns"));
	lead->of_run = NULL;
}

static void find_words(struct agg_reader *lead)
{
	lead->of_words = lead->keys->worded;
	for (int i = 0; i < lead->keys->n; i++) {
		const struct key *key = &lead->keys->key[i];
		lead->of_words &= key->direct && (key->column == lead->syscall || key->column == lead->error ||
		                                  str_eq(key->name, STR("fdtype")));
	}
}

/* More than one slice would have to be in the words. */
void agg_io_lead(struct agg_reader *first)
{
	struct agg_reader *last = first;
	int groups = 1, slice = 0;
	first->lead = first;
	first->slicer = first->next_lead = NULL;
	for (struct agg_reader *r = first->also; r; r = r->also) {
		bool follows = groups < AGG_TALLY_GROUPS && !r->agg->bins &&
		               keys_follow(r->keys, first->keys, &slice) && (slice < 0 || !first->slicer);
		r->slicer = r->next_lead = NULL;
		r->lead = follows ? first : r;
		groups += follows;
		if (!follows) {
			last = last->next_lead = r;
		} else if (slice >= 0) {
			first->slicer = r;
			first->slice = slice;
		}
	}
	for (struct agg_reader *r = first; r; r = r->next_lead) {
		find_runs(r);
		find_words(r);
	}
}

static __attribute__((noinline)) void begin_tally(struct agg_reader *lead, struct agg_tally *t,
                                                  const struct keys_words *words)
{
	struct agg_group *group[AGG_TALLY_GROUPS] = {0};
	int n = 0;
	agg_tally_empty(t);
	for (struct agg_reader *r = lead; r; r = r->also)
		if (r->lead == lead)
			group[n++] = agg_io_group(r);
	t->words = *words;
	memcpy(t->group, group, sizeof group);
}

/* NULL: the row has a key that words are not enough for. */
static inline struct agg_tally *tally_of(struct agg_reader *lead, const int64_t *returned_ns)
{
	struct keys_words words;
	struct agg_reader *slicer = lead->slicer;
	struct agg_tally *t;
	uint64_t lengths;
	int64_t slice = 0;
	const unsigned told = lead->of_words ? lead->t->fact->words : 0;
	if (lead->of_run && keys_run_goes_on(&lead->run, lead->keys))
		return lead->of_run;
	bool sliced = slicer && keys_slice_of(slicer->keys, lead->slice, returned_ns, &slice);
	bool widened = slicer && slicer->keys->widened;
	if (told && !widened && (t = agg_tally_told(lead->agg, told, sliced, slice)))
		return t;
	if (!keys_words(lead->keys, returned_ns, &words, &lengths))
		return NULL;
	widened |= lead->keys->widened;
	keys_words_end(&words, lengths | (uint64_t)sliced << 63, slice);
	t = agg_tally_at(lead->agg, &words);
	if (widened || !agg_tally_is_for(t, &words))
		begin_tally(lead, t, &words);
	t->told = (uint16_t)told;
	lead->agg->tally_told[told] = t;
	if (lead->in_runs) {
		keys_run_begin(&lead->run, lead->keys, &words);
		lead->of_run = t;
	}
	return t;
}

/* Of the first reader; by syscall, a group or a tally knows whether its calls wait. */
static inline void add_waiting(struct facts *f, const struct agg_reader *r, struct agg_group *g)
{
	struct str syscall = tsv_at(r->t, r->syscall);
	f->waits = r->by_syscall ? group_waits(g, syscall) : waits(syscall);
	f->wait_ns = f->waits ? f->dur_ns : 0;
}

static inline void add_to_groups(struct agg_reader *lead, bool is_first, struct facts *facts)
{
	for (struct agg_reader *r = lead; r; r = r->also)
		if (r->lead == lead) {
			struct agg_group *g = agg_io_group(r);
			if (is_first && r == lead)
				add_waiting(facts, r, g);
			add_facts(r->agg, g, NULL, facts);
		}
}

static inline void add_event(struct agg_reader *r)
{
	if (!is_counted(r))
		return;
	struct facts facts;
	read_facts(r, &facts);
	const int64_t *returned_ns = facts.returned ? &facts.end_ns : NULL;
	for (struct agg_reader *to = r; to; to = to->next_lead) {
		struct agg_tally *t = tally_of(to, returned_ns);
		if (!t) {
			add_to_groups(to, to == r, &facts);
			continue;
		}
		if (to == r)
			add_waiting(&facts, r, &t->sum);
		add_facts(to->agg, &t->sum, t, &facts);
	}
}

void agg_io_event(struct agg_reader *r)
{
	add_event(r);
}

enum tsv_what agg_io_events(struct agg_reader *r)
{
	enum tsv_what what;
	while ((what = tsv_next(r->t)) == TSV_ROW)
		add_event(r);
	return what;
}

static inline struct str at(const char *const *place)
{
	return (struct str){place[0], (size_t)(place[1] - place[0]) - 1};
}

/* What stays the same from row to row is looked up once. */
enum tsv_what agg_io_plain_events(struct agg_reader *r)
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
			note_waits(g, g->key);
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
