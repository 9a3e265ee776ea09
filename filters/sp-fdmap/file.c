#include "file.h"

#include <emmintrin.h>
#include <stdlib.h>

#include "event.h"
#include "input.h"
#include "socket.h"

const struct str fdtype_name[FDTYPES] = {
#define FDTYPE(id, name) [FDTYPE_##id] = {name "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", sizeof name - 1},
#include "fdtype.def"
#undef FDTYPE
};

/* Most programs close what they open soon: allocating anew each time costs as much as all the rest. */
enum { SPARES_MOST = 32, SPARE_NAME_MOST = 1024 };

/* ---- lists ---- */

static void unlist(struct file *f)
{
	if (!f->link)
		return;
	*f->link = f->next;
	if (f->next)
		f->next->link = f->link;
	f->link = NULL;
}

static void list(struct files *files, struct file *f)
{
	struct file **head = f->type == FDTYPE_SOCKET ? &files->sockets
			     : f->name.n && f->name.p[0] == '/' ? &files->named : NULL;
	unlist(f);
	if (!head)
		return;
	f->next = *head;
	f->link = head;
	if (f->next)
		f->next->link = &f->next;
	*head = f;
}

/* ---- names ---- */

/* Whether there are bytes below 0x20, or 0x7f, among 16. */
static int controls(const char *p)
{
	__m128i b = _mm_loadu_si128((const __m128i *)(const void *)p), low = _mm_set1_epi8(0x1f);
	__m128i below = _mm_cmpeq_epi8(_mm_min_epu8(b, low), b), del = _mm_cmpeq_epi8(b, _mm_set1_epi8(0x7f));
	return _mm_movemask_epi8(_mm_or_si128(below, del));
}

