#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "diag.h"

enum { LONGEST_NAME = 63 };

bool fault_set(struct fault *f, size_t at, size_t n, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(f->what, sizeof f->what, format, ap);
	va_end(ap);
	f->at = at;
	f->n = n;
	return false;
}

void fault_excerpt(const struct fault *f, struct str text)
{
	size_t at = f->at < text.n ? f->at : text.n, from = at, to = at;
	while (from > 0 && text.p[from - 1] != '\n')
		from--;
	while (to < text.n && text.p[to] != '\n')
		to++;
	diag_excerpt((struct str){text.p + from, to - from}, at - from + 1);
}

void fault_die(const struct fault *f, struct str text, const char *origin)
{
	fault_excerpt(f, text);
	diag_die(DIAG_USAGE, "%s, column %zu: %s", origin, f->at + 1, f->what);
}

/* Optimal string alignment: Levenshtein's distance and swapped neighbours. */
size_t fault_distance(struct str a, struct str b)
{
	if (a.n > LONGEST_NAME || b.n > LONGEST_NAME)
		return SIZE_MAX;
	size_t rows[3][LONGEST_NAME + 1];
	size_t *older = rows[0], *old = rows[1], *row = rows[2];
	for (size_t j = 0; j <= b.n; j++)
		old[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = old[j - 1] + (a.p[i - 1] != b.p[j - 1]);
			best = old[j] + 1 < best ? old[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			bool swapped = i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
				       a.p[i - 2] == b.p[j - 1];
			if (swapped && older[j - 2] + 1 < best)
				best = older[j - 2] + 1;
			row[j] = best;
		}
		size_t *free_row = older;
		older = old;
		old = row;
		row = free_row;
	}
	return old[b.n];
}

void fault_nearer(struct nearest *nearest, struct str word, struct str candidate)
{
	size_t distance = fault_distance(word, candidate);
	size_t most = (word.n + 2) / 4;
	if (distance > most || (nearest->name.p && distance >= nearest->distance))
		return;
	*nearest = (struct nearest){.name = candidate, .distance = distance};
}
