#include "action.h"
#include "number.h"
#include "path.h"
#include "socket.h"

int64_t call_ret(const struct call *c)
{
	struct str field = row_field(c->row, COLUMN_RET);
	int64_t ret;
	if (field.n == 1 && number_is_digit(field.p[0]))
		return field.p[0] - '0';
	return row_number(c->row, COLUMN_RET, &ret) ? ret : -1;
}

struct str call_arg(struct call *c, unsigned i)
{
	if (!c->args_begun)
		args_begin(&c->args, row_field(c->row, COLUMN_ARGS));
	c->args_begun = true;
	return args_at(&c->args, i, c->action ? c->action->args : "");
}

bool call_plain_fd(const struct call *c, int *fd, struct str *rest)
{
	struct str args = row_field(c->row, COLUMN_ARGS);
	const char *p = args.p + 1, *end = args.p + args.n;
	if (args.n < 2 || args.p[0] != '(' || (p[0] == '0' && number_is_digit(p[1])))
		return false;
	for (*fd = 0; p < end && number_is_digit(*p) && p - args.p < 8; p++)
		*fd = *fd * 10 + (*p - '0');
	if (p == args.p + 1)
		return false;
	if (p < end && *p == '<') {
		const char *close = memchr(p, '>', (size_t)(end - p));
		if (!close || close[-1] == '-' || memchr(p + 1, '<', (size_t)(close - p - 1)))
			return false;
		p = close + 1;
	}
	*rest = str_between(p + 2, end);
	return end - p > 2 && p[0] == ',' && p[1] == ' ';
}

/* ---- descriptors ---- */

static __attribute__((noinline)) struct descriptor *not_open(struct call *c, int fd)
{
	/* A number that is not open is not open: only calls that got further prove more. */
	if (str_eq(row_field(c->row, COLUMN_ERRNO), STR("EBADF")))
		return NULL;
	return descriptors_before(&c->map->files, c->task->fds, fd);
}

static inline struct descriptor *find(struct call *c, int fd)
{
	struct descriptor *d = descriptors_at(c->task->fds, fd, c->span);
	return d || fd < 0 ? d : not_open(c, fd);
}

struct descriptor *call_descriptor(struct call *c, int fd)
{
	return find(c, fd);
}

struct descriptor *call_descriptor_arg(struct call *c, unsigned i)
{
	int fd;
	return args_fd(call_arg(c, i), &fd) ? call_descriptor(c, fd) : NULL;
}

/* What an annotation says is what the descriptor refers to. "socket:[7]", which is all that strace -y
 * tells of a socket, is worth less than an address. */
static void learn(struct call *c, struct file *f, struct str name)
{
	bool inode_only = str_starts(name, STR("socket:["));
	struct str known = buf_str(&f->name);
	if (inode_only && f->socket && (f->socket->peer.n || f->socket->local.n)) {
		c->path = (struct str){0};
		return;
	}
	if (!str_eq(known, name))
		file_name(&c->map->files, f, name, inode_only ? NAME_STAND_IN : NAME_TRACED);
	else if (f->source < NAME_TRACED && !inode_only)
		f->source = NAME_TRACED;
}

static inline void show(struct call *c, const struct descriptor *d)
{
	if (!d)
		return;
	c->file = d->file;
	c->gen = d->gen;
	if (c->path.n == 0)
		return;
	struct str whole = row_field(c->row, COLUMN_PATH);
	if (d->file->source == NAME_TRACED && c->path.n >= whole.n && str_eq(buf_str(&d->file->name), c->path))
		return;
	fdtype_of_name(&c->path); /* takes <char 1:3> off */
	learn(c, d->file, whole);
}

void call_show(struct call *c, const struct descriptor *d)
{
	show(c, d);
}

static inline bool fd_of(struct call *c, int *fd)
{
	struct str field = row_field(c->row, COLUMN_FD);
	uint64_t digits;
	int64_t value;
	if (field.n == 1 && number_is_digit(field.p[0]))
		*fd = field.p[0] - '0'; /* most of them */
	else if (field.n - 1 < 8 && number_eight_digits(field.p, field.n, &digits))
		*fd = (int)digits;
	else if (row_number(c->row, COLUMN_FD, &value) && value == (int)value)
		*fd = (int)value;
	else
		return !row_has(c->row, COLUMN_FD) && c->info && c->info->fd && args_fd(call_arg(c, c->info->fd), fd);
	return true;
}

bool call_fd(struct call *c, int *fd)
{
	return fd_of(c, fd);
}

struct descriptor *call_show_fd(struct call *c)
{
	int fd;
	struct descriptor *d = fd_of(c, &fd) ? find(c, fd) : NULL;
	show(c, d);
	return d;
}

void call_hold(struct call *c, struct file *file)
{
	struct file *before = c->held;
	c->held = file_get(file);
	file_put(before);
}

/* ---- new descriptors ---- */

