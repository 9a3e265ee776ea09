#include "tasks_private.h"

#include <stdlib.h>

#include "arena.h"

/* ---- scopes ---- */

static void forget_scope(struct scope *s)
{
	for (size_t i = 0; i < s->cap; i++)
		if (s->slot[i])
			task_forget(s->slot[i]);
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

static struct task *scope_find(const struct scope *s, int64_t tid)
{
	for (size_t i = slot_of(s, tid); s->slot[i]; i = (i + 1) & (s->cap - 1))
		if (s->slot[i]->tid == tid)
			return s->slot[i];
	return NULL;
}

struct task *tasks_find_slow(struct tasks *t, int64_t tid)
{
	struct task *task = scope_find(t->scope[0], tid);
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

void scope_add(struct scope *s, struct task *task)
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

void tasks_drop(struct tasks *t, struct task *task)
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

void tasks_each(struct tasks *t,
		void (*visit)(void *context, const struct task *, struct str file), void *context)
{
	for (size_t k = 0; k < t->n_scopes; k++) {
		const struct scope *s = t->scope[k];
		for (size_t i = 0; i < s->cap; i++) {
			const struct task *task = s->slot[i], *leader;
			if (!task)
				continue;
			leader = task->tid != task->pid ? scope_find(s, task->pid) : NULL;
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
