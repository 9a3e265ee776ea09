#include "merge.h"
#include "sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { BUFFER = 16 * 1024 }; /* per file: there may be thousands */

struct source {
	struct input *in;
	const struct dialect *dialect;
	void *state;
	struct str line; /* the next one */
	int64_t time_ns; /* its time, or that of the last line before it that had one */
	size_t order;
};

struct merge {
	struct parse *parse;
	struct arena names;
	char **path;
	size_t n_paths;
	struct source **heap; /* the earliest line on top */
	size_t n;
};

static void add_path(struct merge *m, const char *path)
{
	m->path = xrealloc(m->path, m->n_paths + 1, sizeof *m->path);
	m->path[m->n_paths++] = (char *)arena_str(&m->names, str_of(path)).p;
}

static int by_tid(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int64_t tid_x = parse_tid_of_name(x), tid_y = parse_tid_of_name(y);
	return tid_x != tid_y ? (tid_x > tid_y) - (tid_x < tid_y) : strcmp(x, y);
}

static void add_folder(struct merge *m, const char *folder)
{
	DIR *d = opendir(folder);
	if (!d) {
		diag(DIAG_OPEN, "%s: %s", folder, strerror(errno));
		return;
	}
	struct buf path = {0};
	size_t first = m->n_paths;
	for (struct dirent *entry; (entry = readdir(d));) {
		if (parse_tid_of_name(entry->d_name) == NO_TID)
			continue;
		path.n = 0;
		buf_printf(&path, "%s/%s", folder, entry->d_name);
		buf_add_char(&path, '\0');
		add_path(m, path.p);
	}
	closedir(d);
	buf_free(&path);
	if (m->n_paths == first)
		diag(DIAG_OPEN, "%s: no files named NAME.TID in this folder", folder);
	else
		qsort(m->path + first, m->n_paths - first, sizeof *m->path, by_tid);
}

static bool is_before(const struct source *a, const struct source *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->order < b->order;
}

static void sift_down(struct merge *m, size_t i)
{
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= m->n)
			return;
		if (child + 1 < m->n && is_before(m->heap[child + 1], m->heap[child]))
			child++;
		if (!is_before(m->heap[child], m->heap[i]))
			return;
		struct source *moved = m->heap[i];
		m->heap[i] = m->heap[child];
		m->heap[child] = moved;
		i = child;
	}
}

/* Takes the next line; false at the end of the file. *timed: it has a time of its own. */
static bool advance(struct source *s, bool *timed)
{
	if (!input_line(s->in, &s->line))
		return false;
	*timed = s->dialect->time && s->dialect->time(s->state, s->line, &s->time_ns);
	return true;
}

static void take_line(struct merge *m, struct source *s)
{
	m->parse->in = s->in;
	parse_set_file(m->parse);
	m->parse->accounts.lines++;
	s->dialect->line(s->state, s->line);
}

static void open_sources(struct merge *m, const struct dialect *dialect)
{
	/* One descriptor a file: as many as the system lets us have. */
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	m->heap = xcalloc(m->n_paths + 1, sizeof *m->heap);
	for (size_t i = 0; i < m->n_paths; i++) {
		struct source *s = arena_alloc(&m->names, sizeof *s);
		char **paths = arena_alloc(&m->names, 2 * sizeof *paths);
		bool timed;
		paths[0] = m->path[i];
		s->in = input_open_sized(paths, BUFFER);
		s->order = i;
		if (!input_next_file(s->in)) {
			input_close(s->in);
			continue;
		}
		m->parse->in = s->in;
		parse_set_file(m->parse);
		m->parse->first = input_peek(s->in);
		s->dialect = dialect ? dialect : parse_recognise(m->parse, false);
		accounts_format(&m->parse->accounts, parse_dialect_name(s->dialect));
		s->state = s->dialect->open(m->parse);
		if (advance(s, &timed)) {
			m->heap[m->n++] = s;
		} else {
			s->dialect->close(s->state);
			input_close(s->in);
		}
	}
}

void merge_files(struct parse *parse, char *const *paths, const struct dialect *dialect)
{
	struct merge m = {.parse = parse};
	for (; *paths; paths++) {
		struct stat st;
		if (stat(*paths, &st) == 0 && S_ISDIR(st.st_mode))
			add_folder(&m, *paths);
		else
			add_path(&m, *paths);
	}
	open_sources(&m, dialect);
	(void)sandbox_enter();
	size_t all = m.n;
	struct source **done = xcalloc(all + 1, sizeof *done);
	size_t n_done = 0;
	for (size_t i = m.n; i-- > 0;)
		sift_down(&m, i);
	while (m.n) {
		struct source *s = m.heap[0];
		bool more, timed;
		do {
			take_line(&m, s);
			more = advance(s, &timed);
		} while (more && !timed);
		if (!more) {
			done[n_done++] = s;
			m.heap[0] = m.heap[--m.n];
		}
		sift_down(&m, 0);
	}
	/* Only now is it known which calls never returned: the other half may be in any file. */
	for (size_t i = 0; i < n_done; i++) {
		parse->in = done[i]->in;
		parse_set_file(parse);
		done[i]->dialect->close(done[i]->state);
	}
	threads_clear(&parse->threads);
	for (size_t i = 0; i < n_done; i++)
		input_close(done[i]->in);
	free(done);
	free(m.heap);
	free(m.path);
	arena_free(&m.names);
}
