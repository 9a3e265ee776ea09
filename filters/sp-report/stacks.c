#include "stacks.h"

#include "source.h"

/* Bounds, for tables that anybody may have made: frames of the tree (SLOTS are more than twice as many, so that a
 * search ends soon), frames of a stack, bytes of a name. What is beyond is counted in `cut`. */
enum { FRAMES_MAX = 200000, SLOTS = 1 << 19, DEPTH_MAX = 200, NAME_MAX_BYTES = 1000 };

static uint32_t new_frame(struct stacks *s, struct str name)
{
	if (s->frames == s->room)
		s->frame =
		    xrealloc(s->frame, s->room = s->room ? 2 * s->room : 256, sizeof *s->frame);
	s->frame[s->frames] = (struct frame){.name = arena_str(&s->arena, name)};
	return s->frames++;
}

/* 0 when there is no room for one more. */
static uint32_t child_named(struct stacks *s, uint32_t parent, struct str name)
{
	uint64_t at = str_hash(name) + parent * UINT64_C(0x9e3779b97f4a7c15);
	for (at ^= at >> 29;; at++) {
		uint32_t i = s->slot[at % SLOTS];
		if (!i)
			break;
		if (s->frame[i].parent == parent && str_eq(s->frame[i].name, name))
			return i;
	}
	if (s->frames >= FRAMES_MAX)
		return 0;
	uint32_t made = new_frame(s, name);
	s->slot[at % SLOTS] = made;
	s->frame[made].parent = parent;
	s->frame[made].next = s->frame[parent].child;
	s->frame[parent].child = made;
	return made;
}

static void add(struct frame *frame, int64_t total_ns, int64_t calls)
{
	if (__builtin_add_overflow(frame->total_ns, total_ns, &frame->total_ns))
		frame->total_ns = INT64_MAX;
	if (__builtin_add_overflow(frame->calls, calls, &frame->calls))
		frame->calls = INT64_MAX;
}

static void add_stack(struct stacks *s, struct str stack, int64_t total_ns, int64_t calls)
{
	uint32_t at = 0;
	int depth = 0;
	struct str name;
	add(&s->frame[0], total_ns, calls);
	while (str_cut(&stack, ';', &name)) {
		if (name.n > NAME_MAX_BYTES)
			name.n = NAME_MAX_BYTES;
		uint32_t child = depth < DEPTH_MAX ? child_named(s, at, name) : 0;
		if (!child) {
			s->cut++;
			break;
		}
		add(&s->frame[child], total_ns, calls);
		at = child;
		if (++depth > s->depth)
			s->depth = depth;
	}
}

void stacks_load(struct stacks *s, const char *dir)
{
	*s = (struct stacks){0};
	struct source source;
	s->present = source_open(&source, dir, "stacks");
	if (!s->present)
		return;
	struct tsv *t = source.t;
	int stack = tsv_want(t, "stack"), calls = tsv_want(t, "calls"),
	    total = tsv_want(t, "total_ns");
	s->slot = xcalloc(SLOTS, sizeof *s->slot);
	new_frame(s, STR("all"));
	for (enum tsv_what what; (what = source_next(&source)) != TSV_END;) {
		int64_t n = 0, ns = 0;
		if (what != TSV_ROW || t->field[stack].n == 0)
			continue;
		tsv_i64(t, calls, &n);
		tsv_i64(t, total, &ns);
		add_stack(s, t->field[stack], ns > 0 ? ns : 0, n > 0 ? n : 0);
	}
	source_close(&source);
	s->by_calls = s->frame[0].total_ns == 0;
	for (uint32_t i = 0; s->by_calls && i < s->frames; i++)
		s->frame[i].total_ns = s->frame[i].calls;
}
