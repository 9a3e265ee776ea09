/* What calls on processes, directories and names do. */
#include "action.h"
#include "input.h"
#include "tree.h"

/* ---- clone ---- */

static struct str clone_flags(struct call *c)
{
	/* strace labels them, in a struct for clone3; numbers come first (x86-64); fork has none. */
	struct str args = row_field(c->row, COLUMN_ARGS), label = STR("flags="), flags = {0};
	const char *at = str_find(args, label);
	if (at)
		str_cut(&(struct str){at + label.n, (size_t)(args.p + args.n - at) - label.n}, ',',
			&flags);
	else if (!str_ends(c->info->name, STR("fork")))
		flags = call_arg(c, 1);
	return flags;
}

static bool is_thread(struct str flags)
{
	return args_flag(flags, STR("THREAD"), 0x10000);
}

void act_clone_child(struct call *c, int64_t tid)
{
	struct str flags = clone_flags(c);
	bool thread = is_thread(flags);
	bool fds = thread || args_flag(flags, STR("FILES"), 0x400);
	bool fs = thread || args_flag(flags, STR("FS"), 0x200);
	tasks_born(&c->map->tasks, c->task, tid, thread, fds, fs);
}

/* CLONE_PIDFD (clone(2)): clone3 shows pidfd=[3], clone parent_tid=[3]. */
static void takes_pidfd(struct call *c)
{
	struct str args = row_field(c->row, COLUMN_ARGS), annotation;
	if (!str_find(args, STR("CLONE_PIDFD")))
		return;
	struct str keys[] = {STR("pidfd=["), STR("parent_tid=[")};
	for (int i = 0; i < 2; i++) {
		const char *at = str_find(args, keys[i]);
		int fd;
		if (!at)
			continue;
		struct str list = str_drop(str_between(at, args.p + args.n), keys[i].n);
		if (!args_next_fd(&list, &fd, &annotation))
			continue;
		struct file *f = file_new(&c->map->files, FDTYPE_ANON, STR("pid:"), NAME_DERIVED);
		buf_printf(&f->name, "%lld", (long long)call_ret(c));
		buf_reserve(&f->name, INPUT_SLACK);
		f->pidfd_of = call_ret(c);
		call_opens_also(c, fd, f, true, annotation);
		return;
	}
}

void act_clone(struct call *c)
{
	if (call_ret(c) <= 0)
		return;
	if (!c->done)
		act_clone_child(c, call_ret(c));
	if (c->map->tree && !is_thread(clone_flags(c)))
		tree_note(c->map->tree, c->row, c->task->pid, call_ret(c));
	takes_pidfd(c); /* behind the copy: the child does not get it */
}

void act_exec(struct call *c)
{
	c->path = call_own_path(c);
	tasks_exec(&c->map->tasks, c->task);
	descriptors_exec(c->task->fds, c->span);
}

void act_unshare(struct call *c)
{
	struct str flags = call_arg(c, 1);
	if (args_flag(flags, STR("CLONE_FILES"), 0x400) || args_flag(flags, STR("FILES"), 0))
		task_own_fds(c->task);
	/* CLONE_NEWNS and CLONE_NEWUSER imply CLONE_FS. */
	if (args_flag(flags, STR("CLONE_FS"), 0x200) ||
	    args_flag(flags, STR("CLONE_NEWNS"), 0x20000) ||
	    args_flag(flags, STR("CLONE_NEWUSER"), 0x10000000))
		task_own_fs(c->task);
}

void act_exit(struct call *c)
{
	tasks_exit(&c->map->tasks, c->task);
	c->task = NULL;
}

void act_exit_group(struct call *c)
{
	tasks_ending(&c->map->tasks, c->task);
}

/* ---- cwd ---- */

static void set(struct file **directory, struct file *to)
{
	struct file *before = *directory;
	*directory = to;
	file_put(before);
}

void act_chdir(struct call *c)
{
	c->path = call_own_path(c);
	struct file *f = file_new(&c->map->files, FDTYPE_DIR, c->path, NAME_DERIVED);
	if (c->path.n)
		set(&c->task->fs->cwd, f);
	else
		file_put(f);
}

void act_fchdir(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	if (!d)
		return;
	if (!d->file->type_sure)
		file_is(&c->map->files, d->file, FDTYPE_DIR);
	set(&c->task->fs->cwd, file_get(d->file));
}

void act_getcwd(struct call *c)
{
	struct str path = args_quoted(call_arg(c, 1), &c->map->other);
	struct file *cwd = c->task->fs->cwd;
	if (path.n == 0 || path.p[0] != '/' || c->task->fs->root)
		return;
	file_name(&c->map->files, cwd, path, NAME_TRACED);
}

void act_chroot(struct call *c)
{
	c->path = call_own_path(c);
	if (c->path.n && c->path.p[0] == '/')
		set(&c->task->fs->root,
		    file_new(&c->map->files, FDTYPE_DIR, c->path, NAME_DERIVED));
}

/* ---- names ---- */

void act_rename(struct call *c)
{
	struct buf to = {0};
	const struct syscall_info *i = c->info;
	c->path = call_own_path(c);
	struct str target = call_path(c, i->path2, i->dirfd2, &to);
	struct str from = call_path(c, i->path, i->dirfd, &c->map->path);
	bool exchange = args_flag(call_arg(c, 5), STR("RENAME_EXCHANGE"), 2);
	files_renamed(&c->map->files, from, target, exchange);
	c->path = from;
	buf_free(&to);
}

void act_unlink(struct call *c)
{
	c->path = call_own_path(c);
	files_removed(&c->map->files, c->path);
}
