#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "tally/mask.h"

#include "unit.h"

struct secret {
	const char *in, *secret, *kept, *fact;
};

static void secrets(void)
{
	static const struct secret cases[] = {
		{"GET /reset?token=abc123&user=7 HTTP/1.1", "abc123", "/reset?token=", "a token in a query"},
		{"GET /search?q=my+name HTTP/1.1 200", "my+name", "HTTP/1.1 200", "any query value"},
		{"postgres://shop:s3cr3t@db1:5432/shop refused", "s3cr3t", "@db1:5432/shop refused",
		 "a password in a URL"},
		{"url=postgresql://u:p%40ss@h/d", "p%40ss", "h/d", "an escaped password in a URL"},
		{"password=hunter2 user=bob", "hunter2", "user=bob", "password="},
		{"PGPASSWORD='hunter2' psql", "hunter2", "psql", "a quoted password"},
		{"{\"password\":\"hun\\\"ter2\",\"user\":\"bob\"}", "ter2", "\"user\":\"bob\"",
		 "a JSON password with an escaped quote"},
		{"{\"body\":\"{\\\"password\\\":\\\"hunter2\\\",\\\"a\\\":1}\"}", "hunter2", "\\\"a",
		 "JSON inside JSON"},
		{"db_password: hunter2, retry", "hunter2", "retry", "YAML-like password"},
		{"api_key=0123456789abcdef done", "0123456789abcdef", "done", "api_key="},
		{"X-Api-Key: 0123456789abcdef", "0123456789abcdef", "X-Api-Key", "X-Api-Key header"},
		{"key=abcdef0123 ok", "abcdef0123", "ok", "key="},
		{"Authorization: Bearer abc.def-ghi", "abc.def-ghi", "Authorization", "a bearer token"},
		{"Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz", "Authorization", "basic authentication"},
		{"sent Bearer 0123456789abcdef0123 upstream", "0123456789abcdef0123", "upstream", "Bearer alone"},
		{"Cookie: sid=a1b2c3; theme=dark", "a1b2c3", "Cookie", "a cookie"},
		{"Set-Cookie: sid=a1b2c3; Path=/", "a1b2c3", "Set-Cookie", "a cookie that is set"},
		{"{\"headers\":{\"cookie\":\"sid=a1b2c3; x=y\"}}", "a1b2c3", "headers", "a cookie in JSON"},
		{"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF bad", "eyJzdWIiOiIxIn0", "bad", "a JWT"},
		{"mail to bob.smith+x@example.co.uk failed", "bob.smith", "failed", "an e-mail address"},
		{"GET /u/bob%40example.com", "bob%40", "GET", "an escaped e-mail address"},
		{"card 4111 1111 1111 1111 declined", "1111 1111", "declined", "a card number in groups"},
		{"pan 4111111111111111.", "4111111111111111", "pan", "a card number"},
		{"card 378282246310005 ok", "378282246310005", "ok", "an American Express number"},
		{"STATEMENT:  SELECT * FROM t WHERE name = 'O''Brien' AND id = 4242", "Brien", "FROM t WHERE name",
		 "an SQL string"},
		{"STATEMENT:  SELECT * FROM t WHERE id = 4242", "4242", "WHERE id", "an SQL number"},
		{"INSERT INTO u VALUES ($q$secret text$q$)", "secret text", "INSERT INTO u", "a dollar-quoted string"},
		{"DETAIL:  parameters: $1 = 'abc', $2 = '7'", "abc", "parameters: $1", "parameters of a statement"},
		{"DETAIL:  Key (email)=(bob) already exists.", "(bob)", "already exists", "a unique key's value"},
		{"SELECT a FROM t WHERE b = E'o\\'brien secret' AND c = 1", "brien", "AND c", "an escape string"},
		{"select a from t where b = 'o\\'brien secret' and c = 1", "brien", "and c", "MySQL's escape"},
		{"select * from t where name=\"Weber\" limit 1", "Weber", "where name", "MySQL's string"},
		{"SELECT 1 FROM \"t\" WHERE \"t\".\"a\" = \"u\".\"b\" AND c = 77", "77", "\"u\".\"b\"", "PostgreSQL's names"},
		{"select x from t where ip = 10.20.30.40 and y = 5", "20.30", "and y", "an address in a statement"},
		{"DB_PASS=hunter2 ./run", "hunter2", "./run", "a variable's last part"},
		{"Update the pool from 20 to 50, password=x", "=x", "from 20 to 50", "prose that begins as a statement"},
		{"note: set max_connections = 300, values 5 and 7, pw=x", "=x", "= 300, values 5 and 7", "prose about settings"},
		{"update orders set a = 77 where b = 1", "77", "update orders set", "a statement in small letters"},
		{"aws AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE", "used", "an access key id"},
		{"tok sk_live_abcdefghijklmnop end", "sk_live_abc", "end", "a well-known key prefix"},
		{"opaque aB3dE6gH9jK2mN5pQ8sT1vW4 end", "aB3dE6gH9", "end", "a long random token"},
	};
	struct text out = {0};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		mask_excerpt(span_of(cases[i].in), &out);
		bool gone = span_find(text_span(&out), span_of(cases[i].secret)) < 0;
		bool kept = span_find(text_span(&out), span_of(cases[i].kept)) >= 0;
		if (!FACT(gone && kept, cases[i].fact))
			printf("  gives %s\n", out.at);
	}
	text_release(&out);
}

