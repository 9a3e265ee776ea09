/* keys: what rows are grouped by: any columns, and what can be derived from them (keys.def). The
 * key of a row is its key columns joined by TABs, which no field can hold. */
#ifndef SP_KEYS_H
#define SP_KEYS_H

#include <emmintrin.h>

#include "arena.h"
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
	bool as_they_stand; /* all are columns of the table at hand, none is derived: */
	const char *const *stands[KEYS_MAX]; /* there */
	bool worded; /* few enough parts for keys_words, */
	int words_of[KEYS_WORDED]; /* which are these columns, or KEYS_SLICE, */
	const char *const *place[KEYS_WORDED]; /* and where they are; NULL: a slice */
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
		struct str field = tsv_between(k->stands[i]);
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

/* The slice of the row at hand. returned_ns: when the call of the row returned, NULL when the caller has not found
 * out. False: unknown. */
static inline bool keys_slice_of(struct keys *k, int i, const int64_t *returned_ns, int64_t *slice)
{
	if (!returned_ns || k->key[i].direct)
		return keys_slice(k, i, slice);
	*slice = keys_slice_at(k, *returned_ns);
	return true;
}

/* What the key of the row at hand is made of: 16 bytes a part, zeros behind it; and how long they are, beside the
 * slice of somebody who needs one more. */
enum { KEYS_LENGTHS = KEYS_WORDED, KEYS_VECTORS };
struct keys_words {
	__m128i part[KEYS_VECTORS];
};

extern const unsigned char keys_first[2 * STR_WORDS]; /* [STR_WORDS - n] keeps the first n bytes */
static inline __m128i keys_load(const void *p)
{
	return _mm_loadu_si128(p);
}

static inline void keys_words_end(struct keys_words *words, uint64_t lengths, int64_t slice)
{
	words->part[KEYS_LENGTHS] = _mm_set_epi64x(slice, (long long)lengths);
}

/* All but keys_words_end, for which are the lengths. Rows with equal words have equal keys, until the next header and
 * as long as slices are not widened. False when only the key's text will do. returned_ns is as above. */
static inline bool keys_words(struct keys *k, const int64_t *returned_ns, struct keys_words *words, uint64_t *lengths)
{
	*lengths = 0;
	if (!k->worded)
		return false;
	for (int i = 0; i < KEYS_WORDED; i++) {
		const char *const *place = k->place[i];
		if (!place) {
			int64_t slice = 0;
			bool known = keys_slice_of(k, i, returned_ns, &slice);
			words->part[i] = _mm_set_epi64x(slice, known);
			continue;
		}
		size_t n = (size_t)(place[1] - place[0]) - 1;
		if (n > STR_WORDS)
			return false;
		words->part[i] = _mm_and_si128(keys_load(place[0]), keys_load(keys_first + STR_WORDS - n));
		*lengths = *lengths << 8 | n;
	}
	return true;
}

static inline bool keys_words_equal(const struct keys_words *a, const struct keys_words *b)
{
	__m128i other = _mm_setzero_si128();
	for (int i = 0; i < KEYS_VECTORS; i++)
		other = _mm_or_si128(other, _mm_xor_si128(a->part[i], b->part[i]));
	return _mm_movemask_epi8(_mm_cmpeq_epi8(other, _mm_setzero_si128())) == 0xffff;
}

/* A row and the ones behind it that have the same key, as those of one thread have: that they do is seen without putting
 * their words together. A zeroed one is of none. */
struct keys_run {
	size_t n[KEYS_WORDED]; /* bytes of each part */
	__m128i part[KEYS_WORDED], mask[KEYS_WORDED];
};

/* Begins with the row at hand, whose words these are; none of them is a slice. */
static inline void keys_run_begin(struct keys_run *r, const struct keys *k, const struct keys_words *words)
{
	for (int i = 0; i < KEYS_WORDED; i++) {
		r->n[i] = tsv_between(k->place[i]).n;
		r->part[i] = words->part[i];
		r->mask[i] = keys_load(keys_first + STR_WORDS - r->n[i]);
	}
}

static inline bool keys_run_goes_on(const struct keys_run *r, const struct keys *k)
{
	__m128i other = _mm_setzero_si128();
	for (int i = 0; i < KEYS_WORDED; i++) {
		struct str part = tsv_between(k->place[i]);
		if (part.n != r->n[i])
			return false;
		__m128i bytes = _mm_and_si128(keys_load(part.p), r->mask[i]);
		other = _mm_or_si128(other, _mm_xor_si128(bytes, r->part[i]));
	}
	return _mm_movemask_epi8(_mm_cmpeq_epi8(other, _mm_setzero_si128())) == 0xffff;
}

/* So many well-mixed bits. */
static inline size_t keys_words_hash(const struct keys_words *words, unsigned bits)
{
	__m128i folded = words->part[0];
	for (int i = 1; i < KEYS_VECTORS; i++)
		folded = _mm_xor_si128(folded, _mm_slli_epi64(words->part[i], 13 * i));
	uint64_t head = (uint64_t)_mm_cvtsi128_si64(folded);
	uint64_t tail = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(folded, folded));
	return (size_t)((head ^ (tail << 29 | tail >> 35)) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits));
}

/* Whether the words of `lead` tell the key, too, but for a slice, which is part *slice of it (-1: it has none). */
bool keys_follow(const struct keys *k, const struct keys *lead, int *slice);

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
