#include "strace_state.h"

const struct strace_known *strace_make_known(struct strace_known *known, uint64_t first,
					     uint64_t second, const char *name, size_t n)
{
	struct str word = {name, n};
	const struct syscall_info *info = syscall_by_name(word);
	if (!info || syscall_creates_task(word) || str_starts(word, STR("exec")) ||
	    str_starts(word, STR("exit")) || str_eq(word, STR("prctl")) ||
	    str_eq(word, STR("restart_syscall")) || info->path2)
		return NULL;
	unsigned last = info->fd > info->path ? info->fd : info->path;
	last = info->offset > last ? info->offset : last;
	last = info->dirfd > last ? info->dirfd : last;
	if (last > STRACE_COMMAS || n > 16)
		return NULL;
	*known = (struct strace_known){first, second, n, info, last > 1 ? last - 1u : 0, last <= 2};
	return known;
}
