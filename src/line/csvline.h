/* csvline: columns out of one CSV record (RFC 4180, as PostgreSQL's csvlog writes it: newlines inside quotes).
 *
 * Takes  one line, or lines joined by "\n".
 * Gives  the columns; quotes removed, "" made " in a scratch text only where there is one.
 * Holds  per thread, the scratch text.
 * Never  allocates per line once the scratch has grown; never reads past the record.
 */
#ifndef ONSET_CSVLINE_H
#define ONSET_CSVLINE_H

#include "base/text.h"

enum { CSVLINE_COLUMNS = 64 };

struct csvline {
	struct span columns[CSVLINE_COLUMNS]; /* valid until the next scan, and as long as the line */
	size_t n;
	char *text; /* owned */
	size_t cap;
};

enum csv_result {
	CSV_OK,
	CSV_OPEN, /* a quote is open at the end: the record goes on in the next line */
	CSV_BAD,  /* bytes between a closing quote and the comma, or more than CSVLINE_COLUMNS columns */
};
enum csv_result csvline_scan(struct csvline *csv, struct span line);
void csvline_release(struct csvline *csv);

#endif