static void kept(void)
{
	static const char *const lines[] = {
		"2026-11-22 11:15:26.510 UTC [6877] shop_app@shop/[unknown] FATAL: sorry, too many clients already",
		"upstream: \"http://127.0.0.1:21101/api/checkout\", host: \"shop.example.test\"",
		"{\"level\":30,\"time\":1795346110926,\"pid\":31020,\"hostname\":\"app1\"}",
		"rid=596f35414bc63473f6b16c8449ced30d rt=0.003",
		"disconnection: session time: 0:00:00.006 user=postgres database=postgres host=127.0.0.1 port=53442",
		"too many connections for role \"etl\"",
		"Server be_shop/app1 is DOWN, reason: Layer4 connection problem",
		"backend 'be_shop' has no server available!",
		"shop/shop_app@127.0.0.1:48612 pooler error: query_wait_timeout",
	};
	struct text out = {0};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		mask_excerpt(span_of(lines[i]), &out);
		if (!FACT(!strcmp(out.at, lines[i]), "what is no secret stays as it is"))
			printf("  gives %s\n", out.at);
	}
	text_release(&out);
}

static void shapes(void)
{
	struct text out = {0}, again = {0};
	mask_excerpt(SPAN("a\nb\t\tc\x01\xFF\xE2\x80\xAE"), &out);
	FACT(span_is_utf8(text_span(&out)) && span_find_byte(text_span(&out), '\n') < 0,
	     "an excerpt is UTF-8 on one line");
	FACT(span_find(text_span(&out), SPAN("\xE2\x80\xAE")) < 0, "text direction overrides are shown, not obeyed");
	char long_line[5000];
	for (size_t i = 0; i < sizeof long_line; i++)
		long_line[i] = i % 9 ? (char)('a' + i % 7) : ' ';
	mask_excerpt((struct span){long_line, sizeof long_line}, &out);
	FACT(out.len <= LIMIT_EXCERPT_BYTES && out.len > 200, "an excerpt has its limit");
	memset(long_line, '\xC3', sizeof long_line);
	mask_excerpt((struct span){long_line, sizeof long_line}, &out);
	FACT(out.len <= LIMIT_EXCERPT_BYTES, "escapes do not pass the limit");
	mask_excerpt(SPAN(""), &out);
	FACT(!out.len, "nothing gives nothing");
	/* every prefix of an awkward line, so that no scanner runs over the end */
	static const char awkward[] =
		"://u:p@h ?a=b 'x''y $t$z$t$ SELECT 'q eyJabcdefghijklmnop. 4111-1111-1111-1111 Key (a)=(b "
		"password:\\\"x\\\" Cookie: z Bearer AAAAAAAAAAAA a%40b.cc \"token\" => 'x";
	for (size_t n = 0; n < sizeof awkward; n++) {
		char *exact = malloc(n ? n : 1);
		memcpy(exact, awkward, n);
		mask_excerpt((struct span){exact, n}, &out);
		free(exact);
	}
	FACT(true, "prefixes of an awkward line are read to their end and no further");
	char essence[MASK_RAW_BYTES];
	char traceback[3000];
	memset(traceback, 'x', sizeof traceback);
	memcpy(traceback, "ERROR failed\n", 13);
	memcpy(traceback + 2900, "the error itself", 16);
	size_t n =
		mask_essence((struct span){traceback, sizeof traceback}, (struct span){traceback + 2900, 100}, essence);
	FACT(span_starts((struct span){essence, n}, SPAN("ERROR failed ... the error itself")),
	     "the end of a traceback is shown");
	struct span whole = {essence, n};
	char twice[MASK_RAW_BYTES];
	FACT(mask_essence(whole, SPAN_NONE, twice) == n && !memcmp(essence, twice, n),
	     "the essence of an essence is itself");
	n = mask_essence((struct span){traceback, sizeof traceback}, SPAN("not in it at all"), essence);
	FACT(n <= MASK_RAW_BYTES && n > 0, "a focus that is not in the record is left alone");
	text_release(&out);
	text_release(&again);
}

static bool whole_is(struct text *out, struct span raw, struct span wanted)
{
	mask_text(raw, out);
	return span_equal(text_span(out), wanted);
}

static void whole(void)
{
	struct text out = {0};
	FACT(whole_is(&out, SPAN("a\n\tb  token=x\nc\xFF"), SPAN("a\n\tb  token=***\nc\xFF")),
	     "a whole text keeps its blanks, line ends and bytes");
	FACT(whole_is(&out, SPAN("pin=1 pin=2 pin=3"), SPAN("pin=*** pin=*** pin=***")),
	     "a whole text may grow when it is masked");
	FACT(whole_is(&out, SPAN(""), SPAN("")), "nothing gives nothing");
	FACT(whole_is(&out, SPAN("Traceback (most recent call last):\n  File \"a.py\", line 12"),
		      SPAN("Traceback (most recent call last):\n  File \"a.py\", line 12")),
	     "the line numbers of a traceback are no literals of SQL");
	/* Each word could begin an address: the time must not grow with the square of the length. */
	size_t n = 1 << 18;
	char *dotted = malloc(n);
	for (size_t i = 0; i < n; i++)
		dotted[i] = i % 2 ? '.' : 'a';
	mask_text((struct span){dotted, n}, &out);
	FACT(out.len == n, "a long run of dotted words ends in time");
	memcpy(dotted + n - 12, " a@b.example", 12);
	mask_text((struct span){dotted, n}, &out);
	FACT(span_ends(text_span(&out), SPAN(" ***")), "what stands at the end of a long text is masked too");
	free(dotted);
	text_release(&out);
}

int main(void)
{
	whole();
	secrets();
	kept();
	shapes();
	return unit_done();
}
