/* batch_fsyncs slow|fast FILE: a journal of 1000 records, each flushed to disk before the next; and
 * flushed once for every twenty (group commit). */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char record[200];
	int fd = argc == 3 ? open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
	int batch = argc == 3 && !strcmp(argv[1], "slow") ? 1 : 20;

	if (fd < 0)
		return 2;
	memset(record, 'r', sizeof record);
	for (int i = 1; i <= 1000; i++) {
		if (write(fd, record, sizeof record) != sizeof record)
			return 1;
		if (i % batch == 0 && fsync(fd))
			return 1;
	}
	return close(fd) ? 1 : 0;
}
