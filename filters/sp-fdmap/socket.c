#include "socket.h"

#include <stdlib.h>

/* Somaxconn and SCM_MAX_FD are of this order; a queue that nobody takes from forgets its oldest. */
enum { QUEUE_MOST = 4096 };

void queue_push(struct queue *q, struct file *f)
{
	if (q->n == QUEUE_MOST)
		file_put(queue_pop(q));
	if (q->n == q->cap) {
		q->cap = q->cap ? q->cap * 2 : 4;
		q->file = xrealloc(q->file, q->cap, sizeof(struct file *));
	}
	q->file[q->n++] = file_get(f);
}

struct file *queue_pop(struct queue *q)
{
	if (q->n == 0)
		return NULL;
	struct file *first = q->file[0];
	memmove(q->file, q->file + 1, --q->n * sizeof(struct file *));
	return first;
}

static void queue_clear(struct queue *q)
{
	while (q->n)
		file_put(q->file[--q->n]);
	free(q->file);
	*q = (struct queue){0};
}

/* ---- names ---- */

static void show(struct files *files, struct file *f)
{
	struct socket *s = f->socket;
	struct buf name = {0};
	buf_add_str(&name, s->protocol);
	buf_add_char(&name, ':');
	if (s->peer.n)
		buf_add_str(&name, buf_str(&s->peer));
	else if (s->local.n)
		buf_add_str(&name, buf_str(&s->local));
	else
		buf_add_char(&name, '*');
	file_name(files, f, buf_str(&name), NAME_DERIVED);
	buf_free(&name);
}

static void set(struct buf *b, struct str address)
{
	b->n = 0;
	buf_add_str(b, address);
}

struct file *socket_new(struct files *files, struct str protocol, struct str detail)
{
	struct file *f = file_new(files, FDTYPE_SOCKET, STR(""), NAME_STAND_IN);
	f->socket = xcalloc(1, sizeof *f->socket);
	f->socket->protocol = protocol;
	set(&f->socket->local, detail);
	show(files, f);
	return f;
}

struct socket *socket_of(struct files *files, struct file *f)
{
	if (!f->socket) {
		f->socket = xcalloc(1, sizeof *f->socket);
		f->socket->protocol = STR("socket");
		file_is(files, f, FDTYPE_SOCKET);
	}
	return f->socket;
}

void socket_local(struct files *files, struct file *f, struct str address)
{
	struct socket *s = socket_of(files, f);
	set(&s->local, address);
	show(files, f);
}

void socket_peer(struct files *files, struct file *f, struct str address, bool soft)
{
	struct socket *s = socket_of(files, f);
	if (soft && s->peer.n && !s->peer_is_soft)
		return;
	if (soft && str_eq(buf_str(&s->peer), address))
		return;
	set(&s->peer, address);
	s->peer_is_soft = soft;
	show(files, f);
}

/* ---- the other end ---- */

/* x->other is y exactly when y->other is x: no end is left pointing at a file that has gone. */
static void part(struct socket *s)
{
	if (s->other)
		s->other->socket->other = NULL;
	s->other = NULL;
}

void socket_join(struct file *a, struct file *b)
{
	if (!a->socket || !b->socket || a == b)
		return;
	part(a->socket);
	part(b->socket);
	a->socket->other = b;
	b->socket->other = a;
}

struct file *socket_bound(struct files *files, struct str protocol, struct str address)
{
	struct file *bound = NULL;
	for (struct file *f = files->sockets; f; f = f->next) {
		struct socket *s = f->socket;
		if (!s || s->peer.n || !str_eq(buf_str(&s->local), address) ||
		    !str_eq(s->protocol, protocol))
			continue;
		if (s->listens)
			return f;
		if (!s->other)
			bound = f;
	}
	return bound;
}

/* What was sent before there was another end has been waiting for it. */
static void deliver(struct file *from)
{
	struct socket *to = from->socket->other ? from->socket->other->socket : NULL;
	struct file *f;
	while (to && (f = queue_pop(&from->socket->early))) {
		queue_push(&to->rights, f);
		file_put(f);
	}
}

static void meet(struct queue *waiting, struct queue *late, struct file *f)
{
	struct file *other = queue_pop(waiting);
	if (other) {
		socket_join(f, other);
		deliver(f);
		deliver(other);
	} else {
		queue_push(late, f);
	}
	file_put(other);
}

void socket_connected(struct file *listener, struct file *client)
{
	meet(&listener->socket->accepted, &listener->socket->backlog, client);
}

void socket_accepted(struct file *listener, struct file *server)
{
	meet(&listener->socket->backlog, &listener->socket->accepted, server);
}

static void clear_queues(struct socket *s)
{
	queue_clear(&s->rights);
	queue_clear(&s->early);
	queue_clear(&s->backlog);
	queue_clear(&s->accepted);
}

void sockets_drain(struct files *files)
{
	for (struct file *f = files->sockets; f;) {
		struct socket *s = f->socket;
		if (!s || !(s->rights.n || s->early.n || s->backlog.n || s->accepted.n)) {
			f = f->next;
			continue;
		}
		file_get(f);
		clear_queues(s);
		file_put(f);
		f = files->sockets; /* any of them may have gone */
	}
}

void socket_free(struct socket *s)
{
	if (!s)
		return;
	part(s);
	clear_queues(s);
	buf_free(&s->local);
	buf_free(&s->peer);
	free(s);
}
