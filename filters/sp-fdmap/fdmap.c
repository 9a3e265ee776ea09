#include "fdmap.h"

#include "action.h"
#include "counts.h"
#include "number.h"
#include "socket.h"

/* ---- reading a row ---- */

static int64_t number(const struct row *row, enum column column, int64_t otherwise)
{
	int64_t value;
	return row_number(row, column, &value) ? value : otherwise;
}

/* A trace of a single process may tell neither: -1 stands for it. Rows of one thread come in runs,
 * and comparing its number costs less than reading it. */
static inline int64_t read_tid(struct fdmap *map, const struct row *row)
{
	struct str field = row_field(row, COLUMN_TID);
	uint64_t spelling;
	if (field.n - 1 >= sizeof spelling)
		return number(row, field.n ? COLUMN_TID : COLUMN_PID, TASK_NO_NUMBER);
	spelling = str_word(field.p, field.n);
	if (spelling != map->tid_spelling) {
		map->tid_spelling = spelling;
		map->tid = number(row, COLUMN_TID, TASK_NO_NUMBER);
	}
	return map->tid;
}

static int64_t read_pid(const struct row *row, int64_t tid)
{
	return number(row, COLUMN_PID, tid);
}

static void read_span(struct call *c)
{
	int64_t from;
	if (!row_start(c->row, &c->map->before, &from))
		return;
	c->span.from = from;
	c->span.until = row_until(c->row, from);
}

/* The scope of the row is the one at hand from now on. */
static void find_scope(struct fdmap *map, const struct row *row)
{
	const uint32_t columns = 1u << COLUMN_HOST | 1u << COLUMN_FILE;
	if (row->has & columns || !map->tasks.plain)
		tasks_scope(&map->tasks, row_field(row, COLUMN_HOST), row_field(row, COLUMN_FILE));
}

/* Times decide only between threads that share a table. */
static inline bool needs_span(const struct call *c)
{
	const struct descriptors *fds = c->task ? c->task->fds : NULL;
	return c->map->timed || (fds && (fds->users > 1 || fds->past) &&
				 !(c->verb->about_neither && row_field(c->row, COLUMN_FD).n == 0));
}

static inline __attribute__((always_inline)) bool read_call(struct fdmap *map, const struct row *row, struct call *c)
{
	struct str name = row_field(row, COLUMN_SYSCALL), told = row_field(row, COLUMN_KIND);
	char kind = told.n ? told.p[0] : 'c';
	if (name.n == 0 || (kind != 'c' && kind != 'u'))
		return false;
	c->map = map;
	c->row = row;
	c->done = c->args_begun = false;
	c->path = row_field(row, COLUMN_PATH);
	c->file = c->held = NULL;
	find_scope(map, row);
	c->tid = read_tid(map, row);
	c->task = tasks_find(&map->tasks, c->tid);
	c->pid = c->task ? c->task->pid : read_pid(row, c->tid);
	c->verb = verb_of(name);
	c->info = c->verb->info;
	c->action = c->verb->action;
	c->ok = kind == 'c' && row_field(row, COLUMN_ERRNO).n == 0;
	/* Calls that change descriptors return no negative number but errors: a table may have no errno. */
	if (c->action) {
		struct str ret = row_field(row, COLUMN_RET);
		c->ok &= ret.n && ret.p[0] != '-';
	}
	c->span = (struct span){TIME_UNKNOWN, TIME_UNKNOWN, c->tid};
	if (needs_span(c))
		read_span(c);
	return true;
}

bool call_read(struct fdmap *map, const struct row *row, struct call *c)
{
	return read_call(map, row, c);
}

/* ---- taking it into account ---- */

static struct need needs(struct call *c)
{
	struct tasks *t = &c->map->tasks;
	/* A thread's process is told by its row; whose copy a process has is told by clone()'s. */
	if (!c->task && !tasks_find(t, c->pid) && tasks_any(t))
		return (struct need){.what = NEED_PARENT, .tid = c->pid};
	if (c->task && c->ok && c->verb->waits) {
		struct file *socket = act_recvmsg_waits(c);
		if (socket)
			return (struct need){.what = NEED_RIGHTS, .socket = socket};
	}
	return (struct need){.what = NEED_NOTHING};
}

/* A call that descriptors survive unchanged: it is about one, or about a path. */
static void use(struct call *c)
{
	const struct syscall_info *info = c->info;
	if (!info)
		return;
	bool has_fd = row_field(c->row, COLUMN_FD).n || (info->fd && !row_has(c->row, COLUMN_FD));
	bool by_path = info->path && !(has_fd && !info->fd); /* and not "" under a descriptor */
	if (by_path && c->path.n) {
		if (has_fd) {
			c->path = (struct str){0};
			call_show_fd(c);
		}
		c->path = call_own_path(c);
	} else if (has_fd) {
		call_show_fd(c);
	}
}

