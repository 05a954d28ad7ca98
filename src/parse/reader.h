/* reader: lines to records: joins, attachments, re-detection.
 *
 * Takes  struct lines; a format set, or one stated format.
 * Gives  one record at a time, with line, offset, length and lines joined; counts of what did not parse.
 * Holds  a stream (stream.h) of the file's own lines; of a file that carries other programs' lines (carrier.h) the writers, and what
 *        waits for more lines of each (crowd.h); what became of the lines (outlet.h).
 * Never  copies the text of a record that is one line of the file's own; never depends on where the buffer's chunks end.
 *
 * A file is carried when carriers take at least half of its first lines and that says more than what known formats make of the lines as
 * they stand (reader.c, worth_unwrapping()); it is looked at again where lines are missed. Each line is then unwrapped; what follows holds
 * for each writer by itself, in the texts that its lines carry: its formats are looked for among its own lines, lines in parts are put
 * together by what they were written to, PostgreSQL's parts by process (parts.h). What none of its formats takes is a record of
 * the carrier (FORMAT_CARRIED). Records still come in the order of their first lines.
 *
 * Several formats may be in force at once (detect.h, redetect.h): a line is tried with each, in their order, and below "the format" is that
 * of the open record, or the first one.
 *
 * Joins, exactly (tests/reference implements the same words):
 *  - A line whose first byte is in format->starts (or any line, when that table is empty) is parsed. PARSE_OK: it begins a
 *    record. Otherwise it is a *continuation* when format->multiline allows it (MULTILINE_ANY: every such line;
 *    MULTILINE_INDENT: those that start with a blank or tab, and empty lines), a record is open and it was not parsed as a
 *    start. Continuations are joined to the record by "\n" up to LIMIT_JOIN_BYTES, then only counted.
 *  - A line that may start a record by its first byte but does not parse is *unparsed*; it is not joined, and the record
 *    before it ends there. (An empty table says nothing by the first byte: there a line that gives PARSE_NO is a continuation
 *    by the rule above, any other trouble is unparsed.) An empty line never starts a record. After an unparsed line no record
 *    is open: what would be a continuation is unparsed too.
 *  - FORMAT_JSON: lines that do not start with '{' are foreign text: unparsed, but for dumps.
 *  - A *dump* (dump.h) is a record of its own: in FORMAT_JSON, and in other formats of tier app, a line that is no record and is
 *    the head of a dump begins it, when a record stands before it. All lines behind it go on with it, blank ones too, down to
 *    its last line (dump_ends()), or to one that parses, has a stamp (not dump_goes_on()) or is the head of another dump; or to
 *    LIMIT_JOIN_BYTES. It was written at or after the record before it and before the next one: time_us is that record's,
 *    resolution_us reaches to the next one's, an hour at most (or when an attachment, another dump or nothing comes next).
 *  - PARSE_PARTIAL: lines are added until the quote closes or LIMIT_JOIN_BYTES is reached (then the first line is unparsed
 *    and reading goes on with the second). The same when the closed text does not parse, or the file ends and
 *    one of the lines would be a record; when none would, what is there to the end is the last record. Joins that came to
 *    nothing may look at 4 * (bytes before the line + LIMIT_JOIN_BYTES) bytes in all; then such a line is unparsed at once.
 *  - Continuations before the first record are `head` lines.
 *  - An attachment whose pid is among the last LIMIT_OPEN_RECORDS records (newest first) belongs to it (`attached`); else to
 *    the record before it when the format prints no pid; else it is an `orphan`, counted as unparsed. Attachments are counted
 *    and given (record_is_attachment()), orphans are not; lines that continue one that found its record are `joined`, those of an orphan unparsed.
 *  - After LIMIT_DETECT_AGAIN unparsed lines in a row (blank ones between do not count) the format is detected again on the
 *    next LIMIT_DETECT_BYTES bytes, unless stated. When nothing new is found there, not again before they are read. At most 63
 *    changes in a file. What is missed is looked at by itself, too: after 3, 12, 48, ... lines (redetect.h).
 *  - A line that no format in force takes, or that would only be joined, is held while the lines behind it are looked at
 *    (redetect.h): when it is of one more format it is read by that, the first line of an error log among those of an access log.
 */
#ifndef ONSET_READER_H
#define ONSET_READER_H

#include "parse/format.h"
#include "parse/ledger.h"

struct reader;

/* `stated` may be NULL: detect. Everything is borrowed until reader_free(). */
struct reader *reader_new(struct lines *lines, const struct format_set *set, const struct format *stated);
/* The next record or attachment, in the order of the file. False at its end. The record's spans are valid until the next
 * call. */
bool reader_next(struct reader *rd, struct record *r);
/* One stream of the file: the lines of one writer (carrier.h) that are of one tier. Stream 0 always is: the whole of a file without
 * carriers, or what is of no stream of its own (writers of unknown formats). At most LIMIT_STREAMS more.
 * Each stream's counts add up; the sum over all streams is the file. */
struct reader_stream {
	const char *name;            /* "" for stream 0; who wrote it: "db1/postgres", "web-1"; of a second tier of the same writer "web-1/db",
	                                and "/db" where the file has no carriers: no two are the same */
	const char *carriers;        /* "docker > syslog": what carries the first line of its first writer; of stream 0 the first of the lines that
	                                most are like; "" when nobody does */
	enum tier tier;
	const struct format *format; /* the first one found in it; of stream 0 of a carried file: the carrier's own */
	const struct detection *detection;
	uint32_t format_changes;     /* re-detections that found another format */
	const struct ledger_counts *counts;
	struct ledger_head head;
	const struct ledger_sample *samples; /* up to LIMIT_UNPARSED_SAMPLES first unparsed lines */
	size_t samples_n;
};
size_t reader_streams(const struct reader *rd);
/* Valid until reader_free(); complete once reader_next() has said false. */
struct reader_stream reader_stream(const struct reader *rd, size_t i);

/* From now on everything comes: a line that no format takes is a record without a time (INSTANT_NONE, reader_format() NULL, the line
 * its message; a trace, dump.h, is one record), still counted as unparsed; records have extras. For `check --records`; before the
 * first reader_next(). */
void reader_give_all(struct reader *rd);
/* Lines that are no record are asked what they say (ledger.h: counts.refusals). Borrowed; before the first reader_next(). */
void reader_ask(struct reader *rd, const struct ledger_ask *ask);
/* The format in force for the record just given. NULL before detection or when unknown. */
const struct format *reader_format(const struct reader *rd);
/* The file's lines are unwrapped. */
bool reader_unwraps(const struct reader *rd);
/* How the first detection that found a format went; the first one when none did. */
const struct detection *reader_detection(const struct reader *rd);
const struct ledger_counts *reader_counts(const struct reader *rd);
/* Its text is valid until reader_free(). */
struct ledger_head reader_head(const struct reader *rd);
/* Up to LIMIT_UNPARSED_SAMPLES first unparsed lines. */
size_t reader_samples(const struct reader *rd, const struct ledger_sample **samples);
void reader_free(struct reader *rd);

#endif
