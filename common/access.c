#include "access.h"

const struct str access_class_name[ACCESS_CLASSES] = {
#define ACCESS(id, name) [ACCESS_##id] = {name "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", sizeof name - 1},
#include "access.def"
#undef ACCESS
};

/* Unknown positions count from here: far from every real one, so that calls at unknown positions
 * can be compared with each other and never match one that is known. */
static const int64_t unknown_base = INT64_C(1) << 62;

/* No call moves more: MAX_RW_COUNT is INT_MAX rounded down to a page (include/linux/fs.h). */
static const uint64_t most_bytes = UINT64_C(1) << 31;

static bool is_known(int64_t position)
{
	return position < unknown_base;
}

void access_begin(struct access *a, bool fresh)
{
	*a = (struct access){.position = fresh ? 0 : unknown_base};
}

/* The stream that ended at start, rather one of the same kind; ACCESS_STREAMS: none did. */
static unsigned stream_ending_at(const struct access *a, enum access_op op, int64_t start)
{
	unsigned found = ACCESS_STREAMS;
	for (unsigned i = 0; i < a->streams; i++) {
		if (a->stream[i].end != start)
			continue;
		if (a->stream[i].op == op)
			return i;
		if (found == ACCESS_STREAMS)
			found = i;
	}
	return found;
}

/* Makes stream i the first, or a new one in place of the oldest. */
static struct access_stream *to_front(struct access *a, unsigned i)
{
	struct access_stream front = {0};
	if (i < ACCESS_STREAMS)
		front = a->stream[i];
	else if (a->streams < ACCESS_STREAMS)
		i = a->streams++;
	else
		i = ACCESS_STREAMS - 1;
	for (; i > 0; i--)
		a->stream[i] = a->stream[i - 1];
	a->stream[0] = front;
	return &a->stream[0];
}

/* Whether it is as far from the last start as that was from the one before. */
static bool keeps_stride(struct access *a, enum access_op op, int64_t start)
{
	bool comparable = a->started[op] && is_known(start) == is_known(a->start[op]);
	int64_t gap = comparable ? start - a->start[op] : 0;
	bool kept = comparable && a->spaced[op] && gap == a->gap[op] && gap != 0;
	a->spaced[op] = comparable;
	a->gap[op] = gap;
	a->started[op] = true;
	a->start[op] = start;
	return kept;
}

/* An end is all that is known of a start at the end of the file. */
static struct access_result append(struct access *a, uint64_t bytes, bool moves)
{
	unsigned i = 0;
	while (i < a->streams && (a->stream[i].op != ACCESS_WRITE || is_known(a->stream[i].end)))
		i++;
	struct access_stream *stream = to_front(a, i < a->streams ? i : ACCESS_STREAMS);
	if (stream->end == 0) /* a new one */
		stream->end = unknown_base;
	stream->end += (int64_t)bytes;
	stream->op = ACCESS_WRITE;
	if (moves)
		a->position = stream->end;
	a->started[ACCESS_WRITE] = a->spaced[ACCESS_WRITE] = false;
	return (struct access_result){ACCESS_SEQUENTIAL, ACCESS_UNKNOWN, stream};
}

struct access_result access_data(struct access *a, enum access_op op, int64_t offset,
                                 uint64_t bytes)
{
	bool none = bytes == 0 || bytes > most_bytes;
	if (none || (offset >= 0 && !is_known(offset)))
		return (struct access_result){ACCESS_NONE, ACCESS_UNKNOWN, NULL};
	if (offset == ACCESS_APPEND || offset == ACCESS_PAPPEND)
		return append(a, bytes, offset == ACCESS_APPEND);
	int64_t start = offset >= 0 ? offset : a->position;
	unsigned from = stream_ending_at(a, op, start);
	bool any = a->streams > 0, strided = keeps_stride(a, op, start);
	bool comparable = false;
	for (unsigned i = 0; i < a->streams; i++)
		comparable |= is_known(a->stream[i].end) == is_known(start);

	struct access_result result = {ACCESS_RANDOM, is_known(start) ? start : ACCESS_UNKNOWN,
	                               NULL};
	if (from < ACCESS_STREAMS || (start == 0 && (!any || op == ACCESS_READ)))
		result.class = ACCESS_SEQUENTIAL;
	else if (strided)
		result.class = ACCESS_STRIDED;
	else if (!comparable)
		result.class = ACCESS_FIRST;
	result.stream = to_front(a, from);
	result.stream->op = (uint8_t)op;
	result.stream->end = start + (int64_t)bytes;
	if (offset < 0)
		a->position = result.stream->end;
	return result;
}

enum access_seek access_seek(struct access *a, int64_t position)
{
	bool stayed = position == a->position;
	a->position = position >= 0 && is_known(position) ? position : unknown_base;
	return stayed ? ACCESS_STAYED : ACCESS_MOVED;
}
