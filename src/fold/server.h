/* server: logs that one server writes with one local time: its error log says when, its access log says in which zone, too.
 *
 * Takes  sources with assigned clocks.
 * Gives  for an error log whose stamps print no zone the access log of the same server, and the offset that this prints.
 * Holds  nothing.
 * Never  believes two access logs that print different offsets, or one that prints several (summer time began in between).
 *
 * nginx prints both stamps from one cached time (ngx_times.c, ngx_time_update: ngx_gmtime of the local time with its offset), Apache both from
 * apr_time_exp_lt. That they are of the same server is told by where they lie: beside each other, in one folder.
 */
#ifndef ONSET_SERVER_H
#define ONSET_SERVER_H

#include "fold/source.h"

/* The access log beside the error log `source`; of several the one whose name is most like its own. -1: there is none. *zone_us: what it prints
 * is UTC and this. */
ptrdiff_t server_beside(const struct fold_source *sources, size_t n, const struct tally *tally, size_t source, int64_t *zone_us);

#endif
