/* odd_text: arguments, paths and thread names that look like the text of a tracer, and calls with odd
 * values. Writes only into the current folder and leaves nothing there. The same calls on each run. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const payloads[] = {
    "\") = 3\n",
    "x\\\") = 3 <0.000012>\n",
    " <unfinished ...>\n",
    "<... read resumed>\"abc\", 4) = 3\n",
    "strace: Process 77 attached",
    "7 01:02:03.000004 read(3, \"\", 0) = 0\n",
    "[pid    42] read(3, \"\", 0) = 0\n",
    "--- SIGCHLD {si_signo=SIGCHLD} ---",
    "+++ exited with 0 +++\n",
    " = -1 ENOENT (No such file or directory)\n",
    "/* 37 vars */ {[(<",
    "*/ }])>",
    "tab\there\001\002\0377\200\377 end",
    "\xc3\xa9\xe2\x82\xac",
    "\r\v\f\a\b\033[31m",
    "\\",
    "\\\"",
    "% time     seconds",
    " > /lib/x(y+0x1) [0x2]",
};

static const char *const names[] = {
    "a) = 5",    "b> <0.000001>", "c\nnewline", "d<TCP:[1->2]>",  "e\"quote", "f, O_RDONLY) = 3",
    "(deleted)", "h => i",        "\xff\xfe",   " blank ",        "tab\tx",   "back\\slash",
    "arrow-",    "[1]",           "/* x",       "+++ exited +++",
};

static const char *const comms[] = {
    "a b c",     "x) = 3", "[pid 42] ", "q<w>e",           "nl\nx",     "tab\tx", "12345",
    "(sd-pam)",  "7 read(3", "\xff\xfe", "fifteen chars!!", "quo\"te\\", " lead",  "arrow-",
    "--- SIG",   "+++ exit", "",         "01:02:03",
};

static void writes(void)
{
	char big[100];
	int null = open("/dev/null", O_RDWR);
	for (size_t i = 0; i < COUNT(payloads); i++)
		if (write(null, payloads[i], strlen(payloads[i])) < 0)
			exit(2);
	memset(big, 'A', sizeof big);
	big[31] = '"';
	big[40] = ')';
	struct iovec parts[] = {{big, sizeof big}, {"de\"f)", 5}, {"\0\1", 2}};
	if (write(null, big, sizeof big) < 0 || write(null, "", 0) < 0 || writev(null, parts, 3) < 0)
		exit(2);
	close(null);
}

static void files(void)
{
	for (size_t i = 0; i < COUNT(names); i++) {
		char path[64] = "./";
		if (strchr(names[i], '/'))
			continue;
		int fd = open(strcat(path, names[i]), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
		if (write(fd, "hi", 2) != 2 || fchmod(fd, 0600) < 0)
			exit(2);
		if (i % 2) /* its name ends in (deleted) from here on */
			unlink(path);
		lseek(fd, -1, SEEK_END);
		if (pread(fd, path + 32, 2, 0) != 2)
			exit(2);
		close(fd);
		unlinkat(AT_FDCWD, path, 0);
	}
}

static void odd_values(void)
{
	syscall(511, 1, 2, 3, 4, 5, 6);
	syscall(-1, 1, 2, 3, 4, 5, 6);
	syscall(SYS_read, -1, 1, -1L);
	syscall(SYS_openat, AT_FDCWD, 0, 0);
	syscall(SYS_openat, AT_FDCWD, 0xdeadbeef, 0);
	syscall(SYS_execve, "./nonexistent) = 0", NULL, NULL);
	syscall(SYS_lseek, 0, -1L, 3);
	umask(077);
	umask(022);
	int end[2];
	if (pipe2(end, O_CLOEXEC | O_NONBLOCK) < 0)
		exit(2);
	struct pollfd both[2] = {{end[0], POLLIN, 0}, {end[1], POLLOUT | POLLERR, 0}};
	poll(both, 1, 1);
	poll(both, 2, 1000);
	fcntl(end[0], F_GETFL);
	fcntl(end[0], F_GETFD);
	fcntl(end[0], F_DUPFD, 50);
	char c;
	if (read(end[0], &c, 1) >= 0)
		exit(2);
	struct sockaddr_un at = {AF_UNIX, "\0odd) = 3"};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	connect(fd, (const struct sockaddr *)&at, 2 + 10);
	fd = memfd_create("mem > fd", MFD_CLOEXEC);
	if (ftruncate(fd, 10) < 0)
		exit(2);
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	munmap(page, 4096);
}

static void children(void)
{
	for (size_t i = 0; i < COUNT(comms); i++) {
		prctl(PR_SET_NAME, comms[i]);
		pid_t child = fork();
		if (child == 0) {
			getppid();
			_exit((int)i);
		}
		waitpid(child, NULL, 0);
		getuid();
	}
}

int main(void)
{
	writes();
	files();
	odd_values();
	children();
	return 0;
}
