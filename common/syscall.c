#include "syscall.h"

/* CLASS(FILE, DESC) is SYSCALL_CLASS_FILE | SYSCALL_CLASS_DESC; no call is in more than three. */
#define CLASS_1(a) SYSCALL_CLASS_##a
#define CLASS_2(a, b) (CLASS_1(a) | CLASS_1(b))
#define CLASS_3(a, b, c) (CLASS_1(a) | CLASS_1(b) | CLASS_1(c))
#define CLASS_PICK(a, b, c, macro, ...) macro
#define CLASS(...) CLASS_PICK(__VA_ARGS__, CLASS_3, CLASS_2, CLASS_1, )(__VA_ARGS__)

const struct syscall_info syscall_table[] = {
#define SYSCALL_CATEGORY(id, text)
#define SYSCALL(nr, id, args, group, result, in, ...)                                              \
	{.name = {#id, sizeof(#id) - 1},                                                           \
	 .number = (nr),                                                                           \
	 .category = SYSCALL_CATEGORY_##group,                                                     \
	 .returns = SYSCALL_RETURNS_##result,                                                      \
	 .arg_count = (args),                                                                      \
	 .classes = (in),                                                                          \
	 __VA_ARGS__},
#include "syscall.def"
#undef SYSCALL
#undef SYSCALL_CATEGORY
};

/* One constant per row: a name that stands twice does not compile. */
enum {
#define SYSCALL_CATEGORY(id, text)
#define SYSCALL(nr, id, ...) ROW_##id,
#include "syscall.def"
#undef SYSCALL
#undef SYSCALL_CATEGORY
	ROW_COUNT,
	SLOT_BITS = 11,
	SLOT_COUNT = 1 << SLOT_BITS,
	NUMBER_COUNT = 512, /* x86-64's own numbers end below; those above are x32's */
};

const size_t syscall_count = ROW_COUNT;

_Static_assert(sizeof(syscall_table) / sizeof(syscall_table[0]) == ROW_COUNT, "one row, one name");
_Static_assert(ROW_COUNT < SLOT_COUNT / 2, "a fuller table makes long probes");
_Static_assert(SYSCALL_CATEGORY_COUNT <= UINT8_MAX, "struct syscall_info holds it in 8 bits");
#define SYSCALL_CATEGORY(id, text)
#define SYSCALL(nr, ...)                                                                           \
	_Static_assert((nr) >= -1 && (nr) < NUMBER_COUNT, "by_number is too short");
#include "syscall.def"
#undef SYSCALL
#undef SYSCALL_CATEGORY

/* Row + 1 by number; 0 is "none". */
static uint16_t by_number[NUMBER_COUNT];

/* The first and the last eight bytes of a name, which together are all of one of up to BOTH_ENDS; both are
 * the whole of a shorter one, with zeros behind it. */
struct ends {
	uint64_t head, tail;
	size_t n; /* of the name */
};
enum { BOTH_ENDS = 16 };

/* A look-up is one of these in most cases, and all that it needs to know is there: half a line of memory. */
static _Alignas(64) struct slot {
	struct ends ends;
	const struct syscall_info *row; /* NULL: free */
} slots[SLOT_COUNT];

static struct ends ends_of(struct str name)
{
	struct ends e = {.n = name.n};
	if (name.n >= 8) {
		memcpy(&e.head, name.p, 8);
		memcpy(&e.tail, name.p + name.n - 8, 8);
	} else if (name.n >= 4) {
		uint32_t first, last; /* which overlap */
		memcpy(&first, name.p, 4);
		memcpy(&last, name.p + name.n - 4, 4);
		e.head = e.tail = first | (uint64_t)last << 8 * (name.n - 4);
	} else if (name.n) {
		const unsigned char *p = (const unsigned char *)name.p;
		size_t middle = name.n / 2, last = name.n - 1;
		e.head = e.tail = p[0] | (uint64_t)p[middle] << 8 * middle | (uint64_t)p[last] << 8 * last;
	}
	return e;
}

/* The same, where eight bytes can be loaded whatever the length. */
static struct ends ends_of_field(struct str name)
{
	struct ends e = {.n = name.n};
	size_t n = name.n < 8 ? name.n : 8;
	memcpy(&e.head, name.p, 8);
	memcpy(&e.tail, name.p + (name.n - n), 8);
	e.head &= str_mask[8 + n];
	e.tail &= str_mask[8 + n];
	return e;
}

/* The ends and the length tell nearly all names apart. The constant is the golden ratio's. */
static size_t slot_of(struct ends e)
{
	uint64_t mixed = e.head ^ (e.tail << 43 | e.tail >> 21) ^ e.n;
	return (size_t)(mixed * 0x9e3779b97f4a7c15u >> (64 - SLOT_BITS));
}

static void index_rows(void)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		struct ends ends = ends_of(syscall_table[i].name);
		size_t slot = slot_of(ends);
		while (slots[slot].row)
			slot = (slot + 1) % SLOT_COUNT;
		slots[slot] = (struct slot){ends, &syscall_table[i]};
		if (syscall_table[i].number >= 0)
			by_number[syscall_table[i].number] = (uint16_t)(i + 1);
	}
}

static inline const struct syscall_info *find(struct ends e, struct str name)
{
	for (size_t at = slot_of(e); slots[at].row; at = (at + 1) % SLOT_COUNT) {
		const struct slot *s = &slots[at];
		if (s->ends.head == e.head && s->ends.tail == e.tail && s->ends.n == e.n &&
		    (name.n <= BOTH_ENDS || str_eq(s->row->name, name)))
			return s->row;
	}
	return NULL;
}

const struct syscall_info *syscall_by_name(struct str name)
{
	if (!by_number[0]) /* read is number 0 */
		index_rows();
	return find(ends_of(name), name);
}

const struct syscall_info *syscall_by_field(struct str name)
{
	if (!by_number[0] || name.n > BOTH_ENDS)
		return syscall_by_name(name);
	return find(ends_of_field(name), name);
}

const struct syscall_info *syscall_by_number(long x86_64_number)
{
	if (!by_number[0])
		index_rows();
	if (x86_64_number < 0 || x86_64_number >= NUMBER_COUNT || !by_number[x86_64_number])
		return NULL;
	return &syscall_table[by_number[x86_64_number] - 1];
}

bool syscall_creates_task(struct str name)
{
	return str_eq(name, STR("clone")) || str_eq(name, STR("vfork")) || str_eq(name, STR("clone3")) ||
	       str_eq(name, STR("fork")) || str_eq(name, STR("clone2"));
}

struct str syscall_category_name(enum syscall_category category)
{
	static const struct str names[SYSCALL_CATEGORY_COUNT] = {
#define SYSCALL_CATEGORY(id, text) [SYSCALL_CATEGORY_##id] = {text, sizeof(text) - 1},
#define SYSCALL(...)
#include "syscall.def"
#undef SYSCALL
#undef SYSCALL_CATEGORY
	};
	return category < SYSCALL_CATEGORY_COUNT ? names[category] : (struct str){0};
}
