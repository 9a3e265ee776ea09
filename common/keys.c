#include "keys.h"

#include "categories.h"
#include "event.h"
#include "mounts.h"
#include "number.h"
#include "syscall.h"

enum derived {
#define KEY(id, name, cells, source) KEY_##id,
#include "keys.def"
#undef KEY
	DERIVED
};

static const struct {
	struct str name;
	enum table_type type;
	const char *source;
} derived[] = {
#define KEY(id, name, cells, source) [KEY_##id] = {{name, sizeof name - 1}, TABLE_##cells, source},
#include "keys.def"
#undef KEY
};
_Static_assert(sizeof derived / sizeof *derived == DERIVED, "one row per key");

/* DERIVED: none is. */
static int derived_named(struct str name)
{
	int i = 0;
	while (i < DERIVED && !str_eq(derived[i].name, name))
		i++;
	return i;
}

bool keys_is_name(struct str name)
{
	return derived_named(name) < DERIVED || event_column_by_name(name) >= 0;
}

enum table_type keys_type(struct str name)
{
	int column = event_column_by_name(name), from = derived_named(name);
	return from < DERIVED                                               ? derived[from].type
	       : column >= 0 && event_columns[column].type == EVENT_INT ? TABLE_INT
	                                                                : TABLE_TEXT;
}

bool keys_parse(struct keys *k, struct str list, struct str *bad)
{
	*k = (struct keys){.plain = -1, .first_slice = INT64_MAX, .last_slice = INT64_MIN};
	while (list.n && str_cut(&list, ',', bad)) {
		struct str name = str_trim(*bad);
		if (name.n == 0 || k->n == KEYS_MAX || keys_use(k, name))
			return false;
		int from = derived_named(name);
		k->key[k->n++] = (struct key){.name = arena_str(&k->names, name),
		                              .type = keys_type(name),
		                              .derived = from < DERIVED ? from : -1};
	}
	return true;
}

bool keys_use(const struct keys *k, struct str name)
{
	for (int i = 0; i < k->n; i++)
		if (str_eq(k->key[i].name, name))
			return true;
	return false;
}

void keys_want(struct keys *k, struct tsv *t)
{
	k->t = t;
	for (int i = 0; i < k->n; i++) {
		struct key *key = &k->key[i];
		key->column = tsv_want(t, key->name.p);
		if (key->derived >= 0)
			key->source = tsv_want(t, derived[key->derived].source);
		if (key->derived == KEY_SLICE) {
			key->dur = tsv_want(t, "dur_ns");
			key->last = tsv_want(t, "last_ns");
		}
	}
}

static bool is_slice(const struct key *key)
{
	return key->derived == KEY_SLICE;
}

/* Where a key has fewer parts, one of them counts twice. */
static void find_words(struct keys *k)
{
	int some = KEYS_SLICE;
	for (int i = 0; i < KEYS_WORDED; i++) {
		const struct key *key = &k->key[i];
		if (i < k->n)
			k->words_of[i] = is_slice(key)  ? KEYS_SLICE
			                 : key->direct ? key->column
			                               : key->source;
		if (i < k->n && !is_slice(key))
			some = k->words_of[i];
	}
	for (int i = k->n; i < KEYS_WORDED; i++)
		k->words_of[i] = some;
	for (int i = 0; i < KEYS_WORDED; i++)
		k->place[i] = k->words_of[i] == KEYS_SLICE ? NULL : k->t->place[k->words_of[i]];
	k->worded = k->plain < 0 && k->n <= KEYS_WORDED && some != KEYS_SLICE;
}

void keys_header(struct keys *k)
{
	k->as_they_stand = true;
	for (int i = 0; i < k->n; i++) {
		struct key *key = &k->key[i];
		key->direct = tsv_has(k->t, key->column);
		k->stands[i] = k->t->place[key->column];
		k->as_they_stand &= key->direct && !is_slice(key);
		if (!key->direct)
			tsv_require(k->t, key->derived >= 0 ? key->source : key->column);
	}
	k->plain = k->n == 1 && k->key[0].direct && !is_slice(&k->key[0]) ? k->key[0].column : -1;
	find_words(k);
}

const unsigned char keys_first[2 * STR_WORDS] = {[0 ... STR_WORDS - 1] = 0xff};

static bool is_worded(const struct keys *k, int column)
{
	bool found = false;
	for (int i = 0; k->worded && i < KEYS_WORDED; i++)
		found |= k->words_of[i] == column;
	return found;
}

