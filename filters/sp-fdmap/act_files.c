/* What calls that make descriptors of files, and of no file at all, do. */
#include <stdio.h>

#include "action.h"
#include "input.h"
#include "path.h"
#include "scan.h"

/* /dev/fd/3: another open file description of what descriptor 3 refers to. */
static struct file *reopened(struct call *c, struct str name)
{
	int fd = path_descriptor(name);
	struct descriptor *d = fd >= 0 ? call_descriptor(c, fd) : NULL;
	return d ? file_new(&c->map->files, d->file->type, buf_str(&d->file->name), d->file->source)
		 : NULL;
}

/* O_TMPFILE (open(2)) makes a file without a name in the directory; -y shows it as /tmp/#INODE. */
static struct str nameless(struct call *c, struct str directory)
{
	struct buf *space = &c->map->other;
	if (directory.n == 0 || str_find(directory, STR("/#")))
		return directory;
	space->n = 0;
	buf_reserve(space, directory.n + INPUT_SLACK);
	buf_add_str(space, directory);
	buf_add_str(space, STR("/#?"));
	return buf_str(space);
}

enum { CLOEXEC = 1, DIRECTORY = 2, TMPFILE = 4 };

/* Programs open with few combinations of flags: those met last are not read again. */
static unsigned open_flags(struct fdmap *map, struct str text)
{
	static const struct flag names[] = {
	    {{"CLOEXEC", 7}, 0x80000}, {{"DIRECTORY", 9}, 0x10000}, {{"TMPFILE", 7}, 0x400000}};
	struct flags_met *met = &map->flags_met[text.n % FLAGS_MET];
	if (text.n == 0 || text.n > sizeof met->text)
		return args_flags(text, names, 3);
	if (met->n != text.n || memcmp(met->text, text.p, text.n) != 0) {
		memcpy(met->text, text.p, text.n);
		met->n = text.n;
		met->flags = args_flags(text, names, 3);
	}
	return met->flags;
}

/* What is before the first ',' or ')'. SCAN_BLOCK bytes behind a row are readable. */
static struct str up_to_stop(struct str text)
{
	for (size_t i = 0; i < text.n; i += SCAN_BLOCK) {
		uint64_t stops = scan_64(text.p + i, ',') | scan_64(text.p + i, ')');
		size_t n = i + (stops ? (size_t)__builtin_ctzll(stops) : SCAN_BLOCK);
		if (stops && n < text.n)
			return (struct str){text.p, n};
	}
	return text;
}

/* The flags of (AT_FDCWD, "name", O_RDONLY|O_CLOEXEC) without cutting out all arguments. */
static struct str flags_text(struct call *c)
{
	struct str args = row_field(c->row, COLUMN_ARGS);
	const char *end = args.p + args.n, *p = str_chr(args, '"');
	p = p ? memchr(p + 1, '"', (size_t)(end - p - 1)) : NULL;
	if (!p || p[-1] == '\\' || end - p < 4 || p[1] != ',' || !(p[3] >= 'A' && p[3] <= 'Z'))
		return c->action->flags ? call_arg(c, c->action->flags) : (struct str){0};
	return up_to_stop(str_between(p + 3, end));
}

void act_open(struct call *c)
{
	struct str own = row_field(c->row, COLUMN_PATH);
	c->path = call_own_path(c);
	if (!c->ok)
		return;
	unsigned flags = open_flags(c->map, flags_text(c));
	struct file *f = reopened(c, own);
	struct str named = {0};
	if (!f) {
		enum fdtype type = c->action->type, told = fdtype_of_name(&own);
		struct str name = c->path;
		if (flags & TMPFILE)
			name = nameless(c, name);
		else if (flags & DIRECTORY)
			type = FDTYPE_DIR;
		else if (told > FDTYPE_DIR)
			type = told; /* <char 1:3>, or pipe:[7] behind a name */
		f = file_new(&c->map->files, type, name, NAME_DERIVED);
		if (f->type == FDTYPE_UNKNOWN)
			f->type = FDTYPE_FILE;
		if (f->name.n == name.n)
			named = name;
	}
	c->path = (struct str){0};
	call_opens(c, call_ret(c), f, flags & CLOEXEC);
	if (c->file)
		c->path = named; /* the same, but in the row: it is written as it is */
}

void act_open_handle(struct call *c)
{
	struct file *f = file_new(&c->map->files, FDTYPE_FILE, c->path, NAME_DERIVED);
	call_opens(c, call_ret(c), f, action_cloexec(c));
}

/* ---- no file behind it ---- */

static void opens_named(struct call *c, struct str name)
{
	struct file *f = file_new(&c->map->files, c->action->type, name, NAME_DERIVED);
	call_opens(c, call_ret(c), f, action_cloexec(c));
}

void act_anon(struct call *c)
{
	opens_named(c, str_of(c->action->name));
}

/* signalfd(3, ...) changes the signals of descriptor 3. */
void act_signalfd(struct call *c)
{
	int fd;
	if (args_fd(call_arg(c, 1), &fd) && fd == call_ret(c))
		call_show_fd(c);
	else
		act_anon(c);
}

