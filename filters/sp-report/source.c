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
	return true;
}

void source_close(struct source *s)
{
	tsv_close(s->t);
	buf_free(&s->path);
}
