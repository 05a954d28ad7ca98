/* reading: what draft and scan share: from the command line to a scan that was read.
 *
 * Takes  the options of the command line.
 * Gives  the scan of onset/onset.h; what it has to say.
 * Holds  nothing.
 * Never  prints, but for the progress line.
 */
#ifndef ONSET_READING_H
#define ONSET_READING_H

#include "cmd/options.h"
#include "onset/onset.h"

/* Opens a scan (the caller closes it, also after a failure) and reads what the paths name. `output`: under which name
 * onset_set() takes -o. A failure that the scan does not know is in `d`. */
enum outcome reading_run(const struct options *o, const char *output, struct onset_scan **scan, struct diag *d);
/* Appends `d` and the scan's messages; notes only when `notes`. */
void reading_tell(struct onset_scan *scan, const struct diag *d, bool notes, struct text *messages);

#endif
