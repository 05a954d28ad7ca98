/* walk: every value of a JSON tree, in the order of the text.
 *
 * Takes  a tree that value_read() gave, however deep.
 * Gives  one value after the other, with the key under which it stands and its place: `incidents[3f2a9c].impact.evidence[0]`.
 * Holds  the way from the root to the value.
 * Never  recurses: the depth is that of the tree, which a stranger may have made.
 */
#ifndef ONSET_WALK_H
#define ONSET_WALK_H

#include "tell/value.h"

/* A container on the way down, and which of its elements was given last. */
struct walk_step {
	const struct json_t *container, *given;
	void *member;    /* of an object: value_next() */
	size_t index;    /* of an array: of the element that was given */
	const char *key; /* of a member; NULL in an array */
};
struct walk {
	struct walk_step *steps;
	size_t n, cap;
	bool skip; /* the value last given is not entered */
};

enum { WALK_PLACE_BYTES = 120 }; /* a longer place keeps its tail */

/* `root` is not given itself. */
void walk_begin(struct walk *w, const struct json_t *root);
/* The next value; what is in it comes right after it. NULL at the end. */
const struct json_t *walk_next(struct walk *w);
/* What is in the value that was given last is passed over. */
void walk_skip(struct walk *w);
/* The key of the value that was given last; empty in an array. */
struct span walk_key(const struct walk *w);
/* Appends the place of the value that was given last: an element of an array by its `id`, or else by its number. */
void walk_place(const struct walk *w, struct text *out);
void walk_release(struct walk *w);

#endif
