/* The documents of renacer: JSON, one document whose calls are taken out one by one, so that memory does
 * not grow with it, and CSV (RFC 4180). */
#include <jansson.h>
#include <stdlib.h>

#include "number.h"
#include "renacer.h"

struct renacer_data {
	bool json;
	bool in_record;	       /* between lines: an object or row is open */
	unsigned record_lines; /* of the open record, the line at hand not counted */
	struct place at;       /* where it began */
	struct buf record;
	bool gave; /* an event ended in the line at hand */

	/* JSON */
	int depth;
	bool quoted, escaped;
	bool in_calls;	       /* behind "syscalls": [ */
	struct buf key;	       /* the last string at the top level */

	/* CSV */
	bool has_header, counts, has_dur, has_source;
};

static void emit(struct renacer *r, const struct renacer_call *call)
{
	struct event e;
	renacer_event(r, call, EVENT_CALL, &e);
	r->parse->accounts.unfinished += e.kind == EVENT_UNFINISHED;
	parse_event(r->parse, &e);
	r->data->gave = true;
}

/* The lines of the open record but the last one are parts of its event, or rejects. */
static void close_record(struct renacer *r, const char *why_not)
{
	struct renacer_data *d = r->data;
	struct accounts *a = &r->parse->accounts;
	if (!why_not)
		a->parts += d->record_lines;
	struct str rest = buf_str(&d->record), line;
	for (; why_not && d->record_lines; d->record_lines--, d->at.line++) {
		str_cut(&rest, '\n', &line);
		accounts_reject(a, d->at, why_not, line);
	}
	d->record_lines = 0;
	d->in_record = false;
	d->record.n = 0;
}

static void open_record(struct renacer *r)
{
	r->data->in_record = true;
	r->data->record_lines = 0;
	r->data->at = input_place(r->parse->in);
	r->data->record.n = 0;
}

/* ---- JSON ---- */

static struct str json_text(const json_t *value)
{
	if (!json_is_string(value))
		return (struct str){0};
	return (struct str){json_string_value(value), json_string_length(value)};
}

/* Makes "(a, b, c)" in b; commas are written as between renacer's own arguments. */
static struct str json_args(struct buf *b, const json_t *args)
{
	size_t i;
	const json_t *arg;
	b->n = 0;
	buf_add_char(b, '(');
	json_array_foreach(args, i, arg)
	{
		if (i)
			buf_add(b, ", ", 2);
		buf_add_str(b, json_text(arg));
	}
	buf_add_char(b, ')');
	buf_reserve(b, INPUT_SLACK);
	return buf_str(b);
}

static bool json_call(struct renacer *r, const json_t *object)
{
	struct buf name = {0}, args = {0}, file = {0};
	const json_t *result = json_object_get(object, "result");
	const json_t *dur_us = json_object_get(object, "duration_us");
	const json_t *source = json_object_get(object, "source");
	buf_add_str(&name, json_text(json_object_get(object, "name")));
	buf_reserve(&name, INPUT_SLACK);
	struct renacer_call call = {.name = buf_str(&name)};
	bool good = renacer_is_call(call.name) && json_is_integer(result);
	if (good) {
		call.args = json_args(&args, json_object_get(object, "args"));
		call.raw = renacer_is_raw(call.args);
		call.has_ret = true;
		call.ret = json_integer_value(result);
		call.has_dur = json_is_integer(dur_us) && json_integer_value(dur_us) >= 0 &&
			       json_integer_value(dur_us) <= INT64_MAX / 1000;
		call.dur_ns = call.has_dur ? json_integer_value(dur_us) * 1000 : 0;
		call.function = json_text(json_object_get(source, "function"));
		buf_add_str(&file, json_text(json_object_get(source, "file")));
		if (file.n && json_is_integer(json_object_get(source, "line")))
			buf_printf(&file, ":%lld",
				   (long long)json_integer_value(json_object_get(source, "line")));
		call.file = buf_str(&file);
		emit(r, &call);
	}
	buf_free(&name);
	buf_free(&args);
	buf_free(&file);
	return good;
}

static bool json_record(struct renacer *r)
{
	json_t *object = json_loadb(r->data->record.p, r->data->record.n, JSON_ALLOW_NUL, NULL);
	bool good = object && json_call(r, object);
	json_decref(object);
	return good;
}

/* One byte outside of strings. False when a record ended here and is none. */
static bool json_byte(struct renacer *r, char c)
{
	enum { TOP = 1, IN_ARRAY = 2, IN_OBJECT = 3 };
	struct renacer_data *d = r->data;
	switch (c) {
	case '"':
		d->quoted = true;
		if (d->depth == TOP)
			d->key.n = 0;
		break;
	case '{':
	case '[':
		if (d->depth == TOP)
			d->in_calls = c == '[' && str_eq(buf_str(&d->key), STR("syscalls"));
		if (d->depth == IN_ARRAY && d->in_calls && c == '{')
			open_record(r);
		d->depth++;
		break;
	case '}':
	case ']':
		d->depth -= d->depth > 0;
		if (d->in_record && d->depth == IN_ARRAY) {
			buf_add_char(&d->record, c);
			bool good = json_record(r);
			close_record(r, good ? NULL : "not a call of renacer's JSON");
			return good;
		}
		break;
	}
	return true;
}

enum { MOST_RECORD = 1 << 20 }; /* bytes of an object or row; what is longer is rejected */

