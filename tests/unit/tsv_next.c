/* Rows of random tables, by each way of reading them, against a split byte by byte. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output.h"
#include "tsv_private.h"
#include "unit.h"

enum { COLUMNS = 30, ROWS = 3000 };

static uint64_t state;

static size_t random_below(size_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (size_t)((state * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % n;
}

struct sample {
	struct buf text;
	struct {
		size_t at[COLUMNS + 1]; /* of each column, and behind the last one */
	} row[ROWS];
	size_t columns, rows;
	size_t fields[ROWS]; /* of each row: fewer than the table has columns, or more */
};

static void add_field(struct buf *b)
{
	static const size_t longest[] = {1, 3, 10, 70, 300, 40000};
	size_t n = random_below(longest[random_below(random_below(20) ? 4 : 6)]);
	for (; n > 0; n--)
		buf_add_char(b, "0123456789-./x\0\"\xff"[random_below(17)]);
}

static struct sample *make_sample(uint64_t seed)
{
	struct sample *s = xcalloc(1, sizeof *s);
	state = seed;
	s->columns = 1 + random_below(COLUMNS);
	s->rows = random_below(random_below(4) ? 300 : ROWS);
	bool is_even = random_below(3) == 0; /* as rows are where nothing went wrong */
	for (size_t c = 0; c < s->columns; c++)
		buf_printf(&s->text, "%sc%c%c", c ? "\t" : "", (char)('a' + c / 26),
		           (char)('a' + c % 26));
	buf_add_char(&s->text, '\n');
	for (size_t r = 0; r < s->rows; r++) {
		size_t columns = is_even || random_below(50) ? s->columns : 1 + random_below(s->columns + 3);
		s->fields[r] = columns;
		for (size_t c = 0; c < columns; c++) {
			if (c)
				buf_add_char(&s->text, '\t');
			if (c <= s->columns)
				s->row[r].at[c] = s->text.n;
			add_field(&s->text);
		}
		if (columns <= s->columns)
			s->row[r].at[columns] = s->text.n + 1;
		if (r + 1 < s->rows || random_below(2) || s->text.p[s->text.n - 1] == '\n')
			buf_add_char(&s->text, '\n');
	}
	return s;
}

/* A row needs all columns up to the last wanted one, and a TAB behind that unless it is the table's
 * last: without, it was cut. */
static bool is_row(const struct sample *s, size_t r, size_t last)
{
	return s->fields[r] > last + 1 || (s->fields[r] == s->columns && last + 1 == s->columns);
}

static void check(const struct sample *s, const char *path, enum tsv_what (*next)(struct tsv *),
                  bool by_place)
{
	char *paths[] = {(char *)path, NULL}, name[8];
	struct tsv *t = tsv_open(paths);
	size_t column[8], n = 1 + random_below(8), r = 0;
	int wanted[8], unknown = tsv_want(t, "unknown");
	if (next)
		t->next = next;
	if (by_place)
		tsv_by_place(t);
	size_t last = 0;
	for (size_t i = 0; i < n; i++) {
		column[i] = random_below(s->columns);
		last = column[i] > last ? column[i] : last;
		snprintf(name, sizeof name, "c%c%c", (char)('a' + column[i] / 26),
		         (char)('a' + column[i] % 26));
		wanted[i] = tsv_want(t, name);
	}
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	for (enum tsv_what what; (what = tsv_next(t)) != TSV_END; r++) {
		ck_assert_int_eq(what, TSV_ROW);
		while (r < s->rows && !is_row(s, r, last))
			r++;
		ck_assert_uint_eq(t->in->line, r + 2);
		ck_assert_uint_eq(tsv_at(t, unknown).n, 0);
		for (size_t i = 0; i < n; i++) {
			const size_t *at = &s->row[r].at[column[i]];
			struct str expected = {s->text.p + at[0], at[1] - at[0] - 1};
			ck_assert(str_eq(tsv_at(t, wanted[i]), expected));
			if (!by_place)
				ck_assert(str_eq(t->field[wanted[i]], expected));
		}
	}
	while (r < s->rows && !is_row(s, r, last))
		r++;
	ck_assert_uint_eq(r, s->rows);
	tsv_close(t);
}

/* The first line of the rest, whose columns the readers of a ring are told. */
static size_t write_told(struct output *out, const char *line, size_t left)
{
	const char *newline = memchr(line, '\n', left);
	size_t n = newline ? (size_t)(newline - line) + 1 : left, columns = 1;
	for (size_t i = 0; i < n; i++)
		columns += line[i] == '\t';
	char *p = output_reserve(out, n);
	memcpy(p, line, n);
	uint16_t *end = newline ? output_ends(out, columns, n) : NULL;
	for (size_t i = 0, column = 0; end && i < n; i++)
		if (line[i] == '\t' || line[i] == '\n')
			end[column++] = (uint16_t)(i + 1);
	if (end)
		ring_told(out->rows, columns, n);
	output_commit(out, p + n);
	return n;
}

/* Rows that come through a ring, written in pieces, or with their columns told. */
static void check_ring(const struct sample *s, const char *path)
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	pid_t writer = fork();
	if (writer == 0) {
		close(ends[0]);
		struct output out = {.fd = ends[1], .name = "the ring"};
		output_through_ring(&out, path, RING_FOR_NEXT);
		bool is_ring = out.ring != NULL, tells = random_below(2);
		for (size_t at = 0, n; at < s->text.n; at += n) {
			size_t most = random_below(3) ? 300 : 100000;
			if (tells) {
				n = write_told(&out, s->text.p + at, s->text.n - at);
				continue;
			}
			n = 1 + random_below(most);
			n = n < s->text.n - at ? n : s->text.n - at;
			output_str(&out, (struct str){s->text.p + at, n});
			if (random_below(200) == 0)
				output_flush(&out);
		}
		output_close(&out);
		_exit(is_ring ? 0 : 1);
	}
	close(ends[1]);
	ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	input_through_ring(path);
	check(s, "-", NULL, random_below(2));
	int status;
	waitpid(writer, &status, 0);
	ck_assert_int_eq(status, 0);
}

START_TEST(the_same_as_byte_by_byte)
{
	freopen("/dev/null", "w", stderr);
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct sample *s = make_sample(seed);
		char path[] = "/tmp/sp-unit-tsv-next-XXXXXX";
		int fd = mkstemp(path);
		ck_assert_int_eq(write(fd, s->text.p, s->text.n), (ssize_t)s->text.n);
		close(fd);
		check(s, path, NULL, false);
		check(s, path, NULL, true);
		check(s, path, tsv_next_any, false);
		check(s, path, tsv_next_any, true);
		check_ring(s, path);
		unlink(path);
		buf_free(&s->text);
		free(s);
	}
}
END_TEST

UNIT_MAIN("tsv_next", the_same_as_byte_by_byte)
