/* carrierobject: the members of one JSON object, as spans of the line.
 *
 * Takes  a text that should be one JSON object (RFC 8259), and white space behind it.
 * Gives  its members' keys and values, in the order of the text, the first CARRIER_MEMBERS of them; and the values of known
 *        keys.
 * Holds  nothing; spans lie in the text. Keys are as printed: one with an escape in it equals no key that is looked for.
 * Never  recurses or allocates; what a nested value holds is skipped by its brackets and quotes, and seen when it is scanned
 *        itself.
 */
#ifndef ONSET_CARRIEROBJECT_H
#define ONSET_CARRIEROBJECT_H

#include "carry/carrierkey.h"

enum { CARRIER_MEMBERS = 64 };
/* CARRIER_LITERAL: a number, true, false or null. */
enum carrier_kind { CARRIER_ABSENT, CARRIER_STRING, CARRIER_OBJECT, CARRIER_ARRAY, CARRIER_LITERAL };

struct carrier_value {
	enum carrier_kind kind;
	bool escaped;     /* of a string: it holds a backslash */
	struct span text; /* a string's bytes between its quotes; else the value as printed, brackets and all */
};

struct carrier_object {
	size_t n;
	size_t unknown; /* members whose keys no carrier writes */
	struct span key[CARRIER_MEMBERS];
	struct carrier_value value[CARRIER_MEMBERS];
	bool has[CARRIER_KEY_COUNT];
	struct carrier_value known[CARRIER_KEY_COUNT]; /* where has[]: the value of that key, of several the last */
};

/* False when it is no object, or not to its end. `whole` false: false also when one of the first two keys is none that a
 * carrier writes; that ends most programs' own objects early. */
bool carrier_object_scan(struct span text, bool whole, struct carrier_object *o);
/* The value of the key when it is of that kind; else kind CARRIER_ABSENT, and an empty text. */
static inline struct carrier_value carrier_object_get(const struct carrier_object *o, enum carrier_key key,
						      enum carrier_kind kind)
{
	const struct carrier_value absent = {CARRIER_ABSENT, false, SPAN_NONE};
	return o->has[key] && o->known[key].kind == kind ? o->known[key] : absent;
}
/* The next string or literal of an array as printed (`*at` begins as 0): false at its end, or when it is not right. */
bool carrier_array_next(struct span array, size_t *at, struct carrier_value *v);

#endif
