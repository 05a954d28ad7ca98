/* onset.h: the logs of an outage to a draft of its timeline, as a library. The program `onset` is made of this.
 *
 * Takes  paths of logs, folders and tallies; tallies in memory; options by the names they have on the command line.
 * Gives  tallies (what a draft needs to know of each file, small, mergeable) and drafts (JSON, timeline.schema.json).
 * Holds  one `struct onset_scan` for each scan; nothing else: there are no globals.
 * Never  prints, ends the program, installs or takes signals, or changes the locale or the working folder.
 *
 *     struct onset_scan *scan = onset_open();
 *     char *json;
 *     size_t len;
 *     onset_add(scan, "/var/log/nginx");
 *     if (onset_read(scan) <= ONSET_INCOMPLETE && onset_draft(scan, &json, &len) <= ONSET_INCOMPLETE)
 *             fwrite(json, 1, len, stdout);
 *     onset_close(scan);
 *
 * The order is: options and paths; then onset_read() once; then, as often as wanted, the others. A tally is a set: merging
 * is its union, so that the logs of many hosts, scanned each where it lies and merged in any order, give the draft that
 * all of them together would, byte for byte.
 *
 * Threads: calls that are given different scans may run at the same time; calls that are given the same one may not.
 * onset_read() starts threads of its own (option "jobs"), which have ended when it returns; they block all signals.
 *
 * Memory: when the system has none left the process is aborted with one line on standard error: the one exception to
 * "never". What a function gives is borrowed unless it says that the caller frees it.
 *
 * To link: cc -IPREFIX/include program.c -lonset -lpcre2-8 -ljansson -lz -pthread (and -lzstd where it was there: "make libs" prints them all)
 */
#ifndef ONSET_ONSET_H
#define ONSET_ONSET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header; onset_version() is that of the library. Within one major version functions and enumerators
 * are only added. 0.x: no promise yet. */
#define ONSET_VERSION_MAJOR 0
#define ONSET_VERSION_MINOR 1
#define ONSET_VERSION_PATCH 0

/* What became of a call; the exit statuses of the program. Anything greater than ONSET_INCOMPLETE is a failure, and
 * onset_message() says why. */
enum onset_status {
	ONSET_COMPLETE = 0,
	ONSET_INCOMPLETE = 1, /* done, but something is missing, damaged or double: the messages and the draft name it */
	ONSET_NOTHING = 2,    /* not done: nothing can be read, or the watcher wished to stop */
	ONSET_USAGE = 64      /* not done: an option makes no sense, or the call came too late */
};

enum onset_level { ONSET_NOTE, ONSET_NOTICE, ONSET_WARNING, ONSET_ERROR };

/* Something to be told to people. */
struct onset_message {
	enum onset_level level; /* a NOTE is worth showing only to who waits at a terminal */
	const char *text;       /* what happened; lines are parted by "\n"; UTF-8 without control characters: names and log
				 * text in it cannot drive a terminal */
	const char *hint;       /* a sentence that says what to do; "" when there is none */
};

/* A scan: options, paths, what was read of them. */
struct onset_scan;

/* "0.1.0": the library's version. A literal: valid for ever. */
const char *onset_version(void);

/* A new scan without paths and options. Never NULL; onset_close() gives it back. */
struct onset_scan *onset_open(void);

/* States an option before the first of onset_prepare(), onset_read(), onset_load(), onset_merge() and onset_draft().
 *   name   as on the command line, without dashes: "format", "zone", "year", "tier", "source", "patterns", "nginx-conf",
 *          "postgresql-conf", "events", "since", "until", "around", "margin", "topology", "redact", "jobs" (README, Options); "config": a
 *          file of these; "no-config", with any value: the onset.conf beside the logs is not read; "output" or "tally-output": the
 *          file to which the caller will write a draft or a tally: it is not read as a log, and a path that names it is
 *          refused (but a tally may be added to).
 *   value  copied.
 * ONSET_COMPLETE; ONSET_USAGE when there is no such option or the value makes no sense by itself. What takes knowledge of
 * patterns or zones is told by onset_prepare(). */
enum onset_status onset_set(struct onset_scan *scan, const char *name, const char *value);

