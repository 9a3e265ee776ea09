#include "path.h"

#include <emmintrin.h>
#include <limits.h>

#include "input.h"
#include "number.h"
#include "scan.h"

/* So many bytes are looked at for parts that begin among the first 16 of them. */
enum { WINDOW = 18 };

/* Whether "//", "/./" or "/.." is there, or another part that begins with "..": the slow way decides. */
static bool has_dirty_part(const char *window)
{
	const __m128i slash = _mm_set1_epi8('/'), dot = _mm_set1_epi8('.');
	__m128i a = _mm_loadu_si128((const void *)window),
		b = _mm_loadu_si128((const void *)(window + 1)),
		c = _mm_loadu_si128((const void *)(window + 2));
	__m128i ends = _mm_or_si128(_mm_cmpeq_epi8(c, slash), _mm_cmpeq_epi8(c, dot));
	__m128i bad = _mm_or_si128(_mm_cmpeq_epi8(b, slash),
				   _mm_and_si128(_mm_cmpeq_epi8(b, dot), ends));
	return _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, slash), bad));
}

/* No part behind a '/' that is empty, "." or "..". */
static bool has_clean_parts(struct str name)
{
	if ((name.p[name.n - 1] == '/' && name.n > 1) || str_ends(name, STR("/.")))
		return false;
	if (name.n < WINDOW) {
		char window[WINDOW] = {0}; /* nothing may be readable behind the name */
		memcpy(window, name.p, name.n);
		return !has_dirty_part(window);
	}
	for (size_t i = 0; i + WINDOW < name.n; i += 16)
		if (has_dirty_part(name.p + i))
			return false;
	return !has_dirty_part(name.p + name.n - WINDOW);
}

/* A relative name's first part is ".", or begins with "..". */
static bool begins_dirty(struct str name)
{
	return name.p[0] == '.' && (name.n == 1 || name.p[1] == '.' || name.p[1] == '/');
}

bool path_is_clean(struct str name)
{
	return name.n && name.p[0] == '/' && has_clean_parts(name);
}

/* Nearly all have no part that begins with a dot, nor an empty one, and fit into a block. */
bool path_is_clean_field(struct str name)
{
	if (name.n == 0 || name.n > SCAN_BLOCK || name.p[0] != '/')
		return path_is_clean(name);
	uint64_t of_name = ~UINT64_C(0) >> (SCAN_BLOCK - name.n);
	uint64_t slashes = scan_64(name.p, '/') & of_name, dots = scan_64(name.p, '.') & of_name;
	bool ends = name.n > 1 && slashes >> (name.n - 1);
	return (!ends && !(slashes << 1 & (slashes | dots))) || path_is_clean(name);
}

static void add_part(struct buf *path, struct str part, bool rooted)
{
	if (path->n || rooted)
		buf_add_char(path, '/');
	buf_add_str(path, part);
}

/* Takes the last component off; what is above the root, which ends at top, is the root. */
static void ascend(struct buf *path, size_t top, bool rooted)
{
	const char *slash = path->n > top ? memrchr(path->p + top, '/', path->n - top) : NULL;
	if (rooted) {
		path->n = slash ? (size_t)(slash - path->p) : top;
		return;
	}
	struct str last = buf_str(path);
	if (slash)
		last = str_between(slash + 1, path->p + path->n);
	if (last.n == 0 || str_eq(last, STR("..")))
		add_part(path, STR(".."), false);
	else
		path->n = slash ? (size_t)(slash - path->p) : 0;
}

/* A rooted path is "" for the root itself, "/a/b" below it. */
static void descend(struct buf *path, struct str name, size_t top, bool rooted)
{
	struct str part;
	while (str_cut(&name, '/', &part)) {
		if (part.n == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR("..")))
			ascend(path, top, rooted);
		else
			add_part(path, part, rooted);
	}
}

static struct str finish(struct buf *path)
{
	buf_reserve(path, INPUT_SLACK);
	return buf_str(path);
}

/* /proc/self is a symbolic link that shows who it is. The name may be in the space. */
static struct str proc_self(const struct task *task, struct str name, struct buf *space)
{
	if (!str_starts(name, STR("/proc/")))
		return name;
	struct str self = STR("/proc/self"), thread = STR("/proc/thread-self");
	bool is_thread = str_starts(name, thread);
	struct str rest = str_drop(name, is_thread ? thread.n : self.n);
	if (!(is_thread || str_starts(name, self)) || (rest.n && rest.p[0] != '/') ||
	    task->pid <= 0)
		return name;
	struct buf whole = {0};
	buf_printf(&whole, "/proc/%lld", (long long)task->pid);
	if (is_thread)
		buf_printf(&whole, "/task/%lld", (long long)task->tid);
	buf_add_str(&whole, rest);
	space->n = 0;
	buf_add_str(space, buf_str(&whole));
	buf_free(&whole);
	return finish(space);
}

/* Nearly all relative names: put behind their directory as they are. */
static struct str joined(const struct buf *directory, struct str name, struct buf *space)
{
	space->n = 0;
	char *p = buf_reserve(space, directory->n + 1 + name.n + INPUT_SLACK);
	memcpy(p, directory->p, directory->n);
	p[directory->n] = '/';
	memcpy(p + directory->n + 1, name.p, name.n);
	space->n = directory->n + 1 + name.n;
	return buf_str(space);
}

struct str path_resolve(const struct task *task, const struct file *base, struct str name,
			struct buf *space)
{
	const struct file *root = task->fs->root;
	bool absolute = name.n && name.p[0] == '/';
	if (absolute && !root && path_is_clean(name))
		return proc_self(task, name, space);
	bool whole = name.n && !absolute && !begins_dirty(name) && has_clean_parts(name);
	if (whole && base && base->name.n > 1 && base->name.p[0] == '/')
		return joined(&base->name, name, space);
	const struct file *from = absolute ? root : base;
	struct str start = from ? buf_str(&from->name) : (struct str){0};
	bool rooted = absolute || (start.n && start.p[0] == '/');
	space->n = 0;
	buf_reserve(space, start.n + name.n + INPUT_SLACK);
	if (!str_eq(start, STR("/")) && !str_eq(start, STR(".")))
		buf_add_str(space, start);
	if (whole)
		add_part(space, name, rooted);
	else
		descend(space, name, absolute ? space->n : 0, rooted);
	if (space->n == 0)
		buf_add_char(space, rooted ? '/' : '.');
	return absolute && !root ? proc_self(task, finish(space), space) : finish(space);
}

int path_descriptor(struct str name)
{
	if (!str_starts(name, STR("/dev/")) && !str_starts(name, STR("/proc/")))
		return -1;
	static const struct str standard[] = {{"/dev/stdin", 10}, {"/dev/stdout", 11},
					      {"/dev/stderr", 11}};
	static const struct str directory[] = {{"/dev/fd/", 8}, {"/proc/self/fd/", 14},
					       {"/proc/thread-self/fd/", 21}};
	uint64_t fd;
	for (int i = 0; i < 3; i++) {
		if (str_eq(name, standard[i]))
			return i;
		if (str_starts(name, directory[i]) &&
		    number_u64(str_drop(name, directory[i].n), &fd) && fd <= INT_MAX)
			return (int)fd;
	}
	return -1;
}
