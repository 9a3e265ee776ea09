#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "diag.h"
#include "parts.h"
#include "pattern.h"

static struct str last_part(struct str path)
{
	struct str part, last = path;
	while (path.n > 1 && str_ends(path, STR("/")))
		path.n--;
	while (str_cut(&path, '/', &part))
		last = part;
	return last;
}

void folder_name(struct folder *f, int way)
{
	struct str names[FOLDER_NAMES] = {facts_get(&f->facts, "command"),
	                                  last_part(facts_get(&f->facts, "traces")),
	                                  last_part(str_of(f->dir))};
	while (way < FOLDER_NAMES - 1 && names[way].n == 0)
		way++;
	f->name = names[way];
}

/* What is loaded, in the order in which it is said what is wrong with it. */
enum part {
	PART_FACTS,
	PART_SHEETS,
	PART_TIMELINE = PART_SHEETS + SHEETS,
	PART_HEAT,
	PART_FDS,
	PART_STACKS,
	PARTS
};

static void load_part(void *folder, int part)
{
	struct folder *f = folder;
	switch (part) {
	case PART_FACTS:
		facts_load(&f->facts, f->dir);
		break;
	case PART_TIMELINE:
		grid_load_timeline(&f->timeline, f->dir);
		break;
	case PART_HEAT:
		grid_load_heat(&f->heat, f->dir);
		break;
	case PART_FDS:
		grid_load_fds(&f->fds, f->dir);
		break;
	case PART_STACKS:
		stacks_load(&f->stacks, f->dir);
		break;
	default:
		sheet_load(&f->sheet[part - PART_SHEETS], (enum sheet_id)(part - PART_SHEETS), f->dir);
	}
}

void folder_load(struct folder *f, const char *dir)
{
	DIR *d = opendir(dir);
	if (!d)
		diag_die(DIAG_USAGE, "%s: not a folder of tables: %s", dir, strerror(errno));
	closedir(d);
	*f = (struct folder){.dir = dir};
	parts_make(PARTS, load_part, f);
	pattern_fold(&f->sheet[SHEET_ACTIVITY]);
	folder_name(f, 0);
}

/* Whether summary.tsv says something about it already. */
static bool is_told(const struct folder *f, const char *word)
{
	for (size_t i = 0; i < f->facts.n; i++)
		if (str_eq(f->facts.fact[i].name, STR("lacks")) &&
		    str_find(f->facts.fact[i].value, str_of(word)))
			return true;
	return false;
}

/* What is not in the folder says nothing about the trace. */
static void say_not_made(const struct folder *f, void (*say)(struct str sentence))
{
	const struct {
		const char *name;
		bool present;
	} others[] = {{"timeline", f->timeline.present},
	              {"heat", f->heat.present},
	              {"stacks", f->stacks.present || is_told(f, "stacks")},
	              {"fds", f->fds.present},
	              {"summary", f->facts.present}};
	struct buf b = {0};
	for (int i = 0; i < SHEETS; i++)
		if (!f->sheet[i].present && i != SHEET_MODES && i != SHEET_TREE &&
		    i != SHEET_PIPES) /* those are among the files then */
			buf_printf(&b, "%s%s.tsv",
			           b.n ? ", " : "Not in this report: ", sheet_info[i].name);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (!others[i].present)
			buf_printf(&b, "%s%s.tsv",
			           b.n ? ", " : "Not in this report: ", others[i].name);
	if (b.n)
		say(buf_str(&b));
	buf_free(&b);
}

void folder_lacks(const struct folder *f, void (*say)(struct str sentence))
{
	struct buf b = {0};
	for (size_t i = 0; i < f->facts.n; i++)
		if (str_eq(f->facts.fact[i].name, STR("lacks")))
			say(f->facts.fact[i].value);
	for (int i = 0; i < SHEETS; i++) {
		const struct sheet *s = &f->sheet[i];
		if (!s->present || s->rows || !sheet_info[i].lack || is_told(f, sheet_info[i].word))
			continue;
		b.n = 0;
		buf_printf(&b, "No %s.", sheet_info[i].lack);
		say(buf_str(&b));
	}
	if (f->timeline.present && !f->timeline.slices && !is_told(f, "timeline"))
		say(STR("No times, so no timeline: strace records them with -ttt."));
	if (f->stacks.present && f->stacks.frames < 2 && !is_told(f, "stacks"))
		say(STR("No stacks: strace records them with -k, perf with -g."));
	say_not_made(f, say);
	buf_free(&b);
}

static bool sum_of(const struct sheet *s, const char *column, int64_t *n)
{
	bool known = false;
	*n = 0;
	int at = sheet_column(s, column);
	for (size_t i = 0; i < s->rows; i++) {
		const struct cell *cell = &s->row[i]->cell[at];
		if (cell->known && __builtin_add_overflow(*n, cell->n, n))
			return false;
		known |= cell->known;
	}
	return known && s->left_out == 0;
}

bool folder_number(const struct folder *f, const char *name, int64_t *n)
{
	int64_t first, last;
	/* A time of nothing is a time that was not recorded. */
	if (facts_number(&f->facts, name, n) && (*n || !strstr(name, "_ns")))
		return true;
	if (strcmp(name, "calls") == 0 || strcmp(name, "errors") == 0 ||
	    strcmp(name, "total_ns") == 0)
		return sum_of(&f->sheet[SHEET_SYSCALLS], name, n);
	if (strcmp(name, "wall_ns") == 0 && facts_number(&f->facts, "first_ns", &first) &&
	    facts_number(&f->facts, "last_ns", &last))
		return !__builtin_sub_overflow(last, first, n);
	return false;
}
