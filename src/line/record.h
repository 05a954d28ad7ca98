/* record: what one log entry says, in the field's standard names.
 *
 * Takes  nothing: this is the vocabulary that formats fill and signals, tally and check read.
 * Gives  `struct record`.
 * Holds  only borrowed spans: valid until the reader that gave the record is asked for the next one.
 * Never  contains text that was not in the log (unescaped JSON strings lie in the reader's scratch buffer).
 */
#ifndef ONSET_RECORD_H
#define ONSET_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/instant.h"
#include "base/text.h"

enum tier { TIER_UNKNOWN, TIER_LB, TIER_WEB, TIER_APP, TIER_POOL, TIER_DB, TIER_CHANGE, TIER_HUMAN, TIER_COUNT };
/* "lb", "web", ...; "unknown". */
const char *tier_name(enum tier tier);
/* False when the name is not one of them. */
bool tier_of(struct span name, enum tier *tier);

/* Severity numbers of the OpenTelemetry log data model ("Severity fields"); 0 is unspecified. PostgreSQL's LOG is INFO. */
enum severity {
	SEVERITY_UNKNOWN = 0,
	SEVERITY_TRACE = 1,
	SEVERITY_DEBUG = 5,
	SEVERITY_INFO = 9,
	SEVERITY_NOTICE = 10,
	SEVERITY_WARN = 13,
	SEVERITY_ERROR = 17,
	SEVERITY_CRITICAL = 18,
	SEVERITY_ALERT = 19,
	SEVERITY_FATAL = 21,
	SEVERITY_PANIC = 24,
};
/* The severity of a level word in any system's spelling ("warn", "WARNING", "emerg", "FATAL", "LOG", PostgreSQL's translated
 * ones); UNKNOWN for anything else, numbers too: what they mean depends on the format (format.h). */
enum severity severity_of(struct span word);
const char *severity_name(enum severity severity); /* "INFO", "ERROR", ... OpenTelemetry's short names; "" when unknown */

/* The closed list of fields: X(enum suffix, name in patterns and JSON). OpenTelemetry names where one exists. Patterns may
 * also say nginx's and PostgreSQL's own variable names, which are aliases (see pattern.h). */
#define RECORD_FIELDS(X) \
	X(TIMESTAMP, "timestamp") \
	X(SEVERITY, "severity_text") \
	X(MESSAGE, "message") \
	X(REQUEST, "request") \
	X(METHOD, "http.request.method") \
	X(PATH, "url.original") \
	X(STATUS, "http.response.status_code") \
	X(BODY_SIZE, "http.response.body.size") \
	X(DURATION, "duration") \
	X(CLIENT, "client.address") \
	X(CLIENT_PORT, "client.port") \
	X(USER_AGENT, "user_agent.original") \
	X(REFERER, "http.request.header.referer") \
	X(REQUEST_ID, "request.id") \
	X(UPSTREAM_ADDRESS, "upstream.address") \
	X(UPSTREAM_STATUS, "upstream.status") \
	X(UPSTREAM_CONNECT_TIME, "upstream.connect_time") \
	X(UPSTREAM_HEADER_TIME, "upstream.header_time") \
	X(UPSTREAM_RESPONSE_TIME, "upstream.response_time") \
	X(SERVER, "server.address") \
	X(LOCAL_ADDRESS, "network.local.address") \
	X(LOCAL_PORT, "network.local.port") \
	X(PEER_ADDRESS, "network.peer.address") \
	X(PEER_PORT, "network.peer.port") \
	X(PID, "process.pid") \
	X(SESSION, "session.id") \
	X(USER, "user.name") \
	X(DATABASE, "db.namespace") \
	X(APPLICATION, "application.name") \
	X(SQLSTATE, "db.response.status_code") \
	X(DETAIL, "db.detail") \
	X(HINT, "db.hint") \
	X(CONTEXT, "db.context") \
	X(STATEMENT, "db.query.text") \
	X(BACKEND_TYPE, "db.backend_type") \
	X(ERROR_TYPE, "exception.type") \
	X(ERROR_MESSAGE, "exception.message") \
	X(ERROR_CODE, "error.code") \
	X(STACK, "exception.stacktrace") \
	X(LOGGER, "log.logger") \
	X(THREAD, "thread.name") \
	X(HOST, "host.name") \
	X(SERVICE, "service.name") \
	X(VERSION, "service.version") \
	X(FRONTEND, "haproxy.frontend") \
	X(BACKEND, "haproxy.backend") \
	X(BACKEND_SERVER, "haproxy.server") \
	X(ERRNO, "error.errno") \
	X(CONNECTION, "nginx.connection_id") \
	X(THREAD_ID, "thread.id") \
	X(HTTP_HOST, "http.request.header.host") \
	X(PROTOCOL_VERSION, "network.protocol.version") \
	X(PROCESS, "process.name") \
	X(SESSION_LINE, "postgresql.session_line_number") \
	X(TRANSACTION, "postgresql.transaction_id") \
	X(VIRTUAL_TRANSACTION, "postgresql.virtual_transaction_id") \
	X(COMMAND_TAG, "postgresql.command_tag") \
	X(PRIORITY, "syslog.priority") \
	X(MSGID, "syslog.msgid") \
	X(CONTAINER, "container.name") \
	X(IOSTREAM, "log.iostream") \
	X(LANGUAGE, "code.language") \
	X(IGNORED, "-")

