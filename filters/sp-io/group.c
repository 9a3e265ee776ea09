#include "group.h"

#include <stdlib.h>

#include "payload.h"

static __attribute__((noinline)) void add_large(struct group *g, enum sum sum, uint64_t value)
{
	if (!g->large) {
		g->large = xcalloc(SUMS, sizeof *g->large);
		for (int i = 0; i < SUMS; i++)
			g->large[i] = g->small[i];
	}
	if (__builtin_add_overflow(g->large[sum], value, &g->large[sum]))
		g->large[sum] = UINT64_MAX;
}

static void add(struct group *g, enum sum sum, uint64_t value)
{
	if (g->large || value > UINT32_MAX - g->small[sum])
		add_large(g, sum, value);
	else
		g->small[sum] += (uint32_t)value;
}

void group_add_sum(struct group *g, enum sum sum, uint64_t value)
{
	add(g, sum, value);
}

struct hist *group_hist(struct group *g, enum which_hist which)
{
	if (!g->hist[which])
		g->hist[which] = xcalloc(1, sizeof *g->hist[which]);
	return g->hist[which];
}

/* ---- durations and sizes ---- */

enum part { NS, BYTES, PARTS };
struct moves {
	uint32_t n, room;
	struct move {
		uint32_t part[PARTS]; /* UNTIMED; 0: nothing moved */
	} at[];
};

enum { FIRST_MOVES = 4, MOST_MOVES = 256 };
#define UNTIMED UINT32_MAX

static void add_move(struct group *g, enum access_op op, const int64_t *dur, uint64_t bytes)
{
	if (dur)
		hist_add(group_hist(g, op == ACCESS_READ ? HIST_READ_NS : HIST_WRITE_NS), (uint64_t)*dur);
	if (bytes)
		hist_add(group_hist(g, op == ACCESS_READ ? HIST_READ_BYTES : HIST_WRITE_BYTES), bytes);
}

/* What one histogram has of them, those that are `none` left out. Many in a row are of one size. Nobody asks for their
 * squares. */
static void add_values(struct hist *h, const struct moves *m, enum part part, uint32_t none)
{
	uint64_t in_bin = 0;
	unsigned last = 0;
	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t value = m->at[i].part[part];
		if (value == none)
			continue;
		unsigned bin = hist_bin(value);
		if (bin != last && in_bin) {
			hist_add_bin(h, last, in_bin);
			in_bin = 0;
		}
		last = bin;
		in_bin++;
		h->min = h->count == 0 || value < h->min ? value : h->min;
		h->max = value > h->max ? value : h->max;
		h->count++;
		h->sum += value;
	}
	if (in_bin)
		hist_add_bin(h, last, in_bin);
}

static const enum which_hist of_part[ACCESS_OPS][PARTS] = {[ACCESS_READ] = {HIST_READ_NS, HIST_READ_BYTES},
                                                           [ACCESS_WRITE] = {HIST_WRITE_NS, HIST_WRITE_BYTES}};
static const uint32_t none_of_part[PARTS] = {[NS] = UNTIMED};

static void settle_moves(struct group *g, enum access_op op)
{
	struct moves *m = g->moves[op];
	if (!m || m->n == 0)
		return;
	for (int part = 0; part < PARTS; part++)
		add_values(group_hist(g, of_part[op][part]), m, (enum part)part, none_of_part[part]);
	m->n = 0;
}

void group_settle(struct group *g)
{
	for (int op = 0; op < ACCESS_OPS; op++)
		settle_moves(g, (enum access_op)op);
}

void group_show(struct group *g, struct group_room *room)
{
	for (int op = 0; op < ACCESS_OPS; op++) {
		if (g->hist[of_part[op][NS]] || g->hist[of_part[op][BYTES]]) {
			settle_moves(g, (enum access_op)op);
			continue;
		}
		for (int part = 0; g->moves[op] && part < PARTS; part++) {
			enum which_hist which = of_part[op][part];
			g->hist[which] = &room->hist[which];
			add_values(g->hist[which], g->moves[op], (enum part)part, none_of_part[part]);
		}
	}
}

void group_shown(struct group *g, struct group_room *room)
{
	for (int i = 0; i < HISTS; i++)
		if (g->hist[i] == &room->hist[i]) {
			hist_clear(g->hist[i]);
			g->hist[i] = NULL;
		}
}

void group_room_free(struct group_room *room)
{
	for (int i = 0; i < HISTS; i++)
		hist_free(&room->hist[i]);
}

static struct moves *make_room(struct group *g, enum access_op op)
{
	struct moves *m = g->moves[op];
	uint32_t n = m ? m->n : 0;
	if (n == MOST_MOVES) {
		settle_moves(g, op);
		return m;
	}
	m = xrealloc(m, 1, sizeof *m + (n ? n * 2 : FIRST_MOVES) * sizeof m->at[0]);
	*m = (struct moves){n, n ? n * 2 : FIRST_MOVES};
	return g->moves[op] = m;
}

