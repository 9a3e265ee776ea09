/* file: open file descriptions (open(2), NOTES): what descriptors refer to. dup, fork and SCM_RIGHTS
 * make several descriptors refer to one. It is counted by those who refer to it and goes with the
 * last. Those that can be renamed or connected to are listed, so that memory and search are bounded
 * by what is open. */
#ifndef SP_FDMAP_FILE_H
#define SP_FDMAP_FILE_H

#include "arena.h"
#include "str.h"

enum fdtype {
#define FDTYPE(id, name) FDTYPE_##id,
#include "fdtype.def"
#undef FDTYPE
	FDTYPES
};

/* So many bytes of them are readable, and none is longer. */
enum { FDTYPE_MOST = 8 };
extern const struct str fdtype_name[FDTYPES];

/* How good a name is; a better one replaces a worse one. */
enum name_source {
	NAME_STAND_IN, /* ?5, stdin: nothing is known */
	NAME_DERIVED,  /* from the arguments of calls */
	NAME_TRACED,   /* from an annotation of the tracer */
};

struct socket;

struct file {
	struct buf name;       /* may be empty; 31 bytes behind it are readable */
	struct socket *socket; /* NULL for all other types */
	struct files *files;   /* where it belongs */
	struct file *next, **link; /* of its list in struct files */
	int64_t pidfd_of;      /* the process that a pidfd refers to; 0: it is none */
	int64_t pts;	       /* 1 + the number of the terminal of a /dev/ptmx; 0: not known */
	uint32_t users;
	uint8_t type;	       /* enum fdtype */
	uint8_t source;	       /* enum name_source */
	bool type_sure;	       /* said by the trace, not concluded from a name */
	bool removed;	       /* unlinked: its name may be another file's by now */
};

struct files {
	struct file *named;   /* those in the file system, which renames concern */
	struct file *sockets;
	struct file *spare;   /* gone ones, kept for the next */
	unsigned spares;
	uint64_t pipes, socketpairs; /* how many there have been, for names */
};

/* One user: the caller. The name is copied; no type means: what the name tells. */
struct file *file_new(struct files *files, enum fdtype type, struct str name,
		      enum name_source source);

static inline struct file *file_get(struct file *f)
{
	f->users++;
	return f;
}

/* One user less; NULL is fine. */
void file_put(struct file *f);

/* The name, unless there is a better one already; a traced one replaces any. */
void file_name(struct files *files, struct file *f, struct str name, enum name_source source);

/* The trace says so: S_IFDIR, isatty. */
void file_is(struct files *files, struct file *f, enum fdtype type);

/* UNKNOWN where the name tells nothing; for an absolute path FILE unless it is a well-known device.
 * A decoration as in /dev/null<char 1:3> is understood and taken off. */
enum fdtype fdtype_of_name(struct str *name);

/* Frees what is kept. All files must have gone. */
void files_free(struct files *files);

/* rename(2): what was open as `from`, or below it, has a new name; a file that was `to` has none
 * any more. exchange: as by RENAME_EXCHANGE. */
void files_renamed(struct files *files, struct str from, struct str to, bool exchange);
void files_removed(struct files *files, struct str path);

#endif
