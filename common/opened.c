#include "opened.h"

#include <stdlib.h>

#include "arena.h"
#include "diag.h"

#define uthash_fatal(message) diag_die(DIAG_MEMORY, NULL)
#include <uthash.h>

struct process_key {
	uint64_t source;
	int64_t pid;
};

struct opened_process {
	struct process_key key;
	LIST_HEAD(, opened_fd) fds; /* never empty */
	UT_hash_handle hh;
};

enum { FIRST_BUCKETS = 64, LATELY = 256 /* used: whose descriptors a new process may have */ };

void opened_init(struct opened *o, size_t extra)
{
	*o = (struct opened){.extra = extra, .buckets = FIRST_BUCKETS};
	o->bucket = xcalloc(o->buckets, sizeof(struct opened_fd *));
	TAILQ_INIT(&o->by_use);
}

static struct opened_fd **bucket_of(const struct opened *o, const struct opened_key *key)
{
	uint64_t mixed = key->source ^ ((uint64_t)key->pid << 20) ^ (uint64_t)key->fd;
	return &o->bucket[mixed * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (o->buckets - 1)];
}

static bool is_key(const struct opened_fd *fd, const struct opened_key *key)
{
	return fd->key.fd == key->fd && fd->key.pid == key->pid && fd->key.source == key->source;
}

static struct opened_fd *by_key(const struct opened *o, const struct opened_key *key)
{
	struct opened_fd *fd = *bucket_of(o, key);
	while (fd && !is_key(fd, key))
		fd = fd->same_bucket;
	return fd;
}

struct opened_fd *opened_find(struct opened *o, const struct opened_key *key, int64_t generation)
{
	struct opened_fd *fd = TAILQ_FIRST(&o->by_use);
	if (!fd || !is_key(fd, key)) {
		fd = by_key(o, key);
		if (!fd)
			return NULL;
		TAILQ_REMOVE(&o->by_use, fd, by_use);
		TAILQ_INSERT_HEAD(&o->by_use, fd, by_use);
	}
	if (fd->generation == OPENED_ANY)
		fd->generation = generation;
	return fd->generation == generation || generation == OPENED_ANY ? fd : NULL;
}

static void grow(struct opened *o)
{
	struct opened_fd *fd;
	free(o->bucket);
	o->buckets *= 2;
	o->bucket = xcalloc(o->buckets, sizeof(struct opened_fd *));
	TAILQ_FOREACH(fd, &o->by_use, by_use)
	{
		struct opened_fd **bucket = bucket_of(o, &fd->key);
		fd->same_bucket = *bucket;
		*bucket = fd;
	}
}

struct opened_spare {
	struct opened_spare *next;
};

/* n bytes, those of a spare one if there is one. */
static void *take(struct opened_spare **spare, size_t n)
{
	struct opened_spare *taken = *spare;
	if (!taken)
		return xrealloc(NULL, 1, n);
	*spare = taken->next;
	return taken;
}

static void give(struct opened_spare **spare, void *old)
{
	struct opened_spare *given = old;
	given->next = *spare;
	*spare = given;
}

static void free_spare(struct opened_spare **spare)
{
	while (*spare)
		free(take(spare, 0));
}

static struct opened_process *process_of(struct opened *o, uint64_t source, int64_t pid)
{
	const struct opened_fd *latest = TAILQ_FIRST(&o->by_use);
	if (latest && latest->key.source == source && latest->key.pid == pid)
		return latest->process;
	struct process_key key = {source, pid};
	struct opened_process *p;
	HASH_FIND(hh, o->processes, &key, sizeof key, p);
	return p;
}

static struct opened_process *process_for(struct opened *o, const struct opened_key *key)
{
	struct opened_process *p = process_of(o, key->source, key->pid);
	if (p)
		return p;
	p = xcalloc(1, sizeof *p);
	p->key = (struct process_key){key->source, key->pid};
	HASH_ADD(hh, o->processes, key, sizeof p->key, p);
	return p;
}

