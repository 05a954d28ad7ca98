/* zone: from civil time to UTC.
 *
 * Takes  "UTC", "Z", "+02:00", "+0200", "-5"; fixed-offset abbreviations; the bytes of a TZif file (RFC 8536) that the caller
 *        read for an IANA name.
 * Gives  UTC microseconds for a civil time, and whether it was ambiguous (the hour that comes twice) or never was.
 * Holds  the transitions of one zone; immutable, so threads may share it.
 * Never  reads a file, the environment or the locale; never guesses what an ambiguous abbreviation (IST, CST, BST) means.
 */
#ifndef ONSET_ZONE_H
#define ONSET_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"

struct zone;

/* A fixed offset ("UTC", "GMT", "Z", "+hh[:mm]", "+hhmm") or a fixed-offset abbreviation (zone_abbreviation()). NULL when `name`
 * is none of these: then it may be an IANA name, whose TZif bytes zone_from_tzif() takes. */
struct zone *zone_fixed(struct span name);
/* NULL with `d` when the bytes are no valid TZif file (version 1 to 4; the footer's POSIX TZ string is used after the last
 * transition). */
struct zone *zone_from_tzif(struct span name, struct span bytes, struct diag *d);
void zone_free(struct zone *z);
const char *zone_name(const struct zone *z);

/* One offset for ever. */
bool zone_is_fixed(const struct zone *z);

enum civil_kind { CIVIL_ONCE, CIVIL_TWICE, CIVIL_NEVER };
/* UTC of a civil time encoded as UTC. CIVIL_TWICE: *utc_us is the earlier, *later_us the later one. CIVIL_NEVER (the skipped
 * hour): both are the time as if the clock had not been moved yet. */
enum civil_kind zone_to_utc(const struct zone *z, int64_t civil_us, int64_t *utc_us, int64_t *later_us);

/* Seconds east of UTC at an instant. */
int32_t zone_offset_s(const struct zone *z, int64_t utc_us);

/* True when the zone's own data gives one of its times, of whatever year, this abbreviation: "IST" in Asia/Kolkata and in Europe/Dublin. Never for a fixed
 * offset. */
bool zone_uses(const struct zone *z, struct span abbreviation);

/* Offset of an abbreviation that means one offset all over the world and all year: UTC, GMT, Z, CET, CEST, EET, EEST, WET, WEST,
 * MSK, JST, KST, EST, EDT, MST, MDT, PST, PDT, AEST, AEDT, ACST, ACDT, AWST, NZST, NZDT, SST, HST, AKST, AKDT, ... False for
 * ambiguous ones (IST, CST, CDT, BST, AST, ADT, ...) and unknown ones: no information. */
bool zone_abbreviation(struct span name, int32_t *offset_s);
/* True for these and for those of several offsets: a zone is meant, whatever it is. */
bool zone_is_abbreviation(struct span name);

#endif
