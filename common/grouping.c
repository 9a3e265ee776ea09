#include "grouping.h"

#include "categories.h"
#include "diag.h"
#include "mounts.h"

enum { KEY_CATEGORIES = 512, KEY_SET, KEY_MOUNTS };

static const struct argp_option options[] = {
    {"by", 'b', "LIST", 0, "Group by these: columns, category, activity, dir, ext, mount; or all",
     0},
    {"categories", KEY_CATEGORIES, "FILE", 0, "Categories from this YAML file", 0},
    {"set", KEY_SET, "NAME", 0, "The set of categories to take (default: the file's first)", 0},
    {"mounts", KEY_MOUNTS, "FILE", 0, "Mount points for --by mount, as in /proc/mounts", 0},
    {0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct grouping *g = state->input;
	switch (key) {
	case 'b':
		g->by = arg;
		return 0;
	case KEY_CATEGORIES:
		g->categories = arg;
		return 0;
	case KEY_SET:
		g->set = arg;
		return 0;
	case KEY_MOUNTS:
		g->mounts = arg;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp grouping_argp = {.options = options, .parser = take_option};

static void add_list(struct buf *b, const char *list)
{
	if (list && *list)
		buf_printf(b, "%s%s", b->n ? "," : "", list);
}

void grouping_open(struct grouping *g, struct keys *keys, const char *before, const char *after,
                   int64_t slice_ns)
{
	struct buf list = {0};
	struct str bad = STR("");
	add_list(&list, before);
	if (strcmp(g->by, "all") != 0)
		buf_printf(&list, "%s%s", list.n ? "," : "", g->by);
	add_list(&list, after);
	if (!keys_parse(keys, buf_str(&list), &bad))
		diag_die(DIAG_USAGE, "--by: empty, repeated or more than %d names: %.*s", KEYS_MAX,
		         (int)bad.n, bad.p);
	buf_free(&list);
	bool mount = keys_use(keys, STR("mount")), category = keys_use(keys, STR("category"));
	if (mount && !g->mounts)
		diag_die(DIAG_USAGE, "--by mount needs --mounts FILE, such as /proc/mounts");
	if (category || g->categories || g->set)
		g->loaded_categories = categories_load(g->categories, g->set);
	if (g->mounts)
		g->loaded_mounts = mounts_read(g->mounts);
	keys->context.categories = g->loaded_categories;
	keys->context.mounts = g->loaded_mounts;
	keys->context.slice_ns = slice_ns > 0 ? slice_ns : INT64_C(1000000000);
}

void grouping_slices(struct keys *keys, int64_t slices)
{
	keys->context.slices = slices;
	keys->context.slice_ns = 1000;
}

void grouping_close(struct grouping *g, struct keys *keys)
{
	keys_close(keys);
	categories_free(g->loaded_categories);
	mounts_free(g->loaded_mounts);
}
