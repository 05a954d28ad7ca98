/* rule_sample: the record that a sample or a near miss of a rule stands for.
 *
 * Takes  the value of a `sample` or `near` entry: TIER SEVERITY [CODE] [status=N] [duration=SECONDS] [server=NAME] |
 *        MESSAGE
 * Gives  a tier and a record: the first line of MESSAGE is its message, further lines are its exception stack text. SEVERITY is a
 *        level word or "-" for none. CODE is the SQLSTATE in tier db, else the error code.
 * Holds  nothing; the record's spans point into the value.
 * Never  sets a time: signals do not look at it.
 */
#ifndef ONSET_RULE_SAMPLE_H
#define ONSET_RULE_SAMPLE_H

#include "parse/pattern.h"

struct rule_sample {
	enum tier tier;
	struct record record;
};
/* False with `d` (file, line, caret). */
bool rule_sample_read(struct rule_sample *sample, const struct pattern_file *file, const struct pattern_entry *entry,
		      struct diag *d);

#endif
