/* format: how a line splits: a compiled pattern file, or one that the user or the lines themselves stated.
 *
 * Takes  pattern files of kind format; lines.
 * Gives  records (without line numbers: the reader adds them); which format a file is in, and how surely.
 * Holds  compiled templates, key maps and regexes; immutable after loading, shared by all threads.
 * Never  looks at file names or outside the line; never falls back silently to another format.
 */
#ifndef ONSET_FORMAT_H
#define ONSET_FORMAT_H

#include "line/stamp.h"
#include "carry/carrier.h"
#include "parse/derive.h"
#include "parse/groupfields.h"
#include "parse/pattern.h"

/* FORMAT_SCANNER: a scanner written by hand (format.scanner). FORMAT_CARRIED: what a carrier says of a text that no format knows. */
enum format_kind { FORMAT_NGINX, FORMAT_APACHE, FORMAT_W3C, FORMAT_POSTGRESQL, FORMAT_HAPROXY, FORMAT_JSON, FORMAT_CSV, FORMAT_REGEX, FORMAT_SCANNER, FORMAT_CARRIED };
/* How much a format's taking a line says, best first: detection takes a worse rank only where no better one takes half of the lines.
 * RANK_STAMPED is never silent: check, sources[] and a warning say that the format is not known. */
enum format_rank { RANK_KNOWN, RANK_CARRIED, RANK_STAMPED };
enum format_multiline { MULTILINE_NO, MULTILINE_INDENT, MULTILINE_ANY };


struct template; /* split/template.h */
struct prefix;   /* split/prefix.h */
struct logformat; /* split/logformat.h */
struct w3c; /* split/w3c.h */
struct scanner; /* split/scanner.h */
struct jsonkeys; /* line/jsonkeys.h */

/* One way to split the lines of FORMAT_NGINX, FORMAT_APACHE, FORMAT_W3C, FORMAT_POSTGRESQL or FORMAT_HAPROXY. */
struct format_layout {
	char *text; /* log_format, LogFormat, log_line_prefix or log-format; owned */
	struct template *template;
	struct prefix *prefix;
	struct logformat *logformat;
	struct w3c *w3c;
};

struct format {
	char *name, *title;         /* owned */
	bool own;                   /* made for one file or stated by the user: not of the set */
	const char *layout;         /* text of the first layout; NULL when there is none, or all hold (FORMAT_HAPROXY) */
	struct format_layout *layouts; /* tried in this order on each line; owned */
	size_t layouts_n, layouts_cap;
	enum format_kind kind;
	bool stream;                /* FORMAT_NGINX: of the stream module */
	enum tier tier;
	enum format_multiline multiline;
	enum format_rank rank;
	bool headed;                /* its lines have the syslog header before them (HAProxy, PgBouncer): carried.headed is what it reads */
	bool stamp_is_start;        /* move time_us to start + duration */
	struct meaning meaning;     /* of its fields */
	char *yields_to;            /* owned; name of the format that is told where both take as many lines and read as much; NULL: none */
	struct jsonkeys *keys;      /* FORMAT_JSON */
	const struct scanner *scanner; /* FORMAT_SCANNER; static */
	struct regex *regex;        /* FORMAT_REGEX */
	struct group_fields *groups; /* its fields */
	unsigned char csv_field[64];   /* FORMAT_CSV: column to enum field */
	unsigned csv_columns, csv_at_least;
	enum carrier carrier;       /* FORMAT_CARRIED */
	bool starts_known;          /* `starts` says: else any byte can start a record */
	bool starts[256];           /* bytes with which the first line of a record can start */
	struct pattern_file file;   /* where it came from: samples are checked against it */
};

struct format_set {
	struct format **formats; /* sorted by name; owned */
	size_t n, cap;
};

/* Adds one pattern file; replaces a format of the same name. `file` is taken over when it succeeds. False with `d`. */
bool format_set_add(struct format_set *set, struct pattern_file *file, struct diag *d);
/* Runs every format's samples, expectations and rejects, and checks that no sample is taken by another format's
 * detection as surely as by its own. Adds a message for each failure; returns the number of samples run. */
size_t format_set_check(const struct format_set *set, struct diag_list *failures);
const struct format *format_set_find(const struct format_set *set, struct span name);
void format_set_release(struct format_set *set);