enum field {
#define X(suffix, name) FIELD_##suffix,
	RECORD_FIELDS(X)
#undef X
	FIELD_COUNT
};
const char *field_name(enum field field);
/* The field of an OpenTelemetry name; false when there is none. */
bool field_of(struct span name, enum field *field);

/* The closed list of metrics: numbers that a server prints about itself: X(enum suffix, name, unit, key). They become the
 * part's gauges (tally/part.h), one for each value of the field `key` (IGNORED: one for all). Units: us, By, By/s, 1, 1/s. */
#define RECORD_METRICS(X) \
	X(LB_CONNECTIONS, "haproxy.connections.process", "1", IGNORED) \
	X(LB_FRONTEND_CONNECTIONS, "haproxy.connections.frontend", "1", FRONTEND) \
	X(LB_BACKEND_CONNECTIONS, "haproxy.connections.backend", "1", BACKEND) \
	X(LB_SERVER_CONNECTIONS, "haproxy.connections.server", "1", UPSTREAM_ADDRESS) \
	X(LB_RETRIES, "haproxy.retries", "1", BACKEND) \
	X(LB_SERVER_QUEUE, "haproxy.queue.server", "1", UPSTREAM_ADDRESS) \
	X(LB_BACKEND_QUEUE, "haproxy.queue.backend", "1", BACKEND) \
	X(LB_REQUEST_TIME, "haproxy.time.request", "us", FRONTEND) \
	X(LB_QUEUE_TIME, "haproxy.time.queue", "us", BACKEND) \
	X(LB_CONNECT_TIME, "haproxy.time.connect", "us", BACKEND) \
	X(LB_RESPONSE_TIME, "haproxy.time.response", "us", BACKEND) \
	X(POOL_TRANSACTIONS, "pgbouncer.transactions", "1/s", IGNORED) \
	X(POOL_QUERIES, "pgbouncer.queries", "1/s", IGNORED) \
	X(POOL_RECEIVED, "pgbouncer.received", "By/s", IGNORED) \
	X(POOL_SENT, "pgbouncer.sent", "By/s", IGNORED) \
	X(POOL_TRANSACTION_TIME, "pgbouncer.time.transaction", "us", IGNORED) \
	X(POOL_QUERY_TIME, "pgbouncer.time.query", "us", IGNORED) \
	X(POOL_WAIT_TIME, "pgbouncer.time.wait", "us", IGNORED) \
	X(POOL_LIMIT, "pgbouncer.max_client_conn", "1", IGNORED) \
	X(DB_LIMIT, "postgresql.max_connections", "1", IGNORED) \
	X(DB_CHECKPOINT_TIME, "postgresql.checkpoint.time", "us", IGNORED) \
	X(DB_AUTOVACUUM_TIME, "postgresql.autovacuum.time", "us", IGNORED) \
	X(DB_TEMP_FILE, "postgresql.temp_file.size", "By", IGNORED)

