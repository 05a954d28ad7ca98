/* part: what the story needs to know about one file, or about one stream of a file that holds several (parse/reader.h): where
 * DESIGN says that a file is a part, read: a stream of a file.
 *
 * Takes  records with their kinds, in file order (part_builder); or the bytes of an encoded part.
 * Gives  a frozen `struct part`: a pure function of the file's uncompressed bytes, the patterns and the stated format.
 * Holds  bounded memory: LIMIT_* in base/limits.h; at most 12 MiB of counts, and beside them at most 3 MiB of gauges, 3 MiB
 *        of statements, 3 MiB of lock waits (LOCKWAIT_BYTES of text each) and two edges. Of the parts of a file that holds several
 *        streams the later ones have less (part_share): all of them together at most 5.1 times as much.
 * Never  knows the file's name, its container, mtime, the host, the clock or its neighbours.
 *
 * Everything frozen is sorted (by the fields named at each array), so that equal content gives equal bytes.
 */
#ifndef ONSET_PART_H
#define ONSET_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "parse/reader.h"
#include "parse/signal.h"
#include "tally/headed.h"

/* Count of a series in one interval, with its first and last record. 48 bytes. Times as printed (see part.zone). */
struct bin {
	uint32_t start_s;              /* seconds since 1970 of the bin's start, a multiple of the series' width */
	uint32_t n;
	uint32_t first_us, last_us;    /* microseconds after start_s */
	uint32_t first_line, last_line;
	uint32_t first_length, last_length;
	uint64_t first_offset, last_offset;
};

enum facet { FACET_NONE, FACET_USER, FACET_DATABASE };

/* What a series counts. Besides signal classes there are built-in names, which no signal file may use:
 *   signal "http.requests",  class ""  every access record (a record with an HTTP status)
 *   signal "http.failed",    class ""  access records with status 500..599
 *   signal "records",        class ""  every record, always 10 s wide (heartbeat: gaps)
 */
struct series {
	char *signal, *class, *facet_value; /* owned; class and facet_value may be "" */
	enum facet facet;
	uint32_t width_s; /* 1, 10, 60 or 900 */
	struct bin *bins; /* owned, ascending start_s */
	size_t n;
};

/* What tells series apart, and their order everywhere: signal, class, facet, facet value. All borrowed. */
struct series_name {
	const char *signal, *class, *facet_value;
	enum facet facet;
};
static inline struct series_name series_name(const struct series *s)
{
	return (struct series_name){s->signal, s->class, s->facet_value, s->facet};
}
/* <0, 0, >0 */
int series_name_order(struct series_name a, struct series_name b);

/* Request-microseconds in flight per second (or 10, 60, 900 s): each request adds its overlap to each interval it touches. */
struct busy_bin {
	uint32_t start_s;
	uint64_t us;
};

/* Log-linear histogram cell (5 bits: 32 steps an octave, error <= 1.6 %; bucket_of() in histogram.h), of durations in us. */
struct latency_cell {
	uint32_t start_s; /* of an interval of part.latency_width_s */
	uint16_t bucket;
	uint32_t n;
};

/* A masked path or a masked message signature, and its counts per minute (or 15 min, 1 h, 1 day when coarser). */
struct keyed_cell {
	uint32_t start_s;
	uint32_t n, failed, slow; /* endpoints: requests, 5xx, >= 1 s; messages: n only */
};
struct keyed {
	char *key;       /* owned; "other" holds what did not fit */
	uint8_t severity; /* messages: highest severity seen */
	uint32_t first_line; /* of the first record with this key */
	uint64_t first_offset;
	uint32_t first_length;
	struct keyed_cell *cells; /* owned, ascending start_s */
	size_t n;
};

/* SpaceSaving counter: the true count lies in [n - error, n]. */
struct top {
	char *key; /* owned */
	uint64_t n, error;
};

