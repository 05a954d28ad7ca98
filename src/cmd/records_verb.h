/* records_verb: onset check --records PATH...: what was read, one line of JSON a record.
 *
 * Takes  options; the library.
 * Gives  the records and their attachments in file order, files in the order of the paths (tell/recordline.h says what is in a line), to
 *        standard output or -o FILE (mode 0600: it holds addresses and user names).
 * Holds  one file's reader and one buffer: memory does not grow with the input.
 * Never  prints.
 */
#ifndef ONSET_RECORDS_VERB_H
#define ONSET_RECORDS_VERB_H

#include "cmd/library.h"

enum outcome records_verb(const struct options *o, const struct library *lib, struct diag_list *trouble);

#endif
