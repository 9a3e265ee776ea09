/* What calls that copy, close and pair descriptors do. */
#include <limits.h>
#include <stdio.h>

#include "action.h"
#include "number.h"

/* The call made another descriptor for what `old` refers to; NULL: not known, so neither is the new
 * one. */
static void copies(struct call *c, struct descriptor *old, int64_t fd, bool cloexec)
{
	call_opens(c, fd, old ? file_get(old->file)
			      : file_new(&c->map->files, FDTYPE_UNKNOWN, (struct str){0},
					 NAME_STAND_IN), cloexec);
}

void act_dup(struct call *c)
{
	copies(c, call_descriptor_arg(c, 1), call_ret(c), false);
}

void act_dup2(struct call *c)
{
	struct descriptor *old = call_descriptor_arg(c, 1);
	int64_t to = call_ret(c);
	int fd;
	if (!old || to < 0 || to > INT_MAX)
		return;
	if (args_fd(call_arg(c, 1), &fd) && fd == to) { /* dup2(3, 3) does nothing */
		call_show(c, old);
		return;
	}
	struct file *f = file_get(old->file);
	/* When the number was never met, it may have been open since before the trace. */
	struct descriptor *d =
	    descriptors_replace(c->task->fds, (int)to, f, action_cloexec(c), c->span);
	call_show(c, d);
	call_made(c, d);
	file_put(f);
}

/* The word that a text begins with, if it is an argument. */
static struct str word_of(struct str rest)
{
	size_t n = 0;
	while (n < rest.n && ((rest.p[n] >= 'A' && rest.p[n] <= 'Z') || rest.p[n] == '_'))
		n++;
	bool whole = n < rest.n && (rest.p[n] == ',' || (rest.p[n] == ')' && n + 1 == rest.n));
	return (struct str){rest.p, whole ? n : 0};
}

/* The second argument, and what is behind a command that is a word, if it can be told easily. */
static struct str command_of(struct call *c, struct str *rest)
{
	int fd;
	struct str word = {0};
	if (call_plain_fd(c, &fd, rest))
		word = word_of(*rest);
	struct str behind = word.n ? str_drop(*rest, word.n) : word;
	*rest = str_starts(behind, STR(", ")) ? str_drop(behind, 2) : (struct str){0};
	return word.n ? word : call_arg(c, 2);
}

static bool is_command(struct str command, struct str name, int64_t number)
{
	int64_t value;
	if (command.n && number_is_digit(command.p[0]))
		return args_number(command, &value) && value == number;
	/* perf trace leaves the F_ out */
	return str_eq(command, name) || str_eq(command, str_drop(name, 2));
}

void act_fcntl(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct str rest, command = command_of(c, &rest);
	bool cloexec = is_command(command, STR("F_DUPFD_CLOEXEC"), 1030);
	if (d && (cloexec || is_command(command, STR("F_DUPFD"), 0))) {
		call_opens_also(c, call_ret(c), file_get(d->file), cloexec, (struct str){0});
	} else if (d && is_command(command, STR("F_SETFD"), 2)) {
		struct str flags = word_of(rest);
		d->cloexec = args_flag(flags.n ? flags : call_arg(c, 3), STR("FD_CLOEXEC"), 1);
	} else if (d && is_command(command, STR("F_GETFD"), 1)) {
		d->cloexec = call_ret(c) & 1;
	}
}

/* The other end of a /dev/ptmx (ioctl_tty(2)). */
static void opens_terminal(struct call *c, struct file *ptmx)
{
	char name[40] = "/dev/pts/?";
	if (ptmx->pts)
		snprintf(name, sizeof name, "/dev/pts/%lld", (long long)(ptmx->pts - 1));
	struct file *peer = file_new(&c->map->files, FDTYPE_TTY, str_of(name), NAME_DERIVED);
	bool cloexec = args_flag(call_arg(c, 3), STR("O_CLOEXEC"), 0x80000);
	call_opens_also(c, call_ret(c), peer, cloexec, (struct str){0});
}