/* Sampled ids: per printed hour the LIMIT_IDS_PER_HOUR smallest hashes of the request id (or pid + second). */
struct sampled_id {
	uint32_t hour; /* hours since 1970 as printed */
	uint64_t hash;
	int64_t first_us, last_us, duration_us; /* duration -1 unknown */
};

/* KMV: per printed hour the LIMIT_DISTINCT smallest hashes of client addresses with a failed (5xx) request, and of all. */
struct distinct {
	uint32_t hour;
	bool failed_only;
	uint64_t *hashes; /* owned, ascending */
	size_t n;
};

/* Kept text of a record of a kind (masked, valid UTF-8, <= LIMIT_EXCERPT_BYTES). */
struct exemplar {
	char *signal, *class; /* owned */
	uint32_t start_s;     /* its minute (or coarser) */
	int64_t at_us;
	uint32_t line, length;
	uint64_t offset;
	char *text; /* owned */
};

/* One discrete change event: a record of a signal whose role is ROLE_CHANGE. */
struct event {
	char *signal, *class; /* owned */
	int64_t at_us;
	uint32_t line, length;
	uint64_t offset;
	char *service, *version, *host; /* owned; "" unknown */
	int64_t pid;                    /* -1 unknown */
	char *text;                     /* owned; masked */
};

/* Open connections of a PostgreSQL log: net change per second by one dimension's key. */
enum holder { HOLDER_USER, HOLDER_DATABASE, HOLDER_APPLICATION, HOLDER_HOST, HOLDER_COUNT };
struct session_cell {
	uint32_t start_s;
	int32_t delta;
};
struct session_series {
	enum holder dimension;
	char *key; /* owned; "" unknown, "other" what did not fit */
	struct session_cell *cells; /* owned, ascending */
	size_t n;
	int64_t before; /* sessions that were closed but never seen opened: open before the file began */
};

/* Numbers of one interval: how many, together, the largest and its record. 48 bytes. Times as printed. */
struct number_cell {
	uint32_t start_s;
	uint32_t n;
	uint64_t sum, max; /* at most INT64_MAX: sums stop there */
	int64_t max_at_us; /* of the first record with `max` */
	uint64_t max_offset;
	uint32_t max_line, max_length;
};

/* A metric that records carry (line/record.h, RECORD_METRICS), per value of its key field: HAProxy's counters and queues,
 * PgBouncer's statistics, a limit that the log states. In the metric's unit. */
struct gauge {
	char *name, *key; /* owned; key "" when the metric has none or the record did not say it, "other" what did not fit */
	struct number_cell *cells; /* owned, ascending start_s */
	size_t n;
};

/* One lock wait: "process P still waiting for MODE on OBJECT after T ms" and what follows of it. */
struct lock_wait {
	int64_t at_us; /* of that record, as printed */
	uint32_t line, length;
	uint64_t offset;
	int64_t pid;           /* who waits; -1 unknown */
	char *mode, *object;   /* owned: "AccessExclusiveLock", "relation 16414 of database 16385" */
	int64_t waited_us;     /* the longest that was said: until then, or until it was acquired */
	int64_t acquired_us;   /* when it was acquired, as printed; -1: the log does not say so; at_us: it began in the file before */
	int64_t holder;        /* the first pid of "Process(es) holding the lock"; -1 unknown */
	uint32_t holders, queue; /* how many hold it, how many wait for it; 0 unknown */
	char *user, *database, *application, *statement; /* owned; of the one who waits; statement masked; "" unknown */
	char *holder_user, *holder_database, *holder_application, *holder_host; /* owned; from its session's lines; "" unknown */
};

/* A masked SQL statement that was logged with its duration, and its durations in us per minute (or 15 min, 1 h, 1 day when
 * coarser). */
struct statement {
	char *sql; /* owned, masked; "other" holds what did not fit */
	struct number_cell *cells; /* owned, ascending start_s */
	size_t n;
};

/* A network address that records name: one that the writer calls ("10.0.0.7:8080", HAProxy's "backend/server", "unix:/run/app.sock";
 * of several tries the last), or its own: where it listens, or from where it calls (then without port). As printed. */