/* dur: NULL when it is not known, or not that of a call that succeeded. */
static void note_move(struct group *g, enum access_op op, const int64_t *dur, uint64_t bytes)
{
	if (bytes > UINT32_MAX || (dur && *dur >= UNTIMED)) {
		add_move(g, op, dur, bytes);
	} else if (dur || bytes) {
		struct moves *m = g->moves[op];
		if (!m || m->n == m->room)
			m = make_room(g, op);
		m->at[m->n++] = (struct move){{dur ? (uint32_t)*dur : UNTIMED, (uint32_t)bytes}};
	}
}

/* ---- one call ---- */

/* The open that was counted as unused is not. */
static void use(const struct opened_fd *fd)
{
	struct group *unused_in = fd ? fd->file->data : NULL;
	if (!unused_in)
		return;
	if (unused_in->large)
		unused_in->large[SUM_UNUSED_OPENS]--;
	else
		unused_in->small[SUM_UNUSED_OPENS]--;
	fd->file->data = NULL;
}

static void add_class(struct group *g, const struct iocall *call)
{
	static const enum sum sums[ACCESS_CLASSES] = {[ACCESS_FIRST] = SUM_FIRST,
	                                              [ACCESS_SEQUENTIAL] = SUM_SEQUENTIAL,
	                                              [ACCESS_STRIDED] = SUM_STRIDED,
	                                              [ACCESS_RANDOM] = SUM_RANDOM};
	if (call->class == ACCESS_NONE)
		return;
	add(g, sums[call->class], 1);
	if (call->start == ACCESS_UNKNOWN)
		return;
	add(g, SUM_PLACED, 1);
	add(g, SUM_ALIGNED, call->start % ACCESS_BLOCK == 0 && call->bytes % ACCESS_BLOCK == 0);
	if (call->again) {
		bool read = call->role == IOCALL_READ;
		add(g, read ? SUM_REREADS : SUM_OVERWRITES, 1);
		add(g, read ? SUM_REREAD_BYTES : SUM_OVERWRITE_BYTES, call->bytes);
	}
}

static void add_read(struct group *g, const struct iocall *call, const int64_t *dur)
{
	add(g, SUM_DIRECT_CALLS, (call->fd->file->flags & OPENED_DIRECT) != 0);
	add(g, SUM_READS, 1);
	add(g, SUM_EMPTY_READS, call->has_bytes && call->bytes == 0);
	note_move(g, ACCESS_READ, call->failed ? NULL : dur, call->bytes);
}

static void add_write(struct group *g, const struct iocall *call, const int64_t *dur)
{
	add(g, SUM_DIRECT_CALLS, (call->fd->file->flags & OPENED_DIRECT) != 0);
	add(g, SUM_SYNC_WRITES, (call->fd->file->flags & OPENED_SYNCS) != 0);
	add(g, SUM_WRITES, 1);
	add(g, SUM_EMPTY_WRITES, call->has_bytes && call->bytes == 0);
	note_move(g, ACCESS_WRITE, call->failed ? NULL : dur, call->bytes);
}

static void add_payload(struct group *g, struct str args)
{
	enum payload payload = payload_of(args);
	add(g, SUM_ZERO_WRITES, payload == PAYLOAD_ZEROS || payload == PAYLOAD_ZEROS_CUT);
}

static void add_open(struct group *g, const struct iocall *call, bool directory)
{
	add(g, call->failed ? SUM_FAILED_OPENS : SUM_OPENS, 1);
	if (!call->fd || directory)
		return;
	add(g, SUM_UNUSED_OPENS, 1);
	call->fd->file->data = g;
}

/* The first byte is waited for from the connect's start, or the accept's return, to the return of
 * the read that brings it. */
static void await_byte(struct opened_for_io *state, int64_t since_ns)
{
	if (state->awaits_byte)
		return;
	state->awaits_byte = true;
	state->since_ns = since_ns;
}

static void add_first_byte(struct group *g, struct opened_for_io *state, int64_t now_ns)
{
	state->awaits_byte = false;
	if (now_ns >= state->since_ns)
		hist_add(group_hist(g, HIST_FIRST_BYTE_NS), (uint64_t)now_ns - (uint64_t)state->since_ns);
}

static void add_connect(struct group *g, struct iocalls *calls, const struct iocall *call,
                        const int64_t *dur)
{
	bool in_progress = str_eq(tsv_at(calls->t, calls->error), STR("EINPROGRESS"));
	add(g, SUM_CONNECTS, 1);
	add(g, SUM_FAILED_CONNECTS, call->failed && !in_progress);
	if (dur)
		hist_add(group_hist(g, HIST_CONNECT_NS), (uint64_t)*dur);
}

