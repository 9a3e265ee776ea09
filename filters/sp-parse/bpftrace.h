/* bpftrace: what the files of the dialect share. Lines come in through bpftrace.c; those of our own
 * recorder (scripts/record.bt) go to bpftrace_record.c, JSON is undone by bpftrace_json.c, maps are told
 * by bpftrace_maps.c. */
#ifndef SP_BPFTRACE_H
#define SP_BPFTRACE_H

#include "raw.h"

/* ---- bpftrace_record.c ---- */

struct recorder;

struct recorder *recorder_open(struct parse *parse);
void recorder_close(struct recorder *rec);
/* The first lines, of which some may be told before the clock. */
void recorder_look(struct recorder *rec, struct str lines);

/* Whether it is the first line of a record, and whether the record goes on in the next line: its text
 * ends with US (0x1f), and may hold newlines. */
bool recorder_begins(struct str line);
bool recorder_goes_on(struct str text);
/* Whether a text, or what is left of one, has its US. */
bool recorder_ends(struct str text);

/* A whole record. NULL, or why it is none. Accounts for one line of a good one. */
const char *recorder_take(struct recorder *rec, struct str text);
/* bpftrace lost n events. */
void recorder_lost(struct recorder *rec, uint64_t n);

/* ---- bpftrace_json.c ---- */

/* One object of -f json: its "type" and its "data", both as they stand there. */
bool bpftrace_json_line(struct str line, struct str *type, struct str *data);
/* Undoes the escapes of a string (with its quotes); appends. False when it is none. */
bool bpftrace_json_string(struct str quoted, struct buf *b);
/* The number behind "key": in data. */
bool bpftrace_json_number(struct str data, const char *key, uint64_t *value);

/* ---- bpftrace_maps.c ---- */

/* [low, high) of a histogram; high is low where the bar is one value or has no end. */
struct map_bar {
	uint64_t low, high, count;
};

/* A line of a map: "@reads[cat, 5]: 12", a bar of a histogram, or part of a key or value of several
 * lines. */
struct map_line {
	enum { MAP_TEXT, MAP_HEAD, MAP_BAR } kind;
	struct str map, key; /* of a head, without @ and [] */
	bool has_number;     /* the value is a number; of stats, the count and the total */
	bool is_stats;
	uint64_t number, total;
	struct map_bar bar;
};

struct maps {
	bool in_key;   /* a stack that is a key: its lines go on to "]: " */
	bool in_value; /* a stack that is a value, or a histogram: lines go on to an empty one */
};

/* False when the line is of no map. */
bool maps_take(struct maps *m, struct str line, struct map_line *l);

/* ---- bpftrace_table.c ---- */

struct tables;

struct tables *tables_open(void);
void tables_take(struct tables *t, const struct map_line *l);
/* Appends the table, header included; false when no map was about system calls. */
bool tables_write(struct tables *t, struct buf *out);
void tables_close(struct tables *t);

/* ---- bpftrace_json_maps.c ---- */

/* The maps in the data of a JSON object; data that cannot be read has none. */
void bpftrace_json_maps(struct tables *t, struct str data);

#endif
