/* carrierjson: carriers that write one JSON object a line, with the program's line inside: Docker and the journal.
 *
 * Takes  what is carried so far: a text that begins with '{'.
 * Gives  true, and one carrier more, where the object is a carrier's; else false and nothing changed.
 * Holds  nothing.
 * Never  builds a tree, recurses, or takes a program's own JSON for a carrier: each shape asks for keys that only the
 *        carrier writes. What follows the object but white space makes it none.
 *
 *   docker   "log" (string), "stream" (stdout or stderr), "time" (RFC 3339), in any order; beside them only "attrs" (logging
 *            option `labels`). A "log" that does not end in "\n" is partial (Docker cuts at 16 KiB: daemon/logger/copier.go)
 *   journal  "__REALTIME_TIMESTAMP" (or the source's) and "MESSAGE" (a string; an array of bytes when it is not UTF-8 or has
 *            control characters; null when it is too long) or "__CURSOR": `journalctl -o json`
 *            (systemd.io/JOURNAL_EXPORT_FORMATS); json-seq and json-sse are the same behind a byte or "data: ". The time is
 *            _SOURCE_REALTIME_TIMESTAMP where it is there, which is what journalctl itself prints. A line that journald cut
 *            at LineMax, or Docker's journald driver at 16 KiB, is partial (_LINE_BREAK=line-max, CONTAINER_PARTIAL_MESSAGE)
 *   export   see carrierexport.h
 */
#ifndef ONSET_CARRIERJSON_H
#define ONSET_CARRIERJSON_H

#include "line/extras.h"
#include "carry/carried.h"
#include "carry/carrierobject.h"
#include "carry/carrierroom.h"

/* A string as it is meant: in the line, or unescaped in the room. False when it is no string, or the room is used up (`out`
 * is empty then). */
bool carrierjson_string(struct carrier_value v, struct carrier_room *room, struct span *out);

bool carrierjson_docker(struct carried *c, const struct carrier_object *o, struct carrier_room *room,
			struct stamp_cache *cache);
bool carrierjson_journal(struct carried *c, const struct carrier_object *o, struct carrier_room *room, struct extras *extras);

#endif
