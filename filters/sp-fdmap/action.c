#include "action.h"

#include <assert.h>

/* Found by name, so that the rows of syscall.def may move. */
static const struct {
	struct str syscall;
	struct action action;
} rows[] = {
#define ACTION(syscall, function, names, ...)                                                      \
	{{#syscall, sizeof(#syscall) - 1}, {.act = act_##function, .args = (names), ##__VA_ARGS__}},
#include "action.def"
#undef ACTION
};

struct verb verbs[VERBS];

static const struct action *action_of(struct str name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (str_eq(rows[i].syscall, name))
			return &rows[i].action;
	return NULL;
}

static struct verb verb_named(struct str name)
{
	const struct syscall_info *info = syscall_by_name(name);
	const struct action *action = info ? action_of(name) : NULL;
	return (struct verb){.n = name.n,
			     .info = info,
			     .action = action,
			     .by_cwd = info && info->dirfd == 1,
			     .waits = action && action->act == act_recvmsg,
			     .network = info && info->category == SYSCALL_CATEGORY_NETWORK,
			     .about_neither = info && !action && !info->fd && !info->path};
}

void verbs_index(void)
{
	for (size_t i = 0; i < syscall_count; i++) {
		struct str name = syscall_table[i].name;
		char text[STR_WORDS] = {0};
		if (name.n > STR_WORDS)
			continue;
		struct verb verb = verb_named(name);
		memcpy(text, name.p, name.n);
		str_words((struct str){text, name.n}, &verb.head, &verb.tail);
		size_t place = verb_place(verb.head, verb.tail);
		while (verbs[place].n)
			place++;
		assert(place < VERBS - 1);
		verbs[place] = verb;
	}
}

const struct verb *verb_of_other(struct str name)
{
	static struct verb other;
	other = verb_named(name);
	return &other;
}

bool action_cloexec(struct call *c)
{
	const struct action *a = c->action;
	return a->always_cloexec ||
	       (a->flags && args_flag(call_arg(c, a->flags), STR("CLOEXEC"), a->cloexec));
}
