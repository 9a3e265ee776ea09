#include "fold.h"

#include <stdlib.h>

#include "diag.h"
#include "number.h"
#include "pattern.h"
#include "syscall.h"
#include "rules.h"

static const char mark[] = "startup folded";

struct fold {
	bool startup, scheduling;
	/* Of the rules. */
	struct ids startup_calls, scheduling_calls; /* by hash of the name */
	struct pattern *files, *anywhere;           /* NULL: none */
	/* Of the task at hand. */
	bool starting;
	struct ids quiet;   /* descriptors of such files */
	uint64_t folded[2]; /* startup, scheduling */
};

struct fold *fold_new(void)
{
	return xcalloc(1, sizeof(struct fold));
}

bool fold_ask(struct fold *f, struct str what)
{
	f->startup |= str_eq(what, STR("startup"));
	f->scheduling |= str_eq(what, STR("scheduling"));
	return str_eq(what, STR("startup")) || str_eq(what, STR("scheduling"));
}

/* ---- rules ---- */

static void take_calls(const struct rules *r, const struct rules_node *list, struct ids *calls)
{
	rules_expect(r, list, RULES_LIST, "calls");
	for (const struct rules_node *c = list->first; c; c = c->next) {
		rules_expect(r, c, RULES_TEXT, "a syscall");
		if (!syscall_by_name(c->text))
			rules_fail(r, c, "no syscall is called %.*s", (int)c->text.n, c->text.p);
		*ids_at(calls, str_hash(c->text)) = 1;
	}
}

static void take_pattern(const struct rules *r, const struct rules_node *node,
                         struct pattern **pattern)
{
	struct fault fault;
	rules_expect(r, node, RULES_TEXT, "a pattern");
	if (*pattern)
		pattern_free(*pattern);
	*pattern = pattern_compile(node->text, &fault);
	if (!*pattern)
		rules_fail(r, node, "%s, at byte %zu of the pattern", fault.what, fault.at + 1);
}

static void take_part(struct fold *f, const struct rules *r, const struct rules_node *part)
{
	bool startup = str_eq(part->key, STR("startup"));
	rules_expect(r, part, RULES_MAP, "this part");
	for (const struct rules_node *c = part->first; c; c = c->next) {
		if (str_eq(c->key, STR("calls")))
			take_calls(r, c, startup ? &f->startup_calls : &f->scheduling_calls);
		else if (startup && str_eq(c->key, STR("files")))
			take_pattern(r, c, &f->files);
		else if (startup && str_eq(c->key, STR("anywhere")))
			take_pattern(r, c, &f->anywhere);
		else
			rules_fail(r, c,
			           "startup has calls, files and anywhere, scheduling has calls");
	}
}

void fold_add_file(struct fold *f, const char *path)
{
	struct rules *r = rules_load(path);
	for (const struct rules_node *part = r->root ? r->root->first : NULL; part;
	     part = part->next)
		if (!str_eq(part->key, STR("rules")))
			take_part(f, r, part);
	rules_free(r);
}

/* ---- rows ---- */

void fold_begin_task(struct fold *f)
{
	f->starting = false;
	ids_free(&f->quiet);
}

static bool matches(struct pattern *pattern, struct str text)
{
	return pattern && text.n && pattern_match(pattern, text);
}

static bool is_listed(struct ids *calls, struct str name)
{
	return ids_get(calls, str_hash(name)) != IDS_NONE;
}

/* A call about a file of that kind: by its name, or by a descriptor that such a call returned. */
static bool is_about_noise(struct fold *f, const struct fields *row,
                           const struct syscall_info *info)
{
	uint64_t fd;
	bool has_fd = number_u64(row->of[EVENT_FD], &fd);
	bool opens = info && info->returns == SYSCALL_RETURNS_FD;
	bool named = info && info->path && !str_starts(row->of[EVENT_SYSCALL], STR("execve"));
	if (named && (matches(f->anywhere, row->of[EVENT_PATH]) ||
	              (f->starting && matches(f->files, row->of[EVENT_PATH])))) {
		if (opens && has_fd && !row->of[EVENT_ERRNO].n)
			*ids_at(&f->quiet, fd) = 1;
		return true;
	}
	if (opens || !has_fd || *ids_at(&f->quiet, fd) != 1)
		return false;
	if (str_eq(row->of[EVENT_SYSCALL], STR("close")))
		*ids_at(&f->quiet, fd) = 0;
	return true;
}

enum fold_answer fold_row(struct fold *f, const struct fields *row)
{
	struct str name = row->of[EVENT_SYSCALL];
	if (f->scheduling && is_listed(&f->scheduling_calls, name)) {
		f->folded[1]++;
		return FOLD_OUT;
	}
	if (!f->startup || name.n == 0)
		return FOLD_KEEP;
	if (str_starts(name, STR("execve"))) {
		if (row->of[EVENT_ERRNO].n || str_find(row->of[EVENT_NOTE], str_of(mark)))
			return FOLD_KEEP;
		f->starting = true;
		return FOLD_BEGINS;
	}
	if (is_about_noise(f, row, syscall_by_name(name)) ||
	    (f->starting && is_listed(&f->startup_calls, name))) {
		f->folded[0]++;
		return FOLD_OUT;
	}
	f->starting = false;
	return FOLD_KEEP;
}

void fold_close(struct fold *f)
{
	if (f->startup || f->scheduling)
		diag(DIAG_NOTE, "left out: %llu calls of startup, %llu of scheduling",
		     (unsigned long long)f->folded[0], (unsigned long long)f->folded[1]);
	fold_begin_task(f);
	ids_free(&f->startup_calls);
	ids_free(&f->scheduling_calls);
	struct pattern *patterns[] = {f->files, f->anywhere};
	for (size_t i = 0; i < 2; i++) {
		if (!patterns[i])
			continue;
		pattern_report(patterns[i], "startup");
		pattern_free(patterns[i]);
	}
	free(f);
}
