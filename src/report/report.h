/* report: a draft's JSON as a document that people read.
 *
 * Takes  the bytes of a draft (`onset draft`), what form it is to have, and, when notes are to be kept, those of an older one.
 * Gives  the document's bytes: a pure function of these.
 * Holds  nothing.
 * Never  reads a log, a tally, a clock or the environment; trusts the JSON: it may come from anywhere.
 */
#ifndef ONSET_REPORT_REPORT_H
#define ONSET_REPORT_REPORT_H

#include "base/diag.h"
#include "base/text.h"
#include "report/markdown.h"

struct zone;

enum report_form { REPORT_HTML, REPORT_MARKDOWN, REPORT_FORMS };

struct report_input {
	struct span bytes;
	const char *name; /* of the file, for messages; NULL: there is none */
};
struct report_request {
	enum report_form form;
	enum markdown_template template; /* of Markdown */
	unsigned redact; /* kinds that are taken out (redact/names.h), as bits */
	const struct zone *zone; /* shown beside UTC; NULL: UTC alone */
	struct report_input draft, kept;
};

/* A form by its name; false: there is none. */
bool report_form_named(struct span name, enum report_form *form);
/* Appends the document. False with `d`, and nothing is appended: what is wrong with an input, and where. */
bool report_make(const struct report_request *r, struct text *out, struct diag *d);

#endif
