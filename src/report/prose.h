/* prose: pieces that all Markdown templates are made of.
 *
 * Takes  a document, and text from it.
 * Gives  Markdown that GitHub, GitLab and pandoc (gfm, with footnotes) read alike: paragraphs, lists, pipe tables, footnotes
 *        for evidence; what logs cannot tell as TODO with the reason.
 * Holds  the text that is being made.
 * Never  lets text of the draft in without report/escape; invents.
 */
#ifndef ONSET_PROSE_H
#define ONSET_PROSE_H

#include "report/document.h"
#include "report/notes.h"

struct prose {
	struct text *out;
	struct document *doc;
	struct notes *notes;
	const struct told *told; /* the incident that is told; NULL: there is none */
};

/* Text of ours: as it is. */
void prose_put(struct prose *p, const char *markdown);
/* Text of the draft. */
void prose_text(struct prose *p, struct span s);
void prose_member(struct prose *p, const struct json_t *object, const char *key);
/* A member as a paragraph, when there is one. */
void prose_paragraph(struct prose *p, const struct json_t *object, const char *key);
/* "TODO (reason)" as a paragraph; `reason` is text of ours. */
void prose_todo(struct prose *p, const char *reason);
/* "2026-11-22 13:40:04.575 UTC (14:40:04.575 +01:00)" */
void prose_time(struct prose *p, int64_t us, bool date);
/* Footnote marks for evidence; at most DOCUMENT_MOST_CITED. */
void prose_evidence(struct prose *p, const struct json_t *list);
/* What people wrote to the thing of this id, in one line. */
void prose_notes(struct prose *p, struct span id);
/* The name of a closed list as words. */
void prose_words(struct prose *p, struct span name);

/* Whole sections without their heading. */
void prose_facts(struct prose *p);	/* what, when, how much, as a table */
void prose_timeline(struct prose *p, const char *time, const char *event, const char *proof); /* headings of its columns */
void prose_causes(struct prose *p);
void prose_changes(struct prose *p);
void prose_resolution(struct prose *p);
void prose_detection(struct prose *p);
void prose_measures(struct prose *p, bool owners);
void prose_incidents(struct prose *p);	/* all of them, when there are several */
void prose_coverage(struct prose *p);
/* The footnotes, and notes that found no place. */
void prose_end(struct prose *p);

#endif
