/* carrierjson: carriers that write one JSON object a line, with the program's line inside.
 *
 * Takes  what is carried so far: a text that begins with '{'.
 * Gives  true, and one carrier more, where the object is a carrier's; else false and nothing changed.
 * Holds  nothing.
 * Never  builds a tree, recurses, or takes a program's own JSON for a carrier: each shape asks for keys that only the carrier writes.
 *        What follows the object but white space makes it none.
 *
 *   docker   "log" (string), "stream" (stdout or stderr), "time" (RFC 3339); beside them only "attrs" and "partial..." keys. A "log" that does
 *            not end in "\n" is partial (Docker cuts at 16 KiB: daemon/logger/copier.go)
 */
#ifndef ONSET_CARRIERJSON_H
#define ONSET_CARRIERJSON_H

#include "parse/carried.h"
#include "parse/carrierroom.h"
#include "parse/extras.h"

bool carrierjson_unwrap(struct carried *c, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras);

#endif
