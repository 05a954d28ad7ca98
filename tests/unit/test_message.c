#include <stdio.h>

#include "tally/message.h"

#include "unit.h"

struct pair {
	const char *in, *out, *fact;
};

static void paths(void)
{
	static const struct pair cases[] = {
		{"/", "/", "the root stays"},
		{"/api/orders", "/api/orders", "words stay"},
		{"/api/orders?page=3&token=x", "/api/orders", "the query is cut"},
		{"/api/orders#top", "/api/orders", "the fragment is cut"},
		{"/a;jsessionid=ABC/b", "/a", "path parameters are cut"},
		{"/api/products/157", "/api/products/<*>", "numbers are masked"},
		{"/api/v2/users", "/api/v2/users", "version names stay"},
		{"/oauth2/token", "/oauth2/token", "words with a digit stay"},
		{"/o/596f35414bc63473f6b16c8449ced30d/x", "/o/<*>/x", "long hexadecimal is masked"},
		{"/u/3f2b8c1e-0d55-4f6a-9a1b-2c3d4e5f6a7b", "/u/<*>", "a UUID is masked"},
		{"/static/app.3f2a9c.js", "/static/app.<*>.js", "a fingerprint in a file name is masked"},
		{"/product-12345/buy", "/<*>/buy", "four digits make an id"},
		{"/u/bob@example.com", "/u/<*>.com", "an address is masked"},
		{"/q/caf%C3%A9", "/q/<*>", "escaped text is masked"},
		{"/q/caf\xC3\xA9", "/q/<*>", "text that is not ASCII is masked"},
		{"http://shop.example.test:80/api/x?y", "/api/x", "scheme and host are cut"},
		{"http://shop.example.test", "/", "a host alone is the root"},
		{"*", "*", "OPTIONS * stays"},
		{"", "(none)", "nothing is (none)"},
		{"?x", "(none)", "a query alone is (none)"},
		{"/abcdefghijabcdefghijabcdefghijabcdefghijK/x", "/<*>/x", "more than 40 bytes are masked"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[MESSAGE_PATH_BYTES];
		size_t len = message_path(span_of(cases[i].in), out);
		if (!FACT(span_equal((struct span){out, len}, span_of(cases[i].out)), cases[i].fact))
			printf("  gives %.*s\n", (int)len, out);
	}
	char hostile[4096], out[MESSAGE_PATH_BYTES];
	memset(hostile, '/', sizeof hostile);
	FACT(message_path((struct span){hostile, sizeof hostile}, out) == MESSAGE_PATH_BYTES,
	     "an endpoint is cut at its limit");
	for (size_t i = 0; i < sizeof hostile; i++)
		hostile[i] = i % 3 ? '7' : '/';
	FACT(message_path((struct span){hostile, sizeof hostile}, out) <= MESSAGE_PATH_BYTES,
	     "masks never pass the limit");
}

static void signatures(void)
{
	static const struct pair cases[] = {
		{"sorry, too many clients already", "sorry, too many clients already", "words stay"},
		{"connect() failed (111: Connection refused) while connecting to upstream",
		 "connect() failed (<*>: Connection refused) while connecting to upstream", "numbers are masked"},
		{"process 4370 still waiting for AccessExclusiveLock on relation 16414 of database 16385 after "
		 "1000.153 ms",
		 "process <*> still waiting for AccessExclusiveLock on relation <*> of database <*> after <*> ms",
		 "ids and measures are masked"},
		{"too many connections for role \"etl\"", "too many connections for role \"etl\"", "identifiers stay"},
		{"connect ECONNREFUSED 127.0.0.1:21132", "connect ECONNREFUSED <*>", "address and port become one"},
		{"connection from 2001:db8::79 refused", "connection from <*> refused", "an IPv6 address becomes one"},
		{"at 11:52:43,816 UTC", "at <*> UTC", "a time becomes one"},
		{"GET /var/lib/postgresql failed", "GET <*> failed", "paths of two segments are masked"},
		{"lookup db.prod.internal failed", "lookup <*> failed", "host names are masked"},
		{"login of bob@example.com", "login of <*>", "e-mail addresses are masked"},
		{"password=hunter retry", "password=<*> retry", "the value of a secret is masked"},
		{"\"password\": \"hunter\"", "\"password\": \"<*>\"", "the value of a quoted secret is masked"},
		{"Authorization: Bearer abcdef", "Authorization: <*>", "a bearer token is masked"},
		{"invalid input 'hunter'", "invalid input '<*>'", "a quoted token is masked"},
		{"a   b\t c", "a b c", "blanks become one"},
		{"1, 2, 3", "<*>", "masks with commas between become one"},
		{"Datenbank \xC2\xBB"
		 "etl\xC2\xAB zu",
		 "Datenbank \xC2\xBB"
		 "etl\xC2\xAB zu",
		 "UTF-8 stays"},
		{"bad \xFF\xFE bytes", "bad <*> bytes", "bytes that are not UTF-8 are masked"},
		{"", "", "nothing gives nothing"},
		{" \n\t ", "", "blanks give nothing"},
		{"request failed\nTraceback (most recent call last):\n  File \"x.py\", line "
		 "7\npsycopg2.OperationalError: server closed",
		 "request failed | psycopg2.OperationalError: server closed", "a traceback is told by its last line"},
		{"java.lang.IllegalStateException: closed", "java.lang.IllegalStateException: closed",
		 "names of errors stay"},
		{"syntax error\n\tLINE 1", "syntax error", "indented lines are left out"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[MESSAGE_SIGNATURE_BYTES];
		size_t len = message_signature(span_of(cases[i].in), out);
		if (!FACT(span_equal((struct span){out, len}, span_of(cases[i].out)), cases[i].fact))
			printf("  gives %.*s\n", (int)len, out);
	}
	static char hostile[300000];
	for (size_t i = 0; i < sizeof hostile; i++)
		hostile[i] = "a :1\n\xFF'\""[i * 2654435761u >> 13 & 7];
	char out[MESSAGE_SIGNATURE_BYTES];
	size_t len = message_signature((struct span){hostile, sizeof hostile}, out);
	FACT(len <= MESSAGE_SIGNATURE_BYTES && span_is_utf8((struct span){out, len}),
	     "a hostile message stays short and UTF-8");
	FACT(span_find_byte((struct span){out, len}, '\n') < 0, "a signature is one line");
}

int main(void)
{
	paths();
	signatures();
	return unit_done();
}