static bool returned_at(struct iocalls *calls, const struct group_columns *columns,
                        const int64_t *dur, int64_t *start, int64_t *end)
{
	if (!tsv_i64(calls->t, columns->start, start))
		return false;
	return !__builtin_add_overflow(*start, dur ? *dur : 0, end);
}

static void follow_socket(struct group *g, struct iocalls *calls,
                          const struct group_columns *columns, const struct iocall *call,
                          struct opened_for_io *state, const int64_t *dur)
{
	int64_t start, end;
	if (!state || !returned_at(calls, columns, dur, &start, &end))
		return;
	if (call->role == IOCALL_READ)
		add_first_byte(g, state, end);
	else
		await_byte(state, call->role == IOCALL_CONNECT ? start : end);
}

/* What the call did to its descriptor. */
static void add_role(struct group *g, struct iocalls *calls, const struct group_columns *columns,
                     const struct iocall *call, struct opened_for_io *state, const int64_t *dur)
{
	switch (call->role) {
	case IOCALL_READ:
		use(call->fd);
		add_read(g, call, dur);
		add_class(g, call);
		if (state && state->awaits_byte && call->bytes)
			follow_socket(g, calls, columns, call, state, dur);
		return;
	case IOCALL_WRITE:
		use(call->fd);
		add_write(g, call, dur);
		add_payload(g, tsv_at(calls->t, calls->args));
		add_class(g, call);
		return;
	case IOCALL_SEEK:
		add(g, SUM_SEEKS, 1);
		add(g, SUM_IDLE_SEEKS, call->idle);
		return;
	case IOCALL_OPEN:
		add_open(g, call, str_eq(tsv_at(calls->t, calls->fdtype), STR("dir")));
		return;
	case IOCALL_SYNC:
		add(g, SUM_SYNCS, 1);
		if (dur)
			hist_add(group_hist(g, HIST_SYNC_NS), (uint64_t)*dur);
		return;
	case IOCALL_MMAP:
		use(call->fd);
		add(g, SUM_MMAPS, !call->failed);
		add(g, SUM_MMAP_BYTES, call->mapped_bytes);
		return;
	case IOCALL_LIST:
		use(call->fd);
		return;
	case IOCALL_DUP:
		use(call->from);
		return;
	case IOCALL_CONNECT:
		add_connect(g, calls, call, dur);
		follow_socket(g, calls, columns, call, state, dur);
		return;
	case IOCALL_ACCEPT:
		follow_socket(g, calls, columns, call, state, dur);
		return;
	case IOCALL_NONE:
	case IOCALL_OTHER:
	case IOCALL_SOCKET:
	case IOCALL_FCNTL:
	case IOCALL_CLOSE:
		return;
	}
}

void group_add(struct group *g, struct iocalls *calls, const struct group_columns *columns,
               const struct iocall *call)
{
	struct opened_for_io *state = call->fd ? (void *)call->fd->extra : NULL;
	int64_t dur_ns;
	bool timed = tsv_dur(calls->t, columns->dur, &dur_ns) && dur_ns >= 0;
	const int64_t *dur = timed ? &dur_ns : NULL;
	if (state)
		state->last = g;
	g->calls++;
	g->errors += call->failed;
	g->timed += timed;
	g->total_ns += timed ? (uint64_t)dur_ns : 0;
	add_role(g, calls, columns, call, state, dur);
}

void group_add_other(struct group *g, const struct iocall *call)
{
	use(call->fd);
	if (call->role == IOCALL_READ)
		add_read(g, call, NULL);
	else
		add_write(g, call, NULL);
	add_class(g, call);
}

/* ---- whole groups ---- */

void group_merge(struct group *into, struct group *from)
{
	group_settle(from);
	into->calls += from->calls;
	into->errors += from->errors;
	into->timed += from->timed;
	into->total_ns += from->total_ns;
	for (int i = 0; i < SUMS; i++)
		add(into, (enum sum)i, group_sum(from, (enum sum)i));
	for (int i = 0; i < HISTS; i++)
		if (group_has(from, (enum which_hist)i))
			hist_merge(group_hist(into, (enum which_hist)i), from->hist[i]);
}

void group_free(struct group *g)
{
	for (int op = 0; op < ACCESS_OPS; op++) {
		free(g->moves[op]);
		g->moves[op] = NULL;
	}
	for (int i = 0; i < HISTS; i++) {
		if (g->hist[i])
			hist_free(g->hist[i]);
		free(g->hist[i]);
		g->hist[i] = NULL;
	}
	free(g->large);
	g->large = NULL;
}
