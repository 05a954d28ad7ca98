/* carrier: what carries the lines of other programs: syslog, journald, Docker, CRI, compose, exports, colours, in any nesting.
 *
 * Takes  one line; room for unescaped text.
 * Gives  the text that the innermost carrier carries, who wrote it, and what the carriers say of it: time, host, process, level.
 * Holds  nothing but the room (struct carrier_room: unescaped JSON, text without colours), reused from line to line.
 * Never  decides by what came before: each line is unwrapped by itself, so that lines of several carriers may alternate. Never takes
 *        a program's own JSON or text for a carrier: shapes are strict to their end. At most CARRIER_DEPTH deep.
 *
 * Known: see each scanner's header (syslog.h, carrierjson.h, carriertext.h).
 *   ansi      colours and other CSI sequences (ECMA-48 section 5.4) are dropped
 *   compose   "web-1  | ", "web_1      | " (docker compose logs)
 *   docker    {"log":"...\n","stream":"stdout","time":"..."} (json-file); "log" without a "\n" at its end is partial
 *   cri       2026-11-22T11:15:12.836123456Z stdout F ... (P: partial)
 *   syslog    RFC 3164 and 5424, rsyslog's file format, journald's short forms (all of `journalctl -o short*` that have a date)
 *   journal   {"__REALTIME_TIMESTAMP":"...","MESSAGE":...} (journalctl -o json; MESSAGE may be an array of bytes)
 *   export    one JSON object a line with the program's line inside, as a cloud or a shipper writes it (CloudWatch, Google Cloud
 *             Logging, Kubernetes, Fluent Bit, Filebeat, Vector)
 */
#ifndef ONSET_CARRIER_H
#define ONSET_CARRIER_H

#include "parse/extras.h"
#include "parse/record.h"
#include "parse/stamp.h"

enum carrier {
	CARRIER_NONE,
	CARRIER_ANSI,
	CARRIER_COMPOSE,
	CARRIER_DOCKER,
	CARRIER_CRI,
	CARRIER_SYSLOG,
	CARRIER_JOURNAL,
	CARRIER_EXPORT,
	CARRIER_COUNT
};
/* "ansi", "compose", ...; "" for CARRIER_NONE. These are names of formats too (patterns/formats/syslog.pattern: carrier = syslog). */
const char *carrier_name(enum carrier carrier);
bool carrier_of(struct span name, enum carrier *carrier);

enum { CARRIER_DEPTH = 6 };

/* What a line carries. Spans lie in the line or in the room. */
struct carried {
	enum carrier chain[CARRIER_DEPTH]; /* outermost first */
	size_t depth;
	struct span text;         /* what the innermost carrier carries; the line itself when depth is 0 */
	struct span headed;       /* the same with the innermost syslog header before it, for formats that read that themselves
	                             (HAProxy, PgBouncer); empty when there is none or it does not stand right before the text */
	/* who wrote it; joins, partial lines and formats are by writer */
	struct span host, process, container, unit, iostream; /* empty: not said. iostream: "stdout", "stderr" */
	struct span pid;
	bool partial;             /* the text goes on in the writer's next line (same iostream): docker, cri */
	bool continues;           /* the text goes on with the writer's line before: PostgreSQL's "[3-2]" through syslog */
	bool continues_word;      /* with it: the line was cut for its length, and nothing stood at the cut (else: a newline) */
	/* when: of the innermost carrier that prints a time */
	bool has_stamp;
	struct stamp stamp;
	struct span stamp_text;
	/* how bad: of the innermost carrier that says so; what the text says of itself goes before it */
	enum severity severity;
	struct span severity_text;
	int priority;             /* syslog's <PRI>, 0..191; -1 */
	struct span version, msgid, structured; /* RFC 5424 */
};

struct carrier_room;
struct carrier_room *carrier_room_new(void);
void carrier_room_free(struct carrier_room *room);

/* Unwraps all the way down. True when there is at least one carrier but colours. `extras` (NULL: not asked) gets what the carriers
 * say beside the fields: syslog.version, structured data, labels of an export. Spans are valid until the next call with this room. */
bool carrier_unwrap(struct span line, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras,
		    struct carried *out);
/* A name for people of who wrote it: "shop-7d9f/app", "db1/postgres", "web-1"; empty when the carriers say nothing. At most
 * CARRIER_WRITER_BYTES, without control characters; deterministic, no process ids. Appended to `out`. */
enum { CARRIER_WRITER_BYTES = 128 };
void carrier_writer(const struct carried *c, struct text *out);

#endif
