#include "row.h"

#include "args.h"
#include "keys.h"
#include "number.h"
#include "payload.h"
#include "peer.h"
#include "scan.h"

const struct derived_info derived_table[DERIVED_COUNT] = {
#define TEXT true
#define NUMBER false
#define DERIVED(id, name, type, source) [DERIVED_##id] = {{name, sizeof name - 1}, type, source},
#include "derived.def"
#undef DERIVED
#undef TEXT
#undef NUMBER
};

void row_open(struct row *r, struct tsv *t)
{
	*r = (struct row){.t = t, .sayings = RING_WORDS};
	tsv_order_events(t);
	static const enum event_column columns[] = {EVENT_START, EVENT_DUR, EVENT_KIND, EVENT_SYSCALL, EVENT_ERRNO,
	                                            EVENT_BYTES, EVENT_TID, EVENT_FILE, EVENT_LINE};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		tsv_want(t, event_columns[columns[i]].name.p);
	tsv_want(t, "fdtype");
	for (int i = 0; i < DERIVED_COUNT; i++) {
		r->text_slot[i] = r->variable_of[i] = -1;
		if (derived_table[i].is_text)
			r->text_slot[i] = tsv_want(t, derived_table[i].name.p);
		else
			r->number_name[r->variable_of[i] = (int)r->variables++] = derived_table[i].name;
	}
}

void row_close(struct row *r)
{
	if (r->follows)
		iocalls_close(&r->io);
}

void row_known(const struct row *r, struct str more, struct buf *header)
{
	(void)r;
	header->n = 0;
	for (int i = 0; i < EVENT_COLUMNS; i++)
		if (i != EVENT_START && i != EVENT_DUR && i != EVENT_BYTES) { /* variables instead */
			buf_add_str(header, event_columns[i].name);
			buf_add_char(header, '\t');
		}
	buf_add_str(header, STR("fdtype\tfdgen"));
	for (int i = 0; i < DERIVED_COUNT; i++)
		if (derived_table[i].is_text) {
			buf_add_char(header, '\t');
			buf_add_str(header, derived_table[i].name);
		}
	if (more.n) {
		buf_add_char(header, '\t');
		buf_add_str(header, more);
	}
}

/* What an open must have had one of, by derived number; 0: it is no such number. */
static const unsigned opened_with[DERIVED_COUNT] = {
    [DERIVED_O_CREAT] = OPENED_CREAT,         [DERIVED_O_DIRECT] = OPENED_DIRECT,
    [DERIVED_O_DIRECTORY] = OPENED_DIRECTORY, [DERIVED_O_SYNC] = OPENED_SYNCS,
    [DERIVED_O_TRUNC] = OPENED_TRUNC,         [DERIVED_O_WRITE] = OPENED_WRITES,
};

void row_use(struct row *r, unsigned needs)
{
	r->followed |= needs & ROW_FOLLOWED;
	for (int i = 0; i < DERIVED_COUNT; i++) {
		if (!(needs >> i & 1))
			continue;
		tsv_want(r->t, derived_table[i].source);
		r->flags_asked |= opened_with[i];
		if (i == DERIVED_PEER)
			tsv_want(r->t, "args");
	}
	if (r->follows || !r->followed)
		return;
	iocalls_open(&r->io, r->t, 0);
	r->follows = true;
}

/* ---- the numbers ---- */

static unsigned kind_bit(struct str kind)
{
	for (int i = 0; i < EVENT_KINDS; i++)
		if (str_eq(kind, event_kind_name[i]))
			return 1u << i;
	return kind.n == 0 ? 1u << EVENT_CALL | ROW_NO_KIND : 0;
}

static inline struct expr_value known_number(bool known, int64_t value)
{
	return (struct expr_value){.kind = known ? EXPR_INT : EXPR_MISSING, .integer = value};
}

/* A read or write of a file, of which position and class are known. */
static bool moves_bytes(const struct row *r)
{
	return (r->call.role == IOCALL_READ || r->call.role == IOCALL_WRITE) && r->call.fd &&
	       !r->call.fd->file->is_stream && r->call.has_bytes && r->call.bytes > 0;
}

static bool may_be_idle(const struct row *r)
{
	return r->call.role == IOCALL_SEEK && !r->failed && r->call.fd;
}

