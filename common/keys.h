/* keys: what rows are grouped by: any columns, and what can be derived from them (keys.def). The
 * key of a row is its key columns joined by TABs, which no field can hold. */
#ifndef SP_KEYS_H
#define SP_KEYS_H

#include "arena.h"
#include "keyed.h"
#include "str.h"
#include "table.h"
#include "tsv.h"

enum { KEYS_MAX = 16, KEYS_STEP = 32, KEYS_WORDED = 3, KEYS_SLICE = -1 };

struct keys_context {
	const struct categories *categories; /* for category */
	const struct mounts *mounts;         /* for mount */
	int64_t slice_ns;                    /* width of a time slice */
	int64_t slices;                      /* so many at most: it grows; 0: it is fixed */
};

struct keys {
	struct tsv *t;
	struct keys_context context;
	int n;
	struct key {
		struct str name; /* NUL-terminated */
		enum table_type type;
		int derived; /* a row of keys.def, or -1 */
		int column,
		    source; /* as tsv_want() numbers them; source: what it is derived from */
		int dur, last;
		bool direct; /* the table at hand has the column itself */
	} key[KEYS_MAX];
	struct arena names;
	struct buf text, renamed;
	int64_t first_slice, last_slice; /* times in those that rows were in; INT64_MAX, INT64_MIN: none */
	int64_t slice_from, slice_until; /* the slice of the last row, and its digits: most rows are in it */
	size_t slice_n;
	char slice_digits[KEYS_STEP];
	bool widened; /* slice_ns has grown: keys that were read before are too narrow */
	int plain; /* the one column that is the key as it stands, or -1 */
	bool as_they_stand; /* all are columns of the table at hand, none is derived */
	bool worded; /* few enough parts for keys_words, */
	int words_of[KEYS_WORDED]; /* which are these columns, or KEYS_SLICE */
};

/* Takes a list of names ("syscall,dir"), or an empty one. False, and the name in *bad, for one that
 * is repeated or one too many; any other name may be a column. The context's members may be set
 * until the first row. */
bool keys_parse(struct keys *k, struct str list, struct str *bad);
bool keys_use(const struct keys *k, struct str name);

/* Whether events have a column of that name, or it can be derived from one; and what its cells are. */
bool keys_is_name(struct str name);
enum table_type keys_type(struct str name);

/* Asks the table for the columns that are needed; then, for each header, looks what it has. A key
 * that is neither there nor derivable ends the program. */
void keys_want(struct keys *k, struct tsv *t);
void keys_header(struct keys *k);

_Static_assert((int)KEYED_WORDS == 2 * (int)KEYS_WORDED + 1, "two a part, and their lengths");

struct str keys_read_slow(struct keys *k);

/* The key of the row at hand, valid until the next row; 16 bytes at it are readable. */
static inline struct str keys_read(struct keys *k)
{
	return k->plain >= 0 ? tsv_at(k->t, k->plain) : keys_read_slow(k);
}

/* A number that the row at hand shares with all rows of its key, and with few others: from the lengths and ends of
 * columns that are keys as_they_stand. */
static inline uint64_t keys_mark(const struct keys *k)
{
	uint64_t mark = 0, end;
	for (int i = 0; i < k->n; i++) {
		struct str field = tsv_at(k->t, k->key[i].column);
		size_t n = field.n < sizeof end ? field.n : sizeof end;
		memcpy(&end, field.p + field.n - n, sizeof end);
		mark = (mark << 7 | mark >> 57) ^ (end & str_mask[8 + n]) ^ field.n << 48;
	}
	return mark;
}

/* Whether the row at hand has this key, behind which STR_WORDS bytes are readable; only for keys as_they_stand. */
bool keys_is_key(const struct keys *k, struct str key);

/* The time slice of the row at hand, which is part i of its key. False: unknown. */
bool keys_slice(struct keys *k, int i, int64_t *slice);

/* Makes the slice of this time the one at hand. */
void keys_enter_slice(struct keys *k, int64_t at);
/* Where the slice of this time begins. */
static inline int64_t keys_slice_at(struct keys *k, int64_t at)
{
	if (at < k->slice_from || at >= k->slice_until)
		keys_enter_slice(k, at);
	return k->slice_from;
}

/* What the key of the row at hand is made of: rows with equal words have equal keys, until the next header and
 * as long as slices are not widened. False when only its text will do. returned_ns: when the call of the row
 * returned, NULL when the caller has not found out. */
static inline bool keys_words(struct keys *k, const int64_t *returned_ns, struct keyed_words *words)
{
	uint64_t *word = words->word, lengths = 0;
	if (!k->worded)
		return false;
	for (int i = 0; i < KEYS_WORDED; i++, word += 2) {
		int64_t slice = 0;
		if (k->words_of[i] == KEYS_SLICE) {
			bool known = returned_ns && !k->key[i].direct;
			word[1] = known || keys_slice(k, i, &slice);
			word[0] = (uint64_t)(known ? keys_slice_at(k, *returned_ns) : slice);
			continue;
		}
		struct str field = tsv_at(k->t, k->words_of[i]);
		if (field.n > STR_WORDS)
			return false;
		str_words(field, &word[0], &word[1]);
		lengths = lengths << 8 | field.n;
	}
	*word = lengths;
	return !k->widened;
}

/* What a key that was read before slices were widened is now; valid until the next call, and 16
 * bytes at it are readable. */
struct str keys_widen(void *keys, struct str key);

/* Part i of a key; "" where there is none. Numbers compare as numbers, and come
 * before texts. */
struct str keys_part(struct str key, int i);
int keys_compare_parts(struct str a, struct str b);

/* In a table: the headers, the cells of a key, the cell of its part i. */
void keys_columns(const struct keys *k, struct table *t);
void keys_cells(const struct keys *k, struct str key, struct table *t);
void keys_cell(const struct keys *k, struct str key, int i, struct table *t);

/* What `dir` and `ext` are of a path. */
struct str keys_dir_of(struct str path);
struct str keys_ext_of(struct str path);

void keys_close(struct keys *k);

#endif
