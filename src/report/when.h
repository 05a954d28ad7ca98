/* when: instants of a draft, in UTC and, when asked for, in the zone of the readers.
 *
 * Takes  instants as they stand in the JSON, and a zone or none.
 * Gives  microseconds; pieces of text: "13:40:04.575", "14:40:04.575", "2026-11-22".
 * Holds  nothing.
 * Never  asks for the zone of this machine; rounds a time up.
 */
#ifndef ONSET_WHEN_H
#define ONSET_WHEN_H

#include "base/instant.h"
#include "base/zone.h"
#include "tell/value.h"

/* INSTANT_NONE: null, or no instant. */
int64_t when_read(const struct json_t *instant);
int64_t when_member(const struct json_t *object, const char *key);
/* The member `at` of a moment that is a member. */
int64_t when_moment(const struct json_t *object, const char *key);

/* The same instant as the zone's clocks show it; as it is for a NULL zone. */
int64_t when_local(const struct zone *zone, int64_t us);
bool when_same_day(int64_t a_us, int64_t b_us);
/* "13:40:04.575": three decimals, cut. */
void when_append_time(struct text *out, int64_t us);
void when_append_date(struct text *out, int64_t us);
/* "2026-11-22 13:40:04.575" */
void when_append(struct text *out, int64_t us);
/* "+01:00" */
void when_append_offset(struct text *out, const struct zone *zone, int64_t us);

#endif
