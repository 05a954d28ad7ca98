/* lua: braces that close a block, and those that do not (Lua 5.1 manual, 2.1). */
#include "config/lua.h"

#include "unit.h"

int main(void)
{
	static const struct {
		const char *name, *block; /* '@' stands where the block ends; none: it does not */
	} cases[] = {
		{"the brace that closes", " x = 1 }@ }"},
		{"tables nest", " t = {a = {1}, 2} }@ rest"},
		{"a string may hold one", " a = '}' b = \"}\" }@"},
		{"an escaped quote does not end a string", " a = '\\'}' }@"},
		{"a string ends with its line", " a = '\n}@"},
		{"a comment may hold one", " -- }\n}@"},
		{"a long comment, over lines", " --[[ }\n} ]] }@"},
		{"long brackets of a level end at that level", " a = [==[ } ]] ]=] }]==] }@"},
		{"a subscript is no long bracket", " a[b[1]] = 2 }@"},
		{"an open block", " x = {1}"},
		{"an open long bracket", " a = [[ }"},
		{"nothing", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span whole = span_of(cases[i].block);
		ptrdiff_t mark = span_find_byte(whole, '@');
		struct text s = {0};
		bool closed;
		text_append(&s, span_head(whole, mark < 0 ? whole.len : (size_t)mark));
		size_t len = s.len;
		if (mark >= 0)
			text_append(&s, span_from(whole, (size_t)mark + 1));
		size_t end = lua_block_end(text_span(&s), 0, &closed);
		FACT(closed == (mark >= 0) && end == len, cases[i].name);
		text_release(&s);
	}
	return unit_done();
}
