#include "report/proof.h"

#include "fold/sentence.h"
#include "report/escape.h"
#include "report/overview.h"
#include "report/when.h"

static void put_zone(struct page *p, const struct json_t *source)
{
	const struct json_t *clock = value_get(source, "clock");
	int64_t offset_us, doubt_us;
	struct span zone = value_member_text(source, "zone"), how = value_member_text(source, "zone_how");
	page_text(p, zone.len ? zone : SPAN("not known"));
	if (how.len) {
		page_put(p, " <span class=\"quiet\">(");
		page_words(p, how);
		page_put(p, ")</span>");
	}
	if (!value_int(value_get(clock, "offset_us"), &offset_us) || !value_int(value_get(clock, "uncertainty_us"), &doubt_us) ||
	    !value_member_text(clock, "against").len)
		return;
	page_put(p, "<br/><span class=\"quiet\">clock ");
	page_duration(p, offset_us);
	page_doubt(p, doubt_us);
	page_put(p, value_is_true(value_get(clock, "applied")) ? ", taken off" : ", not applied");
	page_put(p, "</span>");
}

static void put_source(struct page *p, const struct json_t *source)
{
	size_t gaps = value_count(value_get(source, "gaps")), damage = value_count(value_get(source, "truncated"));
	int64_t unparsed = value_member_int(source, "unparsed"), first_us = when_member(source, "first");
	page_put(p, "<tr><td>");
	page_member(p, source, "key");
	page_notes(p, value_member_text(source, "id"));
	page_put(p, "</td><td>");
	page_put(p, document_tier_title(document_tier(value_member_text(source, "tier"))));
	page_put(p, "<br/><span class=\"kind\">");
	page_text(p, value_member_text(source, "format").len ? value_member_text(source, "format") : SPAN("no known format"));
	page_put(p, "</span></td><td class=\"num\">");
	page_count(p, value_member_int(source, "lines"));
	if (unparsed > 0) {
		page_put(p, "<br/><span class=\"kind\">");
		page_count(p, unparsed);
		page_put(p, " unparsed</span>");
	}
	page_put(p, "</td><td class=\"time\">");
	page_time(p, first_us, INSTANT_NONE);
	page_put(p, "<br/>");
	page_time(p, when_member(source, "last"), first_us);
	page_put(p, "</td><td>");
	put_zone(p, source);
	page_put(p, "</td><td>");
	if (gaps) {
		sentence_counted(p->out, gaps, "gap");
		page_put(p, damage ? ", " : "");
	}
	if (damage)
		sentence_counted(p->out, damage, "damaged file");
	if (value_member_text(source, "twin_of").len) {
		page_put(p, gaps || damage ? "; same events as " : "same events as ");
		page_text(p, document_source_name(p->doc, value_member_text(source, "twin_of")));
	}
	page_put(p, "</td></tr>\n");
}

static void put_unknowns(struct page *p, const struct json_t *unknowns)
{
	if (!value_count(unknowns))
		return;
	page_put(p, "<p><b>What could not be known</b></p>\n<ul>\n");
	for (size_t i = 0; i < value_count(unknowns) && i < DOCUMENT_MOST_ROWS; i++) {
		page_put(p, "<li>");
		page_member(p, value_at(unknowns, i), "what");
		page_put(p, ": <span class=\"quiet\">");
		page_member(p, value_at(unknowns, i), "why");
		page_put(p, "</span></li>\n");
	}
	page_put(p, "</ul>\n");
	page_more(p, value_count(unknowns), DOCUMENT_MOST_ROWS);
}

void proof_coverage(struct page *p)
{
	const struct json_t *sources = value_get(p->doc->root, "sources");
	page_section(p, "coverage", "Coverage");
	if (value_count(sources))
		page_put(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Sources\"><table><caption>What was read</caption>\n<thead><tr><th scope=\"col\">Source</th><th scope=\"col\">Tier, format</th>"
			    "<th scope=\"col\">Lines</th><th scope=\"col\">First and last record (UTC)</th><th scope=\"col\">Zone, clock</th>"
			    "<th scope=\"col\">Gaps</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < value_count(sources) && i < DOCUMENT_MOST_ROWS; i++)
		put_source(p, value_at(sources, i));
	page_put(p, value_count(sources) ? "</tbody></table></div>\n" : "<p class=\"quiet\">Nothing was read.</p>\n");
	page_more(p, value_count(sources), DOCUMENT_MOST_ROWS);
	struct text redacted = {0};
	overview_redacted(&redacted, p->doc->root);
	page_paragraph(p, "quiet small", text_span(&redacted));
	text_release(&redacted);
	put_unknowns(p, value_get(p->doc->root, "unknowns"));
	page_end(p);
}

void proof_evidence(struct page *p)
{
	page_section(p, "evidence", "Evidence");
	if (!p->doc->cited.n) {
		page_put(p, "<p class=\"quiet\">Nothing is said that needs any.</p>\n");
		page_end(p);
		return;
	}
	page_put(p, "<p class=\"quiet small\">Lines count from 1, bytes from 0 in the uncompressed file; the last word names its content (length and CRC-32).</p>\n<ol class=\"proofs\">\n");
	for (size_t i = 0; i < p->doc->cited.n; i++) {
		const struct json_t *e = p->doc->cited.items[i].value;
		struct span excerpt = value_member_text(e, "excerpt");
		text_format(p->out, "<li id=\"e%zu\"><span class=\"ref\">%zu</span><span class=\"where\"><code>", i + 1, i + 1);
		page_member(p, e, "path");
		page_put(p, "</code> line ");
		page_count(p, value_member_int(e, "line"));
		page_put(p, " <span class=\"quiet\">byte ");
		page_count(p, value_member_int(e, "offset"));
		page_put(p, ", ");
		page_member(p, e, "fingerprint");
		page_put(p, "</span></span>");
		if (excerpt.len) {
			page_put(p, "<pre>");
			if (excerpt.len > ESCAPE_MOST_BYTES)
				page_text(p, excerpt);
			else
				page_lines(p, excerpt);
			page_put(p, "</pre>");
		} else {
			page_put(p, "<span></span><span class=\"quiet\">");
			page_member(p, e, "reason");
			page_put(p, "</span>");
		}
		page_put(p, "</li>\n");
	}
	page_put(p, "</ol>\n");
	page_end(p);
}

void proof_notes(struct page *p)
{
	bool any = false;
	for (size_t i = 0; i < p->notes->n; i++) {
		const struct note *note = &p->notes->items[i];
		if (note->told)
			continue;
		if (!any) {
			page_section(p, "notes", "Notes without a place");
			page_put(p, "<p class=\"quiet small\">Written by hand to what is not told here any more.</p>\n");
		}
		any = true;
		page_put(p, "<p class=\"quiet small\">");
		page_text(p, note->about.len ? note->about : note->id);
		page_put(p, "</p>\n<p class=\"note\">");
		page_lines(p, note->text);
		page_put(p, "</p>\n");
	}
	if (any)
		page_end(p);
}
