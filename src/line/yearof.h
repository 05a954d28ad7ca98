/* yearof: the year of stamps that print none, by what stands beside them.
 *
 * Takes  the first and the last stamp of a file, civil, the first one in year 2000 (as stamp.h gives them; New Years inside the file counted
 *        up); a date in the file's name; the time that a gzip header has.
 * Gives  the year of the first stamp, or 0.
 * Holds  nothing.
 * Never  asks what time it is, nor when the file was written by the file system's word.
 */
#ifndef ONSET_YEAROF_H
#define ONSET_YEAROF_H

#include "base/instant.h"

enum { YEAROF_YEARLESS = 2000 };

/* The stamp so many years on. 29 February of a year without one becomes 1 March: the count of days goes on. */
int64_t yearof_move(int64_t time_us, int years);
/* A log of a leap day needs a year that has one. */
bool yearof_fits(int year, bool leap_day);
/* A rotated file bears the date on which it was rotated, or begun: the year that brings [first, last] nearest to [from, until). */
int yearof_name(int64_t first_us, int64_t last_us, bool leap_day, int64_t from_us, int64_t until_us);
/* RFC 1952 section 2.3.1: MTIME is when the file that was compressed was last written: the last year in which `last` is not after it (but
 * for a day: the stamp may be of another zone). */
int yearof_container(int64_t last_us, bool leap_day, int64_t mtime_us);
/* The date in the last part of a path ("syslog-20261122.gz", "app_2026-11.log"): that day, or month, as [from, until). False: none. */
bool yearof_path(const char *path, int64_t *from_us, int64_t *until_us);

#endif
