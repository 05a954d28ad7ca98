/* page: pieces that all sections of the HTML report are made of.
 *
 * Takes  a document, and text from it.
 * Gives  HTML that is well-formed XML too: headings with numbers and anchors, escaped text, instants, references to
 *        evidence, notes.
 * Holds  the text that is being made, and the number of the section it is at.
 * Never  lets text of the draft in without report/escape.
 */
#ifndef ONSET_PAGE_H
#define ONSET_PAGE_H

#include "report/document.h"
#include "report/notes.h"

struct page {
	struct text *out;
	struct document *doc;
	struct notes *notes;
	size_t section;	 /* number of the last one */
	size_t incident; /* number of the incident that is told, 0: the draft as a whole */
	size_t drawings;
};

/* Text of ours: as it is. */
void page_put(struct page *p, const char *html);
/* Text of the draft. */
void page_text(struct page *p, struct span s);
void page_member(struct page *p, const struct json_t *object, const char *key);
/* Text whose lines stay lines, all of it: where blanks count (pre, notes). */
void page_lines(struct page *p, struct span s);
/* "<p class=CLASS>TEXT</p>" when there is a text. */
void page_paragraph(struct page *p, const char *class, struct span s);

/* Begins a section with its numbered heading; page_end() ends it. `name`: of the anchor, unique within an incident. */
void page_section(struct page *p, const char *name, const char *title);
void page_end(struct page *p);

/* An instant as <time>: "13:40:04.575", with the date in front when it is another than that of `beside_us` (INSTANT_NONE: always). */
void page_time(struct page *p, int64_t us, int64_t beside_us);
/* The same, and in brackets as the readers' zone shows it, when one was asked for; its date where it is another. */
void page_times(struct page *p, int64_t us, int64_t beside_us);
/* " ± 1.1 s"; nothing below a millisecond. */
void page_doubt(struct page *p, int64_t doubt_us);
void page_count(struct page *p, int64_t n);
void page_duration(struct page *p, int64_t us);

/* Numbers of the evidence, linked: "[3] [4] [5]"; at most DOCUMENT_MOST_CITED. */
void page_evidence(struct page *p, const struct json_t *list);
/* What people wrote to the thing of this id. */
void page_notes(struct page *p, struct span id);
/* A word of a closed list, coloured when it is one. */
void page_badge(struct page *p, struct span word);
/* "traffic surge" of "traffic_surge": a name of a closed list as words. */
void page_words(struct page *p, struct span name);
/* "... and 12 more, in the JSON" when `n` is more than was shown. */
void page_more(struct page *p, size_t n, size_t shown);

#endif
