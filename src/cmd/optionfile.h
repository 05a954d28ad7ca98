/* optionfile: onset.conf: options in a file, under the names that they have on the command line.
 *
 * Takes  the options of the command line: paths, --config, --no-config.
 * Gives  the same options with those of the file behind them: what the command line says wins.
 * Holds  nothing; texts and places belong to the options.
 * Never  lets a file that came with the logs name files outside of its folder or speak of logs outside of it; waits for a
 *        pipe of that name; reads more than a MiB.
 *
 *     zone = app*.log=Europe/Berlin
 *     format = access.log=nginx:$remote_addr [$time_local] "$request" $status
 *
 * The syntax is that of pattern files (parse/pattern.h). --config FILE is read instead of what lies beside the logs: for
 * each PATH the onset.conf in it, or in its folder when it is a file. File names in an options file are relative to its
 * folder. Globs in one that was found are matched against paths below its folder; one with a slash is relative to it.
 */
#ifndef ONSET_OPTIONFILE_H
#define ONSET_OPTIONFILE_H

#include "cmd/options.h"

#define OPTIONFILE_NAME "onset.conf"

/* False with `d`: an options file cannot be read, or something in it makes no sense. */
bool optionfile_apply(struct options *o, struct diag_list *trouble, struct diag *d);

#endif
