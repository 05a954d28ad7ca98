/* pattern: the data that says how lines split (formats) and what they mean (signals): loaded, checked, compiled.
 *
 * Takes  the text of pattern files (the built-in ones are inside the binary; cmd reads a user's folder and hands the bytes).
 * Gives  an immutable set of formats and signal rules, sorted by name, with a hash of their text (the draft names it).
 * Holds  the text of each file and its entries; what is compiled from them belongs to formats and signals (regex.h for PCRE2).
 * Never  reads a file, keeps a pattern that failed its check, or changes after pattern_set_check().
 *
 * File syntax (both kinds): raw text, one `key = value` a line, `#` starts a comment at the start of a line, an indented line
 * continues the value before it (joined by one "\n"; for `regex` the text is PCRE2 extended syntax). No escaping anywhere:
 * everything after the first " = " is the value, blanks at its end included. Of an indented line one blank or tab is removed.
 * An empty line or a comment ends a value; a line of one blank is an empty line inside it. Errors name file, line, show a
 * caret and give a hint.
 *
 * patterns/formats/NAME.pattern:
 *   format = NAME                      (must equal the file's name)
 *   title = one line for people
 *   tier = lb | web | app | pool | db
 *   stamp = end | start                (default end; start: time_us is moved to start + duration)
 *   template = nginx: LOG_FORMAT       | apache: LOGFORMAT | w3c: FIELDS | postgresql: LOG_LINE_PREFIX (many `template` lines: the one that fits most lines
 *                                      of a file, the first of equals, so write special ones before general ones)
 *   json FIELD = key.path key.path     (first one present wins; nested by dots)
 *   json-requires = key.path ...       (an object without all of them is not of this format)
 *   json-without = key.path ...        (an object with one of them is not of this format)
 *   json-number-severity = pino | syslog
 *   csv = FIELD,FIELD,...              (columns by position, "-" ignores)
 *   csv-at-least = N                   (a line with fewer columns is not of this format; default all)
 *   requires-any = FIELD FIELD ...     (a record with none of them is not of this format)
 *   scanner = NAME                     (a scanner written by hand: of the closed list in parse/compile.c)
 *   rank = known | carried | stamped   (default known; a later rank is taken only where no better one takes half of the lines)
 *   carrier = NAME                     (what a carrier says of a text that no other format knows: carry/carrier.h)
 *   syslog-header = yes                (its lines have the syslog header before them, and it reads that itself)
 *   regex = ...                        (named groups are field names with '.' written as '_': (?<http_response_status_code>...))
 *   multiline = no | indent | any      (which lines continue a record: none, those starting with blank, whatever does not parse;
 *                                      a regex then sees the first line only, a traceback behind it becomes exception.*;
 *                                      without message and level in the first line, a second one "LEVEL: text" gives both)
 *   duration-unit = s | ms | us | ns        (unit of FIELD duration; default s)
 *   message-fields = postgresql | pgbouncer | pairs | nginx | auth (fields inside the message: durations, connections and numbers as PostgreSQL
 *                                      and PgBouncer write them;
 *                                      request_id=, method=, path=, status=, duration_ms=, err= of an application; around it, too)
 *   yields-to = NAME                   (where both take as many lines and nothing in them tells, the other format is told)
 *   sample = ...                       (a line, or several: continued by indentation, one blank column removed)
 *   expect FIELD = value               (of the sample above it; timestamp as RFC 3339; empty: must be absent; also `severity`,
 *                                      short name, `duration_us` and `zone`, "explicit" or "none")
 *   reject = ...                       (a line that must not be taken by this format)
 *
 * patterns/signals/NAME.signal:
 *   signal = NAME                      (must equal the file's name)
 *   title = one line for people
 *   role = symptom | change | context | session_received | session_authorized | session_closed
 *   health = zero | few | any          (zero: ~0 in health; few: at most one request in twenty; the background rate is capped
 *                                       at that, so that a capture which is all incident is found; facts/algorithms.md 1.5)
 *   visible = yes | no                 (users see it)
 *   strength = states | implies | circumstantial
 *   sentence = for the timeline; {count} {tier} {source} {class} {duration} are replaced
 *   measure = what to suggest
 *   rule = ID                          (begins a rule; the keys below up to the next rule belong to it)
 *     class = CLASS
 *     tier = lb web app pool db        (only in sources of these tiers; default all)
 *     severity = any | failing | LEVEL (default failing: WARN or worse, or no level at all)
 *     status = 500-599 502             (HTTP status: numbers and ranges)
 *     duration = 1s                    (request took at least this)
 *     code = 53300                     (db.response.status_code or error.code equals; "SC*": starts with SC; several: any of them)
 *     starts = TEXT                    (the first line of the message or exception message starts with; several lines: any of them)
 *     ends = TEXT                      (the first line of the message ends with)
 *     contains = TEXT                  (a line of the message, exception message, type or stack text contains; several: any)
 *     except = TEXT                    (none of these texts contains it)
 *     regex = PCRE2                    (confirms on the same line; alone it must carry a literal of 4 bytes or more; text that is
 *                                      not ASCII belongs in `contains`: extended syntax drops the byte 85 hex as a blank)
 *     sample = TIER SEVERITY [CODE] [status=N] [duration=SECONDS] | MESSAGE    (SEVERITY "-": none; further lines: stack text)
 *     near = ...                       (a near miss, written like a sample: this rule must not match)
 *   All conditions of a rule must hold; a rule needs at least one of status, duration, code, starts, ends, contains, regex. Of one
 *   signal the first rule in the file that holds gives the class (rules with `duration` nest: each that holds counts). starts, ends
 *   and contains are 4 bytes or longer; `severity = any` belongs with starts or ends, which cost next to nothing per record.
 */
