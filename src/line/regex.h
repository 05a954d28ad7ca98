/* regex: regular expressions: steps (translate.h) where a source is of their class, else PCRE2 behind a narrow door.
 *
 * Takes  PCRE2 source text (extended syntax: blanks and `# comments` in it mean nothing); subjects of any bytes.
 * Gives  matches and their groups, by number and by name.
 * Holds  compiled code, immutable, shared by all threads; one scratch per thread. The only module that knows PCRE2.
 *        Which of the two matches is no part of the answer: where steps give up, PCRE2 is asked.
 * Never  runs unbounded: match limit, heap limit and JIT stack are fixed (limits.h); never treats a log as UTF-8.
 */
#ifndef ONSET_REGEX_H
#define ONSET_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/text.h"

enum { REGEX_MAX_GROUPS = 63 };

struct regex;
/* NULL with `d` set (message with the offset) when it does not compile. Names may repeat (alternative layouts of one
 * line);
 * "." does not match a newline, "$" matches at the very end only. */
struct regex *regex_new(struct span source, struct diag *d);
/* The same, and says where in `source` (bytes from 0) the error is, so that a pattern file can show a caret. */
struct regex *regex_new_at(struct span source, struct diag *d, size_t *offset);
/* The same of a source that is known to compile, at the first match: whichever thread comes first. `source` is borrowed until
 * regex_free(). Should it not compile, each match hits a limit. */
struct regex *regex_new_later(struct span source);
void regex_free(struct regex *re);

/* Scratch for one thread: match data, limits, JIT stack. */
struct regex_scratch;
struct regex_scratch *regex_scratch_new(void);
void regex_scratch_free(struct regex_scratch *s);
/* For tests, which compare the answers: whether the regex is of those that steps match; and one that is matched by PCRE2 alone and without
 * its optimizations: they err in places. NULL when it does not compile. */
bool regex_has_steps(const struct regex *re);
struct regex *regex_new_plain(struct span source);

/* From now on matches with this scratch are too few (or not) to be worth machine code. The answers are the same, but at a limit:
 * which of the two is used must depend on the subject's file alone. */
void regex_scratch_interprets(struct regex_scratch *s, bool interprets);

enum regex_result { REGEX_MISS, REGEX_MATCH, REGEX_LIMIT };
/* Groups of a match are read with regex_group() until the next match with this scratch. REGEX_LIMIT: a limit was hit.
 */
enum regex_result regex_match(const struct regex *re, struct span subject, struct regex_scratch *scratch);
/* Borrowed from `subject`; at is NULL when the group took no part in the match, not NULL when it matched nothing. */
struct span regex_group(const struct regex *re, struct span subject, const struct regex_scratch *scratch,
			unsigned group);
/* All groups of a match at once: those whose bit is set took part, and group g is subject[ends[2 * g]..ends[2 * g + 1]). */
const size_t *regex_ends(const struct regex_scratch *scratch, uint64_t *took);
/* Number of the highest group. */
unsigned regex_groups(const struct regex *re);
/* The name of a group, empty when it has none. Valid as long as `re`. */
struct span regex_group_name(const struct regex *re, unsigned group);

/* How far a regex got on a subject that it does not match: for people, slow. */
enum { REGEX_WANTED = 3 };
struct regex_reach {
	bool known; /* false: it may begin anywhere in the subject, or a limit was hit */
	bool limit; /* a limit was hit: how far it got is not known */
	size_t at;  /* bytes of the longest head of the subject that could still go on to a match */
	struct span wanted[REGEX_WANTED]; /* items of the source that were tried at the last place where one was */
	size_t wanted_n;
};
void regex_reach(struct span source, struct span subject, struct regex_reach *reach);

/* PCRE2's version and date, for --version. */
enum { REGEX_VERSION_BYTES = 64 };
void regex_library_version(char out[REGEX_VERSION_BYTES]);

#endif
