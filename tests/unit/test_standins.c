#include "verify/standins.h"

#include "unit.h"

int main(void)
{
	static const struct {
		const char *name, *original, *told;
		bool agree;
	} rows[] = {
		{"a text without placeholders", "one two", "one two", true},
		{"another text", "one two", "one twi", false},
		{"less than the original", "one two", "one", false},
		{"more than the original", "one", "one two", false},
		{"an address", "from 10.0.0.7 to db1", "from client-1 to db1", true},
		{"the same address again", "10.0.0.7:5432 connected", "client-1:5432 connected", true},
		{"another address in its place", "10.0.0.8:5432 connected", "client-1:5432 connected", false},
		{"one address, two names", "10.0.0.7 said", "client-2 said", false},
		{"the other address has its own", "10.0.0.8 said", "client-2 said", true},
		{"a server is no client", "10.0.0.9 said", "server-1 said", true},
		{"one spelling of IPv6", "2001:db8::1 said", "client-3 said", true},
		{"another spelling of it", "2001:0DB8:0:0:0:0:0:1 said", "client-3 said", true},
		{"a name of several words", "role shop app rw may", "role user-1 may", true},
		{"a value at the end", "user=alice", "user=user-2", true},
		{"a value at the beginning", "alice left", "user-2 left", true},
		{"two in one text", "alice and shop app rw", "user-2 and user-1", true},
		{"swapped", "shop app rw and alice", "user-2 and user-1", false},
		{"e-mail addresses of either case", "to Bob@Example.org now", "to email-1 now", true},
		{"are one", "to bob@example.ORG now", "to email-1 now", true},
		{"a placeholder of nothing", "to now", "to email-1now", false},
		{"nothing is left for it", "to  now", "to user-9 now", false},
		{"two in one text that mean one thing", "x bob bob y", "x user-7 user-8 y", false},
		{"what did not agree is forgotten", "x carol y", "x user-7 y", true},
		{"numbers of different kinds are different", "token dave", "token token-7", true},
		{"a longer word is no placeholder", "client-17x", "client-17x", true},
		{"stars are what they are", "page=*** HTTP", "page=*** HTTP", true},
	};
	struct standins s = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		FACT(standins_agree(&s, span_of(rows[i].original), span_of(rows[i].told)) == rows[i].agree, rows[i].name);
	/* Made to be slow: each placeholder's rest stands everywhere, and the last byte differs. */
	struct text original = {0}, told = {0};
	for (int i = 0; i < 4000; i++)
		text_append_byte(&original, 'a');
	for (int i = 0; i < 60; i++)
		text_format(&told, "user-%d a", i + 100);
	text_append_byte(&told, 'b');
	FACT(!standins_agree(&s, text_span(&original), text_span(&told)), "what cannot agree is known at once");
	text_release(&original);
	text_release(&told);
	standins_release(&s);
	return unit_done();
}
