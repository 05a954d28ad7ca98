/* datetext: dates with times in the shapes that few programs print; those of most log lines are in stamp.c, which is fast.
 *
 * Takes  the bytes at which a date may begin.
 * Gives  the civil time that is printed there, how fine it is, and where it ends (before a zone).
 * Holds  nothing.
 * Never  takes a date alone or a time alone; never guesses which of 03/04/2026 is the month: the caller says, or it is no date.
 *
 * A date is one of these, a time of the day behind it after a blank or two, "T", "_", ":", "::", "-", " - ", "," or ", ":
 *   2026-11-22 2026/1/2 2026.11.22 2026\11\22     year first, four digits
 *   20261122 261122                               six digits are year, month, day (MySQL 5.5, glog, HDFS), never another order
 *   2026-W47-7 2026W477 2026-326                  ISO 8601 weeks and days of the year
 *   22-Nov-2026 22 Nov 2026 22/Nov/2026 22-Nov-26 and with the month's whole name; two digits of a year: 70 to 99 are 19..
 *   Nov 22, 2026  Nov 22 2026  Nov-22  22 Nov      without a year when none follows; names of months and days in any case
 *   22.11.2026 22.11.26                           with dots the day is first
 *   11/22/2026 22-11-2026 26/11/22                by `order` alone
 * before each a weekday may stand: "Sun", "Sunday", "Sun,", "Sun.". A time is
 *   11:15:12 1:15:12 11:15 11:15:12 PM 111512 (after a blank only behind a date of digits alone) 11.15.12 (after 2026-11-22-: DB2)
 * with one to nine decimals after "." or ",", or three after ":" (WebSphere). Without seconds it means a minute, and needs a year.
 */
#ifndef ONSET_DATETEXT_H
#define ONSET_DATETEXT_H

#include "base/instant.h"

/* What 03/04/2026 means. */
enum date_order { DATE_ORDER_UNKNOWN, DATE_MONTH_FIRST, DATE_DAY_FIRST, DATE_YEAR_FIRST };

struct datetext {
	struct civil civil;    /* valid; second 60 as printed; `us` set */
	int64_t resolution_us; /* 1 to 60 s */
	bool yearless;         /* civil.year is 2000 */
};

/* Bytes of `s` that are a date with its time; 0: there is none. */
size_t datetext_scan(struct span s, enum date_order order, struct datetext *out);

#endif
