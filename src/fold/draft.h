/* draft: the model of a draft timeline: what story gives and tell writes. Its fields are the keys of
 * include/onset/timeline.schema.json, in the same order.
 *
 * Takes  nothing: plain data.
 * Gives  structs that draft_free() gives back whole.
 * Holds  owned strings and arrays throughout (char * and pointers are owned unless marked borrowed; NULL strings are JSON null).
 * Never  contains a float, a wall-clock time or anything that depends on threads, file order or the host.
 *
 * Unknown is null with a reason: an integer that may be unknown is a `struct known`, an instant uses INSTANT_NONE and has its
 * reason beside it.
 */
#ifndef ONSET_DRAFT_H
#define ONSET_DRAFT_H

#include "parse/format.h"

struct stated_event;

struct known {
	bool known;
	int64_t value;
	char *reason; /* why not known; NULL when known */
};

/* at: the best single value; lower and upper: the interval that holds the truth (UTC as far as the clock is known). */
struct moment {
	int64_t at_us, lower_us, upper_us; /* INSTANT_NONE: unknown */
	char *reason;                      /* why unknown, or a remark ("censored: the log begins here"); may be NULL */
};

struct evidence {
	char *source;  /* source id */
	char *path;
	uint64_t bytes;
	uint32_t crc;  /* with bytes: the fingerprint, printed "bytes-crc32hex" */
	uint64_t line, offset, length;
	char *excerpt; /* masked; NULL: then reason */
	char *reason;
};
struct evidence_list {
	struct evidence *items;
	size_t n, cap;
};

struct scope_count {
	char *name;
	uint64_t count;
};
struct scope_list {
	struct scope_count *items; /* by count descending, name */
	size_t n, cap;
};

struct burst {
	char *id, *signal, *class; /* class: the most frequent one */
	enum tier tier;
	char *source;              /* source id */
	struct scope_list classes, users, databases;
	struct moment onset, end;
	struct moment onset_at_source; /* in the source's own clock: at only */
	uint64_t count;
	uint64_t peak;             /* largest count per width_s */
	int64_t peak_at_us;
	uint32_t width_s;
	int64_t background_ppm;    /* background rate, events per second in millionths */
	bool censored_start, censored_end, ongoing;
	bool assumed_baseline;     /* the incident fills the capture */
	char *why;                 /* one sentence: what was compared with what */
	struct evidence_list evidence; /* first and last event, then samples */
	/* used by the story, not printed: */
	int64_t first_us, last_us; /* own clock */
	int64_t uncertainty_us;
	int64_t gap_before_us, gap_behind_us; /* by how much onset.lower_us and end.upper_us lie farther out because the log has a gap there; 0 */
	size_t source_index;
	char *incident;            /* id of its incident; NULL when it belongs to none */
	bool told;                 /* story/window.h */
};

struct refusal {
	enum tier tier;
	char *source, *class;
	char *user, *database; /* scope: the one user or database when all of them are of one; else NULL */
	uint64_t count;
	struct moment onset, end;
	bool echo;
};

struct endpoint {
	char *path;
	uint64_t requests, failed, slow;
};

struct latency {
	struct known p50_us, p95_us, p99_us, requests;
};

struct impact {
	struct known requests, failed, failed_ppm;
	struct known baseline_failed_ppm; /* share of failed requests before */
	struct known clients;             /* distinct clients with a failed request, estimate */
	struct known clients_error_ppm;
	char *clients_scope;              /* over which hours */
	struct endpoint *endpoints;       /* by failed descending, path */
	size_t endpoints_n;
	struct latency before, during;
	struct known inflight_before_milli, inflight_peak_milli; /* mean requests in flight, thousandths */
	int64_t inflight_peak_at_us;
	char *measured_at;                /* source id that was counted; NULL: reason */
	char *reason;
	struct evidence_list evidence;
};

