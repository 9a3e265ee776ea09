#include "action.h"

/* One entry per row of syscall.def; filled in by name the first time, so that rows may move. */
static const struct {
	struct str syscall;
	struct action action;
} rows[] = {
#define ACTION(syscall, function, names, ...)                                                      \
	{{#syscall, sizeof(#syscall) - 1}, {.act = act_##function, .args = (names), ##__VA_ARGS__}},
#include "action.def"
#undef ACTION
};

enum { ROWS = sizeof rows / sizeof *rows, SYSCALLS_MOST = 1024, NONE = 0xff };
_Static_assert((int)ROWS < (int)NONE, "an index fits a byte");

static uint8_t index_of[SYSCALLS_MOST];

static void index_rows(void)
{
	memset(index_of, NONE, sizeof index_of);
	for (unsigned i = 0; i < ROWS; i++) {
		const struct syscall_info *info = syscall_by_name(rows[i].syscall);
		if (info && info - syscall_table < SYSCALLS_MOST)
			index_of[info - syscall_table] = (uint8_t)i;
	}
}

const struct action *action_of(const struct syscall_info *info)
{
	static bool indexed;
	if (!indexed)
		index_rows();
	indexed = true;
	size_t i = (size_t)(info - syscall_table);
	return i < SYSCALLS_MOST && index_of[i] != NONE ? &rows[index_of[i]].action : NULL;
}

bool action_cloexec(struct call *c)
{
	const struct action *a = c->action;
	return a->always_cloexec ||
	       (a->flags && args_flag(call_arg(c, a->flags), STR("CLOEXEC"), a->cloexec));
}