/* Rows with the same state have the same values, of those that rules ask for. */
static unsigned state_of(const struct row *r)
{
	const struct iocall *call = &r->call;
	unsigned state = 0;
	if (!call->fd)
		return 0;
	if (moves_bytes(r)) {
		state |= 1u << 1;
		state |= r->followed >> DERIVED_ACCESS & 1 ? (unsigned)call->class << 4 : 0;
		state |= r->followed >> DERIVED_AGAIN & 1 ? (unsigned)call->again << 2 : 0;
	}
	if (r->followed >> DERIVED_IDLE & 1 && may_be_idle(r))
		state |= (unsigned)call->idle << 3;
	return state | 1 | (call->fd->file->flags & r->flags_asked) << 8;
}

/* The words of a row, of the kind call; NULL: they are longer than these mostly are. */
static inline const struct row_words *words_at(struct row *r)
{
	struct str name = r->t->field[EVENT_SYSCALL], error = r->t->field[EVENT_ERRNO], fdtype = r->t->field[ROW_FDTYPE];
	struct row_words w = {.error = row_head(error), .fdtype = row_head(fdtype)};
	if (name.n == 0 || name.n > STR_WORDS || error.n > 8 || fdtype.n > 8)
		return NULL;
	str_words(name, &w.head, &w.tail);
	w.lengths = name.n | error.n << 8 | fdtype.n << 16;
	uint64_t mixed = (w.head ^ w.tail << 1 ^ w.error << 2 ^ w.fdtype << 3) * UINT64_C(0x9e3779b97f4a7c15);
	struct row_words *said = &r->said[mixed >> (64 - ROW_WORDS_BITS)];
	if (said->head == w.head && said->tail == w.tail && said->error == w.error && said->fdtype == w.fdtype &&
	    said->lengths == w.lengths)
		return said;
	w.info = syscall_by_field(name);
	w.number = ++r->sayings;
	*said = w;
	return said;
}

static void take_words(struct row *r)
{
	if (r->t->fact->words) {
		r->kind_bit = 1u << EVENT_CALL;
		r->saying = r->t->fact->words;
		r->info = called_at(&r->called, r->t, EVENT_SYSCALL);
		return;
	}
	struct str kind = r->t->field[EVENT_KIND], name = r->t->field[EVENT_SYSCALL];
	bool is_call = kind.n == 4 && memcmp(kind.p, "call", 4) == 0;
	const struct row_words *words = is_call ? words_at(r) : NULL;
	r->kind_bit = is_call ? 1u << EVENT_CALL : kind_bit(kind);
	r->saying = words ? words->number : 0;
	r->info = words ? words->info : name.n ? syscall_by_field(name) : NULL;
}

void row_take(struct row *r)
{
	r->number++;
	take_words(r);
	r->failed = r->t->field[EVENT_ERRNO].n > 0;
	r->has_start = tsv_start(r->t, EVENT_START, &r->start_before, &r->start_ns);
	r->has_dur = tsv_dur(r->t, EVENT_DUR, &r->dur_ns) && r->dur_ns >= 0;
	r->has_bytes = tsv_i64(r->t, EVENT_BYTES, &r->moved) && r->moved >= 0;
	if (!r->has_start)
		r->start_ns = 0;
	if (!r->has_dur)
		r->dur_ns = 0;
	if (__builtin_add_overflow(r->start_ns, r->dur_ns, &r->end_ns))
		r->end_ns = INT64_MAX;
	if (r->follows) {
		iocalls_row(&r->io, r->info, &r->call);
		r->state = state_of(r);
	}
	r->variable[DERIVED_START] = known_number(r->has_start, r->start_ns);
	r->variable[DERIVED_DUR] = known_number(r->has_dur, r->dur_ns);
	r->variable[DERIVED_BYTES] = known_number(r->has_bytes, r->moved);
	r->have = 1u << DERIVED_START | 1u << DERIVED_DUR | 1u << DERIVED_BYTES;
}

void row_begin_trace(struct row *r)
{
	if (r->follows)
		iocalls_header(&r->io);
}

/* ---- what is derived ---- */