/* "(AT_FDCWD</srv>, ..." tells the cwd, which names in other calls are relative to. */
static void learn_cwd(struct call *c)
{
	struct str prefix = STR("(AT_FDCWD<"), args = row_field(c->row, COLUMN_ARGS);
	if (!str_starts(args, prefix))
		return;
	struct str told = str_drop(args, prefix.n), known = buf_str(&c->task->fs->cwd->name);
	if (told.n > known.n && known.n && memcmp(told.p, known.p, known.n) == 0 &&
	    told.p[known.n] == '>')
		return;
	told = args_canonical(args_annotation(call_arg(c, 1)), &c->map->other);
	if (told.n && !c->task->fs->root)
		file_name(&c->map->files, c->task->fs->cwd, told, NAME_TRACED);
}

static const struct own *own_of(struct fdmap *map, uint8_t type, uint32_t gen)
{
	struct own *own = &map->own_met[(gen + 8u * type) % OWN_MET];
	if (own->gen == gen && own->type == type && own->n)
		return own;
	struct str name = fdtype_name[type];
	own->text[0] = '\t';
	memcpy(own->text + 1, name.p, FDTYPE_MOST);
	own->text[name.n + 1] = '\t';
	char *gen_at = own->text + name.n + 2, *end = number_put_u64(gen_at, gen);
	*end = '\n';
	own->gen_at = (uint8_t)(gen_at - own->text);
	own->gen_n = (uint8_t)(end - gen_at);
	own->n = (uint8_t)(end + 1 - own->text);
	own->type = type;
	own->gen = gen;
	return own;
}

static void show(struct call *c)
{
	c->shown.own = &own_nothing;
	c->shown.verb = c->verb;
	if (!c->file)
		return;
	if (c->path.n == 0)
		c->path = buf_str(&c->file->name);
	c->shown.own = own_of(c->map, c->file->type, c->gen);
}

/* False when it has to wait. */
static __attribute__((noinline)) bool may_go_on(struct call *c, bool guess, struct need *need)
{
	*need = needs(c);
	if (need->what != NEED_NOTHING && !guess)
		return false;
	c->map->strangers += need->what == NEED_PARENT;
	c->map->unsent += need->what == NEED_RIGHTS;
	if (!c->task)
		c->task = tasks_stranger(&c->map->tasks, c->tid, c->pid);
	return true;
}

static void act(struct call *c)
{
	if (c->verb->by_cwd)
		learn_cwd(c);
	if (c->action && (c->ok || c->action->failed))
		c->action->act(c);
	else
		use(c);
	if (c->verb->network && c->ok && c->file && c->file->type == FDTYPE_UNKNOWN)
		file_is(&c->map->files, c->file, FDTYPE_SOCKET);
}

/* "superseded by execve in pid N": thread N takes the leader's number and goes on. */
static bool superseded(struct fdmap *map, const struct row *row, struct task *task)
{
	struct str text = STR("superseded by execve in pid ");
	struct str note = row_field(row, COLUMN_NOTE);
	int64_t tid;
	if (!str_starts(note, text) || !number_i64(str_drop(note, text.n), &tid))
		return false;
	tasks_supersede(&map->tasks, task, tid);
	return true;
}

static __attribute__((noinline)) void take_other(struct fdmap *map, const struct row *row)
{
	if (!str_eq(row_field(row, COLUMN_KIND), STR("exit")))
		return;
	find_scope(map, row);
	struct task *task = tasks_find(&map->tasks, read_tid(map, row));
	if (task && !superseded(map, row, task)) {
		if (map->counts)
			counts_exit(map->counts, task, row);
		tasks_exit(&map->tasks, task);
	}
}

bool fdmap_take(struct fdmap *map, const struct row *row, struct taking how, struct need *need)
{
	struct call c;
	if (!read_call(map, row, &c)) {
		take_other(map, row);
		map->emit(row, &(struct shown){row_field(row, COLUMN_PATH), &own_nothing, NULL});
		return true;
	}
	c.done = how.done;
	if ((!c.task || c.verb->waits) && !may_go_on(&c, how.guess, need))
		return false;
	c.task->seen = true;
	act(&c);
	show(&c);
	if (map->held)
		file_put(map->held);
	map->held = c.held;
	if (map->counts && c.task && counts_differ(c.task))
		counts_note(map->counts, c.task, row);
	map->emit(row, &c.shown);
	return true;
}

static void left_open(void *context, int fd, struct descriptor *d)
{
	(void)context;
	(void)fd;
	if (d->opener)
		opener_left(d->opener, d->made.until, false);
	d->opener = NULL;
}

static void ends(void *context, const struct task *task, struct str file)
{
	(void)file;
	descriptors_each(task->fds, left_open, context);
}

void fdmap_init(struct fdmap *map)
{
	verbs_index();
	map->tasks.files = &map->files;
}

void fdmap_reset(struct fdmap *map)
{
	if (map->counts)
		counts_end(map->counts, &map->tasks);
	if (map->openers)
		tasks_each(&map->tasks, ends, NULL);
	tasks_clear(&map->tasks);
	file_put(map->held);
	map->held = NULL;
	sockets_drain(&map->files);
	map->files.pipes = map->files.socketpairs = 0;
}

void fdmap_free(struct fdmap *map)
{
	fdmap_reset(map);
	files_free(&map->files);
	buf_free(&map->path);
	buf_free(&map->other);
}