void call_made(struct call *c, struct descriptor *d)
{
	if (c->map->openers)
		d->opener = openers_opened(c->map->openers, buf_str(&d->file->name), c->info->name,
					   row_field(c->row, COLUMN_STACK));
}

struct descriptor *call_opens(struct call *c, int64_t fd, struct file *file, bool cloexec)
{
	struct descriptor *d = NULL;
	if (fd >= 0 && fd == (int)fd) {
		d = descriptors_open(c->task->fds, (int)fd, file, cloexec, c->span);
		call_show(c, d);
		call_made(c, d);
	}
	file_put(file);
	return d;
}

struct descriptor *call_opens_also(struct call *c, int64_t fd, struct file *file, bool cloexec,
				   struct str annotation)
{
	struct descriptor *d = NULL;
	if (fd >= 0 && fd == (int)fd) {
		d = descriptors_open(c->task->fds, (int)fd, file, cloexec, c->span);
		if (annotation.n)
			learn(c, file, args_canonical(annotation, &c->map->other));
		call_made(c, d);
	}
	file_put(file);
	return d;
}

/* ---- paths ---- */

/* "(AT_FDCWD, ..." and "(5, ...", as nearly all are, without cutting out the argument. */
static bool plain_dirfd(struct str args, int *fd)
{
	struct str cwd = STR("(AT_FDCWD,");
	if (str_starts(args, cwd)) {
		*fd = -100;
		return true;
	}
	*fd = 0;
	for (size_t i = 1; i < args.n && i < 10; i++) {
		if (args.p[i] == ',' && i > 1)
			return true;
		if (!number_is_digit(args.p[i]))
			return false;
		*fd = *fd * 10 + (args.p[i] - '0');
	}
	return false;
}

static struct file *learned(struct call *c, struct file *directory, struct str told)
{
	told = args_canonical(told, &c->map->other);
	if (directory && !str_eq(buf_str(&directory->name), told))
		file_name(&c->map->files, directory, told, NAME_TRACED);
	return directory;
}

struct file *call_directory(struct call *c, unsigned dirfd)
{
	int fd = -100;
	struct str told = {0};
	if (dirfd && !(dirfd == 1 && plain_dirfd(row_field(c->row, COLUMN_ARGS), &fd))) {
		struct str arg = call_arg(c, dirfd);
		told = args_annotation(arg);
		if (!args_fd(arg, &fd))
			return NULL;
	}
	struct descriptor *d = fd == -100 ? NULL : call_descriptor(c, fd);
	struct file *directory = fd == -100 ? c->task->fs->cwd : d ? d->file : NULL;
	if (told.n)
		directory = learned(c, directory, told);
	if (!directory || directory->name.n == 0)
		return NULL;
	if (!directory->type_sure)
		file_is(&c->map->files, directory, FDTYPE_DIR);
	return directory;
}

static struct str resolved(struct call *c, struct str name, unsigned dirfd, struct buf *space)
{
	bool absolute = name.n && name.p[0] == '/';
	struct file *base = absolute ? NULL : call_directory(c, dirfd);
	return path_resolve(c->task, base, name, space);
}

struct str call_path(struct call *c, unsigned arg, unsigned dirfd, struct buf *space)
{
	struct buf raw = {0};
	struct str name = args_quoted(call_arg(c, arg), &raw);
	struct str path = name.n ? resolved(c, name, dirfd, space) : name;
	if (raw.p && path.p == raw.p) { /* its escapes were decoded, nothing else: it goes with raw */
		space->n = 0;
		buf_reserve(space, path.n + INPUT_SLACK);
		buf_add_str(space, path);
		path = buf_str(space);
	}
	buf_free(&raw);
	return path;
}

/* "pipe:[7]" may be the annotation of /dev/fd/3, or a file of that name. */
static bool is_annotation(struct call *c, struct str path)
{
	if ((!str_chr(path, ':') && path.p[0] != '{') || fdtype_of_name(&path) == FDTYPE_UNKNOWN)
		return false;
	struct buf space = {0};
	bool is_argument = c->info->path && str_eq(args_quoted(call_arg(c, c->info->path), &space), path);
	buf_free(&space);
	return !is_argument;
}

/* Nearly all are: there is nothing to decode, to resolve or to put in front. */
static bool is_one_name(const struct call *c, struct str path)
{
	return path_is_clean_field(path) && path.p[path.n - 1] != '>' && !c->task->fs->root &&
	       !str_starts(path, STR("/proc/"));
}

struct str call_own_path(struct call *c)
{
	struct str path = row_field(c->row, COLUMN_PATH);
	if (path.n == 0 || is_one_name(c, path))
		return path;
	if (path.p[0] != '/' && is_annotation(c, path))
		return path;
	if (path.p[0] == '/' && path.p[path.n - 1] == '>')
		fdtype_of_name(&path);
	return resolved(c, path, c->info->dirfd, &c->map->path);
}
