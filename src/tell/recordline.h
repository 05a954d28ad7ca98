/* recordline: a record as one line of JSON (JSON Lines, RFC 8259 in UTF-8).
 *
 * Takes  a record with the path, format and tier it was read with, and the kinds of signal that it is.
 * Gives  one object and "\n": members of the same name always have the same type, so that columns can be made of them.
 * Holds  scratch texts, reused from line to line.
 * Never  writes bytes that are not UTF-8 (text_append_utf8), a real number, or (unless told to) a secret inside free text: message,
 *        URL, user agent, statement, detail, exception, attributes are masked as excerpts are (tally/mask.h), at full length.
 *        Fields that hold one name, address, number or id are written as they are: they are what records are joined
 *        and grouped by.
 *
 *   path line offset length lines               where it stands: lines from 1, bytes of the uncompressed file
 *   stream                                      who wrote it, where the file holds several writers ("db1/postgres")
 *   format tier                                 null and "unknown" for a line that no format takes
 *   timestamp                                   UTC with Z; where neither the log nor --zone tells a zone: civil time, and
 *                                               "zone": null. null: no format took the line
 *   timestamp_resolution_us                     the stamp means [timestamp, timestamp + this)
 *   zone, year                                  only as null: not known (year: 2000 stands in its place)
 *   timestamp_text                              the stamp as it stands in the line
 *   severity_text, severity_number              as printed; as OpenTelemetry counts (1 to 24)
 *   duration_us                                 of the request or statement
 *   names of line/record.h                     what the record has of them: strings; status, size, pid, port: integers
 *   names of RECORD_METRICS                     what a server printed about itself: integers, in the unit of the list there
 *   attributes                                  {name: string}: what the line says beside these, under its own names, when
 *                                               there is any (line/extras.h); a name that stands twice: "first,second"
 *   attributes_left_out                         how many pairs more there were than are kept, when there were
 *   signals                                     [{signal, class}], empty for most
 */
#ifndef ONSET_RECORDLINE_H
#define ONSET_RECORDLINE_H

#include "parse/signal.h"

struct recordline {
	bool unmasked; /* asked for: free text as it stands in the log */
	struct text masked, valid, joined;
};

/* What a record does not say of itself. */
struct record_origin {
	struct span path;
	const char *stream; /* who wrote it, of several in the file (parse/reader.h); "" or NULL: nobody else */
	const char *format; /* NULL: none takes the line */
	enum tier tier;
	const struct signal_set *signals;
	const uint16_t *kinds; /* of signal_match() */
	size_t kinds_n;
};

void recordline_append(struct recordline *l, const struct record_origin *from, const struct record *r,
		       struct text *out);
void recordline_release(struct recordline *l);

#endif
