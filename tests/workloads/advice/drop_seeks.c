/* drop_seeks slow|fast FILE: writes blocks one behind the other, and before each goes to where it is
 * already, as wrappers do that keep their own position; and without that. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char block[1024];
	int fd = argc == 3 ? open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
	int seek = argc == 3 && !strcmp(argv[1], "slow");

	if (fd < 0)
		return 2;
	memset(block, 'b', sizeof block);
	for (off_t i = 0; i < 10000; i++) {
		if (seek && lseek(fd, i * (off_t)sizeof block, SEEK_SET) < 0)
			return 1;
		if (write(fd, block, sizeof block) != sizeof block)
			return 1;
	}
	return close(fd) ? 1 : 0;
}
