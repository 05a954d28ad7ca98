/* carrier: what carries the lines of other programs: syslog, journald, Docker, CRI, compose, exports, colours, in any
 * nesting.
 *
 * Takes  one line; room for unescaped text.
 * Gives  the text that the innermost carrier carries, who wrote it, and what the carriers say of it: time, host, process,
 *        level.
 * Holds  nothing but the room (carrierroom.h: unescaped JSON, text without colours), reused from line to line.
 * Never  decides by what came before: each line is unwrapped by itself, so that lines of several carriers may alternate.
 *        Never takes a program's own JSON or text for a carrier: shapes are strict to their end. At most CARRIER_DEPTH deep.
 *
 * Known: see each scanner's header (syslog.h, carrierjson.h, carriertext.h); what is given, and writers' names: carried.h.
 *   ansi      colours and other CSI sequences (ECMA-48 section 5.4) are dropped
 *   compose   "web-1  | ", "web_1      | " (docker compose logs)
 *   docker    {"log":"...\n","stream":"stdout","time":"..."} (json-file); "log" without a "\n" at its end is partial
 *   cri       2026-11-22T11:15:12.836123456Z stdout F ... (P: partial)
 *   syslog    RFC 3164 and 5424, rsyslog's file format, journald's short forms (all of `journalctl -o short*` that have a
 *             date)
 *   journal   {"__REALTIME_TIMESTAMP":"...","MESSAGE":...} (journalctl -o json; MESSAGE may be an array of bytes)
 *   export    one JSON object a line with the program's line inside, as a cloud or a shipper writes it (CloudWatch, Google
 *             Cloud Logging, Kubernetes, Fluent Bit, Filebeat, Vector)
 */
#ifndef ONSET_CARRIER_H
#define ONSET_CARRIER_H

#include "line/extras.h"
#include "carry/carried.h"
#include "carry/carrierroom.h"

/* False: nothing carries the line and it has no colours, so that carrier_unwrap() need not be called. True is no promise. Some
 * tens of instructions. */
bool carrier_may(struct span line);
/* Unwraps all the way down, or to a part of a line: what a part carries says its whole line. True when there is at least one carrier but colours; out->text is without colours in any case.
 * `extras` (NULL: not asked) gets what the carriers say beside the fields: syslog.version, structured data, labels of an
 * export. Spans are valid until the next call with this room. `cache` may be NULL. */
bool carrier_unwrap(struct span line, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras,
		    struct carried *out);
/* The same, but no deeper than the first carrier that may have a line in parts: whose part it may be. */
bool carrier_unwrap_outer(struct span line, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras,
			  struct carried *out);
/* Goes on with a line that was in parts: c->text is all of it now. True when there is at least one more carrier but colours. */
bool carrier_unwrap_whole(struct carried *c, struct carrier_room *room, struct stamp_cache *cache);

#endif