struct holder_count {
	char *dimension, *name; /* dimension: role, database, application, host */
	int64_t count;          /* open connections at the onset */
	int64_t at_least;       /* sessions known only because they closed later */
};
struct holders {
	struct holder_count *items; /* by dimension, count descending, name */
	size_t n, cap;
	struct moment at;           /* when: the first refusal of the database, else the onset */
	struct known open;          /* all together */
	struct known limit;
	char *limit_how;            /* how it is known */
	char *reason;               /* when nothing is known */
};

/* A process that lock waits name as the (first) holder of the lock. */
struct lock_holder {
	int64_t pid;
	char *user, *database, *application, *host; /* NULL: no line of its session says */
	uint64_t waits;
};
struct lock_object {
	char *object, *mode; /* mode: the one that most waits were for */
	uint64_t waits;
	int64_t longest_us;
	struct lock_holder *holders; /* by waits descending, pid */
	size_t holders_n;
};
/* Lock waits that touch the incident and the minutes before it. */
struct locks {
	bool known; /* false: null, with a reason */
	uint64_t waits;
	int64_t longest_us;
	struct known queue_peak; /* most processes that waited for one lock */
	struct lock_object *objects; /* by waits descending, longest, object */
	size_t objects_n;
	uint64_t more; /* lock waits of these logs, at any time, that were not kept */
	struct moment onset; /* when the first of them began to wait */
	char *first_user, *first_mode, *first_statement; /* not printed: who that was, for what, with which statement; "" when no line says */
	struct evidence_list evidence; /* the first, the longest queue, the longest wait */
	char *reason;
};

struct slow_statement {
	char *sql; /* masked; printed as db.query.text */
	uint64_t count, before; /* from a minute before the onset to the end; in as long a time just before */
	int64_t total_us, max_us;
	struct evidence_list evidence; /* the longest */
};

struct metric_change {
	char *name, *key, *unit, *source; /* key NULL: the metric has none */
	int64_t before; /* the largest in the time before */
	int64_t peak, at_us;
	struct evidence_list evidence; /* the peak, the first that was far above `before` */
	/* used by the story, not printed: */
	size_t source_index;
	int64_t rise_us; /* as printed: when it was first far above */
	int64_t rise;    /* its value then */
};

struct propagation {
	enum tier tier;
	char *source;
	struct moment onset;
	int64_t lag_us;      /* after the first tier's onset; INSTANT_NONE unknown */
	bool provable;       /* its interval does not meet the first one's, or what it logged says that it came after */
	char *order;         /* "first", "none is proved to be earlier", "after db", the same with ": " and the reason, "order not provable" */
	char *reason;        /* what it logged that proves it; NULL: clocks, or nothing, do */
	char *signal;
	char *burst;         /* id */
};

/* One summand of a cause's score. */
struct cause_term {
	char *name;     /* mechanism, severity, order, coverage, dose, explained_away */
	int64_t points;
	char *text;     /* the numbers behind it */
};
struct cause {
	char *cause;   /* of the closed list */
	int64_t score; /* points */
	char *word;    /* probable, possible, undetermined */
	struct moment at;
	struct moment phase; /* the first symptom of the phase of the incident that it is a cause of; at_us INSTANT_NONE: the incident's */
	enum tier tier;
	char *source;  /* source id; NULL: no one source shows it */
	struct cause_term *terms;
	size_t terms_n;
	struct evidence_list evidence_for;
	char **for_text, **against_text;
	size_t for_n, against_n;
};

/* A cause that was looked at and is not told as one. */
struct considered {
	char *cause;
	struct known score; /* unknown: it was ruled out before it was scored */
	char *why;
};

/* What the requests in flight say, by Little's law: ln of their growth is that of the requests a second plus that of the time
 * that each takes. */
struct load {
	bool known; /* false: null, with a reason */
	struct known requests_share_ppm, duration_share_ppm; /* of the growth; may be negative or over a million */
	char *text;
	char *reason;
};

/* One of the eight questions that are asked of a change (cause/verdict.h). */
struct change_test {
	const char *name, *title; /* "R1", "temporality"; static */
	const char *result;       /* refutes, supports, no_evidence, not_applicable; static */
	char *text;               /* the numbers, or why it does not apply */
	char *expected;           /* what would have been seen if it were the cause; NULL: it does not apply */
};

