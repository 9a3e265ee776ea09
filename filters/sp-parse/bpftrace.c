/* The dialect of bpftrace: the records of scripts/record.bt, as text or as JSON; maps; messages. */
#include "bpftrace.h"

#include <stdlib.h>

#include "number.h"

enum { RECORD_BYTES = 4096 }; /* printf of bpftrace is shorter */

struct bpftrace {
	struct parse *parse;
	struct recorder *recorder;
	struct maps maps;
	struct tables *tables;
	unsigned quoted; /* lines of a script that an error message shows */
	/* A record that goes on in the next line. */
	struct buf open;
	unsigned open_lines;
	struct place open_at;
	struct buf data; /* scratch */
};

static struct accounts *accounts(struct bpftrace *b)
{
	return &b->parse->accounts;
}

/* ---- records ---- */

static void drop_open(struct bpftrace *b, const char *why)
{
	struct str rest = buf_str(&b->open), line;
	for (; b->open_lines && str_cut(&rest, '\n', &line); b->open_lines--, b->open_at.line++)
		accounts_reject(accounts(b), b->open_at, why, line);
	b->open_lines = 0;
	b->open.n = 0;
}

static void take_whole(struct bpftrace *b, struct str text, unsigned lines)
{
	const char *why = recorder_take(b->recorder, text);
	if (why) {
		drop_open(b, why);
		if (lines == 1)
			accounts_reject(accounts(b), input_place(b->parse->in), why, text);
		return;
	}
	for (unsigned i = 1; i < lines; i++)
		accounts_part(accounts(b));
}

static void go_on(struct bpftrace *b, struct str line)
{
	buf_add_char(&b->open, '\n');
	buf_add_str(&b->open, line);
	b->open_lines++;
	if (recorder_goes_on(buf_str(&b->open))) {
		if (b->open.n > RECORD_BYTES)
			drop_open(b, "record without an end");
		return;
	}
	take_whole(b, buf_str(&b->open), b->open_lines);
	b->open_lines = 0;
	b->open.n = 0;
}

static bool take_record(struct bpftrace *b, struct str line)
{
	if (!recorder_begins(line))
		return false;
	if (!recorder_goes_on(line)) {
		take_whole(b, line, 1);
		return true;
	}
	buf_add_str(&b->open, line);
	b->open_lines = 1;
	b->open_at = input_place(b->parse->in);
	return true;
}

/* ---- messages ---- */

static bool take_loss(struct bpftrace *b, struct str line)
{
	uint64_t n;
	if (!str_starts(line, STR("Lost ")))
		return false;
	struct str rest = str_drop(line, 5);
	if (!number_take_u64(&rest, &n) || !str_eq(rest, STR(" events")))
		return false;
	recorder_lost(b->recorder, n);
	accounts_skip(accounts(b), SKIP_MESSAGE);
	return true;
}

/* "Attaching 3 probes...", "Attached 3 probes" */
static bool is_attaching(struct str line)
{
	bool attaching = str_starts(line, STR("Attaching ")), attached = str_starts(line, STR("Attached "));
	uint64_t n;
	struct str rest = str_drop(line, attaching ? 10 : 9);
	return (attaching || attached) && number_take_u64(&rest, &n) &&
	       str_starts(rest, STR(" probe"));
}

static bool take_message(struct bpftrace *b, struct str line)
{
	static const struct str levels[] = {{"ERROR: ", 7}, {"WARNING: ", 9}, {"HINT: ", 6}};
	bool message = is_attaching(line) || b->quoted;
	b->quoted -= b->quoted > 0;
	for (size_t i = 0; i < 3 && !message; i++) {
		const char *at = str_find(line, levels[i]);
		/* "stdin:1:22-26: ERROR: Type mismatch", the line, and a row of ~ */
		bool placed = at && at > line.p + 2 && at[-2] == ':';
		message = at == line.p || placed;
		b->quoted = placed ? 2 : 0;
	}
	if (message)
		accounts_skip(accounts(b), SKIP_MESSAGE);
	return message;
}

/* time("%H:%M:%S ") in front of something else */
static struct str without_time(struct str line)
{
	static const char pattern[] = "00:00:00 ";
	if (line.n < 9)
		return line;
	for (size_t i = 0; i < 9; i++)
		if (pattern[i] == '0' ? !number_is_digit(line.p[i]) : line.p[i] != pattern[i])
			return line;
	return str_drop(line, 9);
}

