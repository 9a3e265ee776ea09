/* What calls on sockets do: names, pairs, and descriptors sent through them (unix(7), SCM_RIGHTS). */
#include <stdio.h>

#include "action.h"
#include "endpoint.h"
#include "input.h"
#include "path.h"
#include "socket.h"

/* "ROUTE" of NETLINK_ROUTE (netlink(7)). */
static struct str detail(struct str protocol, struct str arg)
{
	struct str prefix = STR("NETLINK_");
	return str_eq(protocol, STR("netlink")) && str_starts(arg, prefix) ? str_drop(arg, prefix.n)
									   : (struct str){0};
}

void act_socket(struct call *c)
{
	struct str protocol = endpoint_protocol(call_arg(c, 1), call_arg(c, 2), call_arg(c, 3));
	struct file *f = socket_new(&c->map->files, protocol, detail(protocol, call_arg(c, 3)));
	call_opens(c, call_ret(c), f, action_cloexec(c));
}

void act_socketpair(struct call *c)
{
	int fd[2];
	struct str annotation[2];
	char name[40];
	if (!call_takes_two(c, call_arg(c, 4), fd, annotation))
		return;
	struct str protocol = endpoint_protocol(call_arg(c, 1), call_arg(c, 2), call_arg(c, 3));
	bool cloexec = action_cloexec(c);
	struct file *end[2];
	snprintf(name, sizeof name, "socketpair:%llu",
		 (unsigned long long)++c->map->files.socketpairs);
	for (int i = 0; i < 2; i++) {
		end[i] = socket_new(&c->map->files, protocol, (struct str){0});
		file_name(&c->map->files, end[i], str_of(name), NAME_DERIVED);
	}
	socket_join(end[0], end[1]);
	for (int i = 0; i < 2; i++) {
		struct descriptor *d = call_opens_also(c, fd[i], end[i], cloexec, annotation[i]);
		if (i == 0)
			call_show(c, d);
	}
}

/* ---- addresses ---- */

/* The address in argument i, in `other`; unix paths are made absolute. Empty: none is shown. */
static struct str address_in(struct call *c, unsigned i)
{
	struct buf *space = &c->map->other;
	struct str arg = call_arg(c, i);
	space->n = 0;
	if (!endpoint_address(arg, space))
		return (struct str){0};
	bool relative = str_find(arg, STR("sun_path=\"")) && space->p[0] != '/';
	struct file *cwd = relative ? call_directory(c, 0) : NULL;
	if (cwd) {
		struct str path = path_resolve(c->task, cwd, buf_str(space), &c->map->path);
		space->n = 0;
		buf_add_str(space, path);
	}
	return buf_str(space);
}

void act_bind(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct str address = d && c->ok ? address_in(c, 2) : (struct str){0};
	if (address.n) {
		socket_local(&c->map->files, d->file, address);
		call_show(c, d); /* socket:[7] has a name now */
	}
}

void act_listen(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	if (d)
		socket_of(&c->map->files, d->file)->listens = true;
}

/* A connection that failed has been tried: the row says where to. */
static void show_attempt(struct call *c, struct file *f, struct str address)
{
	struct buf *space = &c->map->path;
	if (c->path.n || !f->socket)
		return;
	space->n = 0;
	buf_reserve(space, address.n + f->socket->protocol.n + INPUT_SLACK);
	buf_add_str(space, f->socket->protocol);
	buf_add_char(space, ':');
	buf_add_str(space, address);
	c->path = buf_str(space);
}

void act_connect(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct str address = d ? address_in(c, 2) : (struct str){0};
	if (address.n == 0)
		return;
	struct file *f = d->file;
	if (!c->ok && !str_eq(row_field(c->row, COLUMN_ERRNO), STR("EINPROGRESS"))) {
		show_attempt(c, f, address);
		return;
	}
	struct socket *s = socket_of(&c->map->files, f);
	struct file *bound = str_eq(s->protocol, STR("unix"))
				 ? socket_bound(&c->map->files, s->protocol, address) : NULL;
	socket_peer(&c->map->files, f, address, false);
	call_show(c, d);
	if (bound && bound->socket->listens)
		socket_connected(bound, f);
	else if (bound && !s->other)
		socket_join(f, bound);
}

