/* pairs: key=value pairs inside an application's message.
 *
 * Takes  a message.
 * Gives  request id, method, path, status, duration, SQLSTATE, error, version and pid into fields that the record does not have
 *        yet.
 * Holds  nothing.
 * Never  allocates; never overwrites a field; never takes a number without a unit for a duration unless the key names
 * one.
 */
#ifndef ONSET_PAIRS_H
#define ONSET_PAIRS_H

#include "line/record.h"

void pairs_scan(struct span message, struct record *r);
/* One pair of them, its value without quotes. */
void pairs_set(struct span name, struct span value, struct record *r);

/* A duration with its unit: "10.5ms", "1.2s", "300us", "300µs", "15ns", "1m30.5s" (Go); without one, in `unit_us` (0:
 * then it is none). False on anything else. */
bool pairs_duration(struct span value, int64_t unit_us, int64_t *us);

#endif
