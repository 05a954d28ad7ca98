/* gather: from the paths of the command line to one tally.
 *
 * Takes  paths: logs, folders, tallies; the library.
 * Gives  the union of all their parts; warnings about what is unknown, damaged, empty or missing, in a stable order.
 * Holds  nothing after it returns.
 * Never  stops at a bad file: all others are read.
 */
#ifndef ONSET_GATHER_H
#define ONSET_GATHER_H

#include "cmd/library.h"
#include "cmd/workers.h"

/* The files that the paths name, each once, without the output (initialised here; the caller releases the list).
 * Anything but OUTCOME_COMPLETE ends the verb, as below. */
enum outcome gather_list(const struct options *o, struct input_list *list, struct diag_list *trouble, struct diag *d);
/* Adds to `tally`. Anything but OUTCOME_COMPLETE ends the verb: `d` says why. OUTCOME_USAGE: the output is one of the
 * inputs. OUTCOME_NOTHING: interrupted by `who`, or no file is of a known format. */
enum outcome gather(const struct options *o, const struct library *lib, const struct watcher *who, struct tally *tally,
		    struct diag_list *trouble, struct diag *d);
/* Reads these files, or others in place of some (workers.h), into the tally; the outcome as of gather(). */
enum outcome gather_files(const struct options *o, const struct library *lib, const struct watcher *who, const struct input_list *list,
			  const struct worker_instead *instead, struct tally *tally, struct diag_list *trouble, struct diag *d);
/* Whether there is a line in it. */
bool gather_has_lines(const struct tally *tally);

#endif