void act_accept(struct call *c)
{
	struct descriptor *listener = call_descriptor_arg(c, 1);
	if (!c->ok) {
		call_show(c, listener);
		return;
	}
	struct socket *from = listener ? socket_of(&c->map->files, listener->file) : NULL;
	struct file *f = socket_new(&c->map->files, from ? from->protocol : STR("socket"),
				    from ? buf_str(&from->local) : (struct str){0});
	struct str peer = address_in(c, 2);
	if (peer.n)
		socket_peer(&c->map->files, f, peer, false);
	if (from && str_eq(from->protocol, STR("unix")))
		socket_accepted(listener->file, f);
	call_opens(c, call_ret(c), f, action_cloexec(c));
}

void act_getsockname(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct str address = d ? address_in(c, 2) : (struct str){0};
	if (address.n && !str_eq(buf_str(&socket_of(&c->map->files, d->file)->local), address))
		socket_local(&c->map->files, d->file, address);
}

void act_getpeername(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct str address = d ? address_in(c, 2) : (struct str){0};
	if (address.n)
		socket_peer(&c->map->files, d->file, address, false);
}

/* Where data go that are sent through a socket without an address of its own. */
void act_sendto(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct socket *s = d ? d->file->socket : NULL;
	if (!s || s->other || s->local.n || (s->peer.n && !s->peer_is_soft))
		return;
	struct str address = address_in(c, 5);
	if (address.n)
		socket_peer(&c->map->files, d->file, address, true);
}

/* ---- SCM_RIGHTS ---- */

/* Takes the next list of descriptors that the message carries off the front of *rest. */
static bool next_rights(struct str *rest, struct str *list)
{
	struct str what = STR("cmsg_type=SCM_RIGHTS, cmsg_data=[");
	const char *at = str_find(*rest, what);
	if (!at)
		return false;
	*rest = str_drop(str_between(at, rest->p + rest->n), what.n);
	*list = *rest;
	return true;
}

/* Where what is sent through f waits for its receiver. */
static struct queue *way(struct call *c, struct file *f)
{
	if (!f->socket)
		return NULL;
	if (f->socket->other)
		return &f->socket->other->socket->rights;
	struct str name = STR("msg_name=");
	const char *at = str_find(call_arg(c, 2), name);
	struct buf *space = &c->map->other;
	space->n = 0;
	bool named = at && endpoint_address(str_between(at, c->row->text.p + c->row->text.n), space);
	struct str address = buf_str(named ? space : &f->socket->peer);
	struct file *bound = address.n ? socket_bound(&c->map->files, f->socket->protocol, address)
				       : NULL;
	if (!bound)
		return NULL;
	return bound->socket->listens ? &f->socket->early : &bound->socket->rights;
}

void act_sendmsg(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct str rest = row_field(c->row, COLUMN_ARGS), list, annotation;
	int fd;
	if (!d || !c->ok || c->done)
		return;
	while (next_rights(&rest, &list)) {
		struct queue *to = way(c, d->file);
		while (to && args_next_fd(&list, &fd, &annotation)) {
			struct descriptor *sent = call_descriptor(c, fd);
			struct file *unknown = sent ? NULL
						    : file_new(&c->map->files, FDTYPE_UNKNOWN,
							       (struct str){0}, NAME_STAND_IN);
			queue_push(to, sent ? sent->file : unknown);
			file_put(unknown);
		}
	}
}

void act_recvmsg(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	struct str rest = row_field(c->row, COLUMN_ARGS), list, annotation;
	struct str path = c->path;
	int fd;
	bool cloexec = action_cloexec(c);
	if (d)
		call_hold(c, d->file);
	while (next_rights(&rest, &list)) {
		while (args_next_fd(&list, &fd, &annotation)) {
			struct socket *s = c->held ? c->held->socket : NULL;
			struct file *f = s ? queue_pop(&s->rights) : NULL;
			if (!f)
				f = file_new(&c->map->files, FDTYPE_UNKNOWN, (struct str){0},
					     NAME_STAND_IN);
			call_opens_also(c, fd, f, cloexec, annotation);
		}
	}
	c->path = path; /* what was learned about them is not about the socket */
}

struct file *act_recvmsg_waits(struct call *c)
{
	struct str rest = row_field(c->row, COLUMN_ARGS), list, annotation;
	int fd;
	if (!next_rights(&rest, &list) || !args_next_fd(&list, &fd, &annotation) || annotation.n)
		return NULL;
	struct descriptor *d = call_descriptor_arg(c, 1);
	struct socket *s = d ? d->file->socket : NULL;
	return s && s->other && s->rights.n == 0 ? d->file : NULL;
}
