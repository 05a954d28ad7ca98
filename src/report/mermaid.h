/* mermaid: the stack and the phases of an incident as Mermaid diagrams, which GitHub and GitLab draw.
 *
 * Takes  a document and one incident of it.
 * Gives  fenced blocks of Markdown.
 * Holds  nothing.
 * Never  lets more than letters, digits, blanks and a few marks of a draft into a diagram: its language has no way to quote
 *        that all versions agree on. Uses directives, links or styles but its own.
 */
#ifndef ONSET_MERMAID_H
#define ONSET_MERMAID_H

#include "report/document.h"

void mermaid_stack(struct text *out, const struct document *doc, const struct json_t *incident);
/* The tiers' times with symptoms, and changes as milestones. */
void mermaid_phases(struct text *out, const struct document *doc, const struct told *t);

#endif
