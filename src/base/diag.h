/* diag: what went wrong, where, and what to do about it.
 *
 * Takes  printf formats; the text may quote paths and log bytes (they are escaped when printed, not here).
 * Gives  `struct diag` (one failure, filled once by who saw it) and `struct diag_list` (warnings, in a stable order).
 * Holds  nothing outside the structs; `struct diag` never allocates.
 * Never  prints: only cmd/main does.
 */
#ifndef ONSET_DIAG_H
#define ONSET_DIAG_H

#include <stdbool.h>
#include <stddef.h>

/* One failure. Zeroed is "nothing wrong". The first one wins: later diag_set() calls change nothing. Long texts keep
 * their tail, because the end of a path says more than its start. */
struct diag {
	bool set;
	char what[400]; /* the error first, lower case, quoted subject, no full stop (git's style) */
	char hint[300]; /* a sentence that says what to do, or empty */
};

void diag_set(struct diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_hint(struct diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum diag_level {
	DIAG_NOTE,   /* for who watches: shown on a terminal only */
	DIAG_NOTICE, /* a note that is shown everywhere: without it the result cannot be understood */
	DIAG_WARNING,
	DIAG_ERROR
};

/* Warnings and errors that do not stop the run. `incomplete` is set when one of them makes the result incomplete (exit 1). */
struct diag_item {
	enum diag_level level;
	char *what, *hint; /* owned */
};
struct diag_list {
	struct diag_item *items;
	size_t n, cap;
	bool incomplete;
};

void diag_add(struct diag_list *list, enum diag_level level, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Moves everything from `from` to the end of `to`; `from` is empty afterwards. */
void diag_merge(struct diag_list *to, struct diag_list *from);
/* Sorts by (level, text), drops exact repeats: the order of threads does not show. */
void diag_sort(struct diag_list *list);
void diag_release(struct diag_list *list);

#endif
