#include "line/jsonescape.h"

#include "unit.h"

static bool means(const char *raw, const char *meant, size_t meant_len)
{
	char to[128];
	size_t n = jsonescape_undo(span_of(raw), to);
	return n == meant_len && !memcmp(to, meant, n) && n <= strlen(raw);
}
#define MEANS(raw, meant) means(raw, meant, sizeof(meant) - 1)

int main(void)
{
	FACT(MEANS("", ""), "nothing means nothing");
	FACT(MEANS("plain", "plain"), "what is not escaped stays");
	FACT(MEANS("a\\\"b\\\\c\\/d", "a\"b\\c/d"), "quotes, backslashes and slashes (RFC 8259 section 7)");
	FACT(MEANS("\\b\\f\\n\\r\\t", "\b\f\n\r\t"), "the short escapes");
	FACT(MEANS("\\u00e9\\u20AC", "\xC3\xA9\xE2\x82\xAC"), "code points as UTF-8, digits in either case");
	FACT(MEANS("\\ud83d\\ude00", "\xF0\x9F\x98\x80"), "a surrogate pair is one code point");
	FACT(MEANS("\\ud83dx\\ude00", "\xEF\xBF\xBDx\xEF\xBF\xBD"), "half a pair is U+FFFD");
	FACT(MEANS("\\ud83d\\u0041", "\xEF\xBF\xBD" "A"), "and what follows it is read on its own");
	FACT(MEANS("\\u0000", "\0"), "a NUL is a byte like others");
	FACT(MEANS("\\x22\\xC3", "\"\xC3"), "nginx's \\xHH is that byte");
	FACT(MEANS("\\q\\u12G4\\xZ1", "\\q\\u12G4\\xZ1"), "what means nothing stays as it is written");
	FACT(MEANS("\\u12", "\\u12") && MEANS("\\x2", "\\x2"), "digits that are cut off, too");
	FACT(MEANS("end\\", "end\\"), "a lone backslash at the end is itself");
	return unit_done();
}
