/* peer: the other end of a socket, in one spelling for all tracers:
 *     TCP:[10.0.0.2:40001->10.0.0.1:443]     tcp:10.0.0.1:443      strace -yy
 *     TCPv6:[[::1]:40001->[::1]:443]         tcp:[::1]:443
 *     UNIX-STREAM:[51->52,"/run/x"]          unix:/run/x
 *     tcp:10.0.0.1:443                       tcp:10.0.0.1:443      sp-fdmap
 *     connect(5<TCP:[51]>, {sa_family=AF_INET, sin_port=htons(443), ...   tcp:10.0.0.1:443 */
#ifndef SP_ADVISE_PEER_H
#define SP_ADVISE_PEER_H

#include "arena.h"
#include "str.h"

/* Empty when neither the call's path nor its arguments show one. Valid until the next call. */
struct str peer_of(struct str syscall, struct str path, struct str args, struct buf *space);

#endif
