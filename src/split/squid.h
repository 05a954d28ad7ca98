/* squid: Squid's own access.log.
 *
 * Takes  one line.
 * Gives  its fields: when the answer was complete, how long it took, who asked for what, what came of it, and from where it came.
 * Holds  nothing.
 * Never  allocates; never takes a line whose numbers are none.
 *
 * logformat squid %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt: columns are padded with blanks; headers in brackets or
 * what users add may follow. A status of 000 is none. Source: squid.conf's documentation of "logformat".
 */
#ifndef ONSET_SQUID_H
#define ONSET_SQUID_H

#include "split/scanner.h"

bool squid_scan(struct span entry, struct scanner_room *room, struct record *r);

#endif