/* When an instance of a service began to run what a change brought. */
struct change_instance {
	size_t source;
	int64_t begun_us, at_us; /* UTC: its stop, where one is logged; its start */
};

struct change {
	char *id, *kind;     /* deploy, rollback, start, restart, stop, reload, config, migration, sessions_ended, failover, mitigation, crash, traffic_surge */
	struct moment at;
	enum tier tier;
	char *source, *service, *version, *from_version, *summary;
	int64_t after_onset_us; /* negative: before the onset */
	char *verdict;       /* supported, weakened, refuted, undetermined */
	char *reason;
	struct change_test *tests; /* R1 to R8 in this order; none: it belongs to no incident */
	size_t tests_n;
	struct {
		const char *answered; /* yes, no, undetermined; static; NULL: it is no mitigation, or the incident had ended before */
		char *text;
		int64_t fell_us;      /* not printed: with yes, UTC */
	} mitigation;
	struct evidence_list evidence;
	/* used by the story, not printed: */
	bool begins;         /* a start with which the logs of its tier begin: what ran before them is not known */
	bool ordered;        /* of an incident: whether it came before the onset or after it is proved */
	int64_t begun_us;    /* it began then or later, UTC: at.at_us, unless its beginning is not logged */
	int64_t end_us;      /* last step of it, UTC; INSTANT_NONE: a point, or never ended */
	size_t source_index; /* SIZE_MAX: it is stated */
	const struct stated_event *stated; /* borrowed; NULL: a log tells of it */
	struct change_instance *instances; /* owned; only in the list of all changes, not in an incident's */
	size_t instances_n;
};

struct measure {
	char *text;
	char *because; /* signal, or cause */
};

/* One fact beside the counts, in a sentence. It never says that one thing caused another. */
struct finding {
	char *id, *kind; /* kind: of incident/finding.h's list */
	enum tier tier;
	char *source; /* source id; NULL: several */
	char *text;
	struct known count, before; /* in the incident (or in `at` to `end`); in the time that the text names */
	struct moment at;
	int64_t end_us; /* INSTANT_NONE: a point */
	struct evidence_list evidence;
	/* used by the story, not printed: */
	size_t source_index; /* SIZE_MAX: several */
	int64_t score; /* order among those of one kind */
};
struct finding_list {
	struct finding *items; /* by importance of their kind, score descending, at, id */
	size_t n, cap;
	uint64_t more; /* found, but not listed */
};

/* What people do about an incident, in this order. X(enum suffix, JSON name). */
#define DETECTION_STEPS(X) X(ALERT, "alert") X(ACKNOWLEDGE, "acknowledge") X(MITIGATION, "mitigation") X(RESOLVE, "resolve")
enum detection_step {
#define X(suffix, name) STEP_##suffix,
	DETECTION_STEPS(X)
#undef X
	STEP_COUNT
};

struct incident {
	char *id, *title;
	struct moment onset, peak, end;
	bool ongoing;
	bool censored_start; /* not printed: no log shows the time before the onset to be free of it */
	bool gap_before;    /* not printed: and that because of a gap in a log */
	bool told;           /* not printed: story/window.h */
	struct moment detection[STEP_COUNT]; /* first stated event of each; unknown: reason */
	int64_t detection_gap_us[STEP_COUNT]; /* after the onset, 0 when the step's stamp may hold it (a whole minute); INSTANT_NONE */
	char **bursts; /* ids, sorted by onset */
	size_t bursts_n;
	struct refusal *refusals;
	size_t refusals_n;
	struct known refused; /* counted once */
	struct impact impact;
	struct holders holders;
	struct locks locks;
	struct slow_statement *statements; /* by total_us descending, sql */
	size_t statements_n;
	char *statements_reason; /* why empty */
	struct metric_change *metrics; /* the largest changes first */
	size_t metrics_n;
	char *metrics_reason; /* why empty */
	struct propagation *propagation;
	size_t propagation_n;
	struct cause *causes;
	size_t causes_n;
	char *causes_reason; /* why empty */
	struct considered *considered; /* by score descending, those without one last, then cause */
	size_t considered_n;
	struct load load;
	struct change *changes;
	size_t changes_n;
	struct measure *measures;
	size_t measures_n;
	struct finding_list findings;
};

