#include "tasks.h"

#include <stdlib.h>

#include "arena.h"
#include "before.h"

/* Tables of several files come one file after the other; merged by time, from as many as this. */
enum { SCOPES_MOST = 64, REMEMBERED = 64 };

struct scope {
	struct str host, file;
	struct buf text; /* of both */
	struct task **slot; /* open addressing, by tid */
	size_t cap, n;
	bool had_first;
	int64_t ended[REMEMBERED];  /* unannounced threads that have ended: their clone() may still come */
	int64_t ending[REMEMBERED]; /* processes after exit_group() */
	unsigned next_ended, next_ending;
};

/* ---- scopes ---- */

static void fs_put(struct fs *fs)
{
	if (--fs->users)
		return;
	file_put(fs->cwd);
	file_put(fs->root);
	free(fs);
}

static void forget_task(struct task *task)
{
	descriptors_put(task->fds);
	fs_put(task->fs);
	free(task);
}

static void forget_scope(struct scope *s)
{
	for (size_t i = 0; i < s->cap; i++)
		if (s->slot[i])
			forget_task(s->slot[i]);
	free(s->slot);
	buf_free(&s->text);
	free(s);
}

static struct scope *new_scope(struct tasks *t, struct str host, struct str file)
{
	if (t->n_scopes == SCOPES_MOST) {
		forget_scope(t->scope[--t->n_scopes]);
		t->scope_forgotten = true;
	}
	if (!t->scope)
		t->scope = xcalloc(SCOPES_MOST, sizeof *t->scope);
	struct scope *s = xcalloc(1, sizeof *s);
	buf_reserve(&s->text, host.n + file.n + 1);
	buf_add_str(&s->text, host);
	buf_add_str(&s->text, file);
	s->host = (struct str){s->text.p, host.n};
	s->file = (struct str){s->text.p + host.n, file.n};
	s->cap = 16;
	s->slot = xcalloc(s->cap, sizeof *s->slot);
	t->n_scopes++;
	return s;
}

void tasks_scope_slow(struct tasks *t, struct str host, struct str file)
{
	size_t i = 0;
	t->plain = host.n == 0 && file.n == 0;
	while (i < t->n_scopes &&
	       !(str_eq(t->scope[i]->file, file) && str_eq(t->scope[i]->host, host)))
		i++;
	if (i == 0 && t->n_scopes)
		return;
	struct scope *s = i < t->n_scopes ? t->scope[i] : new_scope(t, host, file);
	if (i >= t->n_scopes)
		i = t->n_scopes - 1;
	memmove(t->scope + 1, t->scope, i * sizeof *t->scope);
	t->scope[0] = s;
	t->last = NULL;
}

/* ---- tid -> task ---- */

static size_t slot_of(const struct scope *s, int64_t tid)
{
	return (uint64_t)tid * 0x9e3779b97f4a7c15u >> 32 & (s->cap - 1);
}

static struct task *find(const struct scope *s, int64_t tid)
{
	for (size_t i = slot_of(s, tid); s->slot[i]; i = (i + 1) & (s->cap - 1))
		if (s->slot[i]->tid == tid)
			return s->slot[i];
	return NULL;
}

struct task *tasks_find_slow(struct tasks *t, int64_t tid)
{
	struct task *task = find(t->scope[0], tid);
	if (task)
		t->last = task;
	return task;
}

bool tasks_any(const struct tasks *t)
{
	return t->scope[0]->n > 0;
}

static void insert(struct scope *s, struct task *task)
{
	size_t i = slot_of(s, task->tid);
	while (s->slot[i])
		i = (i + 1) & (s->cap - 1);
	s->slot[i] = task;
}

static void add(struct scope *s, struct task *task)
{
	if (s->n * 2 >= s->cap) {
		struct task **old = s->slot;
		size_t old_cap = s->cap;
		s->cap *= 2;
		s->slot = xcalloc(s->cap, sizeof *s->slot);
		for (size_t i = 0; i < old_cap; i++)
			if (old[i])
				insert(s, old[i]);
		free(old);
	}
	s->n++;
	insert(s, task);
}

/* Takes it out of the map; what was displaced by it moves up. */
static void drop(struct tasks *t, struct task *task)
{
	struct scope *s = t->scope[0];
	size_t i = slot_of(s, task->tid);
	while (s->slot[i] != task)
		i = (i + 1) & (s->cap - 1);
	s->slot[i] = NULL;
	s->n--;
	for (i = (i + 1) & (s->cap - 1); s->slot[i]; i = (i + 1) & (s->cap - 1)) {
		struct task *moved = s->slot[i];
		s->slot[i] = NULL;
		insert(s, moved);
	}
	if (t->last == task)
		t->last = NULL;
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
	add(t->scope[0], task);
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
	return task;
}

/* ---- ends ---- */

void tasks_exit(struct tasks *t, struct task *task)
{
	struct scope *s = t->scope[0];
	if (task->unannounced)
		s->ended[s->next_ended++ % REMEMBERED] = task->tid;
	drop(t, task);
	forget_task(task);
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
		drop(t, other);
		forget_task(other);
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

void tasks_each(struct tasks *t,
		void (*visit)(void *context, const struct task *, struct str file), void *context)
{
	for (size_t k = 0; k < t->n_scopes; k++) {
		const struct scope *s = t->scope[k];
		for (size_t i = 0; i < s->cap; i++) {
			const struct task *task = s->slot[i], *leader;
			if (!task)
				continue;
			leader = task->tid != task->pid ? find(s, task->pid) : NULL;
			if (!leader || leader->fds != task->fds)
				visit(context, task, s->file);
		}
	}
}

void tasks_clear(struct tasks *t)
{
	while (t->n_scopes)
		forget_scope(t->scope[--t->n_scopes]);
	free(t->scope);
	t->scope = NULL;
	t->plain = false;
	t->last = NULL;
}
