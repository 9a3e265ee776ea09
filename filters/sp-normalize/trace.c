#include "trace.h"

#include <stdlib.h>

#include "syscall.h"

void trace_begin(struct trace *t, struct str header)
{
	size_t limit = t->limit;
	trace_free(t);
	t->limit = limit;
	t->header = arena_str(&t->memory, header);
	t->task_column = -1;
	struct str name;
	while (t->columns < TRACE_COLUMNS && str_cut(&header, '\t', &name)) {
		if (str_eq(name, STR("task")))
			t->task_column = (int)t->columns;
		t->role[t->columns++] = event_column_by_name(name);
	}
}

void trace_free(struct trace *t)
{
	buf_free(&t->text);
	free(t->row);
	free(t->token);
	free(t->task);
	free(t->order);
	ids_free(&t->tids);
	arena_free(&t->memory);
	*t = (struct trace){0};
}

void trace_split(const struct trace *t, struct str row, struct fields *f)
{
	memset(f->of, 0, sizeof f->of);
	for (size_t i = 0; i < t->columns; i++) {
		if (!str_cut(&row, '\t', &f->all[i]))
			f->all[i] = STR("");
		if (t->role[i] >= 0)
			f->of[t->role[i]] = f->all[i];
	}
}

/* ---- tasks ---- */

static uint64_t key_of(const struct fields *f, struct str tid)
{
	uint64_t key = str_hash(tid);
	if (f->of[EVENT_HOST].n || f->of[EVENT_FILE].n)
		key = ids_pair(key,
		               ids_pair(str_hash(f->of[EVENT_HOST]), str_hash(f->of[EVENT_FILE])));
	return key;
}

uint32_t trace_task(struct trace *t, const struct fields *f, struct str tid)
{
	return *ids_at(&t->tids, key_of(f, tid));
}

static uint32_t new_task(struct trace *t, const struct fields *f, struct str tid)
{
	if (t->tasks == t->tasks_cap) {
		t->tasks_cap = t->tasks_cap ? t->tasks_cap * 2 : 64;
		t->task = xrealloc(t->task, t->tasks_cap, sizeof *t->task);
	}
	uint32_t id = (uint32_t)t->tasks++;
	t->task[id] = (struct task){.leader = id,
	                            .parent = NO_TASK,
	                            .first_child = NO_TASK,
	                            .last_child = NO_TASK,
	                            .sibling = NO_TASK,
	                            .first_row = NO_ROW,
	                            .last_row = NO_ROW};
	*ids_at(&t->tids, key_of(f, tid)) = id;
	return id;
}

static uint32_t living_task(struct trace *t, const struct fields *f, struct str tid)
{
	uint32_t id = trace_task(t, f, tid);
	return id == NO_TASK || t->task[id].gone ? new_task(t, f, tid) : id;
}

/* The child's first rows may stand before the return of the call that made it. */
static uint32_t adopt(struct trace *t, const struct fields *f, uint32_t parent)
{
	struct str tid = f->of[EVENT_RET];
	if (tid.n == 0 || tid.p[0] == '-' || str_eq(tid, STR("0")))
		return NO_TASK;
	uint32_t child = trace_task(t, f, tid);
	if (child == NO_TASK || t->task[child].parent != NO_TASK)
		child = new_task(t, f, tid);
	if (child == parent)
		return NO_TASK;
	struct task *p = &t->task[parent];
	t->task[child].parent = parent;
	if (p->last_child == NO_TASK)
		p->first_child = child;
	else
		t->task[p->last_child].sibling = child;
	p->last_child = child;
	return child;
}

static void note_command(struct trace *t, const struct fields *f, struct task *task)
{
	struct str path = f->of[EVENT_PATH];
	if (!str_starts(f->of[EVENT_SYSCALL], STR("execve")) || f->of[EVENT_ERRNO].n || !path.n)
		return;
	const char *slash = memrchr(path.p, '/', path.n);
	task->command =
	    arena_str(&t->memory, slash ? str_between(slash + 1, path.p + path.n) : path);
}

/* ---- rows ---- */

