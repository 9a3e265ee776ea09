/* socket: what is known about a socket besides its name: addresses, the other end, what is on its
 * way to it. Names are "tcp:10.0.0.1:443": the peer's address, else the own one, else "*". */
#ifndef SP_FDMAP_SOCKET_H
#define SP_FDMAP_SOCKET_H

#include "arena.h"
#include "file.h"

/* Files on their way, oldest first: each entry is one user of its file. */
struct queue {
	struct file **file;
	size_t n, cap;
};

struct socket {
	struct str protocol;   /* tcp, udp, unix...: a literal */
	struct buf local, peer; /* addresses, without protocol */
	bool peer_is_soft;     /* only the last address that data were sent to */
	bool listens;
	struct file *other;    /* the other end, when the trace shows it; no user of it */
	struct queue rights;   /* sent here by SCM_RIGHTS, not yet received */
	struct queue early;    /* sent from here before the other end was accepted */
	struct queue backlog;  /* listens: sockets that are connected and not yet accepted */
	struct queue accepted; /* listens: accepted before their connect() had returned */
};

/* A socket of this protocol, as a file with one user. detail: "ROUTE" of netlink; may be empty. */
struct file *socket_new(struct files *files, struct str protocol, struct str detail);

/* Makes a file a socket that was not known to be one. */
struct socket *socket_of(struct files *files, struct file *f);

/* An address has become known; the name follows. soft: it is only where a message went, and gives way to the
 * address of a connection. */
void socket_local(struct files *files, struct file *f, struct str address);
void socket_peer(struct files *files, struct file *f, struct str address, bool soft);

/* a and b are the two ends. */
void socket_join(struct file *a, struct file *b);

/* The listening unix socket of that address, or the bound one; NULL when the trace shows none. */
struct file *socket_bound(struct files *files, struct str protocol, struct str address);

/* The listener's connections: whichever row comes first waits for the other. */
void socket_connected(struct file *listener, struct file *client);
void socket_accepted(struct file *listener, struct file *server);

/* Empties the queues of all sockets: descriptors sent through each other hold each other. */
void sockets_drain(struct files *files);

void queue_push(struct queue *q, struct file *f); /* one more user of f */
struct file *queue_pop(struct queue *q);	  /* whose user the caller becomes; NULL: empty */

void socket_free(struct socket *s); /* NULL is fine */

#endif