enum address_side { ADDRESS_UPSTREAM, ADDRESS_LOCAL, ADDRESS_SIDES };
struct address {
	enum address_side side;
	char *address;         /* owned; at most ADDRESS_BYTES of what was printed */
	uint64_t n, failed;    /* records that name it; those with status 5xx, or ERROR or worse */
	uint64_t first_offset; /* of the first of them */
	uint32_t first_line, first_length;
};

/* Text at an edge of the file, for the join over a rotation (DESIGN: head and tail). */
struct file_edge {
	int64_t at_us;          /* tail: the record's stamp as printed; head: INSTANT_NONE; tail of a file without records too */
	uint32_t line, length;  /* length 0: there is none */
	uint64_t offset;
	uint8_t severity;       /* tail */
	char *message;          /* owned; tail: the record's message; masked, at most LIMIT_EDGE_BYTES */
	char *text;             /* owned; the lines that continue it (tail), or all head lines (head); masked, at most LIMIT_EDGE_BYTES */
};

/* A stretch of stamps that goes forward; a new one begins when ten records in a row lie more than 30 min before the newest. */
struct segment {
	uint64_t first_record; /* number of the record with which it begins, from 0 */
	int64_t first_us, last_us;
};

struct part {
	/* identity */
	uint64_t bytes;     /* uncompressed bytes read */
	uint32_t crc;       /* CRC-32 of them */
	uint64_t stated;    /* hash of the stated format's text, 0 when detected; the same in all parts of a file */
	char *stream;       /* owned; which stream of the file: reader_stream.name; "": the file, or the rest of it */
	/* what it was taken for */
	char *carriers;     /* owned; what carries its lines: reader_stream.carriers; "" when nothing does */
	char *format, *layout, *also; /* owned; format "" when unknown; layout: template or prefix; also: ambiguous with */
	enum format_rank rank; /* of the format; RANK_KNOWN when it is "" */
	enum tier tier;
	uint32_t detect_taken, detect_lines;
	uint32_t format_changes; /* re-detections that found another format in mid-file */
	struct ledger_counts counts;
	struct ledger_sample *samples; /* owned; excerpts masked */
	size_t samples_n;
	/* time */
	enum stamp_zone zone;        /* STAMP_EXPLICIT only when every record was, or its writer printed an offset elsewhere (unzoned.h) */
	uint64_t zone_mixed;         /* records that print no zone where others do */
	char *zone_text;             /* owned; abbreviation or offset of the first record that prints one, "" */
	struct headed headed;        /* lines with two stamps */
	bool yearless;               /* no stamp had a year; beside dated stamps year-less ones get their year */
	int64_t resolution_us;       /* the coarsest seen */
	int64_t first_us, last_us;   /* INSTANT_NONE without records */
	uint64_t implausible;        /* stamps over LIMIT_PLAUSIBLE_DAYS from the median, or outside 1970..2105: not counted below */
	uint64_t disorder;           /* records with a stamp before their predecessor's */
	int64_t disorder_us;         /* the largest such step back inside a segment */
	struct segment *segments;
	size_t segments_n;
	/* counts */
	struct series *series; /* sorted by (signal, class, facet, facet_value) */
	size_t series_n;
	struct busy_bin *busy; /* ascending */
	size_t busy_n;
	uint32_t busy_width_s;
	bool busy_known;       /* some access record had a duration */
	struct latency_cell *latency; /* ascending (start_s, bucket) */
	size_t latency_n;
	uint32_t latency_width_s; /* 10, 60, 900; wider only when stamps are spread over years */
	struct keyed *endpoints; /* sorted by key */
	size_t endpoints_n;
	uint32_t endpoints_width_s;
	struct keyed *messages; /* sorted by key */
	size_t messages_n;
	uint32_t messages_width_s;
	struct top *clients; /* sorted by n descending, key */
	size_t clients_n;
	struct top *users;
	size_t users_n;
	struct distinct *distincts; /* sorted by (hour, failed_only) */
	size_t distincts_n;
	struct sampled_id *ids; /* sorted by (hour, hash) */
	size_t ids_n;
	bool ids_are_requests;  /* false: pid + second */
	struct sampled_id *failed_ids; /* likewise, of request ids in records that say a failure (5xx, ERROR or worse): a log that names only */
	size_t failed_ids_n;           /* those finds them here, where among all requests they would be too few to be sampled */
	struct exemplar *exemplars; /* sorted by (signal, class, offset) */
	size_t exemplars_n;
	uint32_t exemplars_width_s;
	struct event *events; /* in file order */
	size_t events_n;
	uint64_t events_more; /* not kept */
	struct session_series *sessions; /* sorted by (dimension, key) */
	size_t sessions_n;
	uint64_t sessions_resets; /* server starts seen: everything before is closed */
	struct gauge *gauges; /* sorted by (name, key) */
	size_t gauges_n;
	uint32_t gauges_width_s;
	struct lock_wait *locks; /* in file order: the first LIMIT_LOCKS */
	size_t locks_n;
	uint64_t locks_more;     /* not kept */
	struct address *addresses; /* sorted by (side, address) */
	size_t addresses_n;
	uint64_t addresses_more[ADDRESS_SIDES]; /* records whose address was not kept */
	struct statement *statements; /* sorted by sql */
	size_t statements_n;
	uint32_t statements_width_s;
	struct file_edge head, tail;
};

