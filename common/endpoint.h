/* endpoint: socket addresses as strace prints them, as the short text of an endpoint:
 *     {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("10.0.0.1")}   10.0.0.1:443
 *     {sa_family=AF_INET6, ... inet_pton(AF_INET6, "::1", &sin6_addr), ...}       [::1]:443
 *     {sa_family=AF_UNIX, sun_path="/run/x"}, sun_path=@"x"                       /run/x, @x */
#ifndef SP_ENDPOINT_H
#define SP_ENDPOINT_H

#include "arena.h"
#include "str.h"

/* The word before the colon: tcp, udp, unix, netlink... from socket()'s arguments, by name or by
 * number (socket(2), ip(7)). "socket" for families without a word of their own. */
struct str endpoint_protocol(struct str domain, struct str type, struct str protocol);

/* Appends the address to the buffer; false when the argument shows none: NULL, a pointer, unnamed. */
bool endpoint_address(struct str sockaddr, struct buf *out);

#endif
