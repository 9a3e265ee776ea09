#include "before.h"

#include <limits.h>
#include <stdlib.h>

#include "event.h"
#include "input.h"
#include "number.h"

struct before {
	struct arena arena;
	struct entry {
		int64_t pid; /* -1: the first process */
		int fd;	     /* -1: cwd */
		struct str target;
	} *entry;
	size_t n, cap;
};

/* "/proc/812/fd/3", "3", "/proc/812/cwd", "cwd": the process, if it is told, and the descriptor. */
static bool take_name(struct str name, int64_t *pid, int *fd)
{
	struct str proc = STR("/proc/"), last = name;
	uint64_t number;
	if (str_starts(name, proc)) {
		struct str rest = str_drop(name, proc.n);
		if (number_take_u64(&rest, &number) && number <= INT_MAX)
			*pid = (int64_t)number;
	}
	const char *slash = name.n ? memrchr(name.p, '/', name.n) : NULL;
	if (slash)
		last = str_between(slash + 1, name.p + name.n);
	*fd = -1;
	if (str_eq(last, STR("cwd")))
		return true;
	if (!number_u64(last, &number) || number > INT_MAX)
		return false;
	*fd = (int)number;
	return true;
}

static void add(struct before *b, int64_t pid, int fd, struct str target)
{
	struct buf escaped = {0};
	struct str deleted = STR(" (deleted)");
	if (str_ends(target, deleted))
		target.n -= deleted.n;
	event_escape(&escaped, target);
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 16;
		b->entry = xrealloc(b->entry, b->cap, sizeof *b->entry);
	}
	b->entry[b->n++] = (struct entry){pid, fd, arena_str(&b->arena, buf_str(&escaped))};
	buf_free(&escaped);
}

static void take_line(struct before *b, struct str line, int64_t *heading)
{
	struct str arrow = STR(" -> ");
	line = str_trim(line);
	const char *at = str_find(line, arrow);
	int fd;
	if (!at) {
		int64_t pid = -1;
		if (line.n && line.p[line.n - 1] == ':' &&
		    (take_name((struct str){line.p, line.n - 1}, &pid, &fd), pid >= 0))
			*heading = pid;
		return;
	}
	struct str name = str_between(line.p, at);
	const char *blank = name.n ? memrchr(name.p, ' ', name.n) : NULL;
	if (blank)
		name = str_between(blank + 1, at);
	int64_t pid = *heading;
	if (take_name(name, &pid, &fd))
		add(b, pid, fd, str_between(at + arrow.n, line.p + line.n));
}

struct before *before_read(const char *path)
{
	struct before *b = xcalloc(1, sizeof *b);
	char *paths[] = {(char *)(uintptr_t)path, NULL};
	struct input *in = input_open(paths);
	struct str line;
	int64_t heading = -1;
	while (input_next_file(in))
		while (input_line(in, &line))
			take_line(b, line, &heading);
	input_close(in);
	if (b->n == 0)
		diag_die(DIAG_USAGE, "%s: no line of `ls -l /proc/PID/fd`", path);
	return b;
}

void before_tell(const struct before *b, struct files *files, struct origin *origin)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct entry *e = &b->entry[i];
		/* A trace of a single process may have no pids: then it is the listing's first one. */
		bool fits = e->pid < 0 ? origin->first
			    : origin->pid < 0 ? e->pid == b->entry[0].pid : e->pid == origin->pid;
		if (!fits)
			continue;
		if (e->fd < 0) {
			file_name(files, origin->cwd, e->target, NAME_TRACED);
			continue;
		}
		struct file *f = file_new(files, FDTYPE_UNKNOWN, e->target, NAME_DERIVED);
		descriptors_tell(origin->before, e->fd, f);
		file_put(f);
	}
}

void before_free(struct before *b)
{
	if (!b)
		return;
	arena_free(&b->arena);
	free(b->entry);
	free(b);
}
