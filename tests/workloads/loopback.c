/* loopback [CLIENTS [REQUESTS]]: a server on 127.0.0.1 that answers through epoll, and client
 * processes that send requests of growing size and read the whole answer. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void client(const struct sockaddr_in *server, int requests)
{
	char block[8192] = {0};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0) /* an answer waits for no acknowledgement */
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	if (fd < 0 || connect(fd, (const struct sockaddr *)server, sizeof *server) < 0)
		die("connect");
	for (int i = 0; i < requests; i++) {
		size_t size = (size_t)(i % 32 + 1) * 256;
		if (send(fd, block, size, MSG_NOSIGNAL) != (ssize_t)size)
			die("send");
		for (size_t back = 0; back < size;) {
			ssize_t got = recv(fd, block, sizeof block, 0);
			if (got <= 0)
				die("recv");
			back += (size_t)got;
		}
	}
	close(fd);
}

/* Sends back what has come; false at the end of the connection. */
static int echo(int fd)
{
	char block[4096];
	for (;;) {
		ssize_t got = recv(fd, block, sizeof block, MSG_DONTWAIT);
		if (got < 0 && errno == EAGAIN)
			return 1;
		if (got <= 0 || send(fd, block, (size_t)got, MSG_NOSIGNAL) != got)
			return 0;
	}
}

static void serve(int listener, int clients)
{
	int poll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
	if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) < 0)
		die("epoll");
	while (clients > 0) {
		int ready = epoll_wait(poll, &event, 1, 5000);
		if (ready < 0 && errno == EINTR) /* a traced SIGCHLD interrupts */
			continue;
		if (ready != 1)
			die("epoll_wait");
		int fd = event.data.fd;
		if (fd == listener) {
			event.data.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
			if (event.data.fd < 0 ||
			    epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event) < 0)
				die("accept4");
			setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		} else if (!echo(fd)) {
			close(fd);
			clients--;
		}
	}
}

int main(int argc, char **argv)
{
	int clients = argc > 1 ? atoi(argv[1]) : 4, requests = argc > 2 ? atoi(argv[2]) : 200;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof at) < 0 ||
	    listen(listener, 64) < 0 || getsockname(listener, (struct sockaddr *)&at, &size) < 0)
		die("listen");
	for (int i = 0; i < clients; i++) {
		pid_t pid = fork();
		if (pid < 0)
			die("fork");
		if (pid == 0) {
			client(&at, requests);
			_exit(0);
		}
	}
	serve(listener, clients);
	while (wait(NULL) > 0)
		;
	return 0;
}