static uint32_t task_of(struct trace *t, const struct fields *f)
{
	if (t->task_column >= 0)
		return living_task(t, f, f->all[t->task_column]);
	struct str tid = f->of[EVENT_TID].n ? f->of[EVENT_TID] : f->of[EVENT_PID];
	uint32_t id = living_task(t, f, tid);
	struct str pid = f->of[EVENT_PID];
	if (pid.n && !str_eq(pid, tid)) {
		uint32_t leader = trace_task(t, f, pid);
		if (leader == NO_TASK)
			leader = new_task(t, f, pid);
		t->task[id].leader = t->task[leader].leader;
	}
	return id;
}

bool trace_add(struct trace *t, struct str text)
{
	if (t->rows == t->rows_cap) {
		t->rows_cap = t->rows_cap ? t->rows_cap * 2 : 1024;
		t->row = xrealloc(t->row, t->rows_cap, sizeof *t->row);
	}
	struct row *r = &t->row[t->rows];
	*r = (struct row){.at = t->text.n, .next = NO_ROW, .child = NO_TASK};
	event_escape_row(&t->text, text);
	size_t each = sizeof *r + 3 * sizeof(struct token); /* about what will be known of a row */
	if (t->text.n + (t->rows + 1) * each > t->limit || t->rows + 1 >= NO_ROW)
		return false;
	r->n = (uint32_t)(t->text.n - r->at);
	struct fields f;
	trace_split(t, trace_row(t, r), &f);
	r->task = task_of(t, &f);
	if (syscall_creates_task(f.of[EVENT_SYSCALL]) && t->task_column < 0)
		r->child = adopt(t, &f, r->task);
	struct task *task = &t->task[r->task];
	note_command(t, &f, task);
	if (task->last_row == NO_ROW)
		task->first_row = (uint32_t)t->rows;
	else
		t->row[task->last_row].next = (uint32_t)t->rows;
	task->last_row = (uint32_t)t->rows++;
	if (str_eq(f.of[EVENT_KIND], STR("exit")) && t->task_column < 0)
		task->gone = true;
	return true;
}

void trace_token(struct trace *t, struct row *r, struct token token)
{
	if (t->tokens == t->tokens_cap) {
		t->tokens_cap = t->tokens_cap ? t->tokens_cap * 2 : 4096;
		t->token = xrealloc(t->token, t->tokens_cap, sizeof *t->token);
	}
	if (r->tokens++ == 0)
		r->token = t->tokens;
	t->token[t->tokens++] = token;
}

/* ---- order ---- */

static void place(struct trace *t, uint32_t id, uint32_t parent, unsigned *roots, uint32_t *n)
{
	struct task *task = &t->task[id];
	struct buf label = {0};
	if (parent == NO_TASK)
		buf_printf(&label, "%u", ++*roots);
	else
		buf_printf(&label, "%.*s.%u", (int)t->task[parent].label.n, t->task[parent].label.p,
		           ++t->task[parent].born);
	/* A chain of a million forks must not make labels of megabytes. */
	enum { LABEL_MOST = 200 };
	task->label = arena_str(&t->memory, (struct str){label.p, label.n < LABEL_MOST ? label.n : LABEL_MOST});
	buf_free(&label);
	if (task->command.n == 0 && parent != NO_TASK)
		task->command = t->task[parent].command;
	t->order[(*n)++] = id;
	task->number = *n;
}

/* Depth first from each task without a parent, in the order in which they appear. Without
 * recursion: lineages can be long. A circle, which only a damaged trace has, is entered at its
 * first task. */
void trace_arrange(struct trace *t)
{
	uint32_t n = 0;
	unsigned roots = 0;
	t->order = xcalloc(t->tasks + 1, sizeof *t->order);
	for (int circles = 0; circles < 2; circles++) {
		for (uint32_t root = 0; root < t->tasks; root++) {
			if (t->task[root].number || (!circles && t->task[root].parent != NO_TASK))
				continue;
			place(t, root, NO_TASK, &roots, &n);
			uint32_t at = root;
			while (at != NO_TASK) {
				uint32_t next = t->task[at].first_child;
				while (next != NO_TASK && t->task[next].number)
					next = t->task[next].sibling;
				if (next == NO_TASK) {
					at = at == root ? NO_TASK : t->task[at].parent;
					continue;
				}
				t->task[at].first_child = t->task[next].sibling;
				place(t, next, at, &roots, &n);
				at = next;
			}
		}
	}
}
