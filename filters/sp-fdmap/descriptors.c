#include "descriptors.h"

#include <limits.h>
#include <stdlib.h>

#include "past.h"

/* ---- number -> descriptor ---- */

static unsigned slot_of(const struct descriptors *d, int chunk)
{
	return (unsigned)chunk * 0x9e3779b1u & (d->cap - 1);
}

static struct chunk *find_chunk(const struct descriptors *d, int fd)
{
	if (fd < 0 || d->cap == 0)
		return NULL;
	for (unsigned i = slot_of(d, fd / CHUNK); d->slot[i]; i = (i + 1) & (d->cap - 1))
		if (d->slot[i]->first == fd / CHUNK * CHUNK)
			return d->slot[i];
	return NULL;
}

static void insert(struct descriptors *d, struct chunk *c)
{
	unsigned i = slot_of(d, c->first / CHUNK);
	while (d->slot[i])
		i = (i + 1) & (d->cap - 1);
	d->slot[i] = c;
	if (c->first == 0)
		d->low = c;
}

static void add_chunk(struct descriptors *d, struct chunk *c)
{
	if (d->n * 2 >= d->cap) {
		struct chunk **old = d->slot;
		unsigned old_cap = d->cap;
		d->cap = old_cap ? old_cap * 2 : 4;
		d->slot = xcalloc(d->cap, sizeof *d->slot);
		for (unsigned i = 0; i < old_cap; i++)
			if (old[i])
				insert(d, old[i]);
		free(old);
	}
	d->n++;
	insert(d, c);
}

struct descriptor *descriptors_slot(const struct descriptors *d, int fd)
{
	if (fd >= 0 && fd < CHUNK && d->low)
		return &d->low->d[fd];
	struct chunk *c = find_chunk(d, fd);
	return c ? &c->d[fd % CHUNK] : NULL;
}

static struct descriptor *meet(struct descriptors *d, int fd)
{
	struct descriptor *slot = descriptors_slot(d, fd);
	if (slot)
		return slot;
	struct chunk *c = xcalloc(1, sizeof *c);
	c->first = fd / CHUNK * CHUNK;
	add_chunk(d, c);
	return &c->d[fd % CHUNK];
}

struct descriptor *descriptors_at_slow(struct descriptors *d, int fd, struct span call)
{
	struct descriptor *now = descriptors_find(d, fd);
	if (now && (now->made.tid == call.tid || call.from == TIME_UNKNOWN ||
				 now->made.until == TIME_UNKNOWN || now->made.until <= call.from))
		return now;
	struct descriptor *then = past_at(d->past, fd, call);
	return then ? then : now;
}

/* ---- tables ---- */

struct descriptors *descriptors_new(struct origin *origin)
{
	struct descriptors *d = xcalloc(1, sizeof *d);
	d->users = 1;
	d->before = INT_MAX;
	d->told.last = -1;
	d->origin = origin;
	if (origin)
		origin->users++;
	return d;
}

struct descriptors *descriptors_copy(const struct descriptors *from)
{
	struct descriptors *d = descriptors_new(from->origin);
	d->before = from->before;
	d->open = from->open;
	for (unsigned i = 0; i < from->cap; i++) {
		if (!from->slot[i])
			continue;
		struct chunk *c = xcalloc(1, sizeof *c);
		*c = *from->slot[i];
		for (int k = 0; k < CHUNK; k++) {
			c->d[k].opener = NULL;
			if (c->d[k].file)
				file_get(c->d[k].file);
		}
		add_chunk(d, c);
	}
	return d;
}

void descriptors_put(struct descriptors *d)
{
	if (!d || --d->users)
		return;
	for (unsigned i = 0; i < d->cap; i++) {
		struct chunk *c = d->slot[i];
		for (int k = 0; c && k < CHUNK; k++) {
			if (c->d[k].file && c->d[k].opener)
				opener_left(c->d[k].opener, c->d[k].made.until, true);
			file_put(c->d[k].file);
		}
		free(c);
	}
	past_free(d->past);
	origin_put(d->origin);
	free(d->slot);
	free(d);
}

/* ---- opening and closing ---- */

static void shut(struct descriptors *d, struct descriptor *slot, int fd, struct span call,
		 bool pending)
{
	if (d->users > 1 && !d->past)
		d->past = past_new();
	if (d->past)
		past_add(d->past, fd, slot, call, pending);
	if (slot->opener)
		slot->opener->closed++;
	file_put(slot->file);
	slot->file = NULL;
	slot->touched = true;
	d->open--;
}

static struct descriptor *give(struct descriptors *d, int fd, struct file *file, bool cloexec,
			       struct span made, bool pending)
{
	struct descriptor *slot = meet(d, fd);
	file_get(file); /* before the old one goes: they may be the same */
	if (slot->file)
		shut(d, slot, fd, made, pending);
	d->open++;
	*slot = (struct descriptor){.file = file, .made = made, .gen = slot->gen + 1,
				    .cloexec = cloexec, .touched = true};
	return slot;
}

struct descriptor *descriptors_open(struct descriptors *d, int fd, struct file *file, bool cloexec,
				    struct span made)
{
	return give(d, fd, file, cloexec, made, true);
}

struct descriptor *descriptors_replace(struct descriptors *d, int fd, struct file *file,
				       bool cloexec, struct span made)
{
	return give(d, fd, file, cloexec, made, false);
}

/* strace reads the clock before it prints the first half of a call and again when the call may go on, and a
 * busy machine can stop it in between: the call ends later than its two times say. */
static const uint64_t LATE_NS = 1000000000;

