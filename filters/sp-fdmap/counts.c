#include "counts.h"

#include <stdlib.h>

#include "number.h"

enum { FIRST_WIDTH = 1000 * 1000, ROWS = 1 << 13 };

struct counts {
	struct output out;
	int64_t width;
	uint64_t rows; /* since the width was doubled */
	bool begun, files;
	struct number_before before;
};

struct counts *counts_new(const char *path)
{
	struct counts *c = xcalloc(1, sizeof *c);
	c->width = FIRST_WIDTH;
	output_open(&c->out, path);
	return c;
}

void counts_begin(struct counts *c, uint32_t has)
{
	bool files = has >> COLUMN_FILE & 1;
	if (!c->begun || files != c->files)
		output_printf(&c->out, "start_ns\tpid\topen%s\n", files ? "\tfile" : "");
	c->begun = true;
	c->files = files;
}

static void write_count(struct counts *c, int64_t at, int64_t pid, int open, struct str file)
{
	char digits[3 * 24], *p = number_put_i64(digits, at);
	*p++ = '\t';
	if (pid != TASK_NO_NUMBER)
		p = number_put_i64(p, pid);
	*p++ = '\t';
	output_str(&c->out, str_between(digits, number_put_i64(p, open)));
	if (c->files) {
		output_char(&c->out, '\t');
		output_str(&c->out, file);
	}
	output_char(&c->out, '\n');
	if (++c->rows < ROWS)
		return;
	c->rows = 0;
	c->width = c->width > INT64_MAX / 2 ? c->width : c->width * 2;
}

/* What has changed since the last row of the process. */
static void write_pending(struct counts *c, struct told *t, int64_t pid, struct str file)
{
	if (!t->pending)
		return;
	t->pending = false;
	bool peak = t->most > t->last && t->most > t->open;
	if (peak)
		write_count(c, t->most_at, pid, t->most, file);
	if (peak || t->last != t->open)
		write_count(c, t->last_at, pid, t->last, file);
	t->open = t->last;
}

static void set_pending(struct told *t, int64_t at, int open)
{
	if (!t->pending || open > t->most) {
		t->most = open;
		t->most_at = at;
	}
	t->pending = true;
	t->last = open;
	t->last_at = at;
}

/* When the call returned: then the number changed. False where the trace does not tell. */
static bool time_of(struct counts *c, const struct row *row, int64_t *at)
{
	int64_t dur;
	if (!row_start(row, &c->before, at))
		return false;
	return !row_number(row, COLUMN_DUR, &dur) || !__builtin_add_overflow(*at, dur, at);
}

static void tell(struct counts *c, const struct task *task, const struct row *row, int open)
{
	struct told *t = &task->fds->told;
	struct str file = row_field(row, COLUMN_FILE);
	int64_t at;
	if (!time_of(c, row, &at))
		return;
	if (t->told && at < t->next) {
		set_pending(t, at, open);
		return;
	}
	write_pending(c, t, task->pid, file);
	write_count(c, at, task->pid, open, file);
	t->told = true;
	t->open = t->last = open;
	t->next = at > INT64_MAX - c->width ? INT64_MAX : at + c->width;
}

static void tell_end(struct counts *c, const struct task *task, const struct row *row)
{
	struct told *t = &task->fds->told;
	int64_t at;
	if (!t->told || !time_of(c, row, &at))
		return;
	write_pending(c, t, task->pid, row_field(row, COLUMN_FILE));
	write_count(c, at, task->pid, 0, row_field(row, COLUMN_FILE));
	t->ended = true;
}

void counts_note(struct counts *c, const struct task *task, const struct row *row)
{
	if (task->fds->told.ended)
		return;
	if (task->ending)
		tell_end(c, task, row);
	else
		tell(c, task, row, task->fds->open);
}

void counts_exit(struct counts *c, const struct task *task, const struct row *row)
{
	if (task && task->fds->users == 1 && !task->fds->told.ended)
		tell_end(c, task, row);
}

static void rest(void *context, const struct task *task, struct str file)
{
	write_pending(context, &task->fds->told, task->pid, file);
}

void counts_end(struct counts *c, struct tasks *tasks)
{
	tasks_each(tasks, rest, c);
}

void counts_close(struct counts *c)
{
	if (!c)
		return;
	output_close(&c->out);
	free(c);
}
