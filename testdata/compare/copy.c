#include <stdio.h>
int main(int argc, char **argv)
{
	FILE *in = fopen(argv[1], "r"), *out = fopen(argv[2], "w");
	int c;
	while ((c = getc(in)) != EOF)
		putc(c, out);
	return argc != 3 || ferror(in) || fclose(out);
}
