#include "tasks_private.h"

#include <stdlib.h>

#include "arena.h"
#include "before.h"

static void fs_put(struct fs *fs)
{
	if (--fs->users)
		return;
	file_put(fs->cwd);
	file_put(fs->root);
	free(fs);
}

void task_forget(struct task *task)
{
	descriptors_put(task->fds);
	fs_put(task->fs);
	free(task);
}

/* ---- births ---- */

static struct fs *fs_new(struct file *cwd, struct file *root)
{
	struct fs *fs = xcalloc(1, sizeof *fs);
	fs->users = 1;
	fs->cwd = file_get(cwd);
	fs->root = root ? file_get(root) : NULL;
	return fs;
}

static struct task *new_task(struct tasks *t, int64_t tid, int64_t pid, struct descriptors *fds,
			     struct fs *fs)
{
	struct task *task = xcalloc(1, sizeof *task);
	*task = (struct task){.tid = tid, .pid = pid, .fds = fds, .fs = fs};
	scope_add(t->scope[0], task);
	return task;
}

struct task *tasks_stranger(struct tasks *t, int64_t tid, int64_t pid)
{
	struct task *leader = tid != pid ? tasks_find(t, pid) : NULL, *task;
	if (tid != pid && !leader)
		leader = tasks_stranger(t, pid, pid);
	if (leader) {
		leader->fds->users++;
		leader->fs->users++;
		task = new_task(t, tid, pid, leader->fds, leader->fs);
		task->unannounced = true;
		return task;
	}
	struct scope *s = t->scope[0];
	struct origin *origin = origin_new(pid, !s->had_first);
	bool known = !s->had_first && t->cwd;
	origin->cwd = file_new(t->files, FDTYPE_DIR, known ? str_of(t->cwd) : (struct str){0},
			       known ? NAME_DERIVED : NAME_STAND_IN);
	s->had_first = true;
	if (t->before)
		before_tell(t->before, t->files, origin);
	task = new_task(t, tid, pid, descriptors_new(origin), fs_new(origin->cwd, NULL));
	origin_put(origin);
	task->stranger = true;
	return task;
}

/* Whether it ended before its clone() returned: then there is nothing to make. */
static bool has_ended(struct scope *s, int64_t tid)
{
	for (int i = 0; i < REMEMBERED; i++)
		if (tid && s->ended[i] == tid) {
			s->ended[i] = 0;
			return true;
		}
	return false;
}

static struct task *adopt(struct task *task, struct task *parent, bool shares_fds, bool shares_fs)
{
	if (task->fds == parent->fds || task->fs == parent->fs)
		return task;
	struct file *cwd = task->fs->cwd;
	if (cwd->name.n == 0 && cwd == task->fds->origin->cwd) { /* untouched */
		task->fs->cwd = file_get(parent->fs->cwd);
		file_put(cwd);
	}
	if (shares_fds) {
		descriptors_put(task->fds);
		task->fds = parent->fds;
		task->fds->users++;
	} else {
		descriptors_adopt(task->fds, parent->fds);
	}
	if (shares_fs && task->fs->users == 1) {
		fs_put(task->fs);
		task->fs = parent->fs;
		task->fs->users++;
	}
	return task;
}

struct task *tasks_born(struct tasks *t, struct task *parent, int64_t tid, bool thread,
			bool shares_fds, bool shares_fs)
{
	if (has_ended(t->scope[0], tid))
		return NULL;
	struct task *task = tasks_find(t, tid);
	if (task && task->unannounced) {
		task->unannounced = false;
		return task;
	}
	if (task == parent)
		return task;
	if (task && task->stranger) {
		task->stranger = false;
		return adopt(task, parent, shares_fds, shares_fs);
	}
	if (task) /* the number was given to somebody else, whose end was not traced */
		tasks_exit(t, task);
	if (shares_fds)
		parent->fds->users++;
	if (shares_fs)
		parent->fs->users++;
	task = new_task(t, tid, thread ? parent->pid : tid,
			shares_fds ? parent->fds : descriptors_copy(parent->fds),
			shares_fs ? parent->fs : fs_new(parent->fs->cwd, parent->fs->root));
	task->made = !thread;
	t->scope[0]->had_made |= task->made;
	return task;
}

bool tasks_renumber(struct tasks *t, int64_t from, int64_t to)
{
	struct task *task = tasks_find(t, from);
	if (!task || !task->made || task->seen || tasks_find(t, to))
		return false;
	tasks_drop(t, task);
	task->tid = task->pid = to;
	scope_add(t->scope[0], task);
	return true;
}

size_t tasks_unseen(const struct tasks *t, int64_t below, int64_t *tid, size_t n)
{
	const struct scope *s = t->scope[0];
	size_t found = 0;
	for (size_t i = 0; s->had_made && i < s->cap && found < n; i++)
		if (s->slot[i] && s->slot[i]->made && !s->slot[i]->seen && s->slot[i]->tid < below)
			tid[found++] = s->slot[i]->tid;
	return found;
}

bool tasks_number(struct tasks *t, int64_t pid)
{
	struct task *nameless = tasks_find(t, TASK_NO_NUMBER);
	if (!nameless || nameless->numbered || !tasks_born(t, nameless, pid, false, true, true))
		return false;
	nameless->numbered = true;
	/* The other one may be a child whose clone() was not traced: then rows without a number go on. */
	task_own_fds(nameless);
	task_own_fs(nameless);
	return true;
}

/* ---- ends ---- */

void tasks_exit(struct tasks *t, struct task *task)
{
	struct scope *s = t->scope[0];
	if (task->unannounced)
		s->ended[s->next_ended++ % REMEMBERED] = task->tid;
	tasks_drop(t, task);
	task_forget(task);
}

void tasks_ending(struct tasks *t, struct task *task)
{
	struct scope *s = t->scope[0];
	int64_t *place = &s->ending[s->next_ending++ % REMEMBERED];
	int64_t before = *place;
	*place = task->tid;
	task->ending = true;
	struct task *gone = before && before != task->tid ? tasks_find(t, before) : NULL;
	if (gone && gone->ending)
		tasks_exit(t, gone);
}

static void take_over(struct task *to, struct task *from)
{
	from->fds->users++;
	from->fs->users++;
	struct task old = *to;
	to->fds = from->fds;
	to->fs = from->fs;
	descriptors_put(old.fds);
	fs_put(old.fs);
}

void tasks_supersede(struct tasks *t, struct task *leader, int64_t tid)
{
	struct task *execs = tasks_find(t, tid);
	if (!execs || execs == leader)
		return;
	take_over(leader, execs);
	tasks_exit(t, execs);
}

void tasks_exec(struct tasks *t, struct task *task)
{
	struct scope *s = t->scope[0];
	for (size_t i = 0; task->fds->users > 1 && i < s->cap; i++) {
		struct task *other = s->slot[i];
		if (!other || other == task || other->pid != task->pid)
			continue;
		tasks_drop(t, other);
		task_forget(other);
		i--; /* another one may have moved here */
	}
	task_own_fds(task);
	task_own_fs(task);
	task->ending = false;
}

/* ---- sharing no longer ---- */

void task_own_fds(struct task *task)
{
	if (task->fds->users == 1)
		return;
	struct descriptors *own = descriptors_copy(task->fds);
	descriptors_put(task->fds);
	task->fds = own;
}

void task_own_fs(struct task *task)
{
	if (task->fs->users == 1)
		return;
	struct fs *own = fs_new(task->fs->cwd, task->fs->root);
	fs_put(task->fs);
	task->fs = own;
}
