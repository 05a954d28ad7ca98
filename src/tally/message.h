/* message: what stays of a path or a message when everything that varies is masked.
 *
 * Takes  a URL path; a log message.
 * Gives  short keys for tables: the endpoint, the message's signature; valid UTF-8, one line.
 * Holds  nothing.
 * Never  keeps a state between lines (facts/algorithms.md 4.3, phase 1), a query string, or anything with a digit of a
 *        message.
 *
 * Endpoint, exactly: a scheme and host before the path are cut; the path ends at the first '?', '#', ';', blank or
 * control character; it is split at '/' and '.'; a piece is replaced by "<*>" when it
 *   - consists of digits, or
 *   - has at least 6 bytes, a digit, and else only hexadecimal digits and '-', or
 *   - has 4 digits or more, or '@', '%' or a byte that is not ASCII in it, or is longer than 40 bytes.
 * An endpoint is cut at MESSAGE_PATH_BYTES. No path: "(none)".
 *
 * Signature, exactly: the text is split at blanks and any of = : , ; ( ) [ ] { } | " and '. A token is replaced by
 * "<*>" when it
 *   - has a digit (numbers, addresses, ids, UUIDs, hexadecimal), '@', or bytes that are not UTF-8, or
 *   - has two dots or more between letters (a host name), or two segments that begin with '/', or is longer than 40
 *     bytes (but the name of an error, letters, digits and dots that end in "Error" or "Exception", stays), or
 *   - is the value after the name of a secret (mask_is_secret_name), or stands in single quotes as one token.
 * Runs of blanks become one; "<*>" that follow each other with only blanks, commas and colons between become one. Text
 * after the first line is left out, except the last line that does not begin with a blank, which in a traceback is the
 * exception; it follows after " | ". A signature is cut at MESSAGE_SIGNATURE_BYTES.
 */
#ifndef ONSET_MESSAGE_H
#define ONSET_MESSAGE_H

#include "line/record.h"
#include "tally/marks.h"

enum { MESSAGE_PATH_BYTES = 200, MESSAGE_SIGNATURE_BYTES = 400, MESSAGE_HOLES = 28 };

/* The tokens of a message that its signature masks, as offsets in the message. */
struct message_holes {
	bool known; /* these are all; the message is one line, no secret is named in it, its signature is not cut */
	bool quoted[MESSAGE_HOLES]; /* stands in single quotes */
	unsigned n;
	size_t start[MESSAGE_HOLES], end[MESSAGE_HOLES];
};

/* What a record says: its message, and behind it that of its error, for one wording of a framework ("request errored") stands for many
 * errors. Of the record, or in `scratch`. */
struct span message_of(const struct record *r, struct text *scratch);
/* Writes the endpoint of `path` to `out` (printable ASCII); returns its length. */
size_t message_path(struct span path, char out[MESSAGE_PATH_BYTES]);
/* Writes the signature of `message`, of which `m` are the marks (UTF-8, one line); returns its length (0 when nothing but blanks was
 * there). `holes` may be NULL. */
size_t message_signature(struct marks *m, struct span message, char out[MESSAGE_SIGNATURE_BYTES], struct message_holes *holes);
/* Whether a token, not empty, is masked wherever it stands. */
bool message_varies(struct span token, struct marks_token has);

/* The same: most tokens are plain to see. */
static inline bool message_token_varies(struct span token, struct marks_token has)
{
	bool looks = has.varied || token.len > 40;
	char last = token.at[token.len - 1];
	if (looks && last != 'r' && last != 'n')
		return true;
	return (looks || has.piece & (has.piece - 1) || has.foreign) && message_varies(token, has);
}

#endif
