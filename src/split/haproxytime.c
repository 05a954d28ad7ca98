#include "split/haproxytime.h"

enum { MILLISECOND_US = 1000 };
/* Timers of more than 3,000 years are none. */
#define TIMER_MOST_MS INT64_C(100000000000000)
#define ZONE_STEP_US (15 * MINUTE_US)
#define ZONE_MOST_US (14 * 60 * MINUTE_US)
#define ZONE_SLACK_US (5 * MINUTE_US) /* of a stamp written elsewhere; less than half a step */

void haproxytime_add(struct haproxytime_moment *m, struct span value, struct stamp_cache *cache)
{
	struct stamp stamp;
	if (!stamp_parse(value, cache, &stamp))
		return;
	if (stamp.zone == STAMP_EXPLICIT && (!m->has_zoned || stamp.resolution_us < m->zoned.resolution_us)) {
		m->zoned = stamp;
		m->has_zoned = true;
	}
	if (!m->has || stamp.resolution_us < m->finest.resolution_us) {
		m->finest = stamp;
		m->text = value;
		m->has = true;
	}
}

static inline bool printed(const struct haproxytime *v, enum logformat_timer timer)
{
	return v->timers >> timer & 1;
}
static inline bool known(const struct haproxytime *v, enum logformat_timer timer)
{
	return printed(v, timer) && v->timer[timer] >= 0;
}

/* How long the connection waited for the request's first byte: Th + Ti; HAProxy counts neither when nothing came. */
static bool idle_ms(const struct haproxytime *v, int64_t *ms)
{
	if (printed(v, TIMER_TI) && printed(v, TIMER_TH))
		*ms = v->timer[TIMER_TI] >= 0 ? v->timer[TIMER_TI] + v->timer[TIMER_TH] : 0;
	else if (known(v, TIMER_TQ) && known(v, TIMER_TR))
		*ms = v->timer[TIMER_TQ] - v->timer[TIMER_TR];
	else
		return false;
	return true;
}

/* First byte to end; -1 when it cannot be told. */
static int64_t active_ms(const struct haproxytime *v)
{
	int64_t idle;
	if (known(v, TIMER_TA))
		return v->timer[TIMER_TA];
	if (known(v, TIMER_TT) && idle_ms(v, &idle) && v->timer[TIMER_TT] >= idle)
		return v->timer[TIMER_TT] - idle;
	return -1;
}

/* Accept to end. */
static int64_t total_ms(const struct haproxytime *v)
{
	int64_t idle;
	if (known(v, TIMER_TT))
		return v->timer[TIMER_TT];
	return known(v, TIMER_TA) && idle_ms(v, &idle) ? v->timer[TIMER_TA] + idle : -1;
}

/* The instant of a civil time that is known to lie next to `near_us` (UTC). */
static bool zoned(int64_t civil_us, int64_t near_us, int64_t *utc_us)
{
	int64_t off = civil_us - near_us;
	if (off > ZONE_MOST_US + ZONE_SLACK_US || off < -ZONE_MOST_US - ZONE_SLACK_US)
		return false;
	int64_t half = off >= 0 ? ZONE_STEP_US / 2 : -(ZONE_STEP_US / 2);
	int64_t offset = (off + half) / ZONE_STEP_US * ZONE_STEP_US;
	*utc_us = civil_us - offset;
	return off - offset <= ZONE_SLACK_US && offset - off <= ZONE_SLACK_US;
}

/* The finest stamp of the moment, in UTC when another one says so. */
static struct stamp moment_stamp(const struct haproxytime_moment *m)
{
	struct stamp stamp = m->finest;
	int64_t utc_us;
	if (stamp.zone == STAMP_EXPLICIT || !m->has_zoned)
		return stamp;
	if (!zoned(stamp.time_us, m->zoned.time_us, &utc_us))
		return m->zoned;
	stamp.time_us = utc_us;
	stamp.zone = STAMP_EXPLICIT;
	stamp.zone_text = SPAN_NONE;
	return stamp;
}

static void use(const struct stamp *stamp, struct span text, struct record *r)
{
	record_set(r, FIELD_TIMESTAMP, text);
	stamp_apply(stamp, r);
}

static void set_time(const struct haproxytime *v, const struct syslog_header *h, struct record *r)
{
	int64_t active = active_ms(v), total = total_ms(v), passed = -1;
	const struct haproxytime_moment *start = v->requested.has ? &v->requested : &v->accepted;
	if (v->requested.has && active >= 0)
		passed = active;
	else if (v->accepted.has && total >= 0)
		passed = total, start = &v->accepted;
	bool is_end = start->has && passed >= 0 && !v->running;
	if (!is_end && v->logged.has) {
		struct stamp stamp = moment_stamp(&v->logged);
		use(&stamp, v->logged.text, r);
		return;
	}
	if (!start->has || (!is_end && h->has_stamp)) {
		if (h->has_stamp)
			use(&h->stamp, h->stamp_text, r);
		return;
	}
	struct stamp stamp = moment_stamp(start);
	if (start == &v->accepted && v->accepted_ms >= 0 && stamp.resolution_us == SECOND_US) {
		stamp.time_us += v->accepted_ms * MILLISECOND_US;
		stamp.resolution_us = MILLISECOND_US;
	}
	if (passed < 0)
		passed = known(v, TIMER_TA) ? v->timer[TIMER_TA] : known(v, TIMER_TT) ? v->timer[TIMER_TT] : 0;
	stamp.time_us += passed < TIMER_MOST_MS ? passed * MILLISECOND_US : 0;
	if (stamp.zone != STAMP_EXPLICIT && h->has_stamp && h->stamp.zone == STAMP_EXPLICIT) {
		int64_t utc_us;
		if (!zoned(stamp.time_us, h->stamp.time_us, &utc_us)) {
			use(&h->stamp, h->stamp_text, r);
			return;
		}
		stamp.time_us = utc_us;
		stamp.zone = STAMP_EXPLICIT;
	}
	use(&stamp, start->text, r);
}

static void set_duration(const struct haproxytime *v, bool is_http, struct record *r)
{
	int64_t active = active_ms(v), total = total_ms(v);
	int64_t ms = is_http && active >= 0 ? active : total >= 0 ? total : active;
	/* Before 1.7 a line had Tq and Tt only: what a kept connection was idle is part of both, so a request counts from where
	 * it was complete. */
	if (is_http && active < 0 && total >= 0 && known(v, TIMER_TQ) && v->timer[TIMER_TQ] <= total)
		ms = total - v->timer[TIMER_TQ];
	if (ms >= 0 && !v->running && ms < TIMER_MOST_MS)
		r->duration_us = ms * MILLISECOND_US;
}

int64_t haproxytime_timer(const struct haproxytime *v, enum logformat_timer timer)
{
	return known(v, timer) && v->timer[timer] < TIMER_MOST_MS ? v->timer[timer] * MILLISECOND_US : -1;
}

void haproxytime_set(const struct haproxytime *v, bool is_http, const struct syslog_header *h, struct record *r)
{
	set_duration(v, is_http, r);
	set_time(v, h, r);
}
