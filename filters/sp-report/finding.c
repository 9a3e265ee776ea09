#include "finding.h"

#include "number.h"

/* The severities of sp-advise, worst first. */
static const struct {
	const char *name;
	enum finding_look look;
} severities[] = {{"critical", FINDING_BAD},
                  {"high", FINDING_BAD},
                  {"medium", FINDING_WARNING},
                  {"low", FINDING_NOTE},
                  {"info", FINDING_NOTE}};
enum { SEVERITIES = sizeof severities / sizeof *severities };

static size_t rank(struct str severity)
{
	size_t i = 0;
	while (i < SEVERITIES && !str_eq(severity, str_of(severities[i].name)))
		i++;
	return i;
}

enum finding_look finding_look(struct str severity)
{
	size_t at = rank(severity);
	return at < SEVERITIES ? severities[at].look : FINDING_NOTE;
}

static struct cell cell_of(const struct folder *f, const struct row *row, const char *name)
{
	return sheet_cell(folder_sheet(f, SHEET_FINDINGS), row, name);
}

size_t finding_each(const struct folder *f,
                    void (*put)(const struct folder *f, const struct row *row))
{
	const struct sheet *s = folder_sheet(f, SHEET_FINDINGS);
	size_t most = sheet_info[SHEET_FINDINGS].shown, shown = 0;
	for (size_t at = 0; at <= SEVERITIES; at++)
		for (size_t i = 0; i < s->rows && shown < most; i++)
			if (rank(cell_of(f, s->row[i], "severity").text) == at) {
				put(f, s->row[i]);
				shown++;
			}
	return s->rows - shown + s->left_out;
}

struct str finding_title(const struct folder *f, const struct row *row)
{
	struct cell title = cell_of(f, row, "title");
	return title.known ? title.text : cell_of(f, row, "rule").text;
}

static void put_calls(struct buf *b, int64_t n)
{
	sheet_show(b, TABLE_COUNT, n);
	buf_add_str(b, n == 1 ? STR(" call") : STR(" calls"));
}

void finding_figures(struct buf *b, const struct folder *f, const struct row *row)
{
	struct cell calls = cell_of(f, row, "calls"), time = cell_of(f, row, "total_ns");
	if (calls.known)
		put_calls(b, calls.n);
	if (calls.known && time.known)
		buf_add_str(b, STR(", "));
	if (time.known)
		sheet_show(b, TABLE_NS, time.n);
}

void finding_savings(struct buf *b, const struct folder *f, const struct row *row)
{
	struct cell time = cell_of(f, row, "saves_ns"), calls = cell_of(f, row, "saves_calls");
	if (time.known)
		sheet_show(b, TABLE_NS, time.n);
	if (time.known && calls.known)
		buf_add_str(b, STR(" and "));
	if (calls.known)
		put_calls(b, calls.n);
}

void finding_places(struct buf *b, const struct folder *f, const struct row *row)
{
	struct str places = cell_of(f, row, "where").text, place;
	bool any = false;
	int64_t ns;
	while (str_cut(&places, ' ', &place)) {
		if (any)
			buf_add_str(b, STR(", "));
		any = true;
		if (number_i64(place, &ns))
			sheet_show(b, TABLE_TIME, ns);
		else
			buf_add_str(b, place);
	}
}

void finding_counts(struct buf *b, const struct folder *f)
{
	const struct sheet *s = folder_sheet(f, SHEET_FINDINGS);
	bool any = false;
	if (!s->rows)
		return;
	sheet_show(b, TABLE_COUNT, (int64_t)(s->rows + s->left_out));
	buf_add_str(b, s->rows + s->left_out == 1 ? STR(" finding: ") : STR(" findings: "));
	for (size_t at = 0; at <= SEVERITIES; at++) {
		int n = 0;
		for (size_t i = 0; i < s->rows; i++)
			n += rank(cell_of(f, s->row[i], "severity").text) == at;
		if (n)
			buf_printf(b, "%s%d %s", any ? ", " : "", n,
			           at < SEVERITIES ? severities[at].name : "other");
		any |= n > 0;
	}
}

bool finding_is_in(const struct folder *other, const struct row *row)
{
	return sheet_find(folder_sheet(other, SHEET_FINDINGS), row) != NULL;
}
