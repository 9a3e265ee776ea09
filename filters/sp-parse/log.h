/* log: what a journal or a container's log puts in front of each line of a trace.
 *     Nov 21 17:00:01 web1 strace[123]:                     syslog, journalctl
 *     2024-03-31T01:59:59.123456+01:00 web1 strace[123]:    the same with dates of ISO 8601
 *     2024-03-31T01:59:59.123456789Z                        docker logs -t, kubectl logs --timestamps
 *     2024-03-31T01:59:59.123456789Z stderr F               /var/log/pods (CRI)
 *     web-1  |                                              docker compose logs
 *     [pod/web-5d4/main]                                    kubectl logs --prefix
 * The last two stand in front of a date, too. No tracer begins its lines so. */
#ifndef SP_PARSE_LOG_H
#define SP_PARSE_LOG_H

#include "str.h"

/* What the first lines of a file all have; 0: nothing. */
unsigned log_shape(struct str lines);

/* The line without it; one that does not have all of it stays as it is. */
struct str log_strip(struct str line, unsigned shape);

/* The same for the beginning of a line; empty when it may not have been read far enough. */
struct str log_strip_ahead(struct str text, unsigned shape);

#endif