enum metric {
#define X(suffix, name, unit, key) METRIC_##suffix,
	RECORD_METRICS(X)
#undef X
	METRIC_COUNT
};
const char *metric_name(enum metric metric);
const char *metric_unit(enum metric metric);
enum field metric_key(enum metric metric);
/* False when no metric has that name. */
bool metric_of(struct span name, enum metric *metric);

enum stamp_zone {
	STAMP_NONE,     /* no zone printed, or an abbreviation that is ambiguous: time_us is civil time encoded as UTC */
	STAMP_EXPLICIT, /* UTC, an offset, an epoch or a fixed-offset abbreviation: time_us is UTC */
};

struct extras; /* line/extras.h */

struct record {
	int64_t time_us;       /* when the outcome was known (DESIGN, Time), as printed: see zone */
	int64_t resolution_us; /* the stamp means [time_us, time_us + resolution_us) */
	enum stamp_zone zone;
	bool yearless;          /* no year printed: year 2000 */
	bool untimed;           /* no stamp printed: time_us is that of the record before it, and resolution_us reaches to the next one */
	struct span zone_text;  /* the abbreviation or offset as printed, may be empty */
	bool headed;            /* its carrier prints a time, too, and no zone */
	int64_t headed_us;      /* then: that less its own time, which is UTC, in time of day: [-12 h, 12 h) */
	enum severity severity;
	int status;             /* HTTP status 100..999, else 0 */
	int64_t duration_us;    /* of the request or statement, -1 when unknown */
	uint64_t line, offset, length, lines; /* first line (from 1), first byte, bytes without the last line end, lines joined */
	uint64_t has;           /* bit 1 << field for each field below that is set; the others are undefined */
	struct span field[FIELD_COUNT];
	uint32_t metrics;       /* bit 1 << metric for each of those below that is set; the others are undefined */
	int64_t metric[METRIC_COUNT]; /* >= 0 */
	uint16_t stream;        /* of the file: reader_stream(); 0 where the file is one stream */
	const struct extras *extras; /* what the line says beside the fields (extras.h); NULL: not asked for */
	struct span raw;        /* the whole entry as in the file, lines joined by "\n" */
};

static inline bool record_has(const struct record *r, enum field f)
{
	return r->has >> f & 1;
}
static inline void record_unset(struct record *r, enum field field)
{
	r->has &= ~(UINT64_C(1) << field);
}
static inline void record_set(struct record *r, enum field f, struct span value)
{
	r->field[f] = value;
	r->has |= UINT64_C(1) << f;
}
/* The field, or an empty span. */
static inline struct span record_get(const struct record *r, enum field f)
{
	return record_has(r, f) ? r->field[f] : SPAN_NONE;
}
static inline void record_metric(struct record *r, enum metric m, int64_t value)
{
	r->metric[m] = value;
	r->metrics |= UINT32_C(1) << m;
}
/* A copy of what is set: most of a record is room. */
static inline void record_copy(struct record *to, const struct record *from)
{
	memcpy(to, from, offsetof(struct record, field));
	for (uint64_t bits = from->has; bits; bits &= bits - 1) {
		int f = __builtin_ctzll(bits);
		to->field[f] = from->field[f];
	}
	to->metrics = from->metrics;
	for (uint32_t bits = from->metrics; bits; bits &= bits - 1) {
		int m = __builtin_ctz(bits);
		to->metric[m] = from->metric[m];
	}
	to->stream = from->stream;
	to->extras = from->extras;
	to->raw = from->raw;
}
/* Forgets everything but leaves the spans as they are (cheap: it runs once per line). */
static inline void record_clear(struct record *r)
{
	r->has = 0;
	r->metrics = 0;
	r->severity = SEVERITY_UNKNOWN;
	r->status = 0;
	r->duration_us = -1;
	r->zone = STAMP_NONE;
	r->yearless = false;
	r->untimed = false;
	r->zone_text = SPAN_NONE;
	r->headed = false;
	r->extras = NULL;
	r->lines = 1;
}

#endif