static void opens_prefixed(struct call *c, struct str prefix, struct str name)
{
	struct buf whole = {0};
	buf_add_str(&whole, prefix);
	buf_add_str(&whole, name);
	opens_named(c, buf_str(&whole));
	buf_free(&whole);
}

void act_memfd(struct call *c)
{
	opens_prefixed(c, STR("/memfd:"), args_quoted(call_arg(c, 1), &c->map->other));
	/* It has no name in the file system: nothing can be renamed to or from it. */
	if (c->file)
		c->file->removed = true;
}

/* glibc takes the slash off that its caller must put in front (mq_open(3)). */
void act_mq_open(struct call *c)
{
	struct str name = args_quoted(call_arg(c, 1), &c->map->other);
	opens_prefixed(c, str_starts(name, STR("/")) ? STR("") : STR("/"), name);
}

void act_pidfd(struct call *c)
{
	char name[32];
	int64_t pid = 0;
	args_number(call_arg(c, 1), &pid);
	snprintf(name, sizeof name, "pid:%lld", (long long)pid);
	struct file *f = file_new(&c->map->files, FDTYPE_ANON, str_of(name), NAME_DERIVED);
	f->pidfd_of = pid;
	call_opens(c, call_ret(c), f, true);
}

/* Those of bpf(2)'s commands that return a descriptor, and its name (kernel/bpf/syscall.c). */
void act_bpf(struct call *c)
{
	static const struct {
		struct str command;
		int number;
		struct str name;
	} makes[] = {
#define ROW(command, number, name) {{command, sizeof command - 1}, number, {name, sizeof name - 1}},
	    ROW("BPF_MAP_CREATE", 0, "bpf-map")
	    ROW("BPF_PROG_LOAD", 5, "bpf-prog")
	    ROW("BPF_OBJ_GET", 7, "bpf-object")
	    ROW("BPF_PROG_GET_FD_BY_ID", 13, "bpf-prog")
	    ROW("BPF_MAP_GET_FD_BY_ID", 14, "bpf-map")
	    ROW("BPF_RAW_TRACEPOINT_OPEN", 17, "bpf-raw-tracepoint")
	    ROW("BPF_BTF_LOAD", 18, "btf")
	    ROW("BPF_BTF_GET_FD_BY_ID", 19, "btf")
	    ROW("BPF_LINK_CREATE", 28, "bpf_link")
	    ROW("BPF_LINK_GET_FD_BY_ID", 30, "bpf_link")
	    ROW("BPF_ENABLE_STATS", 32, "bpf-stats")
	    ROW("BPF_ITER_CREATE", 33, "bpf_iter")
#undef ROW
	};
	struct str command = call_arg(c, 1);
	int64_t number = -1;
	args_number(command, &number);
	for (size_t i = 0; i < sizeof makes / sizeof *makes; i++)
		if (number == makes[i].number || str_eq(command, makes[i].command))
			opens_prefixed(c, STR("anon_inode:"), makes[i].name);
}

void act_seccomp(struct call *c)
{
	if (call_ret(c) > 0 && args_flag(call_arg(c, 2), STR("SECCOMP_FILTER_FLAG_NEW_LISTENER"), 8))
		act_anon(c);
}

/* ---- what becomes known ---- */

static void learn_type(struct call *c, struct descriptor *d)
{
	static const struct {
		struct str mode;
		enum fdtype type;
	} modes[] = {{{"S_IFREG", 7}, FDTYPE_FILE}, {{"S_IFDIR", 7}, FDTYPE_DIR},
		     {{"S_IFCHR", 7}, FDTYPE_CHAR}, {{"S_IFBLK", 7}, FDTYPE_BLOCK},
		     {{"S_IFIFO", 7}, FDTYPE_PIPE}, {{"S_IFSOCK", 8}, FDTYPE_SOCKET}};
	struct str mode = STR("_mode=");
	const char *at = str_find(row_field(c->row, COLUMN_ARGS), mode);
	if (!at)
		return;
	struct str rest = str_between(at, c->row->text.p + c->row->text.n);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (str_starts(str_drop(rest, mode.n), modes[i].mode)) {
			file_is(&c->map->files, d->file, modes[i].type);
			return;
		}
}

void act_fstat(struct call *c)
{
	if (row_field(c->row, COLUMN_FD).n == 0) { /* newfstatat with a name */
		c->path = call_own_path(c);
		return;
	}
	struct descriptor *d = call_show_fd(c);
	if (d && c->ok && !d->file->type_sure)
		learn_type(c, d);
}

void act_getdents(struct call *c)
{
	struct descriptor *d = call_show_fd(c);
	if (d && !d->file->type_sure)
		file_is(&c->map->files, d->file, FDTYPE_DIR);
}

/* futimens(3) is utimensat(3, NULL, ...): about the descriptor, not about a name under it. */
void act_utimensat(struct call *c)
{
	struct str name, rest;
	int fd;
	if (call_plain_fd(c, &fd, &rest) && str_starts(rest, STR("NULL, "))) {
		call_show(c, call_descriptor(c, fd));
		return;
	}
	name = call_arg(c, 2);
	if (str_eq(name, STR("NULL")) || str_eq(name, STR("0")) || str_eq(name, STR("0x0")))
		call_show(c, call_descriptor_arg(c, 1));
	else
		c->path = call_own_path(c);
}
