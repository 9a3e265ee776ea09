/* Maps in the output of bpftrace -f json: what bpftrace_maps.c gives line by line, from one object.
 *
 *     {"type": "map", "data": {"@errors": {"statfs,2": 2}}}          key parts joined by commas
 *     {"type": "stats", "data": {"@calls": {"read": {"count": 1, "average": 4, "total": 4}}}}
 *     {"type": "hist", "data": {"@ns": {"read": [{"min": 4, "max": 7, "count": 2}]}}}
 *
 * A map without keys has its value in the place of the keys. */
#include <jansson.h>

#include "bpftrace.h"

static bool natural(const json_t *value, uint64_t *number)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*number = (uint64_t)json_integer_value(value);
	return true;
}

static void take_bars(struct tables *t, const json_t *bars)
{
	for (size_t i = 0; i < json_array_size(bars); i++) {
		const json_t *object = json_array_get(bars, i);
		struct map_line l = {.kind = MAP_BAR};
		uint64_t last;
		if (!natural(json_object_get(object, "min"), &l.bar.low) ||
		    !natural(json_object_get(object, "count"), &l.bar.count))
			continue;
		l.bar.high = l.bar.low;
		if (natural(json_object_get(object, "max"), &last) && last > l.bar.low)
			l.bar.high = last + 1;
		tables_take(t, &l);
	}
}

static void take_value(struct tables *t, const char *map, const char *key, const json_t *value)
{
	const json_t *count = json_object_get(value, "count");
	struct map_line l = {.kind = MAP_HEAD, .map = str_of(map), .key = str_of(key)};
	l.is_stats = count != NULL;
	l.has_number = natural(count ? count : value, &l.number);
	if (count)
		l.has_number &= natural(json_object_get(value, "total"), &l.total);
	tables_take(t, &l);
	if (json_is_array(value))
		take_bars(t, value);
}

void bpftrace_json_maps(struct tables *t, struct str data)
{
	json_t *maps = json_loadb(data.p, data.n, 0, NULL), *keys, *value;
	const char *map, *key;
	json_object_foreach(maps, map, keys) {
		if (map[0] != '@')
			continue;
		if (!json_is_object(keys) || json_object_get(keys, "average")) {
			take_value(t, map + 1, "", keys);
			continue;
		}
		json_object_foreach(keys, key, value) {
			take_value(t, map + 1, key, value);
		}
	}
	json_decref(maps);
}
