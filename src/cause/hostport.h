/* hostport: an address as a log prints it, taken apart.
 *
 * Takes  "10.0.0.7:8080", "[::1]:5432", "db:5432", ":8080", "10.0.0.9", "unix:/run/app.sock", "/tmp/.s.PGSQL.5432", "be_shop/web1", "shop".
 * Gives  host, port and what kind of host that is; whether a server at one answers calls to another; who usually has a port.
 * Holds  nothing: spans of the text.
 * Never  resolves a name: a name may be any address.
 */
#ifndef ONSET_HOSTPORT_H
#define ONSET_HOSTPORT_H

#include "line/record.h"

enum hostport_kind {
	HOSTPORT_ANY,      /* no host, or all addresses: "0.0.0.0", "::", "*" */
	HOSTPORT_ADDRESS,
	HOSTPORT_LOOPBACK, /* "127.0.0.1", "::1", "localhost" */
	HOSTPORT_NAME,     /* of a host: a port is with it */
	HOSTPORT_SOCKET,   /* host is its path; of PostgreSQL's and PgBouncer's the port is known, which may be all that is */
	HOSTPORT_LABEL,    /* a name that is no host's: HAProxy's backend and server, nginx's group of servers */
};
struct hostport {
	enum hostport_kind kind;
	struct span host;
	int port; /* 0 unknown */
};

struct hostport hostport_of(struct span text);
/* True when who listens at `own` answers what is sent to `called`; a port has to be known of both, or a socket's path. */
bool hostport_serves(const struct hostport *own, const struct hostport *called);
/* TIER_DB of 5432, 3306, 1433, 1521 and 27017, TIER_POOL of 6432; else TIER_UNKNOWN. */
enum tier hostport_usual(const struct hostport *called);

#endif
