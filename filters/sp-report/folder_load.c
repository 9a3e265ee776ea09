/* The tables of a folder are loaded by several threads at once: when a report is made, other cores are idle. */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "diag.h"
#include "folder.h"
#include "pattern.h"
#include "thread.h"

enum { THREADS = 4 };

/* In the order in which it is said what is wrong with them. */
enum part {
	PART_FACTS,
	PART_SHEETS,
	PART_TIMELINE = PART_SHEETS + SHEETS,
	PART_HEAT,
	PART_FDS,
	PART_STACKS,
	PARTS
};

struct loading {
	struct folder *f;
	int begun;           /* parts before this one */
	int loaded;          /* likewise */
	bool ready[PARTS];   /* those behind may be loaded sooner */
	pthread_mutex_t lock; /* for all but the folder, of which each part is another thing */
	pthread_cond_t changed;
};

struct turn {
	struct loading *l;
	int part;
};

/* Parts are begun in their order: the first that is not loaded waits for nobody. */
static void wait_for_turn(void *turn)
{
	const struct turn *t = turn;
	pthread_mutex_lock(&t->l->lock);
	while (t->l->loaded < t->part)
		pthread_cond_wait(&t->l->changed, &t->l->lock);
	pthread_mutex_unlock(&t->l->lock);
}

static void load_part(struct folder *f, int part)
{
	switch (part) {
	case PART_FACTS:
		facts_load(&f->facts, f->dir);
		break;
	case PART_TIMELINE:
		grid_load_timeline(&f->timeline, f->dir);
		break;
	case PART_HEAT:
		grid_load_heat(&f->heat, f->dir);
		break;
	case PART_FDS:
		grid_load_fds(&f->fds, f->dir);
		break;
	case PART_STACKS:
		stacks_load(&f->stacks, f->dir);
		break;
	default:
		sheet_load(&f->sheet[part - PART_SHEETS], (enum sheet_id)(part - PART_SHEETS), f->dir);
	}
}

static void *load_parts(void *loading)
{
	struct loading *l = loading;
	pthread_mutex_lock(&l->lock);
	while (l->begun < PARTS) {
		struct turn turn = {l, l->begun++};
		pthread_mutex_unlock(&l->lock);
		diag_in_turn(wait_for_turn, &turn);
		load_part(l->f, turn.part);
		diag_in_turn(NULL, NULL);
		pthread_mutex_lock(&l->lock);
		l->ready[turn.part] = true;
		while (l->loaded < PARTS && l->ready[l->loaded])
			l->loaded++;
		pthread_cond_broadcast(&l->changed);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static void load(struct folder *f)
{
	struct loading l = {.f = f};
	pthread_t thread[THREADS];
	int threads = 0, cores = thread_cores();
	pthread_mutex_init(&l.lock, NULL);
	pthread_cond_init(&l.changed, NULL);
	while (threads < THREADS - 1 && threads < cores - 1 && thread_start(&thread[threads], load_parts, &l))
		threads++;
	load_parts(&l);
	while (threads > 0)
		pthread_join(thread[--threads], NULL);
}

void folder_load(struct folder *f, const char *dir)
{
	DIR *d = opendir(dir);
	if (!d)
		diag_die(DIAG_USAGE, "%s: not a folder of tables: %s", dir, strerror(errno));
	closedir(d);
	*f = (struct folder){.dir = dir};
	load(f);
	pattern_fold(&f->sheet[SHEET_ACTIVITY]);
	folder_name(f, 0);
}
