/* pgbouncer: what PgBouncer writes behind time, pid and level.
 *
 * Takes  records whose message is PgBouncer's, 1.5 to 1.25.
 * Gives  whose connection it is about ("C-0x55d0: db/user@10.0.0.1:4116 "), and the numbers of the statistics and of the start.
 * Holds  nothing.
 * Never  allocates; takes the address of a database server (S-) for a client's; makes up a number that a line does not say.
 */
#ifndef ONSET_PGBOUNCER_H
#define ONSET_PGBOUNCER_H

#include "line/record.h"

/* Cuts the connection off FIELD_MESSAGE into SESSION, DATABASE, USER, CLIENT and CLIENT_PORT ("(nodb)" and "(nouser)" are none;
 * * of S- the server as UPSTREAM_ADDRESS). "listening on" and "(from ...)" give LOCAL_ADDRESS, and LOCAL_PORT where it listens. "login failed: db=D user=U" names what the connection could not. Metrics: POOL_* of "stats:" (once a
 * stats_period, 60 s; averages per second since the one before; times in us), POOL_LIMIT of the line at the start. */
void pgbouncer_message(struct record *r);

#endif
