/* fdtorture [ROUNDS]: everything that makes following descriptors hard, each step in a known way: fork, vfork,
 * dup, close-on-exec, exec (also from a thread), threads that share and unshare the table, descriptors
 * sent through sockets, close_range, reused numbers. It names what it opens after what it should be:
 * every write says in its data which file the descriptor refers to. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int rounds = 200;
static char folder[] = "/tmp/fdtorture-XXXXXX";
static char self[4096];

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int check(int result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

static int make(const char *name, int flags)
{
	return check(open(name, O_RDWR | O_CREAT | flags, 0600), name);
}

/* Writes what the descriptor refers to. */
static void say(int fd, const char *name)
{
	if (write(fd, name, strlen(name)) < 0)
		die(name);
}

static void wait_for(pid_t pid)
{
	int status;
	if (waitpid(pid, &status, 0) != pid || status != 0)
		die("a child failed");
}

/* ---- one process ---- */

static void reuse_numbers(void)
{
	for (int i = 0; i < 20; i++) {
		char name[32];
		snprintf(name, sizeof name, "reuse-%d", i % 4);
		int fd = make(name, i % 2 ? O_CLOEXEC : 0);
		say(fd, name);
		close(fd);
	}
}

static void copies(void)
{
	int a = make("a", O_CLOEXEC), b = make("b", 0);
	int c = check(dup(a), "dup"), d = check(dup2(b, 40), "dup2");
	int e = check(dup3(a, 41, O_CLOEXEC), "dup3"), f = check(fcntl(b, F_DUPFD, 100), "F_DUPFD");
	int g = check(fcntl(a, F_DUPFD_CLOEXEC, 100), "F_DUPFD_CLOEXEC");
	say(c, "a");
	say(d, "b");
	say(e, "a");
	say(f, "b");
	say(g, "a");
	check(dup2(a, d), "dup2 over an open one");
	say(d, "a");
	check(dup2(a, a), "dup2 onto itself");
	say(a, "a");
	/* Enough numbers that a table of 32 or 64 is not all there is. */
	check(dup2(b, 700), "dup2 to a high number");
	say(700, "b");
	check(close_range(100, 800, 0), "close_range");
	check(close_range(40, 41, CLOSE_RANGE_CLOEXEC), "CLOSE_RANGE_CLOEXEC");
	say(40, "a");
	close(40);
	close(41);
	close(a);
	close(b);
	close(c);
}

static void names(void)
{
	check(mkdir("dir", 0700), "mkdir");
	int dir = check(open("dir", O_RDONLY | O_DIRECTORY), "dir");
	int fd = check(openat(dir, "x", O_RDWR | O_CREAT, 0600), "dir/x");
	say(fd, "dir/x");
	check(rename("dir/x", "dir/y"), "rename");
	say(fd, "dir/y");
	check(rename("dir", "moved"), "rename");
	say(fd, "moved/y");
	check(fchdir(dir), "fchdir");
	int other = make("z", 0);
	say(other, "moved/z");
	check(chdir(".."), "chdir");
	check(unlinkat(dir, "y", 0), "unlinkat");
	say(fd, "moved/y");
	int again = make("moved/y", 0);
	check(rename("moved/y", "moved/w"), "rename");
	say(again, "moved/w");
	say(fd, "moved/y");
	close(again);
	close(other);
	close(fd);
	close(dir);
}

static void no_files(void)
{
	int epoll = check(epoll_create1(EPOLL_CLOEXEC), "epoll"), event = check(eventfd(0, 0), "eventfd");
	int timer = check(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC), "timerfd");
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	int sig = check(signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
	check(signalfd(sig, &set, 0), "signalfd again");
	int memory = check(memfd_create("mem", MFD_CLOEXEC), "memfd");
	say(memory, "/memfd:mem");
	struct epoll_event e = {.events = EPOLLIN};
	check(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &e), "epoll_ctl");
	check(epoll_wait(epoll, &e, 1, 1), "epoll_wait");
	uint64_t one = 1;
	if (write(event, &one, sizeof one) != sizeof one || read(event, &one, sizeof one) != sizeof one)
		die("eventfd");
	struct itimerspec soon = {.it_value.tv_nsec = 1000};
	check(timerfd_settime(timer, 0, &soon, NULL), "timerfd_settime");
	if (read(timer, &one, sizeof one) != sizeof one)
		die("timerfd");
	close(epoll);
	close(event);
	close(timer);
	close(sig);
	close(memory);
}

