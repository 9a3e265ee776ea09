/* pread slow|fast FILE: 10,000 records from all over a file of 16 MiB, each by a seek and a read; and
 * by pread. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char record[512];
	int fd = argc == 3 ? open(argv[2], O_RDWR | O_CREAT, 0644) : -1;
	int seek = argc == 3 && !strcmp(argv[1], "slow");
	unsigned random = 1;

	if (fd < 0 || ftruncate(fd, 16 << 20))
		return 2;
	for (int i = 0; i < 10000; i++) {
		random = random * 1103515245 + 12345;
		off_t at = (off_t)(random >> 12) % (32 << 10) * (off_t)sizeof record;
		ssize_t n = seek ? (lseek(fd, at, SEEK_SET) == at ? read(fd, record, sizeof record) : -1)
				 : pread(fd, record, sizeof record, at);
		if (n != sizeof record)
			return 1;
	}
	return close(fd) ? 1 : 0;
}
