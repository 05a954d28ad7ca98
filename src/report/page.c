#include "report/page.h"

#include "fold/sentence.h"
#include "report/escape.h"
#include "report/when.h"

void page_put(struct page *p, const char *html)
{
	text_append_string(p->out, html);
}

void page_text(struct page *p, struct span s)
{
	escape_append(p->out, ESCAPE_HTML, s, ESCAPE_MOST_BYTES);
}

void page_member(struct page *p, const struct json_t *object, const char *key)
{
	page_text(p, value_member_text(object, key));
}

void page_paragraph(struct page *p, const char *class, struct span s)
{
	if (!s.len)
		return;
	text_format(p->out, "<p class=\"%s\">", class);
	page_text(p, s);
	page_put(p, "</p>\n");
}

void page_lines(struct page *p, struct span s)
{
	while (s.len) {
		escape_append(p->out, ESCAPE_HTML, span_cut(&s, '\n'), SIZE_MAX);
		page_put(p, s.len ? "\n" : "");
	}
}

/* "summary", "i2-causes" */
static void append_anchor(struct page *p, const char *name)
{
	if (p->incident)
		text_format(p->out, "i%zu-", p->incident);
	text_append_string(p->out, name);
}

void page_section(struct page *p, const char *name, const char *title)
{
	const char *level = p->incident ? "h3" : "h2";
	page_put(p, "<section aria-labelledby=\"");
	append_anchor(p, name);
	text_format(p->out, "\">\n<%s id=\"", level);
	append_anchor(p, name);
	text_format(p->out, "\"><span class=\"number\">%zu</span> %s</%s>\n", ++p->section, title, level);
}

void page_end(struct page *p)
{
	page_put(p, "</section>\n");
}

void page_time(struct page *p, int64_t us, int64_t beside_us)
{
	char machine[32];
	if (us == INSTANT_NONE) {
		page_put(p, "unknown");
		return;
	}
	text_format(p->out, "<time datetime=\"%s\">", instant_format(us, machine));
	if (beside_us == INSTANT_NONE || !when_same_day(us, beside_us))
		when_append(p->out, us);
	else
		when_append_time(p->out, us);
	page_put(p, "</time>");
}

void page_times(struct page *p, int64_t us, int64_t beside_us)
{
	page_time(p, us, beside_us);
	if (us == INSTANT_NONE)
		return;
	page_put(p, " UTC");
	if (!p->doc->zone)
		return;
	int64_t local_us = when_local(p->doc->zone, us);
	page_put(p, " (");
	if (!when_same_day(local_us, us))
		when_append(p->out, local_us);
	else
		when_append_time(p->out, local_us);
	page_put(p, " ");
	when_append_offset(p->out, p->doc->zone, us);
	page_put(p, ")");
}

void page_doubt(struct page *p, int64_t doubt_us)
{
	if (doubt_us < 1000)
		return;
	page_put(p, " <span class=\"quiet\">± ");
	sentence_duration(p->out, doubt_us);
	page_put(p, "</span>");
}

void page_count(struct page *p, int64_t n)
{
	if (n < 0)
		page_put(p, "-");
	sentence_count(p->out, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void page_duration(struct page *p, int64_t us)
{
	if (us < 0)
		page_put(p, "-");
	sentence_duration(p->out, us == INT64_MIN ? INT64_MAX : us);
}

void page_evidence(struct page *p, const struct json_t *list)
{
	for (size_t i = 0; i < value_count(list) && i < DOCUMENT_MOST_CITED; i++) {
		size_t n = value_kind(value_at(list, i)) == VALUE_OBJECT ? document_cite(p->doc, value_at(list, i)) : 0;
		if (n)
			text_format(p->out, "%s<a class=\"ref\" href=\"#e%zu\">%zu</a>", i ? " " : "", n, n);
	}
}

void page_notes(struct page *p, struct span id)
{
	size_t first, n = notes_take(p->notes, id, &first);
	for (size_t i = first; i < first + n; i++) {
		page_put(p, "<p class=\"note\"><b>Note</b> ");
		page_lines(p, p->notes->items[i].text);
		page_put(p, "</p>\n");
	}
}

void page_badge(struct page *p, struct span word)
{
	static const char *const words[] = {"probable", "possible", "undetermined", "supported", "weakened", "refuted"};
	const char *class = "";
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		class = span_equal(word, span_of(words[i])) ? words[i] : class;
	text_format(p->out, "<span class=\"badge-text %s\">", class);
	escape_append(p->out, ESCAPE_HTML, word, ESCAPE_SHORT_BYTES);
	page_put(p, "</span>");
}

void page_words(struct page *p, struct span name)
{
	struct text words = {0};
	text_append(&words, span_head(name, 120));
	for (size_t i = 0; i < words.len; i++)
		words.at[i] = words.at[i] == '_' ? ' ' : words.at[i];
	page_text(p, text_span(&words));
	text_release(&words);
}

void page_more(struct page *p, size_t n, size_t shown)
{
	if (n > shown) {
		page_put(p, "<p class=\"quiet\">And ");
		page_count(p, (int64_t)(n - shown));
		page_put(p, " more, in the JSON.</p>\n");
	}
}
