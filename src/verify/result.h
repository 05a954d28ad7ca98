/* result: what a verification came to: how much holds, what is missing, what differs.
 *
 * Takes  one outcome after the other.
 * Gives  a table, a line for each trouble, a verdict; the exit status that says so.
 * Holds  the first RESULT_MOST troubles of each kind and word; of the others the number.
 * Never  prints; lets a control character of a log or a name through.
 */
#ifndef ONSET_RESULT_H
#define ONSET_RESULT_H

#include <stdint.h>

#include "base/text.h"

enum result_kind { RESULT_FILES, RESULT_LINES, RESULT_VALUES, RESULT_KINDS };
enum result_word { RESULT_HOLDS, RESULT_MISSING, RESULT_DIFFERS, RESULT_WORDS };

enum { RESULT_MOST = 20 }; /* lines of one kind that are shown: a file that is missing takes many with it */

struct result_note {
	enum result_kind kind;
	enum result_word word;
	char *text, *hint; /* owned; hint may be NULL */
};
struct result {
	uint64_t n[RESULT_KINDS][RESULT_WORDS];
	struct result_note *notes; /* in the order in which they came */
	size_t notes_n, notes_cap;
	char *aside[RESULT_KINDS]; /* owned; why not all of a kind was looked at; NULL: it was */
	char **moved;              /* owned; what was found under another name */
	size_t moved_n, moved_cap;
};

void result_hold(struct result *r, enum result_kind kind, uint64_t n);
/* `text` and `hint` may quote what stands in logs and names; `hint` may be NULL. */
void result_trouble(struct result *r, enum result_kind kind, enum result_word word, const char *hint, const char *text);
/* Whether result_trouble() would keep the text, for who builds a long one. */
bool result_wants(const struct result *r, enum result_kind kind, enum result_word word);
/* Why some of a kind, or all, was not looked at; the first one stays. */
void result_aside(struct result *r, enum result_kind kind, const char *why);
void result_moved(struct result *r, const char *text);
/* Nothing is missing, differs, or was not looked at. */
bool result_is_whole(const struct result *r);
/* Nothing was looked at: no file was found. */
bool result_is_none(const struct result *r);
/* The table, the lines, the verdict. */
void result_append(const struct result *r, struct text *out);
void result_release(struct result *r);

#endif
