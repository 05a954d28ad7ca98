/* jsoncut: a JSON text (RFC 8259) cut into its values, without reading them: where each object of a list begins and ends.
 *
 * Takes  bytes at which a value begins.
 * Gives  the span of that value: brackets balanced, strings stepped over.
 * Holds  nothing.
 * Never  checks what is inside (line/jsonline does), allocates or recurses.
 */
#ifndef ONSET_JSONCUT_H
#define ONSET_JSONCUT_H

#include "base/text.h"

/* Cuts the value off the front of *rest, blanks before it too. False when there is none, or when it does not end; then both are
 * as they were. */
bool jsoncut_value(struct span *rest, struct span *value);
/* The elements of an array, one after the other: *rest is the array's text at first. False behind the last one, and at what is
 * no element: jsoncut_ended() tells which. */
bool jsoncut_element(struct span *rest, struct span *element);
/* True when *rest, after jsoncut_element() said no, stands behind the array's end. */
bool jsoncut_ended(struct span rest);

#endif