bool keys_follow(const struct keys *k, const struct keys *lead, int *slice)
{
	*slice = -1;
	for (int i = 0; i < k->n; i++) {
		const struct key *key = &k->key[i];
		if (is_slice(key))
			*slice = i;
		else if (!is_worded(lead, key->direct ? key->column : key->source))
			return false;
	}
	return true;
}

/* ---- parts of a path ---- */

/* "pipe:[42]", "TCP:[127.0.0.1:80]": something that is in no directory. */
static bool is_in_no_directory(struct str path)
{
	for (size_t i = 0; i + 1 < path.n && path.p[i] != '/'; i++)
		if (path.p[i] == ':' && path.p[i + 1] == '[')
			return true;
	return path.n == 0;
}

struct str keys_dir_of(struct str path)
{
	if (is_in_no_directory(path))
		return (struct str){path.p, 0};
	const char *slash = memrchr(path.p, '/', path.n);
	if (!slash)
		return STR(".");
	return slash == path.p ? (struct str){path.p, 1} : str_between(path.p, slash);
}

/* Version numbers behind it are left out: libc.so.6 is an "so". */
struct str keys_ext_of(struct str path)
{
	struct str none = {path.p, 0};
	if (is_in_no_directory(path))
		return none;
	const char *slash = memrchr(path.p, '/', path.n);
	struct str name = slash ? str_between(slash + 1, path.p + path.n) : path;
	uint64_t number;
	for (;;) {
		const char *dot = name.n ? memrchr(name.p, '.', name.n) : NULL;
		if (!dot || dot == name.p)
			return none;
		struct str ext = str_between(dot + 1, name.p + name.n);
		if (!number_u64(ext, &number))
			return ext;
		name = str_between(name.p, dot);
	}
}

/* ---- the key of a row ---- */

/* 1, 2, 10, 20, 100...: each is a multiple of the one before, so that slices can be joined, and the
 * same as if they had been that wide from the start. */
static int64_t wider(int64_t width)
{
	int64_t power = 1;
	while (width / 10 >= power)
		power *= 10;
	return width == power ? width * 2 : width * 5;
}

/* Twice a hundredth of all time is below INT64_MAX / 5. */
static void widen(struct keys *k, int64_t at)
{
	struct keys_context *c = &k->context;
	if (at >= k->first_slice && at <= k->last_slice)
		return;
	k->first_slice = at < k->first_slice ? at : k->first_slice;
	k->last_slice = at > k->last_slice ? at : k->last_slice;
	while (c->slice_ns < INT64_MAX / 10 &&
	       (__int128_t)number_floor(k->last_slice, c->slice_ns) -
	               number_floor(k->first_slice, c->slice_ns) >=
	           (__int128_t)c->slices * c->slice_ns) {
		c->slice_ns = wider(c->slice_ns);
		k->widened = true;
	}
}

void keys_enter_slice(struct keys *k, int64_t at)
{
	if (k->context.slices)
		widen(k, at);
	k->slice_from = number_floor(at, k->context.slice_ns);
	/* The first of all times are in a slice that begins before them. */
	int64_t cut = k->slice_from % k->context.slice_ns;
	if (__builtin_add_overflow(k->slice_from, cut ? -cut : k->context.slice_ns, &k->slice_until))
		k->slice_until = INT64_MAX;
	k->slice_n = (size_t)(number_put_i64(k->slice_digits, k->slice_from) - k->slice_digits);
}

/* A call counts in the slice in which it returned: only then is it known, live too. How wide the slices of
 * a partial are, their starts do not tell; when the last call in them returned does. */
bool keys_slice(struct keys *k, int i, int64_t *slice)
{
	const struct key *key = &k->key[i];
	int64_t at, dur = 0, last;
	if (!tsv_i64(k->t, key->direct ? key->column : key->source, &at))
		return false;
	if (!key->direct && tsv_i64(k->t, key->dur, &dur) && __builtin_add_overflow(at, dur, &at))
		return false;
	if (key->direct && k->context.slices && tsv_i64(k->t, key->last, &last))
		keys_slice_at(k, last);
	*slice = keys_slice_at(k, at);
	return true;
}

static struct str slice_digits(struct keys *k, int i)
{
	int64_t slice;
	return (struct str){k->slice_digits, keys_slice(k, i, &slice) ? k->slice_n : 0};
}

