#include "snapshot.h"

#include <stdlib.h>

struct open_row {
	int64_t pid, opened_ns;
	int fd;
	uint32_t gen;
	bool cloexec;
	enum fdtype type;
	struct str file, path;
};

static void take_descriptor(void *context, int fd, struct descriptor *d)
{
	struct snapshot *s = context;
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 64;
		s->row = xrealloc(s->row, s->cap, sizeof *s->row);
	}
	s->row[s->n++] = (struct open_row){.pid = s->task->pid,
					   .opened_ns = d->made.until,
					   .fd = fd,
					   .gen = d->gen,
					   .cloexec = d->cloexec,
					   .type = d->file->type,
					   .file = arena_str(&s->text, s->file),
					   .path = arena_str(&s->text, buf_str(&d->file->name))};
}

static void take_table(void *context, const struct task *task, struct str file)
{
	struct snapshot *s = context;
	s->task = task;
	s->file = file;
	s->files |= file.n > 0;
	descriptors_each(task->fds, take_descriptor, s);
}

void snapshot_take(struct snapshot *s, struct tasks *tasks)
{
	tasks_each(tasks, take_table, s);
}

static int by_number(const void *a, const void *b)
{
	const struct open_row *x = a, *y = b;
	int order = str_cmp(x->file, y->file);
	if (!order)
		order = (x->pid > y->pid) - (x->pid < y->pid);
	return order ? order : (x->fd > y->fd) - (x->fd < y->fd);
}

static void print_one(struct table *t, const struct open_row *r, bool files)
{
	if (files)
		table_text(t, r->file);
	if (r->pid >= 0)
		table_int(t, r->pid);
	else
		table_empty(t);
	table_int(t, r->fd);
	table_int(t, r->gen);
	table_text(t, fdtype_name[r->type]);
	table_int(t, r->cloexec);
	if (r->opened_ns == TIME_UNKNOWN)
		table_empty(t);
	else
		table_int(t, r->opened_ns);
	table_text(t, r->path);
	table_end_row(t);
}

void snapshot_print(struct snapshot *s, struct output *out, enum table_format format)
{
	struct table *t = table_new(out, format);
	if (s->files)
		table_column(t, "file", TABLE_TEXT);
	table_column(t, "pid", TABLE_INT);
	table_column(t, "fd", TABLE_INT);
	table_column(t, "fdgen", TABLE_INT);
	table_column(t, "fdtype", TABLE_TEXT);
	table_column(t, "cloexec", TABLE_INT);
	table_column(t, "opened_ns", TABLE_INT);
	table_column(t, "path", TABLE_TEXT);
	if (s->n)
		qsort(s->row, s->n, sizeof *s->row, by_number);
	for (size_t i = 0; i < s->n; i++)
		print_one(t, &s->row[i], s->files);
	table_finish(t);
	arena_free(&s->text);
	free(s->row);
	*s = (struct snapshot){0};
}
