#include "parts.h"

#include <stdlib.h>

#include "arena.h"
#include "diag.h"
#include "thread.h"

struct parts {
	void (*make)(void *of, int part);
	void *of;
	int n, begun;
	int made;             /* all before this one */
	bool *ready;          /* of each; those behind may be made sooner */
	pthread_mutex_t lock; /* for these numbers */
	pthread_cond_t changed;
};

struct turn {
	struct parts *p;
	int part;
};

/* Parts are begun in their order: the first that is not made waits for no other. */
static void wait_for_turn(void *turn)
{
	const struct turn *t = turn;
	pthread_mutex_lock(&t->p->lock);
	while (t->p->made < t->part)
		pthread_cond_wait(&t->p->changed, &t->p->lock);
	pthread_mutex_unlock(&t->p->lock);
}

static void *work(void *parts)
{
	struct parts *p = parts;
	pthread_mutex_lock(&p->lock);
	while (p->begun < p->n) {
		struct turn turn = {p, p->begun++};
		pthread_mutex_unlock(&p->lock);
		diag_in_turn(wait_for_turn, &turn);
		p->make(p->of, turn.part);
		diag_in_turn(NULL, NULL);
		pthread_mutex_lock(&p->lock);
		p->ready[turn.part] = true;
		while (p->made < p->n && p->ready[p->made])
			p->made++;
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

void parts_make(int n, void (*make)(void *of, int part), void *of)
{
	struct parts p = {.make = make, .of = of, .n = n, .ready = xcalloc((size_t)n, sizeof *p.ready)};
	struct thread_helpers helpers;
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.changed, NULL);
	thread_help(&helpers, work, &p);
	work(&p);
	thread_helped(&helpers);
	free(p.ready);
}
