/* haproxynotice: the lines that HAProxy makes without a log-format.
 *
 * Takes  the message of a line and what its syslog header said.
 * Gives  a record with the message, the proxy and server that it names, the client of a connection that brought no request.
 * Holds  nothing; all spans lie in the line.
 * Never  takes a line of another program that writes to the same log: only words that HAProxy has, unless the tag names it.
 *
 *   Server be_shop/app1 is DOWN, reason: ...              and the other messages of servers, proxies, checks, workers
 *   [WARNING]  (15985) : Server be_shop/app1 is DOWN ...  standard error; since 2.3 without a stamp: no time, no record
 *   203.0.113.7:50210 [26/Feb/2026:23:08:47.266] fe_shop/1: Connection closed during SSL handshake
 *   Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)
 *
 * The time is the header's: what is told of has just happened. Without a header, that of an error line is when its connection
 * was accepted: it did not end before.
 */
#ifndef ONSET_HAPROXYNOTICE_H
#define ONSET_HAPROXYNOTICE_H

#include "carry/syslog.h"

/* False when it is none. r->resolution_us is 0 when there is no time. */
bool haproxynotice_scan(const struct syslog_header *h, struct stamp_cache *cache, struct record *r);

#endif