/* A format stated by the user: "nginx:LOG_FORMAT", "nginx-stream:LOG_FORMAT", "apache:LOGFORMAT", "w3c:FIELDS", "postgresql:LOG_LINE_PREFIX",
 * "haproxy:LOG_FORMAT" or a NAME of the set. NULL with `d`. The
 * caller frees it with format_free() unless it is one of the set (format_is_own() is false then). */
struct format *format_stated(const struct format_set *set, struct span text, struct diag *d);
/* A format like `base` (of a kind that has layouts) with one layout of the caller's. NULL with `d`; `*column` is where
 * in `layout` the error is. */
struct format *format_of_layout(const struct format *base, struct span layout, struct diag *d, size_t *column);
/* Adds a layout behind those that an own format has: tried on lines that they do not take. */
bool format_add_layout(struct format *f, struct span layout, struct diag *d, size_t *column);
/* Puts a layout before those that an own format has. A format takes at most FORMAT_LAYOUTS so. */
enum { FORMAT_LAYOUTS = 64 };
bool format_prefer_layout(struct format *f, struct span layout, struct diag *d, size_t *column);
static inline bool format_is_own(const struct format *f)
{
	return f->own;
}
void format_free(struct format *f);

/* Per-thread scratch of parsing: caches, match data, unescaped text. Spans of the last record may point into it. */
struct format_scratch;
struct format_scratch *format_scratch_new(void);
void format_scratch_free(struct format_scratch *s);
/* The lines that follow are carried: format_carried() holds for their records. NULL: they are not. Borrowed until the next call. */
void format_scratch_carried(struct format_scratch *s, const struct carried *carried);
/* Stamp, level, host, process, pid and the like of a carried line's record are its carrier's where the text itself has none, and the
 * stamp also where the text's has no zone and the carrier's has one. False: neither has a stamp. */
bool format_carried(const struct carried *carried, struct record *r);
/* From now on records come with what their lines say beside the fields (record.extras). */
void format_scratch_extras(struct format_scratch *s);
/* While formats are looked for, most regexes see a few lines only (regex_scratch_interprets). */
void format_scratch_detects(struct format_scratch *s, bool detects);

/* One entry (lines joined by "\n") to a record, which is cleared first. Sets time, severity, status, duration and fields; not line, offset, length.
 * For PostgreSQL the severities DETAIL, HINT, QUERY, CONTEXT, STATEMENT, LOCATION give PARSE_OK with the text in the field of
 * that name and no FIELD_MESSAGE: record_is_attachment() is true. */
enum parse_result format_parse(const struct format *f, struct span entry, struct format_scratch *s, struct record *r);
/* The same of a text without a newline: nobody looks for one. */
enum parse_result format_parse_line(const struct format *f, struct span line, struct format_scratch *s, struct record *r);
/* Lines that go on behind a record's first line, as format_parse() reads them where they stand in one text: a traceback becomes
 * FIELD_STACK and what it ends in, other text part of the message when that ends where `rest` begins. `entry` holds both. */
void format_continue(struct span entry, struct span rest, struct record *r);
bool record_is_attachment(const struct record *r);
/* A line that no format takes, for who asks for extras: it is the message; a frame's place is extras, and the
 * first lines of a MySQL slow log's block give its fields. `r` is cleared, but for a time. */
void format_foreign(struct span line, struct format_scratch *s, struct record *r);
/* The same for an entry that the end of the file cut inside a quote, which the caller has closed: the columns that are there must
 * reach to the message. PARSE_NO for formats without quotes. */
enum parse_result format_parse_cut(const struct format *f, struct span entry, struct format_scratch *s, struct record *r);

enum { DETECT_FORMATS = 8 /* that one stream may be of */ };
/* What a file is, from its first bytes. */
struct detection {
	const struct format *format; /* NULL: unknown */
	struct format *own;          /* not NULL when `format` was made for this file (a learned prefix): the caller frees it */
	unsigned taken, lines;       /* of the first `lines` record lines, `taken` parsed */
	const struct format *also;   /* another format that took as many: ambiguous; NULL when none */
};
/* `head`: the first LIMIT_DETECT_BYTES of a file, or the bytes at hand after many misses. */
void format_detect(const struct format_set *set, struct span head, struct format_scratch *s, struct detection *d);
/* The same for a file whose format was stated by name: only its layout is looked for. d->format is `stated` or made from it,
 * whatever share of the lines it takes. */
void format_detect_layout(const struct format *stated, struct span head, struct format_scratch *s, struct detection *d);

#endif