static bool json_line(struct renacer *r, struct str line)
{
	struct renacer_data *d = r->data;
	bool good = true;
	for (const char *p = line.p; p < line.p + line.n; p++) {
		bool inside = d->quoted;
		if (!d->quoted) {
			good &= json_byte(r, *p);
		} else if (d->escaped) {
			d->escaped = false;
		} else if (*p == '\\') {
			d->escaped = true;
		} else if (*p == '"') {
			d->quoted = false;
		}
		if (inside && d->quoted && d->depth == 1 && d->key.n < 64)
			buf_add_char(&d->key, *p);
		if (d->in_record)
			buf_add_char(&d->record, *p);
	}
	if (!d->in_record)
		return good;
	buf_add_char(&d->record, '\n');
	if (d->record.n > MOST_RECORD) {
		close_record(r, "a call of more than 1 MiB");
		return false;
	}
	return good;
}

/* ---- CSV ---- */

/* The field at the front of *rest, without its quotes, at the end of b. */
static struct str csv_field(struct buf *b, struct str *rest)
{
	size_t from = b->n, i = 0;
	bool quoted = rest->n && rest->p[0] == '"';
	for (i = quoted; i < rest->n; i++) {
		if (quoted && rest->p[i] == '"') {
			if (i + 1 < rest->n && rest->p[i + 1] == '"')
				i++;
			else
				quoted = false;
			if (!quoted)
				continue;
		} else if (!quoted && rest->p[i] == ',') {
			break;
		}
		buf_add_char(b, rest->p[i]);
	}
	*rest = str_drop(*rest, i + 1);
	return (struct str){b->p + from, b->n - from};
}

/* A row is whole when its quotes are closed. */
static bool csv_is_whole(struct str row)
{
	size_t quotes = 0;
	for (size_t i = 0; i < row.n; i++)
		quotes += row.p[i] == '"';
	return quotes % 2 == 0;
}

static bool csv_header(struct renacer_data *d, struct str line)
{
	d->has_header = true;
	d->counts = str_starts(line, STR("syscall,calls,errors"));
	d->has_dur = str_find(line, STR(",duration")) != NULL;
	d->has_source = str_find(line, STR(",source_location")) != NULL;
	return d->counts || str_starts(line, STR("syscall,arguments,result"));
}

static bool csv_duration(struct str text, struct renacer_call *call)
{
	if (text.n == 0)
		return true;
	call->has_dur = number_duration(text, &call->dur_ns);
	return call->has_dur;
}

static bool csv_row(struct renacer *r)
{
	struct renacer_data *d = r->data;
	struct str rest = buf_str(&d->record);
	struct buf b = {0};
	/* The fields are never longer than the row: nothing moves. */
	buf_reserve(&b, rest.n + 8 * INPUT_SLACK);
	struct renacer_call call = {.name = csv_field(&b, &rest)};
	b.n += INPUT_SLACK;
	buf_add_char(&b, '(');
	call.args = csv_field(&b, &rest);
	buf_add_char(&b, ')');
	call.args = (struct str){call.args.p - 1, call.args.n + 2};
	call.raw = renacer_is_raw(call.args);
	b.n += INPUT_SLACK;
	struct str result = csv_field(&b, &rest);
	struct str dur = d->has_dur ? csv_field(&b, &rest) : (struct str){0};
	call.file = d->has_source ? csv_field(&b, &rest) : (struct str){0};
	/* src/config.rs:127 load_config */
	const char *blank = str_chr(call.file, ' ');
	if (blank) {
		call.function = str_between(blank + 1, call.file.p + call.file.n);
		call.file = str_between(call.file.p, blank);
	}
	bool good = renacer_is_call(call.name) && renacer_value(result, &call) &&
		    csv_duration(dur, &call);
	if (good)
		emit(r, &call);
	buf_free(&b);
	return good;
}

static bool csv_line(struct renacer *r, struct str line)
{
	struct renacer_data *d = r->data;
	if (!d->in_record)
		open_record(r);
	else
		buf_add_char(&d->record, '\n');
	buf_add_str(&d->record, line);
	if (!csv_is_whole(buf_str(&d->record)) && d->record.n <= MOST_RECORD)
		return true;
	bool good = csv_row(r);
	close_record(r, good ? NULL : "not a call of renacer's CSV");
	return good;
}

/* ---- both ---- */

struct renacer_data *renacer_data_open(struct str lines)
{
	struct str start = str_trim(lines);
	if (start.n > 4096)
		start.n = 4096;
	bool csv = str_starts(start, STR("syscall,arguments,result")) ||
		   str_starts(start, STR("syscall,calls,errors"));
	bool json = start.n && start.p[0] == '{' && str_find(start, STR("\"renacer-json-v"));
	if (!csv && !json)
		return NULL;
	struct renacer_data *d = xcalloc(1, sizeof *d);
	d->json = json;
	return d;
}

void renacer_data_line(struct renacer *r, struct str line)
{
	struct renacer_data *d = r->data;
	struct accounts *a = &r->parse->accounts;
	d->gave = false;
	if (str_trim(line).n == 0 && !d->in_record) {
		accounts_skip(a, SKIP_BLANK);
		return;
	}
	if (!d->json && !d->has_header) {
		csv_header(d, line);
		accounts_skip(a, SKIP_HEADER);
		return;
	}
	if (d->counts) {
		accounts_skip(a, SKIP_SUMMARY);
		return;
	}
	bool good = d->json ? json_line(r, line) : csv_line(r, line);
	if (!good && !d->gave)
		accounts_reject(a, input_place(r->parse->in), "not a call of renacer", line);
	else if (d->gave)
		accounts_end(a);
	else if (d->in_record)
		d->record_lines++;
	else
		accounts_skip(a, d->json && !d->in_calls ? SKIP_SUMMARY : SKIP_HEADER);
}

void renacer_data_close(struct renacer *r)
{
	close_record(r, "a record that does not end");
	renacer_data_free(r->data);
	r->data = NULL;
}

void renacer_data_free(struct renacer_data *d)
{
	buf_free(&d->record);
	buf_free(&d->key);
	free(d);
}