struct link {
	char *rel, *id; /* "incident", "burst", "change" */
};
struct entry {
	char *id;
	int64_t at_us, at_source_us, end_us; /* end INSTANT_NONE when it is a point */
	int64_t uncertainty_us;              /* at lies within at +- this */
	enum tier tier;
	char *source, *kind, *severity;      /* severity: critical, error, warning, info */
	char *summary, *body;                /* summary: one line, <= 1024 characters */
	struct known count;
	struct evidence_list evidence;
	struct link *links;
	size_t links_n;
};

struct gap {
	int64_t start_us, end_us; /* no line of any kind between them */
};
struct source_sample {
	char *path, *excerpt;
	uint64_t line, offset;
};
struct source_truncated {
	char *path, *kind; /* truncated, corrupt, trailing, read */
	int64_t compressed_offset, uncompressed_offset;
	int64_t lost_from_us, lost_until_us; /* INSTANT_NONE: unknown */
};
struct fingerprint {
	uint64_t bytes;
	uint32_t crc;
};
/* A file of a source, and under which name it was read. */
struct source_file {
	char *path;
	struct fingerprint fingerprint;
	int64_t mtime_us; /* of its gzip header; INSTANT_NONE: none */
};
/* A stretch between steps of a clock. */
struct clock_segment {
	int64_t from_us, to_us; /* UTC of the first and the last thing compared */
	int64_t offset_us, uncertainty_us;
};
struct source_clock {
	struct known offset_us, uncertainty_us; /* less that of `against`; unknown: reason */
	char *method, *confidence;
	struct known n, support_ppm, zone_offset_s, drift_ppm; /* reasons are not printed */
	char *against; /* source id */
	struct known reference_offset_us, reference_uncertainty_us; /* less the reference clock; reasons are not printed */
	bool applied;
	int64_t drift_at_us; /* UTC at which offset_us holds; INSTANT_NONE without drift */
	struct clock_segment *segments; /* where it was set; else none */
	size_t segments_n;
};

struct source {
	char *id, *key;
	char **paths; /* sorted */
	size_t paths_n;
	enum tier tier;
	char *tier_how;   /* format, option, unknown */
	char *stream;     /* of its files (parse/reader.h); NULL: they are of one writer, or it is what is left of them */
	char *format, *layout, *also;
	enum format_rank rank; /* of the format */
	int64_t certainty_ppm; /* share of the detection lines that parsed */
	char *zone;       /* "UTC", "+02:00", an IANA name or NULL */
	char *zone_how;   /* printed, option, configuration, estimated, assumed */
	char *year_how;   /* printed, option, name, container, source, neighbours, unknown */
	struct source_clock clock;
	char *twin_of;    /* source id or NULL */
	int64_t twin_agreement_ppm;
	uint64_t lines, records, access_records, joined, joined_over_rotation, attached, unparsed, blank, head, cut, implausible;
	uint64_t unparsed_refusals; /* of the unparsed ones: they say so, but not when */
	struct source_sample *samples;
	size_t samples_n;
	int64_t first_us, last_us; /* UTC */
	bool undated;              /* fold_source's: no part of the window; not in the JSON, where year_how says "unknown" */
	int64_t resolution_us;
	struct gap *gaps;
	size_t gaps_n;
	struct source_truncated *truncated;
	size_t truncated_n;
	struct fingerprint *fingerprints; /* of its files, in time order */
	size_t fingerprints_n;
	struct source_file *files; /* in the order of their fingerprints, then by path: one content may have several */
	size_t files_n;
};

struct point {
	int64_t at_us;
	int64_t value;
};
struct plot {
	char *name, *key, *source, *unit; /* name: plots.h; key: whose it is, NULL: of all */
	enum tier tier;
	int64_t width_us;
	int64_t error_ppm; /* of each value, at most; 0: exact */
	struct point *points;
	size_t n;
};

