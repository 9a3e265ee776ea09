#include "mounts.h"

#include <stdlib.h>

#include "arena.h"
#include "diag.h"
#include "event.h"
#include "input.h"

struct mounts {
	struct arena memory;
	struct str *point; /* escaped as in the event table */
	size_t n;
};

/* The kernel writes blanks and backslashes as \040 and so on. */
static void unescape(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned value = 0, digits = 0;
		while (s.p[i] == '\\' && digits < 3 && i + 1 + digits < s.n &&
		       s.p[i + 1 + digits] >= '0' && s.p[i + 1 + digits] <= '7')
			value = value * 8 + (unsigned)(s.p[i + 1 + digits++] - '0');
		buf_add_char(b, digits == 3 ? (char)value : s.p[i]);
		i += digits == 3 ? 3 : 0;
	}
}

static bool next_word(struct str *rest, struct str *word)
{
	*rest = str_trim(*rest);
	size_t n = 0;
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
		n++;
	*word = (struct str){rest->p, n};
	*rest = str_drop(*rest, n);
	return n > 0;
}

static void add(struct mounts *m, struct str line)
{
	struct str first, second;
	if (!next_word(&line, &first) || first.p[0] == '#')
		return;
	if (next_word(&line, &second))
		first = second;
	struct buf plain = {0}, escaped = {0};
	unescape(&plain, first);
	event_escape(&escaped, buf_str(&plain));
	while (escaped.n > 1 && escaped.p[escaped.n - 1] == '/')
		escaped.n--;
	m->point = xrealloc(m->point, m->n + 1, sizeof *m->point);
	m->point[m->n++] = arena_str(&m->memory, buf_str(&escaped));
	buf_free(&plain);
	buf_free(&escaped);
}

struct mounts *mounts_read(const char *path)
{
	struct mounts *m = xcalloc(1, sizeof *m);
	char *paths[] = {(char *)path, NULL};
	struct input *in = input_open(paths);
	struct str line;
	if (!input_next_file(in))
		exit(diag_status());
	while (input_line(in, &line))
		add(m, line);
	input_close(in);
	return m;
}

static bool is_under(struct str path, struct str point)
{
	return str_starts(path, point) &&
	       (path.n == point.n || point.p[point.n - 1] == '/' || path.p[point.n] == '/');
}

struct str mounts_above(const struct mounts *m, struct str path)
{
	struct str best = {path.p, 0};
	for (size_t i = 0; m && i < m->n; i++)
		if (m->point[i].n > best.n && is_under(path, m->point[i]))
			best = m->point[i];
	return best;
}

void mounts_free(struct mounts *m)
{
	if (!m)
		return;
	arena_free(&m->memory);
	free(m->point);
	free(m);
}