/* The key that orders parts everywhere: (bytes, crc, stated, stream). <0, 0, >0. */
int part_compare(const struct part *a, const struct part *b);
/* The same without the stream: 0 for the parts of one file. */
int part_compare_files(const struct part *a, const struct part *b);
void part_free(struct part *p);
/* The texts of a wait, not the wait itself. */
void lock_wait_release(struct lock_wait *w);

/* ---- building ---- */
struct part_builder;
struct part_builder *part_builder_new(const struct signal_set *signals);
/* Of the room that LIMIT_* give one file's part, the first SHARE_WHOLE parts of a file (stream 0 and the first other writer) have all,
 * each, up to SHARE_QUARTER a quarter, the others a sixteenth: tables of LIMIT_... >> part_share(stream) bins, cells, keys, hours,
 * texts (of users and databases, half the shift). What does not fit gets coarser or goes to "other", as in a whole part. It depends on
 * the order of the streams in the file (reader_stream()) alone. A hostile file of LIMIT_STREAMS streams has so at most
 * 2 + 6 / 4 + 25 / 16 = 5.1 times the room of a file of one. Measured with all tables full: the builders of the three sizes hold 70,
 * 19 and 6 MiB, their parts 30, 7.5 and 2.6 MiB: 402 and 170 MiB in all. */
enum { SHARE_WHOLE = 2, SHARE_QUARTER = 8 };
unsigned part_share(size_t stream);
/* Before the first record. */
void part_builder_share(struct part_builder *b, unsigned share);
/* One record in file order. `tier` is its format's. */
void part_builder_add(struct part_builder *b, enum tier tier, const struct record *r, const uint16_t *kinds, size_t kinds_n);
/* A line that belongs to a record before it (record_is_attachment): DETAIL of a lock wait. */
void part_builder_attach(struct part_builder *b, const struct record *attachment);
/* The lines before the first record: text and place; called at most once, before part_builder_finish(). */
void part_builder_head(struct part_builder *b, const struct file_edge *head);
/* Freezes; frees the builder. The caller fills identity, format and counts (scan.c does). */
struct part *part_builder_finish(struct part_builder *b);

/* ---- encoding: deterministic, self-delimiting, endian-free (varints) ---- */
void part_encode(const struct part *p, struct text *out);
/* NULL with `d` when the bytes are damaged (every length and order is checked: a tally may come from anywhere). */
struct part *part_decode(struct span bytes, struct diag *d);

#endif
