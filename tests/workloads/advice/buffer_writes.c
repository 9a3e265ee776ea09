/* buffer_writes slow|fast FILE: a log of 20,000 short lines, written line by line; and through a
 * buffer of stdio. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	FILE *f = argc == 3 ? fopen(argv[2], "w") : NULL;

	if (!f)
		return 2;
	if (!strcmp(argv[1], "slow"))
		setvbuf(f, NULL, _IOLBF, 0);
	else
		setvbuf(f, NULL, _IOFBF, 65536);
	for (int i = 0; i < 20000; i++)
		fprintf(f, "%d requests served\n", i);
	return fclose(f) ? 1 : 0;
}
