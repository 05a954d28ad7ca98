/* html: a draft as one HTML page that needs nothing else: no script, no address, no font.
 *
 * Takes  a document and the notes of it.
 * Gives  the page's bytes: well-formed as XML too; a Content-Security-Policy that allows nothing but its own style sheet.
 * Holds  nothing.
 * Never  depends on anything but its input.
 */
#ifndef ONSET_HTML_H
#define ONSET_HTML_H

#include "report/document.h"
#include "report/notes.h"

void html_append(struct text *out, struct document *doc, struct notes *notes);

#endif
