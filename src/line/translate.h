/* translate: a regex to steps.
 *
 * Takes  PCRE2 source in extended syntax (regex.h).
 * Gives  a program that gives PCRE2's answers: match or not, and every group. As its manual has them: 10.42's optimizer takes an atomic
 *        group that may match nothing for one that may not, and then misses matches.
 * Holds  nothing.
 * Never  translates what it is not certain of: NULL then, and PCRE2 is asked.
 *
 * The class: literals; "." and classes of bytes, ranges, \d \w \s and their complements; "^" and "$" at the begin and the end of the
 * subject; \b; groups with and without names, (?: ), (?| ), (?> ), (?i: ), (?s: ), alternatives; (?= ) and (?! );
 * quantifiers, greedy, lazy and possessive, of single bytes; ? and ?+ of groups; *, +, *+ and ++ of groups that neither capture nor match
 * nothing. Not: counted groups, captures in loops, lookbehinds, references, other flags, verbs.
 */
#ifndef ONSET_TRANSLATE_H
#define ONSET_TRANSLATE_H

#include "line/steps.h"

/* The caller frees it with steps_free(). Names of groups are borrowed from `source`. */
struct steps *translate(struct span source);

#endif