/* ---- several processes ---- */

/* After exec: 30 must be closed, 31 must be file b. */
static int after_exec(void)
{
	if (fcntl(30, F_GETFD) >= 0 || errno != EBADF)
		return 3;
	say(31, "b");
	close(31);
	return 0;
}

static void *exec_from_thread(void *arg)
{
	execl(self, self, "after-exec", NULL);
	return arg;
}

static void prepare_exec(void)
{
	int a = make("a", 0), b = make("b", 0);
	check(dup3(a, 30, O_CLOEXEC), "dup3");
	check(dup2(b, 31), "dup2");
	check(fcntl(31, F_SETFD, FD_CLOEXEC), "F_SETFD");
	check(ioctl(31, FIONCLEX), "FIONCLEX");
	close(a);
	close(b);
}

static void processes(void)
{
	int out = make("parent", 0), pipes[2];
	check(pipe2(pipes, O_CLOEXEC), "pipe2");
	pid_t pid = check(fork(), "fork");
	if (pid == 0) { /* the same number, another file than the parent's next */
		close(out);
		say(make("child", 0), "child");
		say(pipes[1], "pipe");
		pid_t grandchild = check(fork(), "fork");
		if (grandchild == 0) {
			prepare_exec();
			execl(self, self, "after-exec", NULL);
			die("execl");
		}
		wait_for(grandchild);
		_exit(0);
	}
	close(out);
	say(make("other", 0), "other");
	char c;
	if (read(pipes[0], &c, 1) != 1)
		die("pipe");
	wait_for(pid);

	pid = check(vfork(), "vfork");
	if (pid == 0) {
		dup2(pipes[1], 1);
		execl(self, self, "after-vfork", NULL);
		_exit(1);
	}
	wait_for(pid);

	pid = check(fork(), "fork");
	if (pid == 0) {
		pthread_t thread;
		prepare_exec();
		pthread_create(&thread, NULL, exec_from_thread, NULL);
		pause();
	}
	wait_for(pid);

	/* Without a thread group, but with one table. */
	pid = (pid_t)check((int)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0), "clone");
	if (pid == 0) {
		say(check(dup2(make("shared", 0), 50), "dup2"), "shared");
		close(pipes[0]);
		_exit(0);
	}
	wait_for(pid);
	say(50, "shared");
	close(50);
	close(pipes[1]);
	close_range(3, 60, 0);
}

/* ---- threads ---- */

static pthread_barrier_t barrier;
static int common;

static void *sharing(void *arg)
{
	common = make("of-thread", 0);
	say(common, "of-thread");
	pthread_barrier_wait(&barrier); /* the main thread uses and closes it */
	pthread_barrier_wait(&barrier);
	int fd = make("again", 0); /* the same number */
	say(fd, "again");
	close(fd);
	return arg;
}

static void *alone(void *arg)
{
	int fd = *(int *)arg;
	check(unshare(CLONE_FILES), "unshare");
	close(fd);
	say(make("private", 0), "private"); /* the same number, in another table */
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return NULL;
}

static void *ranged(void *arg)
{
	check(close_range(3, ~0U, CLOSE_RANGE_UNSHARE), "CLOSE_RANGE_UNSHARE");
	say(make("ranged", 0), "ranged");
	return arg;
}

static void *churn(void *arg)
{
	const char *name = arg;
	for (int i = 0; i < rounds; i++) {
		int fd = make(name, O_CLOEXEC);
		say(fd, name);
		close(fd);
	}
	return NULL;
}

