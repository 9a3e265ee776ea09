#include "hold_private.h"

#include <stdlib.h>

#include "action.h"
#include "counts.h"
#include "number.h"
#include "socket.h"

struct hold *hold_new(struct fdmap *map)
{
	struct hold *h = xcalloc(1, sizeof *h);
	h->map = map;
	return h;
}

/* ---- the rows ---- */

static void push(struct hold *h, const struct row *row)
{
	if (h->first == h->n) {
		h->first = h->n = 0;
		h->text.n = 0;
	}
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 64;
		h->row = xrealloc(h->row, h->cap, sizeof *h->row);
	}
	struct held *held = &h->row[h->n++];
	const struct action *action = verb_of(row_field(row, COLUMN_SYSCALL))->action;
	*held = (struct held){.at = h->text.n, .n = row->text.n, .tid = -1, .has = row->has,
			      .sends = action && action->sends};
	row_number(row, COLUMN_TID, &held->tid);
	if (action && action->creates_task && (!row_number(row, COLUMN_RET, &held->child) || held->child < 0))
		held->child = 0;
	h->clones += held->child != 0;
	for (int i = 0; i < COLUMNS; i++) {
		if (!row_has(row, (enum column)i))
			continue;
		struct str field = row_field(row, (enum column)i);
		held->field[i].from = (uint32_t)(field.p - row->text.p);
		held->field[i].until = held->field[i].from + (uint32_t)field.n + 1;
	}
	buf_reserve(&h->text, row->text.n + INPUT_SLACK);
	buf_add_str(&h->text, row->text);
}

const struct row *hold_row_at(const struct hold *h, size_t i, struct held_row *space)
{
	const struct held *held = &h->row[i];
	const char *text = h->text.p + held->at;
	for (int k = 0; k < COLUMNS; k++) {
		space->edge[k][0] = text + held->field[k].from;
		space->edge[k][1] = text + (held->field[k].until ? held->field[k].until : 1);
		space->place[k] = space->edge[k];
	}
	space->row = (struct row){.text = {text, held->n}, .place = space->place,
				  .has = held->has};
	return &space->row;
}

/* Once the front half is gone, the rest moves down: what is held stays small although rows keep
 * coming and going. */
static void pop(struct hold *h)
{
	h->clones -= h->row[h->first++].child != 0;
	if (h->first < 1024 || h->first * 2 < h->n)
		return;
	size_t gone = h->row[h->first - 1].at + h->row[h->first - 1].n;
	memmove(h->text.p, h->text.p + gone, h->text.n - gone);
	h->text.n -= gone;
	memmove(h->row, h->row + h->first, (h->n - h->first) * sizeof *h->row);
	h->n -= h->first;
	h->first = 0;
	for (size_t i = 0; i < h->n; i++)
		h->row[i].at -= gone;
}

/* ---- waiting ---- */

bool hold_same_scope(const struct row *a, const struct row *b)
{
	return str_eq(row_field(a, COLUMN_FILE), row_field(b, COLUMN_FILE)) &&
	       str_eq(row_field(a, COLUMN_HOST), row_field(b, COLUMN_HOST));
}

/* Whether the caller is known: it is when its process is. */
static bool known(struct hold *h, struct call *call)
{
	if (!call->task && tasks_find(&h->map->tasks, call->pid))
		call->task = tasks_stranger(&h->map->tasks, call->tid, call->pid);
	return call->task;
}

bool hold_made_by(struct hold *h, size_t i, int64_t tid)
{
	struct held_row space;
	struct call call;
	if (!call_read(h->map, hold_row_at(h, i, &space), &call) || !known(h, &call))
		return false;
	act_clone_child(&call, tid);
	h->row[i].done = true;
	return true;
}

void hold_make_chained(struct hold *h)
{
	while (h->chained) {
		h->chained--;
		hold_made_by(h, h->chain[h->chained].row, h->chain[h->chained].tid);
	}
}

/* Row i is the clone() that returned the thread that is waited for. The caller may be unknown too:
 * then that one is waited for, and the chain is followed back when it is found. */
