/* haproxytime: when a request or session of HAProxy ended, and how long it took, from the stamps and timers of its line.
 *
 * Takes  what a line's values are: stamps, timers in milliseconds; what its syslog header said.
 * Gives  time, resolution, zone and duration of a record.
 * Holds  nothing.
 * Never  takes -1 for a time, or a start for an end when anything tells the end.
 *
 * Time. %tr, %trg, %trl are when the request's first byte came, %t, %T, %Tl, %Ts (with %ms) when the connection was accepted, for
 * later requests of it when it was ready for them. The end, which is the record's time, is the first of these that the line
 * has all of:
 *     request + Ta;  accept + Tt;  accept + Th + Ti + Ta;  accept + Tq - TR + Ta;  %[date];  the header's stamp;
 *     accept + Ta or the start itself: then it is only known that the end did not come before.
 * With `option logasap` (a "+" before Ta or Tt) the request goes on: the time is the header's stamp, else start + what had passed;
 * the duration and the number of bytes are unknown. A start printed without a zone, in a line whose header has one: the zone
 * is the multiple of 15 minutes that brings the end within five minutes of the header's stamp; where none does, the
 * header's stamp is the time.
 */
#ifndef ONSET_HAPROXYTIME_H
#define ONSET_HAPROXYTIME_H

#include "carry/syslog.h"
#include "split/logformat.h"

/* One moment, printed up to twice: finely without a zone, and with one. */
struct haproxytime_moment {
	struct stamp finest, zoned;
	struct span text; /* of the finest */
	bool has, has_zoned;
};

struct haproxytime {
	struct haproxytime_moment accepted, requested, logged;
	int64_t accepted_ms; /* three digits that go with `accepted`; -1: not printed */
	int64_t timer[TIMER_COUNT];
	unsigned timers;     /* bit 1 << enum logformat_timer: printed, be it as -1 */
	bool running;        /* "+": it is not over */
};

/* Cheap: it runs once per line and per layout. */
static inline void haproxytime_clear(struct haproxytime *t)
{
	t->accepted.has = t->accepted.has_zoned = t->requested.has = t->requested.has_zoned = false;
	t->logged.has = t->logged.has_zoned = t->running = false;
	t->accepted_ms = -1;
	t->timers = 0;
}
/* One more stamp of a moment; nothing when it cannot be read. */
void haproxytime_add(struct haproxytime_moment *m, struct span value, struct stamp_cache *cache);
/* Microseconds; -1 when it was not printed or is -1. */
int64_t haproxytime_timer(const struct haproxytime *t, enum logformat_timer timer);
/* Sets time and duration. r->resolution_us stays as it is when nothing tells the time. */
void haproxytime_set(const struct haproxytime *t, bool is_http, const struct syslog_header *h, struct record *r);

#endif
