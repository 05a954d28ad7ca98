/* instant: microseconds since 1970-01-01T00:00:00 UTC, and civil dates.
 *
 * Takes  numbers, RFC 3339 text, and what people write for a time or a length of time.
 * Gives  int64_t microseconds (the one time unit of the project) in the proleptic Gregorian calendar, years 1 to 9999.
 * Holds  nothing.
 * Never  asks the clock, the locale or TZ; leap seconds do not exist (second 60 counts as 59.999999 by stamp parsers).
 */
#ifndef ONSET_INSTANT_H
#define ONSET_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
/* "No such instant": null in the draft, always with a reason. */
#define INSTANT_NONE INT64_MIN

struct civil {
	int year, month, day, hour, minute, second, us;
};

/* Days since 1970-01-01 of a date (Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). */
int64_t instant_days(int year, int month, int day);
int64_t instant_of(const struct civil *c);
void instant_to_civil(int64_t us, struct civil *c);
/* True when the date exists (29 February only in leap years) and the time is 00:00:00 to 23:59:60. */
bool civil_valid(const struct civil *c);
/* RFC 3339, UTC, six decimals: "2026-11-22T11:15:26.510000Z". `out` holds at least 32 bytes. Returns out. */
char *instant_format(int64_t us, char out[32]);
/* RFC 3339 date-time with 0 to 9 decimals (cut to six) and Z or an offset; a blank instead of T is accepted. */
bool instant_parse(struct span s, int64_t *us);

/* A time as people state it: RFC 3339, of which the decimals, the seconds, the time of the day (then 00:00) and the offset (then
 * UTC) may be left out: "2026-11-22 11:20". It means [*us, *us + *resolution_us): a day, a minute, a second or a part of one.
 * False on anything else, "11:20" too; then *hint (static) says what is missing, as a sentence. */
bool instant_parse_stated(struct span s, int64_t *us, int64_t *resolution_us, const char **hint);
/* A length of time as people state it: "15m", "2h", "1h30m", "90s", "1d": whole numbers with their units, the larger ones first,
 * each once; 1 s to 400 days. False on anything else; then *hint (static) is a sentence. */
bool instant_parse_length(struct span s, int64_t *us, const char **hint);

#endif
