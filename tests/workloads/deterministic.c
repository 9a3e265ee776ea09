/* deterministic: the same system calls in every run, whoever watches: files, failing calls, processes,
 * threads, loopback sockets. Nobody waits for a lock, and no call is interrupted, so that none is made
 * once more or less. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void check(int good, const char *what)
{
	if (!good) {
		perror(what);
		_exit(2);
	}
}

static void files(const char *directory)
{
	char path[256], block[4096] = {0};
	struct stat st;
	for (int i = 0; i < 10; i++) {
		snprintf(path, sizeof path, "%s/f%d", directory, i);
		int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		check(fd >= 0, path);
		for (int j = 0; j < 8; j++)
			check(write(fd, block, sizeof block) == sizeof block, "write");
		check(pread(fd, block, 512, 1024) == 512, "pread");
		check(pwrite(fd, block, 100, 7) == 100, "pwrite");
		check(lseek(fd, 16, SEEK_SET) == 16, "lseek");
		struct iovec two[2] = {{block, 10}, {block + 10, 20}};
		check(readv(fd, two, 2) == 30, "readv");
		check(fstat(fd, &st) == 0 && st.st_size == 8 * 4096, "fstat");
		check(fsync(fd) == 0 && close(fd) == 0, "fsync, close");
		check(unlink(path) == 0, "unlink");
	}
}

static void failures(void)
{
	char block[16];
	for (int i = 0; i < 5; i++) {
		check(open("/nonexistent/file", O_RDONLY) < 0, "open");
		check(access("/nonexistent", F_OK) < 0, "access");
		check(close(1000) < 0, "close");
		check(read(1000, block, sizeof block) < 0, "read");
		check(mkdir("/", 0700) < 0, "mkdir");
		check(ftruncate(1000, 0) < 0, "ftruncate");
	}
}

static void processes(const char *self)
{
	for (int i = 0; i < 4; i++) {
		int status, good = 0;
		pid_t child = fork();
		check(child >= 0, "fork");
		if (child == 0) {
			if (i % 2)
				execl(self, self, i == 1 ? "1" : "3", (char *)NULL);
			_exit(i);
		}
		good = waitpid(child, &status, 0) == child && WIFEXITED(status);
		check(good && WEXITSTATUS(status) == i, "waitpid");
	}
}

static void *thread(void *pipe_end)
{
	int fd = *(int *)pipe_end;
	for (int i = 0; i < 3; i++)
		check(getppid() > 0, "getppid");
	check(write(fd, "x", 1) == 1, "write");
	return NULL;
}

/* One thread after the other; each is gone before it is joined, so that joining it is no call. */
static void threads(void)
{
	int ends[2];
	char c;
	check(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
	for (int i = 0; i < 3; i++) {
		pthread_t t;
		check(pthread_create(&t, NULL, thread, &ends[1]) == 0, "pthread_create");
		check(read(ends[0], &c, 1) == 1, "read");
		nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
		pthread_join(t, NULL);
	}
	check(close(ends[0]) == 0 && close(ends[1]) == 0, "close");
}

static void client(const struct sockaddr_in *at)
{
	char block[1000] = {0};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	check(fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof *at) == 0, "connect");
	for (int i = 0; i < 5; i++) {
		check(send(fd, block, sizeof block, MSG_NOSIGNAL) == sizeof block, "send");
		check(recv(fd, block, sizeof block, MSG_WAITALL) == sizeof block, "recv");
	}
	_exit(0);
}

static void sockets(void)
{
	char block[1000];
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	check(listener >= 0 && bind(listener, (struct sockaddr *)&at, sizeof at) == 0, "bind");
	check(listen(listener, 1) == 0, "listen");
	check(getsockname(listener, (struct sockaddr *)&at, &size) == 0, "getsockname");
	pid_t child = fork();
	check(child >= 0, "fork");
	if (child == 0)
		client(&at);
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	check(fd >= 0, "accept4");
	for (int i = 0; i < 5; i++) {
		check(recv(fd, block, sizeof block, MSG_WAITALL) == sizeof block, "recv");
		check(send(fd, block, sizeof block, MSG_NOSIGNAL) == sizeof block, "send");
	}
	check(recv(fd, block, sizeof block, 0) == 0, "recv");
	check(waitpid(child, NULL, 0) == child, "waitpid");
	check(close(fd) == 0 && close(listener) == 0, "close");
}

int main(int argc, char **argv)
{
	char directory[64]; /* mkdtemp() draws again (getrandom) when a number would favour some letters */
	if (argc > 1) /* a child of processes() */
		return atoi(argv[1]);
	snprintf(directory, sizeof directory, "/tmp/deterministic-%d", (int)getpid());
	check(mkdir(directory, 0700) == 0, directory);
	files(directory);
	failures();
	processes(argv[0]);
	threads();
	sockets();
	check(rmdir(directory) == 0, "rmdir");
	return 0;
}
