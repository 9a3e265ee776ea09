/* folder: everything that a report says about one run. */
#ifndef SP_FOLDER_H
#define SP_FOLDER_H

#include "facts.h"
#include "grid.h"
#include "sheet.h"
#include "stacks.h"

struct folder {
	const char *dir;
	struct str name;
	struct facts facts;
	struct sheet sheet[SHEETS];
	struct grid timeline, heat, fds;
	struct stacks stacks;
};

/* Reads the folder. One that cannot be opened is fatal. */
void folder_load(struct folder *f, const char *dir);

/* Sets the name for people: the command, else the trace, else the folder; the ways before `way` are
 * not taken. */
enum { FOLDER_NAMES = 3 };
void folder_name(struct folder *f, int way);

static inline const struct sheet *folder_sheet(const struct folder *f, enum sheet_id id)
{
	return &f->sheet[id];
}

static inline bool folder_has(const struct folder *f, enum sheet_id id)
{
	return f->sheet[id].rows > 0;
}

/* Calls `say` with a sentence for each thing that the trace lacks, and one that names the tables
 * that the folder has not. */
void folder_lacks(const struct folder *f, void (*say)(struct str sentence));

/* Calls that failed, wall-clock time...: from summary.tsv, or counted from the other tables. */
bool folder_number(const struct folder *f, const char *name, int64_t *n);

#endif