#ifndef ONSET_PATTERN_H
#define ONSET_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "line/record.h"
#include "line/regex.h"

/* ---- the file syntax ---- */
struct pattern_entry {
	struct span key, value; /* value: continuation lines joined by "\n"; borrowed from the owner below */
	unsigned line;
};
struct pattern_file {
	char *name;  /* of the file, without folder and suffix; owned */
	char *path;  /* for messages; owned */
	char *bytes; /* owned: the file as it is, then the values with their lines joined */
	size_t bytes_len; /* of the file as it is */
	struct pattern_entry *entries;
	size_t n, cap;
	bool built_in; /* the caller sets it: its regexes are known to compile, and are when they are first needed */
};
/* Splits text into entries. False with `d` on a syntax error. */
bool pattern_file_parse(struct pattern_file *file, const char *path, struct span bytes, struct diag *d);
void pattern_file_release(struct pattern_file *file);
/* Fills `d` with file, line, the line's text, a caret under `column` (bytes from the start of the value, which may lie on a
 * continuation line) and the hint (NULL: none). what's lines are separated by "\n": print them as they are. */
void pattern_error(const struct pattern_file *file, const struct pattern_entry *entry, size_t column, struct diag *d,
		   const char *what, const char *hint);

/* The same with the caret under byte `offset` of the entry's key. */
void pattern_key_error(const struct pattern_file *file, const struct pattern_entry *entry, size_t offset, struct diag *d,
		       const char *what, const char *hint);

/* False with `d` when an earlier entry has the same key. */
bool pattern_key_once(const struct pattern_file *file, const struct pattern_entry *entry, struct diag *d);

/* Compiles an entry's value; errors show the place in the file. `value` is the entry's value or a part of it. */
struct regex *pattern_regex(const struct pattern_file *file, const struct pattern_entry *entry, struct span value,
			    struct diag *d);

/* The built-in files, generated at build time from patterns/ (build/.../builtin.c). */
struct pattern_builtin {
	const char *path; /* "formats/nginx_access.pattern" */
	const char *bytes;
	size_t len;
};
extern const struct pattern_builtin pattern_builtins[];
extern const size_t pattern_builtins_n;

#endif