static void threads(void)
{
	pthread_t thread[4];
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread[0], NULL, sharing, NULL);
	pthread_barrier_wait(&barrier);
	say(common, "of-thread");
	close(common);
	pthread_barrier_wait(&barrier);
	pthread_join(thread[0], NULL);

	int fd = make("both", 0);
	pthread_create(&thread[0], NULL, alone, &fd);
	pthread_barrier_wait(&barrier);
	say(fd, "both");
	pthread_barrier_wait(&barrier);
	pthread_join(thread[0], NULL);

	pthread_create(&thread[0], NULL, ranged, NULL);
	pthread_join(thread[0], NULL);
	say(fd, "both");
	close(fd);

	static char *const names[] = {"churn-0", "churn-1", "churn-2", "churn-3"};
	for (int i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, churn, names[i]);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
}

/* ---- SCM_RIGHTS ---- */

static void pass(int socket, const int *fds, size_t n)
{
	char byte = 'x', control[CMSG_SPACE(8 * sizeof(int))] = {0};
	struct iovec data = {&byte, 1};
	struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control,
			   .msg_controllen = CMSG_SPACE(n * sizeof(int))};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	check((int)sendmsg(socket, &m, 0), "sendmsg");
}

static void take(int socket, int *fds, size_t n, int flags)
{
	char byte, control[CMSG_SPACE(8 * sizeof(int))];
	struct iovec data = {&byte, 1};
	struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control,
			   .msg_controllen = sizeof control};
	check((int)recvmsg(socket, &m, flags), "recvmsg");
	memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&m)), n * sizeof(int));
}

static void receive_and_say(int socket)
{
	int got[2];
	for (int i = 0; i < 10; i++) {
		take(socket, got, 2, MSG_CMSG_CLOEXEC);
		say(got[0], "sent");
		say(got[1], "pipe");
		close(got[0]);
		close(got[1]);
	}
}

static void rights(void)
{
	int pair[2], pipes[2], file = make("sent", 0);
	check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
	check(pipe(pipes), "pipe");
	pid_t pid = check(fork(), "fork");
	if (pid == 0) { /* waits in recvmsg: its row may come before sendmsg's */
		close(pair[0]);
		close(file);
		close(pipes[0]);
		close(pipes[1]);
		receive_and_say(pair[1]);
		_exit(0);
	}
	close(pair[1]);
	for (int i = 0; i < 10; i++)
		pass(pair[0], (int[]){file, pipes[1]}, 2);
	wait_for(pid);
	close(pair[0]);

	/* The same through a socket with a name. */
	struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "server"};
	int listener = check(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
	check(bind(listener, (struct sockaddr *)&at, sizeof at), "bind");
	check(listen(listener, 4), "listen");
	pid = check(fork(), "fork");
	if (pid == 0) {
		int client = check(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
		check(connect(client, (struct sockaddr *)&at, sizeof at), "connect");
		close(file);
		receive_and_say(client);
		_exit(0);
	}
	int server = check(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "accept4");
	for (int i = 0; i < 10; i++)
		pass(server, (int[]){file, pipes[1]}, 2);
	wait_for(pid);
	close_range(3, 100, 0);
}

static void remove_folder(void)
{
	DIR *dir = opendir(".");
	for (struct dirent *e; dir && (e = readdir(dir));)
		if (e->d_name[0] != '.' && unlink(e->d_name) < 0) {
			check(unlink("moved/w"), "unlink");
			check(unlink("moved/z"), "unlink");
			check(rmdir(e->d_name), "rmdir");
		}
	closedir(dir);
	check(rmdir(folder), "rmdir");
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "after-exec") == 0)
		return after_exec();
	if (argc > 1 && strcmp(argv[1], "after-vfork") == 0) {
		say(1, "pipe");
		return 0;
	}
	if (readlink("/proc/self/exe", self, sizeof self - 1) < 0 || !mkdtemp(folder) ||
	    chdir(folder) < 0)
		die(folder);
	if (argc > 1)
		rounds = atoi(argv[1]);
	reuse_numbers();
	copies();
	names();
	no_files();
	processes();
	threads();
	rights();
	remove_folder();
	return 0;
}