/* A tier that calls another one. */
struct tier_call {
	enum tier caller, called;
	char *how; /* stated, addresses, usual */
};
/* An address that a source calls. */
struct upstream {
	char *source;      /* id */
	char *address;     /* as printed; of "client" the caller's own, as the called prints it */
	uint64_t records, failed; /* of the source that name it; of "client" those of the called, failed 0 */
	enum tier tier;    /* of the called; TIER_UNKNOWN */
	char *called;      /* source id; NULL: not known which, or not here */
	char *how;         /* listens, name, port, client; NULL: it is not known */
	bool absent;       /* no log that is here is the called's */
	struct evidence_list evidence; /* the first record; none of "client" */
	/* used by the story, not printed: */
	size_t source_index;
};

struct unknown {
	char *what, *why, *setting; /* setting: which log setting would have told; may be NULL */
};

struct option_text {
	char *name, *value;
};

/* A file of what people state happened. */
struct event_source {
	char *id, *path;
	uint64_t bytes; /* with crc: its fingerprint */
	uint32_t crc;
	uint64_t events, outside; /* in the file; of those not told because their time is not */
	uint64_t repeated, passed; /* config/eventfile.h */
};

struct draft {
	char *patterns; /* hash of the patterns, hex */
	struct option_text *options; /* only those that change the result; sorted */
	size_t options_n;
	bool year_unknown;                      /* of all times that are told: 2000 stands in its place */
	int64_t window_start_us, window_end_us; /* what the logs cover; INSTANT_NONE: nothing */
	struct {
		bool any;                   /* false: all is told; the others are then zero */
		int64_t since_us, until_us; /* [since, until); INSTANT_NONE: open */
		bool covered;               /* some log covers a part of it */
		uint64_t incidents, bursts, entries; /* outside of it: not told */
	} asked;
	char *reference_clock, *reference_how;
	struct {
		char *incident; /* id; NULL: reason */
		char *title, *began, *spread, *impact, *cause, *measure, *reason; /* sentences for the digest and reports */
		struct moment onset, end;
		struct known duration_us;
		struct known detection_gap_us;
		struct moment detected; /* the first stated alert */
	} summary;
	struct {
		int64_t link_us;        /* bursts are linked when they overlap after widening by this and their uncertainty */
		int64_t unzoned_us;     /* uncertainty of a clock without a zone */
		int64_t assumed_skew_us;/* uncertainty of a clock that prints its zone, until clocks are estimated */
		int64_t gap_us;         /* least silence that is a gap */
		int64_t cap_ppm;        /* background cap of signals that are ~0 in health */
	} numbers;
	struct incident *incidents; /* by onset */
	size_t incidents_n;
	struct burst *bursts; /* by onset, id */
	size_t bursts_n;
	struct entry *timeline; /* by at, id */
	size_t timeline_n;
	uint64_t left_out; /* candidate entries that were not chosen */
	struct event_source *events; /* in the order given */
	size_t events_n;
	struct source *sources; /* by key */
	size_t sources_n;
	struct finding_list findings; /* outside of incidents */
	struct {
		char *how;                  /* stated, addresses, usual */
		struct tier_call *calls;    /* by caller, called */
		size_t calls_n;
		struct upstream *upstreams; /* by source's key, address; clients last */
		size_t upstreams_n;
		uint64_t more;              /* records that name addresses which are not told */
	} topology;
	struct plot *series;
	size_t series_n;
	struct unknown *unknowns;
	size_t unknowns_n;
};

/* Gives a list's items back and leaves it empty. */
void evidence_release(struct evidence_list *list);
void lock_object_release(struct lock_object *o);
void incident_release(struct incident *i);
void burst_release(struct burst *b);
void finding_release(struct finding *f);
void findings_release(struct finding_list *list);
void change_release(struct change *c);
void plot_release(struct plot *p);
void draft_free(struct draft *d);

#endif
