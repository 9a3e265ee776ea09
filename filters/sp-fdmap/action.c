#include "action.h"

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

enum { ROWS = sizeof rows / sizeof *rows, SYSCALLS_MOST = 1024 };

static const struct action *action_at[SYSCALLS_MOST];

void actions_index(void)
{
	for (unsigned i = 0; i < ROWS; i++) {
		const struct syscall_info *info = syscall_by_name(rows[i].syscall);
		if (info && info - syscall_table < SYSCALLS_MOST)
			action_at[info - syscall_table] = &rows[i].action;
	}
}

const struct action *action_of(const struct syscall_info *info)
{
	size_t i = (size_t)(info - syscall_table);
	return i < SYSCALLS_MOST ? action_at[i] : NULL;
}

bool action_cloexec(struct call *c)
{
	const struct action *a = c->action;
	return a->always_cloexec ||
	       (a->flags && args_flag(call_arg(c, a->flags), STR("CLOEXEC"), a->cloexec));
}
