/* markdown: a draft as Markdown, in the shape that a team writes its postmortems in.
 *
 * Takes  a document, the notes of it, and a template.
 * Gives  the document's bytes, for GitHub, GitLab and pandoc -f gfm+footnotes.
 * Holds  nothing.
 * Never  fills what logs cannot tell: that is a TODO with its reason.
 */
#ifndef ONSET_MARKDOWN_H
#define ONSET_MARKDOWN_H

#include "report/document.h"
#include "report/notes.h"

enum markdown_template {
	MARKDOWN_GOOGLE,    /* Site Reliability Engineering, appendix D */
	MARKDOWN_PAGERDUTY, /* response.pagerduty.com, after/post_mortem_template */
	MARKDOWN_BRIEF,	    /* a page for a chat or a ticket */
	MARKDOWN_TEMPLATES
};

/* False: there is none of that name. */
bool markdown_template_named(struct span name, enum markdown_template *which);
void markdown_append(struct text *out, struct document *doc, struct notes *notes, enum markdown_template which);

#endif