/* Adds a path to read: a log (gzipped or not), a folder with all below it, a tally, or "-" for standard input. Copied;
 * nothing is opened yet. ONSET_USAGE when it is empty, or after onset_prepare() or onset_read(). */
enum onset_status onset_add(struct onset_scan *scan, const char *path);

/* Reads options files, patterns and whatever else the options name. The other calls do it when it was not done; calling it
 * tells wrong options before the work. ONSET_COMPLETE; ONSET_USAGE: an option makes no sense; ONSET_NOTHING: a file that an
 * option names cannot be used. After a failure only onset_message() and onset_close() are of use. */
enum onset_status onset_prepare(struct onset_scan *scan);

/* Who is asked ten times a second during onset_read(), in the thread that called it.
 *   look     is given `context`, the (compressed) bytes read so far, and those there are in all, -1 when that is not known
 *            (a pipe). Not 0: stop; onset_read() then returns ONSET_NOTHING within a fraction of a second, also when it waits for
 *            a pipe. It must not call functions with this scan. NULL: nobody is asked.
 *   context  borrowed until onset_close(). */
void onset_watch(struct onset_scan *scan, int (*look)(void *context, int64_t done, int64_t total), void *context);

/* Reads what onset_add() named; once for a scan. Bad files do not stop it: all others are read.
 * ONSET_COMPLETE or ONSET_INCOMPLETE; ONSET_NOTHING: no file can be read or none has a known format, or it was stopped;
 * ONSET_USAGE: as onset_prepare(), or an input is the output, or it is the second time. */
enum onset_status onset_read(struct onset_scan *scan);

/* Adds a tally that onset_save() or `onset scan` made.
 *   bytes, len  borrowed for the call.
 * ONSET_COMPLETE; ONSET_INCOMPLETE: it was made with other patterns, or holds a file twice in different states;
 * ONSET_NOTHING: it is damaged, cut, or of another version, and nothing of it was taken. */
enum onset_status onset_load(struct onset_scan *scan, const void *bytes, size_t len);

/* Moves what `from` has read to `scan`; `from` has then read nothing. Files that both have are one. Status as onset_load().
 * A scan that is merged with itself stays as it is. */
enum onset_status onset_merge(struct onset_scan *scan, struct onset_scan *from);

/* The tally of all that was read, loaded and merged. Equal sets give equal bytes. It holds addresses and user names.
 *   bytes, len  set; the caller frees `*bytes` with onset_free(). NULL and 0 after a failure.
 * ONSET_COMPLETE, or ONSET_INCOMPLETE when what was read is. */
enum onset_status onset_save(struct onset_scan *scan, void **bytes, size_t *len);

/* The draft of all that was read, loaded and merged: one JSON object in UTF-8, ended by a newline. The same files and options
 * give the same bytes.
 *   json, len  set; `*json` also ends in a NUL that `*len` does not count; the caller frees it with onset_free(). NULL and 0
 *              after a failure.
 * ONSET_COMPLETE or ONSET_INCOMPLETE; ONSET_NOTHING: there is no line to tell of; ONSET_USAGE: as onset_prepare(). */
enum onset_status onset_draft(struct onset_scan *scan, char **json, size_t *len);

/* What the last draft of this scan says, in some ten lines for people (UTF-8, no control characters but "\n").
 *   columns  of the terminal; held between 60 and 110.
 *   text     set; NUL-terminated; the caller frees it with onset_free(). NULL when there is no draft yet.
 * ONSET_COMPLETE; ONSET_NOTHING when there is no draft. */
enum onset_status onset_digest(struct onset_scan *scan, size_t columns, char **text);

/* The messages of all calls so far: errors first, then warnings, notices and notes, each by its text; none twice.
 *   index  from 0; the first for which NULL is given is their number.
 * Valid until the next call with this scan, other than onset_message(). */
const struct onset_message *onset_message(struct onset_scan *scan, size_t index);

/* Gives back what onset_save(), onset_draft() and onset_digest() gave. NULL is fine. */
void onset_free(void *memory);

/* Gives back the scan and all that is borrowed from it. NULL is fine. */
void onset_close(struct onset_scan *scan);

#ifdef __cplusplus
}
#endif

#endif