static void take_text(struct bpftrace *b, struct str line)
{
	struct str text = without_time(line);
	struct map_line l;
	if (str_trim(text).n == 0) {
		b->maps = (struct maps){0};
		accounts_skip(accounts(b), SKIP_BLANK);
	} else if (maps_take(&b->maps, text, &l)) {
		tables_take(b->tables, &l);
		accounts_skip(accounts(b), SKIP_SUMMARY);
	} else if (!take_loss(b, text) && !take_message(b, text)) {
		accounts_reject(accounts(b), input_place(b->parse->in),
				"text of a script that is not known", line);
	}
}

/* ---- JSON ---- */

static void take_json(struct bpftrace *b, struct str line, struct str type, struct str data)
{
	static const struct str summaries[] = {{"map", 3}, {"hist", 4}, {"stats", 5}};
	uint64_t n;
	for (size_t i = 0; i < 3; i++) {
		if (str_eq(type, summaries[i])) {
			bpftrace_json_maps(b->tables, data);
			accounts_skip(accounts(b), SKIP_SUMMARY);
			return;
		}
	}
	if (str_eq(type, STR("lost_events"))) {
		recorder_lost(b->recorder, bpftrace_json_number(data, "\"events\"", &n) ? n : 0);
		accounts_skip(accounts(b), SKIP_MESSAGE);
		return;
	}
	if (!str_eq(type, STR("printf"))) { /* attached_probes, time */
		accounts_skip(accounts(b), SKIP_MESSAGE);
		return;
	}
	b->data.n = 0;
	if (!bpftrace_json_string(data, &b->data)) {
		accounts_reject(accounts(b), input_place(b->parse->in), "damaged JSON", line);
		return;
	}
	if (b->data.n && b->data.p[b->data.n - 1] == '\n')
		b->data.n--;
	struct str text = buf_str(&b->data);
	const char *why = "text of a script that is not known";
	if (!recorder_begins(text) || recorder_goes_on(text) || (why = recorder_take(b->recorder, text)))
		accounts_reject(accounts(b), input_place(b->parse->in), why, line);
}

/* ---- lines ---- */

/* In a name that goes on in the next line, a carriage return is the name's. */
static struct str without_return(const struct bpftrace *b, struct str line)
{
	if (line.n == 0 || line.p[line.n - 1] != '\r')
		return line;
	struct str bare = {line.p, line.n - 1};
	bool in_name = recorder_begins(bare) ? recorder_goes_on(bare)
					     : b->open_lines && !recorder_ends(bare);
	return in_name ? line : bare;
}

static void bpftrace_line(void *state, struct str line)
{
	struct bpftrace *b = state;
	struct str type, data;
	line = without_return(b, line);
	if (b->open_lines) {
		if (!recorder_begins(line)) {
			go_on(b, line);
			return;
		}
		drop_open(b, "record without an end");
	}
	if (take_record(b, line))
		return;
	if (bpftrace_json_line(line, &type, &data))
		take_json(b, line, type, data);
	else
		take_text(b, line);
}

/* ---- a file ---- */

static bool bpftrace_recognise(struct str lines)
{
	struct str line, type, data;
	bool errors = false;
	for (unsigned n = 0; str_cut(&lines, '\n', &line); n++) {
		struct maps maps = {0};
		struct map_line l;
		if (recorder_begins(line) || is_attaching(line) || maps_take(&maps, line, &l) ||
		    bpftrace_json_line(line, &type, &data))
			return true;
		/* its own errors may come before */
		bool error = str_starts(line, STR("ERROR: ")) && str_find(line, STR("bpftrace"));
		/* or the rest of a line whose beginning is cut off, in front of a record */
		bool rest = n == 0 && recorder_begins(lines);
		if (str_trim(line).n && !error && !rest && !str_starts(line, STR("WARNING: ")))
			break;
		errors |= error;
	}
	return errors;
}

static void *bpftrace_open(struct parse *parse)
{
	struct bpftrace *b = xcalloc(1, sizeof *b);
	b->parse = parse;
	b->recorder = recorder_open(parse);
	b->tables = tables_open();
	recorder_look(b->recorder, parse->first);
	return b;
}

static void bpftrace_close(void *state)
{
	struct bpftrace *b = state;
	drop_open(b, "record without an end");
	recorder_close(b->recorder);
	b->data.n = 0;
	if (tables_write(b->tables, &b->data))
		parse_table(b->parse, buf_str(&b->data));
	tables_close(b->tables);
	buf_free(&b->open);
	buf_free(&b->data);
	free(b);
}

const struct dialect dialect_bpftrace = {
    .recognise = bpftrace_recognise,
    .open = bpftrace_open,
    .line = bpftrace_line,
    .close = bpftrace_close,
};
