/* starmerge: which message signatures are one template (facts/algorithms.md 4.3, phase 2, "SIG*").
 *
 * Takes  a set of signatures (tally/message.h), each once, in any order.
 * Gives  for each its template: the signature with more of its words replaced by "<*>"; equal texts are one template.
 * Holds  the templates' texts until starmerge_release().
 * Never  depends on the order: all replacements of a round are found in the same texts; never replaces the first word.
 *
 * In each of at most STARMERGE_ROUNDS rounds: for each signature and each of its words but the first, the key is the signature
 * without that word. Where at least STARMERGE_WORDS different words share a key, the word is replaced in all of them. Words are what
 * stands between blanks and = : , ; ( ) [ ] { } | " and '; "<*>" and what has no letter is no word. Words beyond the
 * STARMERGE_POSITIONS-th stay.
 *
 * Measured (tests/bench/templates.py; the 16 logs of loghub of 2,000 lines each, commit dd61d09, signatures as the tally makes them; a message
 * is grouped right when its group holds exactly those of its label): mean accuracy 0.820, Drain's with settings made for each log 0.866 as
 * published. Better than Drain in nine (OpenSSH 0.998 to 0.788, Mac 0.907 to 0.787, HealthApp 0.902 to 0.780, HPC 0.951 to 0.887, Hadoop 0.993
 * to 0.948, Zookeeper, Windows, HDFS, Spark by less), worse where one label covers much of the log and its texts differ in more than words:
 * Proxifier 0.024 to 0.527, Linux 0.426 to 0.690, OpenStack 0.480 to 0.733, Thunderbird 0.708 to 0.955. Each template counted once, which is what
 * a message that is new in an incident asks for, F1 is 0.885.
 */
#ifndef ONSET_STARMERGE_H
#define ONSET_STARMERGE_H

#include "base/text.h"

/* Measured on loghub-2.0's corrected samples: of 3, 4 and 6 words 4 groups best (facts/algorithms.md 4.3). */
enum { STARMERGE_WORDS = 4, STARMERGE_ROUNDS = 3, STARMERGE_POSITIONS = 128 };

struct starmerge {
	struct span *templates; /* templates[i]: of signature i; borrowed from `kept` or from the input */
	size_t n;
	struct text *kept;      /* owned: the texts that were made, n of them (empty where nothing was replaced) */
};

/* The input must live as long as the result. */
void starmerge_find(const struct span *signatures, size_t n, struct starmerge *out);
void starmerge_release(struct starmerge *m);

#endif