/* With N for each number. Paths are copied 16 bytes at a time; there is room and slack for all of them. */
static struct str shape_of(struct row *r, struct str path)
{
	r->shape.n = 0;
	char *start = buf_reserve(&r->shape, path.n + INPUT_SLACK), *p = start;
	for (const char *from = path.p, *end = path.p + path.n; from < end;) {
		unsigned digits = scan_digits_16(from) | 1u << 16;
		memcpy(p, from, 16);
		size_t n = (size_t)__builtin_ctz(digits), left = (size_t)(end - from);
		n = n < left ? n : left;
		p += n;
		from += n;
		if (from == end || !number_is_digit(*from))
			continue;
		*p++ = 'N';
		while (from < end && number_is_digit(*from))
			from++;
	}
	return str_between(start, p);
}

/* Behind the last slash; empty for sockets and pipes. */
static struct str base_of(struct str path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;
	if (!slash || (path.p[0] != '/' && !keys_dir_of(path).n))
		return (struct str){0};
	return str_between(slash + 1, path.p + path.n);
}

static struct expr_value asked_bytes(const struct row *r)
{
	struct expr_value v = {.kind = EXPR_MISSING};
	if (!r->info || !r->info->size)
		return v;
	struct args args;
	args_begin(&args, r->t->field[EVENT_ARGS]);
	static const char *const labels[] = {"count", "len", "size"};
	struct str text = args_at(&args, args.labelled ? 1 : r->info->size, labels[0]);
	for (size_t i = 1; args.labelled && i < 3 && str_eq(text, STR("0")); i++)
		text = args_at(&args, 1, labels[i]);
	if (number_any(text, &v.integer) && v.integer >= 0)
		v.kind = EXPR_INT;
	return v;
}

static struct expr_value zeros(const struct row *r)
{
	struct expr_value v = {.kind = EXPR_MISSING};
	enum payload payload = payload_of(r->t->field[EVENT_ARGS]);
	if (!payload_is_write(r->t->field[EVENT_SYSCALL]) || payload == PAYLOAD_UNKNOWN)
		return v;
	v.kind = EXPR_INT;
	v.integer = payload == PAYLOAD_ZEROS || payload == PAYLOAD_ZEROS_CUT;
	return v;
}

static struct str text_of(struct row *r, enum derived what)
{
	switch (what) {
	case DERIVED_DIR:
		return keys_dir_of(r->t->field[EVENT_PATH]);
	case DERIVED_EXT:
		return keys_ext_of(r->t->field[EVENT_PATH]);
	case DERIVED_SHAPE:
		return shape_of(r, r->t->field[EVENT_PATH]);
	case DERIVED_BASE:
		return base_of(r->t->field[EVENT_PATH]);
	case DERIVED_PEER:
		return peer_of(r->t->field[EVENT_SYSCALL], r->t->field[EVENT_PATH], r->t->field[EVENT_ARGS], &r->peer);
	case DERIVED_WORDS:
		return words_of(&r->words, r->t->field[EVENT_SYSCALL], r->t->field[EVENT_ARGS]);
	case DERIVED_CATEGORY:
		return categories_of(r->categories, r->t->field[EVENT_SYSCALL]);
	case DERIVED_ACCESS:
		return moves_bytes(r) ? access_class_name[r->call.class] : (struct str){0};
	default:
		return (struct str){0};
	}
}

static struct expr_value number_of(const struct row *r, enum derived what)
{
	struct expr_value v = {.kind = EXPR_MISSING};
	switch (what) {
	case DERIVED_ASKED:
		return asked_bytes(r);
	case DERIVED_WAITS:
		return known_number(true, r->info && r->info->waits);
	case DERIVED_ZEROS:
		return zeros(r);
	case DERIVED_AGAIN:
		return known_number(moves_bytes(r), r->call.again);
	case DERIVED_IDLE:
		v.kind = may_be_idle(r) ? EXPR_INT : EXPR_MISSING;
		v.integer = r->call.idle;
		return v;
	default:
		if (!opened_with[what] || !r->call.fd)
			return v;
		return known_number(true, (r->call.fd->file->flags & opened_with[what]) != 0);
	}
}

void row_derive_slow(struct row *r, unsigned needs)
{
	r->have |= needs;
	for (; needs; needs &= needs - 1) {
		int i = __builtin_ctz(needs);
		if (r->text_slot[i] >= 0)
			r->t->field[r->text_slot[i]] = text_of(r, (enum derived)i);
		else
			r->variable[r->variable_of[i]] = number_of(r, (enum derived)i);
	}
}
