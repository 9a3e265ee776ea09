#include "modes.h"

#include <math.h>

#include "buckets.h"
#include "syscall.h"

enum { OCTAVES = 64 }; /* log2 buckets of values below 2^63 */
static const double significant = 0.001;

/* The bounds of log2 buckets are bounds of histogram bins: no bin is in two octaves. */
static void count_octaves(const struct hist *h, const struct buckets *log2,
                          uint64_t counts[OCTAVES])
{
	uint64_t count, below_microsecond = 0;
	unsigned microsecond = log2->of_bytes ? 0 : buckets_index(log2, 1000);
	memset(counts, 0, OCTAVES * sizeof *counts);
	for (unsigned bin = 0; hist_next(h, &bin, &count); bin++)
		counts[buckets_index(log2, hist_bin_low(bin))] += count;
	for (unsigned i = 1; i < microsecond; i++)
		below_microsecond += counts[i];
	/* Of whole microseconds, 0 stands for all that is shorter than one. */
	if (microsecond && below_microsecond == 0) {
		counts[microsecond - 1] = counts[0];
		counts[0] = 0;
	}
}

/* P(X <= v) for X ~ B(v + p, 1/2), v <= p: from the largest term down, each less than the last. */
static double binomial_tail(uint64_t v, uint64_t p)
{
	double n = (double)v + (double)p, k = (double)v;
	double term = exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2)),
	       sum = term;
	for (; k > 0 && term > sum * 1e-12; k--) {
		term *= k / (n - k + 1);
		sum += term;
	}
	return sum;
}

static unsigned find_peaks(const uint64_t counts[OCTAVES], unsigned peaks[OCTAVES])
{
	unsigned n = 0;
	for (unsigned i = 0, next; i < OCTAVES; i = next) {
		for (next = i + 1; next < OCTAVES && counts[next] == counts[i]; next++)
			;
		bool rises = i == 0 || counts[i - 1] < counts[i];
		bool falls = next == OCTAVES || counts[next] < counts[i];
		if (counts[i] && rises && falls)
			peaks[n++] = i;
	}
	return n;
}

static unsigned valley_between(const uint64_t counts[OCTAVES], unsigned a, unsigned b)
{
	unsigned valley = a;
	for (unsigned i = a; i <= b; i++)
		if (counts[i] < counts[valley])
			valley = i;
	return valley;
}

/* The probability of the dip between two peaks; 1 when it is not deep enough to matter. */
static double dip(const uint64_t counts[OCTAVES], unsigned a, unsigned b, unsigned pairs)
{
	uint64_t lower = counts[a] < counts[b] ? counts[a] : counts[b];
	uint64_t valley = counts[valley_between(counts, a, b)];
	if (valley > lower / 2)
		return 1;
	double p = binomial_tail(valley, lower) * pairs;
	return p < 1 ? p : 1;
}

static void fill_mode(struct mode *m, const uint64_t counts[OCTAVES], unsigned from, unsigned to,
                      unsigned peak, const struct buckets *log2)
{
	*m = (struct mode){.peak_low = buckets_low(log2, peak),
	                   .peak_high = buckets_low(log2, peak + 1)};
	while (counts[from] == 0)
		from++;
	while (counts[to - 1] == 0)
		to--;
	m->low = buckets_low(log2, from);
	m->high = buckets_low(log2, to);
	for (unsigned i = from; i < to; i++)
		m->count += counts[i];
}

/* Drops the lower peak of the least distinct pair until all pairs are distinct; returns how many
 * are left. */
static unsigned join_peaks(const uint64_t counts[OCTAVES], unsigned peaks[OCTAVES], unsigned n,
                           unsigned pairs)
{
	for (; n > 1; n--) {
		unsigned worst = 0;
		double p = 0;
		for (unsigned i = 0; i + 1 < n; i++) {
			double here = dip(counts, peaks[i], peaks[i + 1], pairs);
			worst = here > p ? i : worst;
			p = here > p ? here : p;
		}
		if (p < significant)
			break;
		unsigned lower =
		    counts[peaks[worst]] < counts[peaks[worst + 1]] ? worst : worst + 1;
		memmove(&peaks[lower], &peaks[lower + 1], (n - lower - 1) * sizeof *peaks);
	}
	return n;
}

int modes_find(const struct hist *h, bool of_bytes, struct mode modes[MODES_MAX])
{
	struct buckets log2;
	uint64_t counts[OCTAVES];
	unsigned peaks[OCTAVES], from = 0;
	buckets_parse(&log2, STR("log2"), of_bytes);
	count_octaves(h, &log2, counts);
	unsigned n = find_peaks(counts, peaks), pairs = n ? n - 1 : 0;
	n = join_peaks(counts, peaks, n, pairs);
	for (unsigned i = 0; i < n; i++) {
		unsigned to = i + 1 < n ? valley_between(counts, peaks[i], peaks[i + 1]) : OCTAVES;
		fill_mode(&modes[i], counts, from, to, peaks[i], &log2);
		if (i)
			modes[i].p = dip(counts, peaks[i - 1], peaks[i], pairs);
		from = to;
	}
	return (int)n;
}

static const char *name_of(const struct mode *mode, const struct syscall_info *info)
{
	static const struct {
		enum syscall_category category;
		struct str part;
		uint64_t below;
		const char *name;
	} names[] = {
#define MODE(category, part, below, name)                                                          \
	{SYSCALL_CATEGORY_##category, {part, sizeof part - 1}, below, name},
#include "modes.def"
#undef MODE
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].category == info->category &&
		    (names[i].part.n == 0 || str_find(info->name, names[i].part)) &&
		    (names[i].below == 0 || mode->peak_low < names[i].below))
			return names[i].name;
	return NULL;
}

void modes_name(struct mode *modes, int n, struct str syscall)
{
	const struct syscall_info *info = syscall_by_name(syscall);
	bool differ = false;
	for (int i = 0; info && i < n; i++) {
		modes[i].name = name_of(&modes[i], info);
		differ |= i && modes[i].name && (!modes[0].name || strcmp(modes[i].name, modes[0].name) != 0);
	}
	for (int i = 0; i < n && !differ; i++)
		modes[i].name = NULL;
}