static void put_file(struct opened *o, struct opened_file *file)
{
	if (--file->users)
		return;
	touched_forget(&o->touched, &file->touched);
	give(&o->spare_files, file);
}

struct opened_fd *opened_copy(struct opened *o, struct opened_file *file, const struct opened_key *key,
                              int64_t generation)
{
	file->users++; /* before anything is removed: it may be the last that has the file */
	struct opened_fd *fd = by_key(o, key);
	if (fd)
		opened_remove(o, fd);
	if (o->n == OPENED_MOST) {
		opened_remove(o, TAILQ_LAST(&o->by_use, opened_by_use));
		o->forgotten++;
	}
	if (o->n == o->buckets)
		grow(o);
	fd = take(&o->spare_fds, sizeof *fd + o->extra);
	*fd = (struct opened_fd){.file = file, .key = *key, .generation = generation};
	memset(fd->extra, 0, o->extra);
	struct opened_fd **bucket = bucket_of(o, key);
	fd->same_bucket = *bucket;
	*bucket = fd;
	fd->process = process_for(o, key);
	LIST_INSERT_HEAD(&fd->process->fds, fd, of_process);
	TAILQ_INSERT_HEAD(&o->by_use, fd, by_use);
	o->n++;
	return fd;
}

struct opened_fd *opened_add(struct opened *o, const struct opened_key *key, int64_t generation,
                             bool fresh)
{
	struct opened_file *file = take(&o->spare_files, sizeof *file);
	*file = (struct opened_file){0};
	access_begin(&file->access, fresh);
	return opened_copy(o, file, key, generation);
}

void opened_remove(struct opened *o, struct opened_fd *fd)
{
	struct opened_fd **link = bucket_of(o, &fd->key);
	while (*link != fd)
		link = &(*link)->same_bucket;
	*link = fd->same_bucket;
	TAILQ_REMOVE(&o->by_use, fd, by_use);
	LIST_REMOVE(fd, of_process);
	if (LIST_EMPTY(&fd->process->fds)) {
		HASH_DEL(o->processes, fd->process);
		free(fd->process);
	}
	put_file(o, fd->file);
	o->n--;
	give(&o->spare_fds, fd);
}

/* Most children exec a program that uses none of them: nothing is forgotten for these. */
void opened_fork(struct opened *o, uint64_t source, int64_t parent, int64_t child)
{
	struct opened_process *p = process_of(o, source, parent);
	struct opened_fd *fd;
	if (!p || parent == child)
		return;
	LIST_FOREACH(fd, &p->fds, of_process)
	{
		struct opened_key key = {source, child, fd->key.fd};
		if (o->n < OPENED_MOST && !by_key(o, &key))
			opened_copy(o, fd->file, &key, fd->generation);
	}
}

struct opened_fd *opened_inherit(struct opened *o, const struct opened_key *key, int64_t generation)
{
	struct opened_file *file = NULL;
	const struct opened_fd *fd = TAILQ_FIRST(&o->by_use);
	for (unsigned i = 0; fd && i < LATELY; i++, fd = TAILQ_NEXT(fd, by_use)) {
		if (fd->key.fd != key->fd || fd->key.source != key->source ||
		    fd->key.pid == key->pid ||
		    (fd->generation != generation && fd->generation != OPENED_ANY))
			continue;
		if (file && file != fd->file)
			return NULL;
		file = fd->file;
	}
	return file ? opened_copy(o, file, key, generation) : NULL;
}

void opened_exit(struct opened *o, uint64_t source, int64_t pid)
{
	struct opened_process *p;
	while ((p = process_of(o, source, pid)))
		opened_remove(o, LIST_FIRST(&p->fds));
}

void opened_clear(struct opened *o)
{
	while (!TAILQ_EMPTY(&o->by_use))
		opened_remove(o, TAILQ_FIRST(&o->by_use));
	touched_clear(&o->touched);
}

void opened_free(struct opened *o)
{
	opened_clear(o);
	free_spare(&o->spare_fds);
	free_spare(&o->spare_files);
	free(o->bucket);
	*o = (struct opened){0};
}
