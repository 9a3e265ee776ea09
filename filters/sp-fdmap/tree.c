#include "tree.h"

#include <stdlib.h>

#include "arena.h"

struct tree {
	struct output out;
	bool begun, files;
};

struct tree *tree_new(const char *path)
{
	struct tree *t = xcalloc(1, sizeof *t);
	output_open(&t->out, path);
	return t;
}

void tree_begin(struct tree *t, uint32_t has)
{
	bool files = has >> COLUMN_FILE & 1;
	if (!t->begun || files != t->files)
		output_printf(&t->out, "%sparent\tchild\tcall\tstart_ns\n", files ? "file\t" : "");
	t->begun = true;
	t->files = files;
}

void tree_note(struct tree *t, const struct row *row, int64_t parent, int64_t child)
{
	char digits[2 * 24], *p = digits;
	if (t->files) {
		output_str(&t->out, row_field(row, COLUMN_FILE));
		output_char(&t->out, '\t');
	}
	if (parent >= 0)
		p = number_put_i64(p, parent);
	*p++ = '\t';
	p = number_put_i64(p, child);
	*p++ = '\t';
	output_str(&t->out, str_between(digits, p));
	output_str(&t->out, row_field(row, COLUMN_SYSCALL));
	output_char(&t->out, '\t');
	output_str(&t->out, row_field(row, COLUMN_START));
	output_char(&t->out, '\n');
}

void tree_close(struct tree *t)
{
	if (!t)
		return;
	output_close(&t->out);
	free(t);
}