/* Only a table that sp-parse did not write has control bytes in names. */
static bool is_dirty(struct str name)
{
	enum { STEP = 16 };
	int found = 0;
	if (name.n < STEP) {
		for (size_t i = 0; i < name.n; i++)
			found |= (unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f;
		return found;
	}
	for (size_t i = 0; i + STEP < name.n; i += STEP)
		found |= controls(name.p + i);
	return found | controls(name.p + name.n - STEP);
}

static void set_name(struct file *f, struct str name)
{
	f->name.n = 0;
	if (is_dirty(name))
		event_escape(&f->name, name);
	else
		buf_add_str(&f->name, name);
	buf_reserve(&f->name, INPUT_SLACK);
}

static bool is_terminal(struct str path)
{
	return str_starts(path, STR("/dev/pts/")) || str_starts(path, STR("/dev/tty")) ||
	       str_eq(path, STR("/dev/console")) || str_eq(path, STR("/dev/ptmx"));
}

static bool is_char_device(struct str path)
{
	static const struct str names[] = {{"null", 4}, {"zero", 4}, {"full", 4}, {"random", 6},
					   {"urandom", 7}, {"kmsg", 4}, {"fuse", 4}, {"kvm", 3}};
	struct str name = str_drop(path, 5);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

/* What -yy prints besides paths (strace's printfdinfo()), and what /proc/PID/fd links to. */
static const struct {
	struct str prefix;
	enum fdtype type;
} prefixes[] = {
    {{"pipe:", 5}, FDTYPE_PIPE},	 {{"socket:", 7}, FDTYPE_SOCKET},
    {{"socketpair:", 11}, FDTYPE_SOCKET}, {{"anon_inode:", 11}, FDTYPE_ANON},
    {{"pid:", 4}, FDTYPE_ANON},		 {{"signalfd:", 9}, FDTYPE_ANON},
    {{"{eventfd", 8}, FDTYPE_ANON},
};

/* TCP:[1.2.3.4:80->5.6.7.8:99], UNIX-STREAM:[5->6], NETLINK:[ROUTE:7] */
static bool is_socket(struct str name)
{
	const char *colon = str_chr(name, ':');
	if (!colon || colon == name.p || colon + 1 == name.p + name.n || colon[1] != '[')
		return false;
	for (const char *p = name.p; p < colon; p++)
		if (!((*p >= 'A' && *p <= 'Z') || number_is_digit(*p) || *p == '-' ||
		      *p == '_' || *p == 'v'))
			return false;
	return true;
}

enum fdtype fdtype_of_name(struct str *name)
{
	if (name->n && name->p[0] == '/') {
		bool decorated = name->p[name->n - 1] == '>';
		const char *at = decorated ? str_find(*name, STR("<char ")) : NULL;
		const char *b = decorated && !at ? str_find(*name, STR("<block ")) : NULL;
		if (at || b)
			name->n = (size_t)((at ? at : b) - name->p);
		if (!str_starts(*name, STR("/dev/")))
			return b ? FDTYPE_BLOCK : at ? FDTYPE_CHAR : FDTYPE_FILE;
		return b ? FDTYPE_BLOCK : is_terminal(*name) ? FDTYPE_TTY
		       : at || is_char_device(*name) ? FDTYPE_CHAR : FDTYPE_FILE;
	}
	/* All the others have a colon, but for one. */
	if (!str_chr(*name, ':') && !str_starts(*name, STR("{")))
		return FDTYPE_UNKNOWN;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (str_starts(*name, prefixes[i].prefix))
			return prefixes[i].type;
	return is_socket(*name) ? FDTYPE_SOCKET : FDTYPE_UNKNOWN;
}

/* ---- one file ---- */

struct file *file_new(struct files *files, enum fdtype type, struct str name,
		      enum name_source source)
{
	struct file *f = files->spare;
	struct buf room = {0};
	if (f) {
		files->spare = f->next;
		files->spares--;
		room = f->name;
	} else {
		f = xcalloc(1, sizeof *f);
	}
	*f = (struct file){.name = room, .files = files};
	enum fdtype told = fdtype_of_name(&name);
	f->users = 1;
	f->type = (uint8_t)(type ? type : told);
	f->type_sure = type != FDTYPE_UNKNOWN && type != FDTYPE_FILE;
	f->source = (uint8_t)source;
	set_name(f, name);
	list(files, f);
	return f;
}

void file_put(struct file *f)
{
	if (!f || --f->users)
		return;
	unlist(f);
	socket_free(f->socket);
	struct files *files = f->files;
	if (files->spares == SPARES_MOST || f->name.cap > SPARE_NAME_MOST) {
		buf_free(&f->name);
		free(f);
		return;
	}
	f->next = files->spare;
	files->spare = f;
	files->spares++;
}

void files_free(struct files *files)
{
	while (files->spare) {
		struct file *f = files->spare;
		files->spare = f->next;
		buf_free(&f->name);
		free(f);
	}
	files->spares = 0;
}

void file_name(struct files *files, struct file *f, struct str name, enum name_source source)
{
	if (source < f->source)
		return;
	enum fdtype told = fdtype_of_name(&name);
	if (!f->type_sure && told && !(told == FDTYPE_FILE && f->type))
		f->type = (uint8_t)told;
	f->source = (uint8_t)source;
	set_name(f, name);
	list(files, f);
}

void file_is(struct files *files, struct file *f, enum fdtype type)
{
	/* A terminal is a character device too. */
	if (!(f->type == FDTYPE_TTY && type == FDTYPE_CHAR))
		f->type = (uint8_t)type;
	f->type_sure = true;
	list(files, f);
}

/* ---- names that change ---- */

/* path is `of`, or below it. */
static bool is_under(struct str path, struct str of)
{
	return str_starts(path, of) && (path.n == of.n || path.p[of.n] == '/');
}

static void rename_one(struct file *f, struct str from, struct str to, struct buf *space)
{
	space->n = 0;
	buf_add_str(space, to);
	buf_add_str(space, str_drop(buf_str(&f->name), from.n));
	set_name(f, buf_str(space));
}

void files_renamed(struct files *files, struct str from, struct str to, bool exchange)
{
	if (from.n == 0 || to.n == 0 || str_eq(from, to))
		return;
	struct buf space = {0};
	for (struct file *f = files->named; f; f = f->next) {
		if (f->removed)
			continue;
		if (is_under(buf_str(&f->name), from))
			rename_one(f, from, to, &space);
		else if (exchange && is_under(buf_str(&f->name), to))
			rename_one(f, to, from, &space);
		else if (str_eq(buf_str(&f->name), to))
			f->removed = true;
	}
	buf_free(&space);
}

void files_removed(struct files *files, struct str path)
{
	for (struct file *f = files->named; f; f = f->next)
		if (str_eq(buf_str(&f->name), path))
			f->removed = true;
}
