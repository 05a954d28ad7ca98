#include "unit.h"

#include "report/escape.h"

static const char *escaped(enum escape_place place, const char *string, size_t most)
{
	static struct text out;
	text_clear(&out);
	escape_append(&out, place, span_of(string), most);
	return out.at ? out.at : "";
}

static const char *code(const char *string)
{
	static struct text out;
	text_clear(&out);
	escape_code(&out, span_of(string), ESCAPE_MOST_BYTES);
	return out.at ? out.at : "";
}

struct row {
	const char *name, *in, *out;
};

/* https://html.spec.whatwg.org/#escapingString, and what XML wants of attributes. */
static const struct row html[] = {
	{"plain words stay", "734 refusals in pg.log", "734 refusals in pg.log"},
	{"an element is none", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
	{"an attribute does not end", "\" onload='x'", "&quot; onload=&#39;x&#39;"},
	{"an entity is none", "&lt;&#60;", "&amp;lt;&amp;#60;"},
	{"a comment is none", "<!-- x --> ]]>", "&lt;!-- x --&gt; ]]&gt;"},
	{"a bidi override is seen", "a\xE2\x80\xAE" "b", "a\\u{202E}b"},
	{"an isolate is seen", "\xE2\x81\xA6", "\\u{2066}"},
	{"a zero width is seen", "\xE2\x80\x8B\xEF\xBB\xBF", "\\u{200B}\\u{FEFF}"},
	{"a tag character is seen", "\xF3\xA0\x81\x81", "\\u{E0041}"},
	{"a filler is seen", "\xE3\x85\xA4", "\\u{3164}"},
	{"terminal escapes are seen", "\x1B[31m\x07", "\\x1B[31m\\x07"},
	{"C1 controls are seen", "\xC2\x9B" "31m", "\\x9B31m"},
	{"a line break is seen", "a\r\nb", "a\\x0D\\x0Ab"},
	{"other scripts stay", "\xC3\xA9 \xE6\xBC\xA2 \xF0\x9F\x98\x80", "\xC3\xA9 \xE6\xBC\xA2 \xF0\x9F\x98\x80"},
};

/* GFM 0.29 sections 2.4, 4 and 6; GitHub's and GitLab's references. */
static const struct row markdown[] = {
	{"words, numbers and times stay", "734 of 9,340 (12.3 %; 7.2-fold) at 13:40:04.575: db.max_connections = 20",
	 "734 of 9,340 (12.3 %; 7.2-fold) at 13:40:04.575: db.max_connections = 20"},
	{"emphasis is none", "*a* _b_ ~~c~~ `d`", "\\*a\\* \\_b\\_ \\~<span>\\~</span>c\\~\\~ \\`d\\`"},
	{"a link is none", "[a](javascript:b)", "\\[a\\](javascript<span>:</span>b)"},
	{"a picture is none", "![a](b)", "!\\[a\\](b)"},
	{"an address is none", "http://e.example", "http<span>:</span>//e.example"},
	{"an address without a scheme is none", "www.e.example", "www\\.e.example"},
	{"a mention is none", "@all a@b.example", "<span>@</span>all a<span>@</span>b.example"},
	{"an issue is none", "GH-26 gh-x", "GH<span>-</span>26 gh-x"},
	{"a reference is none", "#1 !2 ~x %3 &4", "<span>#</span>1 <span>!</span>2 <span>\\~</span>x <span>%</span>3 <span>&amp;</span>4"},
	{"a formula is none", "$x$ $$", "<span>\\$</span>x\\$ \\$\\$"},
	{"an element is none", "<b>&lt;", "&lt;b&gt;<span>&amp;</span>lt;"},
	{"a heading is none", "# a", "\\# a"},
	{"a list is none", "- a", "\\- a"},
	{"a numbered list is none", "12. a", "12\\. a"},
	{"a numbered list with a parenthesis is none", "1) a", "1\\) a"},
	{"a version is no list", "1.4.2 to 1.4.3", "1.4.2 to 1.4.3"},
	{"a rule is none", "---", "\\---"},
	{"a block of code is none", "    a", "a"},
	{"a cell does not end", "a|b", "a\\|b"},
	{"a backslash stays one", "C:\\x", "C:\\\\x"},
	{"a template is none", "{{x}}", "\\{\\{x\\}\\}"},
	{"a footnote is none", "[^e1]", "\\[\\^e1\\]"},
	{"an emoji is none", ":bug:", "<span>:</span>bug:"},
};

/* https://mermaid.js.org: '%%{' begins a directive, ';' ends a statement, '#' an entity, ':' and ',' part a task. */
static const struct row mermaid[] = {
	{"words stay", "deploy of shop-api 1.4.3", "deploy of shop-api 1.4.3"},
	{"a directive is none", "%%{init: {}}%%", "   init       "},
	{"a label does not end", "\"]; click a", "    click a"},
	{"an entity is none", "#35;", " 35 "},
	{"a task has no parts", "a:crit,b", "a crit b"},
	{"an element is none", "<br>", " br "},
};

static const struct row codes[] = {
	{"a code span", "a*b", "` a*b `"},
	{"a backtick does not end it", "a`b``c", "``` a`b``c ```"},
	{"only backticks", "``", "``` `` ```"},
	{"blanks alone", "  ", "`  `"},
	{"nothing is nothing", "", ""},
	{"a line break is seen", "a\nb", "` a\\x0Ab `"},
};

static void test_rows(const struct row *rows, size_t n, enum escape_place place)
{
	for (size_t i = 0; i < n; i++)
		TEXT_IS(escaped(place, rows[i].in, ESCAPE_MOST_BYTES), rows[i].out, rows[i].name);
}

/* Whatever comes, nothing that has a meaning is left. */
static void test_all_bytes(void)
{
	struct text all = {0}, valid = {0}, out = {0};
	for (int a = 1; a < 256; a++)
		for (int b = 1; b < 256; b += 3) {
			text_append_byte(&all, (char)a);
			text_append_byte(&all, (char)b);
		}
	text_append_utf8(&valid, text_span(&all));
	escape_append(&out, ESCAPE_HTML, text_span(&valid), SIZE_MAX);
	FACT(!strpbrk(out.at, "<>\"'\n\r\t"), "of any two bytes nothing of HTML's own is left");
	text_clear(&out);
	escape_append(&out, ESCAPE_MERMAID, text_span(&valid), SIZE_MAX);
	FACT(!strpbrk(out.at, "<>\"'\n\r\t%{}[]();:,#|&`"), "of any two bytes nothing of Mermaid's own is left");
	text_release(&all);
	text_release(&valid);
	text_release(&out);
}

int main(void)
{
	test_rows(html, sizeof html / sizeof *html, ESCAPE_HTML);
	test_rows(markdown, sizeof markdown / sizeof *markdown, ESCAPE_MARKDOWN);
	test_rows(mermaid, sizeof mermaid / sizeof *mermaid, ESCAPE_MERMAID);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		TEXT_IS(code(codes[i].in), codes[i].out, codes[i].name);
	TEXT_IS(escaped(ESCAPE_HTML, "abcdef", 3), "abc ... (cut, 6 bytes in all)", "what is too long is cut, and says so");
	TEXT_IS(escaped(ESCAPE_HTML, "ab\xC3\xA9", 3), "ab ... (cut, 4 bytes in all)", "a character is not cut in two");
	TEXT_IS(escaped(ESCAPE_MERMAID, "abcdef", 3), "abc ...", "in a diagram the cut is short");
	test_all_bytes();
	return unit_done();
}
