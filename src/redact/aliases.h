/* aliases: what was found in a document, and the name that each of it has there.
 *
 * Takes  values with their kinds.
 * Gives  one entry for each value, whatever places it stands in; its placeholder, numbered when it is asked for first.
 * Holds  the values (owned), in a table by their hash.
 * Never  gives two values one placeholder, or one that the document held before.
 *
 * Memory is in proportion to the values, which are parts of the document.
 */
#ifndef ONSET_REDACT_ALIASES_H
#define ONSET_REDACT_ALIASES_H

#include "redact/names.h"

struct alias {
	char *value; /* owned, with its NUL */
	size_t len;
	enum redact_kind kind;
	bool server;     /* an address of a server */
	bool structured; /* a field of its own named it: it is what it is wherever it stands as a word */
	bool forgiven;	 /* it stays: a program is called so too */
	bool reserved;   /* no value: a placeholder that the document held */
	uint32_t longer; /* index + 1 of the last learned name of several words of which this is the first; 0: none */
	uint32_t before; /* of such a name: the one learned before it, likewise */
	uint32_t number; /* 0: none yet */
	uint64_t places; /* where it was replaced */
};

struct aliases {
	struct alias *entries; /* in the order of learning */
	size_t n, cap;
	uint32_t *slots; /* index + 1 in `entries`; 0: free */
	size_t slots_n;  /* a power of two */
	uint32_t next[REDACT_KIND_COUNT + 1]; /* the last number given; of servers: at REDACT_KIND_COUNT */
};

/* Zeroed is none yet. */
void aliases_release(struct aliases *l);
/* The entry of a value; added when there is none, with this kind. Valid until the next call. */
struct alias *aliases_learn(struct aliases *l, enum redact_kind kind, struct span value);
/* Says that a value is this wherever it stands as a word. `first`: of how many bytes its first word is; when that is not all of
 * it, it is found by that word. */
void aliases_spread(struct aliases *l, struct span value, size_t first);
/* NULL: it is not known. */
struct alias *aliases_find(const struct aliases *l, struct span value);
/* Keeps a placeholder that stands in the document from being given to a value. */
void aliases_reserve(struct aliases *l, struct span placeholder);
/* Appends an entry's placeholder, and counts the place. */
void aliases_append(struct aliases *l, struct alias *entry, struct text *out);

#endif