void act_ioctl(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct str rest, command = command_of(c, &rest);
	if (!d)
		return;
	if (is_command(command, STR("FIOCLEX"), 0x5451)) {
		d->cloexec = true;
	} else if (is_command(command, STR("FIONCLEX"), 0x5450)) {
		d->cloexec = false;
	} else if (is_command(command, STR("TCGETS"), 0x5401)) {
		if (!d->file->type_sure)
			file_is(&c->map->files, d->file, FDTYPE_TTY);
	} else if (is_command(command, STR("TIOCGPTN"), 0x80045430)) {
		struct str list = call_arg(c, 3);
		struct str number = str_drop(list, 1);
		if (str_starts(list, STR("[")) && args_number(number, &d->file->pts))
			d->file->pts++;
	} else if (call_ret(c) > 2 && is_command(command, STR("TIOCGPTPEER"), 0x5441)) {
		opens_terminal(c, d->file);
	}
}

/* Descriptor `fd` of the process that the pidfd refers to. */
void act_pidfd_getfd(struct call *c)
{
	struct descriptor *pidfd = call_descriptor_arg(c, 1), *d = NULL;
	int fd;
	struct task *task = pidfd && pidfd->file->pidfd_of
				? tasks_find(&c->map->tasks, pidfd->file->pidfd_of) : NULL;
	if (task && args_fd(call_arg(c, 2), &fd)) {
		d = descriptors_find(task->fds, fd);
		if (!d)
			d = descriptors_before(&c->map->files, task->fds, fd);
	}
	copies(c, d, call_ret(c), true);
}

/* ---- close ---- */

void act_close(struct call *c)
{
	int fd;
	if (!call_fd(c, &fd))
		return;
	struct descriptor *closing = descriptors_closing(c->task->fds, fd, c->span);
	struct descriptor *d = closing ? closing : call_descriptor(c, fd);
	struct str error = row_field(c->row, COLUMN_ERRNO);
	bool unknown = str_eq(error, STR("EBADF"));
	if (!unknown)
		call_show(c, d);
	if (!d || (!c->ok && error.n == 0)) /* never returned */
		return;
	/* EBADF: it is not open, unless another thread is just opening it. */
	if (unknown && c->span.from != TIME_UNKNOWN && d->made.until != TIME_UNKNOWN &&
	    d->made.until > c->span.from)
		return;
	call_hold(c, d->file);
	/* Linux frees the number even when close() fails with EINTR or EIO (close(2), NOTES). */
	descriptors_close(c->task->fds, fd, c->span, closing);
}

void act_close_range(struct call *c)
{
	int64_t first, last;
	struct str flags = call_arg(c, 3);
	if (!args_number(call_arg(c, 1), &first) || !args_number(call_arg(c, 2), &last))
		return;
	if (last == -1) /* ~0U */
		last = UINT32_MAX;
	if (args_flag(flags, STR("CLOSE_RANGE_UNSHARE"), 2))
		task_own_fds(c->task);
	descriptors_close_range(c->task->fds, first, last,
				args_flag(flags, STR("CLOSE_RANGE_CLOEXEC"), 4), c->span);
}

/* ---- pipe ---- */

bool call_takes_two(struct call *c, struct str list, int fd[2], struct str annotation[2])
{
	annotation[0] = annotation[1] = (struct str){0};
	if (list.n && list.p[0] == '[')
		return args_next_fd(&list, &fd[0], &annotation[0]) &&
		       args_next_fd(&list, &fd[1], &annotation[1]);
	fd[0] = descriptors_free_number(c->task->fds, 0);
	fd[1] = descriptors_free_number(c->task->fds, fd[0] + 1);
	return true;
}

void act_pipe(struct call *c)
{
	int fd[2];
	struct str annotation[2];
	char name[32];
	if (!call_takes_two(c, call_arg(c, 1), fd, annotation))
		return;
	bool cloexec = action_cloexec(c);
	snprintf(name, sizeof name, "pipe:%llu", (unsigned long long)++c->map->files.pipes);
	for (int i = 0; i < 2; i++) {
		struct file *f = file_new(&c->map->files, FDTYPE_PIPE, str_of(name), NAME_DERIVED);
		struct descriptor *d = call_opens_also(c, fd[i], f, cloexec, annotation[i]);
		if (i == 0)
			call_show(c, d);
	}
}
