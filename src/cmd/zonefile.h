/* zonefile: a time zone by the name that the user gives.
 *
 * Takes  UTC, an offset, an abbreviation of one meaning, or an IANA name.
 * Gives  the zone; an IANA name is looked up in the system's zone folders.
 * Holds  nothing.
 * Never  reads a file outside of these folders, or takes the zone of this machine.
 */
#ifndef ONSET_ZONEFILE_H
#define ONSET_ZONEFILE_H

#include "base/zone.h"

/* NULL with `d`; zone_free() it. */
struct zone *zonefile_named(struct span name, struct diag *d);

#endif