static bool is_parent(struct hold *h, size_t i, struct call *call)
{
	if (!call->ok)
		return false;
	if (!known(h, call)) {
		if (h->chained == CHAIN_MOST)
			return false;
		h->chain[h->chained].tid = h->need.tid;
		h->chain[h->chained++].row = i;
		h->need.tid = call->pid;
		h->looked_at = h->first + 1;
		return false;
	}
	hold_made_by(h, i, h->need.tid);
	hold_make_chained(h);
	return true;
}

static bool is_sender(struct hold *h, size_t i, struct call *call)
{
	struct str rights = STR("SCM_RIGHTS");
	if (!call->ok || !call->task || !str_find(row_field(call->row, COLUMN_ARGS), rights))
		return false;
	act_sendmsg(call);
	file_put(call->held);
	h->row[i].done = true;
	return h->need.socket->socket->rights.n > 0;
}

/* Most rows may not, and this tells so at once. */
static bool may_help(const struct hold *h, const struct held *held)
{
	bool is_it = h->need.what == NEED_PARENT ? held->child && held->child == h->need.tid : held->sends;
	return is_it && !held->done;
}

/* Looks at the rows that have come since the last look. */
static bool satisfied(struct hold *h)
{
	bool parent = h->need.what == NEED_PARENT;
	struct held_row front_space, space;
	const struct row *front = hold_row_at(h, h->first, &front_space);
	if (parent && h->clones == 0)
		h->looked_at = h->n;
	while (h->looked_at < h->n) {
		size_t i = h->looked_at++;
		struct call call;
		if (!may_help(h, &h->row[i]))
			continue;
		const struct row *row = hold_row_at(h, i, &space);
		if (!hold_same_scope(row, front) || !call_read(h->map, row, &call))
			continue;
		if (parent ? is_parent(h, i, &call) : is_sender(h, i, &call))
			return true;
	}
	return false;
}

static bool start_of(const struct hold *h, size_t i, int64_t *ns)
{
	const struct held *held = &h->row[i];
	const char *text = h->text.p + held->at;
	struct str field = str_between(text + held->field[COLUMN_START].from,
				       text + held->field[COLUMN_START].until - 1);
	return held->field[COLUMN_START].until && (number_field(field, ns) || number_i64(field, ns));
}

static bool waited_enough(const struct hold *h)
{
	int64_t from, now;
	if (h->text.n - h->row[h->first].at > HOLD_BYTES)
		return true;
	return start_of(h, h->first, &from) && start_of(h, h->n - 1, &now) && (__int128)now - from > HOLD_NS;
}

/* Gives out what can be given out. */
static void drain(struct hold *h, bool final)
{
	while (h->first < h->n) {
		struct held_row space;
		const struct row *row = hold_row_at(h, h->first, &space);
		bool waiting = h->need.what != NEED_NOTHING, give_up = false;
		if (waiting && !satisfied(h)) {
			give_up = final || waited_enough(h);
			if (!give_up)
				return;
			if (h->need.what == NEED_PARENT)
				hold_guess_parent(h);
		}
		struct taking how = {.done = h->row[h->first].done, .guess = give_up};
		bool done = fdmap_take(h->map, row, how, &h->need);
		h->chained = 0;
		h->looked_at = h->first + 1;
		if (!done)
			continue;
		h->need.what = NEED_NOTHING;
		pop(h);
	}
}

/* The row has to wait, or others do. */
static __attribute__((noinline)) void keep(struct hold *h, const struct row *row)
{
	bool first = h->first == h->n;
	push(h, row);
	if (!first) {
		drain(h, false);
		return;
	}
	h->chained = 0;
	h->looked_at = h->first + 1;
}

void hold_row(struct hold *h, const struct row *row)
{
	if (h->first != h->n || !fdmap_take(h->map, row, (struct taking){0}, &h->need))
		keep(h, row);
}

void hold_flush(struct hold *h)
{
	drain(h, true);
}

void hold_free(struct hold *h)
{
	free(h->row);
	buf_free(&h->text);
	free(h);
}
