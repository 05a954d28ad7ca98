/* sentence: numbers, times and names the way a tired reader wants them.
 *
 * Takes  integers in the units of the project.
 * Gives  plain English pieces appended to a text: "6,857", "11:15:26", "1 min 27 s", "28.8 %", "database".
 * Holds  nothing.
 * Never  uses the locale or floating point; times are UTC and say only hours, minutes and seconds (the date stands in the title).
 */
#ifndef ONSET_SENTENCE_H
#define ONSET_SENTENCE_H

#include "line/record.h"

/* "6,857" */
void sentence_count(struct text *t, uint64_t n);
/* "1 request", "6,857 requests": `noun` gets an s unless n is 1. */
void sentence_counted(struct text *t, uint64_t n, const char *noun);
/* "11:15:26"; "?" for INSTANT_NONE. Cut, never rounded: a time that is shown is never later than the event. */
void sentence_time(struct text *t, int64_t us);
/* "2026-11-22" */
/* Without `year` "11-22": it is not known. */
void sentence_date(struct text *t, int64_t us, bool year);
/* "510 ms", "8.9 s", "45 s", "1 min 27 s", "2 h 5 min", "3 d 4 h"; rounded to the last digit that is shown. Negative: without sign. */
void sentence_duration(struct text *t, int64_t us);
/* Offset from UTC: "+01:00", "-05:30". */
void sentence_offset(struct text *t, int64_t us);
/* Share in millionths: "28.8 %", "0.43 %", "0 %", "under 0.01 %". */
void sentence_share(struct text *t, int64_t ppm);
/* Events per second in millionths: "92.4/s", "0.02/s", "0/s". */
void sentence_rate(struct text *t, int64_t ppm);
/* "database", "web server", "application", "connection pooler", "load balancer". */
const char *sentence_tier(enum tier tier);
/* Hands the bytes over (owned, NUL-terminated, never NULL) and leaves an empty text. */
char *sentence_take(struct text *t);
/* An owned copy of a string; NULL gives NULL. */
char *sentence_copy(const char *string);
/* 12 hex digits of a hash of (kind, signal, source key, instant): DESIGN, The draft. `signal` and `key` may be NULL. Owned. */
char *sentence_id(const char *kind, const char *signal, const char *key, int64_t at_us);

#endif