static struct str derive(const struct keys *k, const struct key *key)
{
	struct str source = tsv_at(k->t, key->source);
	const struct syscall_info *info;
	switch ((enum derived)key->derived) {
	case KEY_CATEGORY:
		return categories_of(k->context.categories, source);
	case KEY_ACTIVITY:
		info = syscall_by_field(source);
		return info && info->waits ? STR("waiting") : STR("active");
	case KEY_DIR:
		return keys_dir_of(source);
	case KEY_EXT:
		return keys_ext_of(source);
	case KEY_MOUNT:
		return mounts_above(k->context.mounts, source);
	case KEY_SLICE:
	case DERIVED:
		break;
	}
	return (struct str){0};
}

/* Fields and digits are readable for KEYS_STEP bytes, and mostly shorter: those are copied without a
 * branch that depends on how short. */
static char *put_part(char *p, struct str part, bool is_text)
{
	if (!is_text && part.n <= KEYS_STEP)
		memcpy(p, part.p, KEYS_STEP);
	else if (part.n)
		memcpy(p, part.p, part.n);
	return p + part.n;
}

struct str keys_read_slow(struct keys *k)
{
	struct buf *b = &k->text;
	b->n = 0;
	for (int i = 0; i < k->n; i++) {
		const struct key *key = &k->key[i];
		bool slice = is_slice(key);
		struct str part = slice         ? slice_digits(k, i)
		                  : key->direct ? tsv_at(k->t, key->column)
		                                : derive(k, key);
		if (b->cap - b->n < part.n + 1 + KEYS_STEP)
			buf_reserve(b, part.n + 1 + KEYS_STEP);
		char *p = b->p + b->n;
		if (i)
			*p++ = '\t';
		b->n = (size_t)(put_part(p, part, !slice && !key->direct) - b->p);
	}
	if (k->n == 0)
		buf_reserve(b, KEYS_STEP);
	return buf_str(b);
}

/* Many parts are short: those are compared without a call. */
static bool begins_with(const char *p, struct str part)
{
	if (part.n > STR_WORDS)
		return memcmp(p, part.p, part.n) == 0;
	unsigned equal = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(keys_load(p), keys_load(part.p)));
	return (~equal & ((1u << part.n) - 1)) == 0;
}

bool keys_is_key(const struct keys *k, struct str key)
{
	const char *p = key.p, *end = key.p + key.n;
	for (int i = 0; i < k->n; i++) {
		struct str part = tsv_between(k->stands[i]);
		if (i && (p == end || *p++ != '\t'))
			return false;
		if ((size_t)(end - p) < part.n || !begins_with(p, part))
			return false;
		p += part.n;
	}
	return p == end;
}

struct str keys_widen(void *keys, struct str key)
{
	struct keys *k = keys;
	struct str part;
	int64_t at;
	k->renamed.n = 0;
	for (int i = 0; i < k->n && str_cut(&key, '\t', &part); i++) {
		if (i)
			buf_add_char(&k->renamed, '\t');
		if (is_slice(&k->key[i]) && number_i64(part, &at))
			buf_add_signed(&k->renamed, number_floor(at, k->context.slice_ns));
		else
			buf_add_str(&k->renamed, part);
	}
	buf_reserve(&k->renamed, 16);
	return buf_str(&k->renamed);
}

/* ---- keys in tables ---- */

struct str keys_part(struct str key, int i)
{
	struct str part = STR("");
	while (i-- >= 0)
		if (!str_cut(&key, '\t', &part))
			return STR("");
	return part;
}

int keys_compare_parts(struct str a, struct str b)
{
	int64_t x = 0, y = 0;
	bool first = number_i64(a, &x), second = number_i64(b, &y);
	if (first && second && x != y)
		return x < y ? -1 : 1;
	if (first != second && a.n && b.n)
		return first ? -1 : 1;
	return str_cmp(a, b);
}

void keys_columns(const struct keys *k, struct table *t)
{
	for (int i = 0; i < k->n; i++)
		table_column(t, k->key[i].name.p, k->key[i].type);
}

void keys_cell(const struct keys *k, struct str key, int i, struct table *t)
{
	struct str part = keys_part(key, i);
	int64_t number;
	if (k->key[i].type == TABLE_TEXT)
		table_text(t, part);
	else if (number_i64(part, &number))
		table_int(t, number);
	else
		table_empty(t);
}

void keys_cells(const struct keys *k, struct str key, struct table *t)
{
	for (int i = 0; i < k->n; i++)
		keys_cell(k, key, i, t);
}

void keys_close(struct keys *k)
{
	buf_free(&k->text);
	buf_free(&k->renamed);
	arena_free(&k->names);
}
