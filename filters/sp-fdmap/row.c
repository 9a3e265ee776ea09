#include "row.h"

static const char *const names[COLUMNS] = {
#define COLUMN(id, name) [COLUMN_##id] = name,
#include "columns.def"
#undef COLUMN
};

enum { FIRST_WRITTEN = COLUMN_PATH, WRITTEN = 3 };

void row_want(struct tsv *t, bool stacks)
{
	for (int i = 0; i < (stacks ? COLUMNS : (int)COLUMN_STACK); i++)
		tsv_want(t, names[i]);
}

void row_require(struct tsv *t)
{
	tsv_require(t, COLUMN_SYSCALL);
	tsv_require(t, COLUMN_RET);
	tsv_require(t, COLUMN_ARGS);
}

void row_write_header(struct output *out, const struct tsv *t)
{
	output_str(out, t->header);
	for (int i = FIRST_WRITTEN; i < FIRST_WRITTEN + WRITTEN; i++)
		if (!tsv_has(t, i)) {
			output_char(out, '\t');
			output_str(out, str_of(names[i]));
		}
	output_char(out, '\n');
}

static char *put(char *to, struct str s)
{
	return s.n ? output_copy(to, s.p, s.n) : to;
}

/* Replaces what the table has of the three, from left to right, and appends the others. */
static char *put_any(char *to, const struct row *row, const struct str *text)
{
	const struct str *old = row->field + FIRST_WRITTEN;
	const char *from = row->text.p;
	bool done[WRITTEN] = {false};
	for (;;) {
		int next = -1;
		for (int i = 0; i < WRITTEN; i++)
			if (old[i].p && !done[i] && (next < 0 || old[i].p < old[next].p))
				next = i;
		if (next < 0)
			break;
		to = put(to, str_between(from, old[next].p));
		to = put(to, text[next]);
		from = old[next].p + old[next].n;
		done[next] = true;
	}
	to = put(to, str_between(from, row->text.p + row->text.n));
	for (int i = 0; i < WRITTEN; i++)
		if (!old[i].p) {
			*to++ = '\t';
			to = put(to, text[i]);
		}
	return to;
}

void row_write(struct output *out, const struct row *row, const struct shown *shown)
{
	const struct str *field = row->field, path = field[COLUMN_PATH];
	char *to = output_reserve(out, row->text.n + shown->path.n + shown->fdtype.n +
					   shown->fdgen.n + WRITTEN + 1);
	if (path.p && !field[COLUMN_FDTYPE].p && !field[COLUMN_FDGEN].p) {
		/* The usual table: it has a path, fdtype and fdgen are new. */
		to = put(to, str_between(row->text.p, path.p));
		to = put(to, shown->path);
		to = put(to, str_between(path.p + path.n, row->text.p + row->text.n));
		*to++ = '\t';
		to = put(to, shown->fdtype);
		*to++ = '\t';
		to = put(to, shown->fdgen);
	} else {
		to = put_any(to, row, (const struct str[]){shown->path, shown->fdtype,
							    shown->fdgen});
	}
	*to++ = '\n';
	output_commit(out, to);
}