/* Whether the call was entered before that, or soon after. */
static bool is_entered_by(struct span call, int64_t time)
{
	return call.from == TIME_UNKNOWN || time == TIME_UNKNOWN || call.from < time ||
	       (uint64_t)call.from - (uint64_t)time < LATE_NS;
}

/* Another thread's close() that comes after the number was given out again: it is the one that is due, but
 * for those that were entered long after. */
struct descriptor *descriptors_closing(struct descriptors *d, int fd, struct span call)
{
	struct descriptor *now = descriptors_find(d, fd), *due = NULL;
	if (d->past && now && now->made.tid != call.tid && is_entered_by(call, now->made.until))
		due = past_pending(d->past, fd);
	return due ? due : descriptors_at(d, fd, call);
}

void descriptors_close(struct descriptors *d, int fd, struct span call, struct descriptor *about)
{
	if (!about)
		about = descriptors_closing(d, fd, call);
	if (about && about == descriptors_find(d, fd))
		shut(d, about, fd, call, false);
	else if (about)
		past_closed(d->past, about, call);
}

void descriptors_close_range(struct descriptors *d, int64_t first, int64_t last, bool cloexec,
			     struct span call)
{
	if (!cloexec && last >= UINT16_MAX && first < d->before)
		d->before = (int)first;
	for (unsigned i = 0; i < d->cap; i++) {
		struct chunk *c = d->slot[i];
		for (int k = 0; c && k < CHUNK; k++) {
			int fd = c->first + k;
			if (!c->d[k].file || fd < first || fd > last)
				continue;
			if (cloexec)
				c->d[k].cloexec = true;
			else
				shut(d, &c->d[k], fd, call, false);
		}
	}
}

void descriptors_exec(struct descriptors *d, struct span call)
{
	for (unsigned i = 0; i < d->cap; i++) {
		struct chunk *c = d->slot[i];
		for (int k = 0; c && k < CHUNK; k++)
			if (c->d[k].file && c->d[k].cloexec)
				shut(d, &c->d[k], c->first + k, call, false);
	}
}

void descriptors_adopt(struct descriptors *child, const struct descriptors *parent)
{
	if (parent->origin)
		parent->origin->users++;
	origin_put(child->origin);
	child->origin = parent->origin;
	child->before = parent->before < child->before ? parent->before : child->before;
	for (unsigned i = 0; i < parent->cap; i++) {
		const struct chunk *c = parent->slot[i];
		for (int k = 0; c && k < CHUNK; k++) {
			struct descriptor *slot;
			if (!c->d[k].file || (slot = meet(child, c->first + k))->touched)
				continue;
			child->open += !slot->file;
			file_put(slot->file);
			*slot = c->d[k];
			slot->opener = NULL;
			file_get(slot->file);
		}
	}
}

int descriptors_free_number(const struct descriptors *d, int from)
{
	const struct descriptor *slot;
	/* Standard input, output and error are open until a call closes them. */
	while ((slot = descriptors_slot(d, from)) ? slot->file || (!slot->touched && from < 3) : from < 3)
		from++;
	return from;
}

void descriptors_each(const struct descriptors *d,
		      void (*visit)(void *context, int fd, struct descriptor *), void *context)
{
	for (unsigned i = 0; i < d->cap; i++)
		for (int k = 0; d->slot[i] && k < CHUNK; k++)
			if (d->slot[i]->d[k].file)
				visit(context, d->slot[i]->first + k, &d->slot[i]->d[k]);
}

/* ---- before the trace ---- */

static struct file *stand_in(struct files *files, const struct origin *o, int fd)
{
	static const struct str standard[] = {{"stdin", 5}, {"stdout", 6}, {"stderr", 6}};
	if (fd < 3)
		return file_new(files, FDTYPE_UNKNOWN, standard[fd], NAME_STAND_IN);
	struct buf name = {0};
	buf_printf(&name, "?%d", fd);
	if (!o->first)
		buf_printf(&name, "@%lld", (long long)o->pid);
	struct file *f = file_new(files, FDTYPE_UNKNOWN, buf_str(&name), NAME_STAND_IN);
	buf_free(&name);
	return f;
}

void descriptors_tell(struct descriptors *d, int fd, struct file *file)
{
	struct descriptor *slot = meet(d, fd);
	file_get(file);
	d->open += !slot->file;
	file_put(slot->file);
	*slot = (struct descriptor){.file = file, .made = {TIME_UNKNOWN, TIME_UNKNOWN, 0}};
}

struct descriptor *descriptors_before(struct files *files, struct descriptors *d, int fd)
{
	if (!d->origin || fd < 0 || fd >= d->before)
		return NULL;
	struct descriptor *slot = descriptors_slot(d, fd);
	if (slot && (slot->touched || slot->file))
		return NULL;
	struct descriptor *first = descriptors_find(d->origin->before, fd);
	if (!first) {
		struct file *f = stand_in(files, d->origin, fd);
		descriptors_tell(d->origin->before, fd, f);
		file_put(f);
		first = descriptors_find(d->origin->before, fd);
	}
	slot = meet(d, fd);
	d->open += !slot->file;
	*slot = *first;
	file_get(slot->file);
	return slot;
}

struct origin *origin_new(int64_t pid, bool first)
{
	struct origin *o = xcalloc(1, sizeof *o);
	o->users = 1;
	o->pid = pid;
	o->first = first;
	o->before = descriptors_new(NULL);
	return o;
}

void origin_put(struct origin *o)
{
	if (!o || --o->users)
		return;
	descriptors_put(o->before);
	file_put(o->cwd);
	free(o);
}
