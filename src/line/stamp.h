/* stamp: time stamps of log lines, by position, the last second cached.
 *
 * Takes  the bytes of a stamp field.
 * Gives  microseconds (UTC when the stamp has an offset, is an epoch or has a fixed-offset abbreviation; else civil time
 *        encoded as UTC), resolution and what was said about the zone.
 * Holds  a cache of the last stamp's text per struct, so that the next line of the same second costs one compare.
 * Never  uses strptime, the locale, TZ or today's date; never takes a number inside a message for a stamp; never guesses an
 *        ambiguous abbreviation (facts/timestamps.md).
 *
 * Shapes, fast: nginx $time_local "22/Nov/2026:11:15:10 +0000" and HAProxy's, PHP's, Tomcat's, log4j's likes of it; ISO 8601 and
 * RFC 3339 with T or blank; nginx error "2026/11/22 11:15:55"; syslog "Nov 22 11:30:28" (yearless, year 2000). Others: datetext.h.
 * Then 0 to 9 decimals after '.' or ',' (microseconds are kept: resolution_us 1 also stands for finer ones), and a zone: nothing, Z,
 * +hh, +hhmm, +hh:mm (U+2212 is a minus, too), after a blank or not; an abbreviation (PostgreSQL "UTC", "CET"; one that is not of one
 * offset is taken and says nothing); UTC or GMT with an offset ("GMT+02:00" is two hours east). The year may stand last: "Sun Nov 22
 * 11:15:12 CET 2026". Epoch in s (with or without decimals), ms, us or ns, told apart by magnitude. Time-only stamps are refused; so is
 * "24:00:00", which ISO 8601 allowed for the end of a day: no logger writes it, its day ends with 23:59:59.
 */
#ifndef ONSET_STAMP_H
#define ONSET_STAMP_H

#include "line/datetext.h"
#include "line/record.h"

struct stamp {
	int64_t time_us, resolution_us;
	enum stamp_zone zone;
	bool yearless;
	struct span zone_text;
};

struct stamp_cache {
	char text[40];    /* the part of the last stamp down to its second */
	size_t len;       /* of `text`; 0 when nothing is cached */
	int64_t civil_us; /* civil time of that second */
	char zone[8];     /* the last fixed-offset abbreviation but UTC, and its offset */
	size_t zone_len;
	int32_t zone_s;
};

/* How many bytes at the start of `s` are a stamp (so that a format can find where it ends), 0 when none is there. Fills
 * `out`. `cache` may be NULL. */
size_t stamp_scan(struct span s, struct stamp_cache *cache, struct stamp *out);
/* The same where it is known what 03/04/2026 means. */
size_t stamp_scan_ordered(struct span s, enum date_order order, struct stamp *out);
/* The whole of `s` is a stamp (epoch numbers only here, never in stamp_scan). */
bool stamp_parse(struct span s, struct stamp_cache *cache, struct stamp *out);
/* East of UTC, of a record's zone_text that is an offset or a fixed-offset abbreviation; 0 for anything else. */
int64_t stamp_offset_us(struct span zone_text);
/* Copies time, resolution and zone into the record. */
void stamp_apply(const struct stamp *stamp, struct record *r);

#endif
