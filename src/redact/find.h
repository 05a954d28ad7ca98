/* find: what is to be taken out of a text, from left to right.
 *
 * Takes  text: a sentence of ours, a record, what a person wrote; the kinds that are asked for; what is known already.
 * Gives  one place after another, with its kind and the value that is the same for all spellings.
 * Holds  nothing between calls but the place.
 * Never  gives a placeholder again, "***", or places that overlap. Time is in proportion to the text.
 */
#ifndef ONSET_REDACT_FIND_H
#define ONSET_REDACT_FIND_H

#include "redact/address.h"
#include "redact/aliases.h"
#include "redact/said.h"

struct finder {
	unsigned kinds;		    /* bits `1 << kind` */
	const struct aliases *known; /* names that fields told; NULL: none */
	struct span text;
	size_t at;	   /* what stands before it is done */
	struct said said;  /* values that are still to come */
	size_t said_next;
	size_t statement; /* behind the last word that begins a statement; 0: none */
	char spelling[REDACT_ADDRESS_BYTES];
};
struct found {
	size_t at, len; /* in the text */
	enum redact_kind kind;
	struct span value; /* the same for all spellings of one thing; valid until the next call */
	bool sure;	   /* it is this wherever it stands as a word */
};

/* Length of the word that begins a text, as names are looked up: letters, digits, "_", "-", ".", "\\", "$" up to the last that may end
 * one. */
size_t find_word(struct span text);

void find_begin(struct finder *f, struct span text, unsigned kinds, const struct aliases *known);
/* False: there is no more. */
bool find_next(struct finder *f, struct found *out);

#endif
