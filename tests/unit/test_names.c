/* redact/names: where a placeholder stands. */
#include "redact/names.h"

#include "unit.h"

static const struct {
	const char *name, *text;
	size_t at, len;
	enum redact_kind kind;
	bool server;
	uint32_t number;
} placeholders[] = {
	{"a client", "client-7", 0, 8, REDACT_ADDRESS, false, 7},
	{"a server with a port", "to server-12:5432", 3, 9, REDACT_ADDRESS, true, 12},
	{"a server in brackets", "[server-1]:80", 1, 8, REDACT_ADDRESS, true, 1},
	{"a user before its database", "user-3@shop", 0, 6, REDACT_USER, false, 3},
	{"the end of a sentence", "role user-3.", 5, 6, REDACT_USER, false, 3},
	{"a literal is of kind sql", "= literal-999999999)", 2, 17, REDACT_SQL, false, 999999999},
	{"a number of ten digits is none of ours", "client-1234567890", 0, 0, 0, false, 0},
	{"a leading zero", "client-07", 0, 0, 0, false, 0},
	{"no number", "client-side", 0, 0, 0, false, 0},
	{"the number goes on as a word", "client-7a", 0, 0, 0, false, 0},
	{"the name goes on", "client-7-b", 0, 0, 0, false, 0},
	{"a host's name", "server-7.example.com", 0, 0, 0, false, 0},
	{"the end of a longer word", "superuser-3", 5, 0, 0, false, 0},
	{"the end of a longer name", "my-client-7", 3, 0, 0, false, 0},
	{"the end of the text", "client-", 0, 0, 0, false, 0},
	{"behind the end", "client-7", 8, 0, 0, false, 0},
};

int main(void)
{
	for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
		struct redact_placeholder p = {0};
		bool found = redact_placeholder_at(span_of(placeholders[i].text), placeholders[i].at, &p);
		bool right = found == (placeholders[i].len > 0) &&
			     (!found || (p.len == placeholders[i].len && p.kind == placeholders[i].kind &&
					 p.server == placeholders[i].server && p.number == placeholders[i].number));
		FACT(right, placeholders[i].name);
	}
	for (enum redact_kind k = 0; k < REDACT_KIND_COUNT; k++) {
		enum redact_kind found = REDACT_KIND_COUNT;
		FACT(redact_kind_named(span_of(redact_kind_name(k)), &found) && found == k, redact_kind_name(k));
	}
	enum redact_kind none;
	FACT(!redact_kind_named(SPAN("addresses"), &none), "there is no kind \"addresses\"");
	return unit_done();
}
