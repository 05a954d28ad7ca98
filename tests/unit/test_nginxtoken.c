#include "config/nginxtoken.h"

#include "base/memory.h"
#include "unit.h"

/* The tokens of a file as text: "word@line", punctuation, "!line" for what is bad. */
static void describe(const char *file, struct text *out)
{
	static const char *const marks[] = {
		[NGINXTOKEN_SEMICOLON] = ";", [NGINXTOKEN_OPEN] = "{", [NGINXTOKEN_CLOSE] = "}", [NGINXTOKEN_END] = "."};
	struct nginxtoken_place place = NGINXTOKEN_START;
	struct nginxtoken_found found;
	enum nginxtoken token;
	text_clear(out);
	do {
		token = nginxtoken_next(span_of(file), &place, &found);
		text_append_string(out, out->len ? " " : "");
		if (token == NGINXTOKEN_WORD) {
			nginxtoken_unescape(found.raw, out);
			text_format(out, "@%u", found.line);
		} else if (token == NGINXTOKEN_BAD) {
			text_format(out, "!%u", found.bad_line);
		} else {
			text_append_string(out, marks[token]);
		}
	} while (token != NGINXTOKEN_END && token != NGINXTOKEN_BAD);
}

/* What they are by the rules of ngx_conf_read_token(). */
static const struct {
	const char *name, *file, *tokens;
} rows[] = {
	{"a directive", "user  www;", "user@1 www@1 ; ."},
	{"a block over lines", "http {\n\tgzip on;\n}\n", "http@1 { gzip@2 on@2 ; } ."},
	{"a comment ends with its line", "a # b;\n c;", "a@1 c@2 ; ."},
	{"a hash inside a word is none", "a b#c;", "a@1 b#c@1 ; ."},
	{"quotes keep blanks, semicolons and braces", "a 'b; {c}' \"d e\";", "a@1 b; {c}@1 d e@1 ; ."},
	{"a line break in quotes is counted", "a 'b\nc' d;", "a@1 b\nc@1 d@2 ; ."},
	{"escapes", "a \"q\\\"t\\t.\" b\\;c \\d;", "a@1 q\"t\t.@1 b\\;c@1 \\d@1 ; ."},
	{"a brace behind a dollar belongs to the word", "a ${b}c{", "a@1 ${b}c@1 { ."},
	{"a quote that does not close", "a\n'b;", "a@1 !2"},
	{"a quote that goes on", "a 'b'c;", "a@1 !1"},
	{"nothing", "", "."},
};

int main(void)
{
	struct text t = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		describe(rows[i].file, &t);
		TEXT_IS(t.at, rows[i].tokens, rows[i].name);
	}
	char *longest = memory_new(NGINXTOKEN_WORD_BYTES + 2, 1);
	memset(longest, 'a', NGINXTOKEN_WORD_BYTES);
	describe(longest, &t);
	FACT(t.len > NGINXTOKEN_WORD_BYTES && t.at[t.len - 1] == '.', "a word of the most bytes is a word");
	longest[NGINXTOKEN_WORD_BYTES] = 'a';
	describe(longest, &t);
	TEXT_IS(t.at, "!1", "one more is too long");
	memory_free(longest);
	text_release(&t);
	return unit_done();
}
