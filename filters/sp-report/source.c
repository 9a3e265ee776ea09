#include "source.h"

#include <unistd.h>

bool source_open(struct source *s, const char *dir, const char *name)
{
	*s = (struct source){0};
	buf_printf(&s->path, "%s/%s.tsv%c", dir, name, 0);
	if (access(s->path.p, F_OK) != 0) {
		buf_free(&s->path);
		return false;
	}
	s->paths[0] = s->path.p;
	s->t = tsv_open(s->paths);
	finished_open(&s->rows, s->t);
	return true;
}

enum tsv_what source_next(struct source *s)
{
	return finished_next(&s->rows);
}

void source_close(struct source *s)
{
	finished_close(&s->rows);
	tsv_close(s->t);
	buf_free(&s->path);
}
