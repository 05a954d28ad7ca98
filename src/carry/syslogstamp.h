/* syslogstamp: the stamps that syslog servers, journals and devices write.
 *
 * Takes  what stands at the start of a line, behind its priority.
 * Gives  which shape it has, what it says, and where it ends.
 * Holds  nothing (the caller's cache: stamp.h).
 * Never  takes java.util.logging's "Nov 22, 2026 4:15:11 PM" for one.
 *
 *   month    "Nov 22 11:52:43", "Nov  2 ...", "Nov 2 ..."; decimals; a year behind the day or behind the clock ("Nov 22 2026
 *            11:52:43": Cisco)
 *   iso      RFC 3339, and as journald's short-iso writes its offset
 *   weekday  "Sun 2026-11-22 11:52:43.803123 UTC": journald's short-full; whatever abbreviation the zone has belongs to it
 *   ctime    "Sun Nov 22 11:52:43 2026": OpenWrt's logread
 *   unix     "1795348363.803123": journald's short-unix
 */
#ifndef ONSET_SYSLOGSTAMP_H
#define ONSET_SYSLOGSTAMP_H

#include "line/stamp.h"

enum syslog_shape { SYSLOG_NONE, SYSLOG_MONTH, SYSLOG_ISO, SYSLOG_WEEKDAY, SYSLOG_CTIME, SYSLOG_UNIX };

/* By the separators only. */
enum syslog_shape syslogstamp_shape(struct span s);
/* Bytes of the stamp, 0 when it is none. `cache` may be NULL. */
size_t syslogstamp_scan(struct span s, enum syslog_shape shape, struct stamp_cache *cache, struct stamp *out);

#endif
