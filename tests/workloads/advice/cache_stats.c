/* cache_stats slow|fast FILE: asks before each of 10,000 pieces of work whether FILE has changed; and
 * only before every hundredth. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct stat now = {0};
	int fd = argc == 3 ? open(argv[2], O_WRONLY | O_CREAT, 0644) : -1;
	int every = argc == 3 && !strcmp(argv[1], "slow") ? 1 : 100;
	time_t seen = 0;

	if (fd < 0)
		return 2;
	for (int i = 0; i < 10000; i++) {
		if (i % every == 0 && stat(argv[2], &now))
			return 1;
		if (now.st_mtime != seen)
			seen = now.st_mtime;
	}
	return close(fd) ? 1 : 0;
}
