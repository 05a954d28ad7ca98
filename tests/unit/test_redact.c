/* redact/find: what is taken out of a text, and what stays: each line as it goes in and as it comes out. */
#include "redact/redact.h"
#include "tell/value.h"

#include "unit.h"

static const struct {
	const char *name, *in, *out;
} texts[] = {
	/* addresses */
	{"an IPv4 address and its port", "from 203.0.113.7:4000 on", "from client-1:4000 on"},
	{"a network", "10.2.0.0/16 is refused", "client-1/16 is refused"},
	{"an IPv6 address in brackets", "upstream: \"http://[2001:db8::1]:80/\"", "upstream: \"http://[client-1]:80/\""},
	{"one address in three spellings", "2001:db8::1, 2001:DB8:0:0:0:0:0:1, 2001:0db8::0001", "client-1, client-1, client-1"},
	{"a mapped address is the one in it", "::ffff:203.0.113.7 is 203.0.113.7", "client-1 is client-1"},
	{"a link-local address with its zone", "fe80::1%eth0 and fe80::1%eth1", "client-1 and client-2"},
	{"a MAC address", "lease 02:42:ac:11:00:02 given", "lease client-1 given"},
	{"loopback and unspecified addresses name nobody", "127.0.0.1:80, ::1, 0.0.0.0 and [::]:80", "127.0.0.1:80, ::1, 0.0.0.0 and [::]:80"},
	{"the end of a sentence", "refused by 203.0.113.7.", "refused by client-1."},
	{"versions", "PgBouncer 1.18.0, version 1.2.3.4, v1.2.3.4, Chrome/126.0.0.0, 1.2.3.4.5", "PgBouncer 1.18.0, version 1.2.3.4, v1.2.3.4, Chrome/126.0.0.0, 1.2.3.4.5"},
	{"an object's number is none", "OID 1.3.6.1.4.1 and 256.1.1.1", "OID 1.3.6.1.4.1 and 256.1.1.1"},
	{"times of day", "13:40:04.575 to 13:41:15, 22/Nov/2026:17:02:26 +0000", "13:40:04.575 to 13:41:15, 22/Nov/2026:17:02:26 +0000"},
	{"casts and scopes", "SELECT a::text, std::string, a::b::c", "SELECT a::text, std::string, a::b::c"},
	/* users */
	{"a role and its database", "[9] zelda@shop/psql FATAL: no", "[9] user-1@shop/psql FATAL: no"},
	{"user=", "connection authorized: user=zelda database=shop", "connection authorized: user=user-1 database=shop"},
	{"a quoted role", "role \"zelda\" does not exist", "role \"user-1\" does not exist"},
	{"a name in JSON, escaped", "{\"m\":\"{\\\"user\\\":\\\"zelda\\\"}\"}", "{\"m\":\"{\\\"user\\\":\\\"user-1\\\"}\"}"},
	{"a user of MySQL", "Access denied for user 'zelda'@'203.0.113.9'", "Access denied for user 'user-1'@'client-1'"},
	{"a user of PgBouncer", "C-0x55: shop/zelda@127.0.0.1:4000 closing", "C-0x55: shop/user-1@127.0.0.1:4000 closing"},
	{"the third column", "203.0.113.7 - zelda fitz [22/Nov/2026:17:02:26 +0000] \"GET /\"", "client-1 - user-1 [22/Nov/2026:17:02:26 +0000] \"GET /\""},
	{"user and password in a URL", "postgres://zelda:hyrule@db1:5432/shop", "postgres://user-1:secret-1@db1:5432/shop"},
	{"a sentence", "user zelda logged in, login failed for zelda", "user user-1 logged in, login failed for user-1"},
	{"who has a home", "File \"/home/zelda/app.py\"", "File \"/home/user-1/app.py\""},
	{"users that name nobody", "user=postgres [unknown]@[unknown] root@db", "user=postgres [unknown]@[unknown] root@db"},
	{"users without a name", "no user request failed; user agent; of users failed; user not found", "no user request failed; user agent; of users failed; user not found"},
	{"roles without a name", "no role or application that is not the usual one", "no role or application that is not the usual one"},
	{"a package, an object", "react@18.2.0 com.example.Pool@1f2e3d4c", "react@18.2.0 com.example.Pool@1f2e3d4c"},
	{"an e-mail address", "mail Zelda.Fitz+a@example.co.uk. Done", "mail email-1. Done"},
	/* tokens */
	{"a UUID", "rid=9090cb54-17fb-4cb3-a617-c0573d4b35c5 x", "rid=token-1 x"},
	{"a trace id", "trace 4bf92f3577b34da6a3ce929d0e0e4736 x", "trace token-1 x"},
	{"an id of HAProxy", "7F000001:8296_7F00001E:1F90_4F7B0A69_0003:790E", "token-1"},
	{"a JSON web token", "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_DEF x", "jwt jwt-1 x"},
	{"a bearer", "Authorization: Bearer abc.def-ghi", "Authorization: Bearer secret-1"},
	{"cookies", "Cookie: sid=a1b2; theme=dark", "Cookie: cookie-1"},
	{"hashes that are no secret", "commit 40b857f, d639dcb1a2b3, 02796f4c3bff, 88936-bd50966a", "commit 40b857f, d639dcb1a2b3, 02796f4c3bff, 88936-bd50966a"},
	{"a whole revision", "deploy of 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12", "deploy of 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"},
	/* what a stranger found */
	{"hosts that are called by their address", "ec2-203-0-113-7.compute-1.amazonaws.com is 203.0.113.7, host-10-2-3-4-5 pool-1-thread-2", "client-1 is client-1, host-10-2-3-4-5 pool-1-thread-2"},
	{"an address in a file's name", "/var/log/access_203.0.113.7.log, 203.0.113.7_51234, a_1.2.3.4.5", "/var/log/access_client-1.log, client-1_51234, a_1.2.3.4.5"},
	{"a session of PAM", "session opened for user zelda(uid=1000) by (uid=0)", "session opened for user user-1(uid=1000) by (uid=0)"},
	{"a domain's user", "CORP\\zelda and CORP\\\\link, FOO\\nBAR, C:\\Windows\\System32", "CORP\\user-1 and CORP\\\\user-2, FOO\\nBAR, C:\\Windows\\System32"},
	{"who is spoken to", "@zelda look, <@U024BE7LH>; @here @Transactional @angular/core", "@user-1 look, <@user-2>; @here @Transactional @angular/core"},
	{"who an object is", "{\"user\":{\"id\":7,\"name\":\"Zelda F\"},\"name\":\"pool\",\"full_name\":\"Zelda F\"}", "{\"user\":{\"id\":7,\"name\":\"user-1\"},\"name\":\"pool\",\"full_name\":\"user-1\"}"},
	{"pages that are no one's", "login page slow; the login for customers failed; GET /users/v2/login", "login page slow; the login for customers failed; GET /users/v2/login"},
	{"a password on a command line", "psql --password hunter2; with password 'hunter3'", "psql --password secret-1; with password 'secret-2'"},
	{"a session's word", "{\"session\":\"s3ss10n\"}, session=opened, session: 12", "{\"session\":\"token-1\"}, session=opened, session: 12"},
	{"paths that open a door", "GET /reset/Zk3jd92KdlsQ1mBv /invite/abcdef0123 /reset/password", "GET /reset/token-1 /invite/token-2 /reset/password"},
	{"base64 by its padding", "got dXNlcjpwYXNzd29yZDEyMw== back", "got token-1 back"},
	{"a query that was escaped once more", "/login%3Fnext%3Dabc HTTP/1.1", "/login%3Fquery-1 HTTP/1.1"},
	{"a card before its date", "4111-1111-1111-1111 12/27", "card-1 12/27"},
	{"short numbers behind what they number", "/users/1234/orders/812 /x/1234 Gecko/20100101 txid 999999999", "/users/id-1/orders/id-2 /x/1234 Gecko/20100101 txid 999999999"},
	{"telephones by their name", "{\"phone\":\"030 1234567\"} tel (202) 555-0143 mobile 5 s", "{\"phone\":\"id-1\"} tel id-2 mobile 5 s"},
	{"the values of a failed row", "DETAIL:  Failing row contains (1, Weber, null).", "DETAIL:  Failing row contains (literal-1)."},
	{"a value in an error", "invalid input syntax for type uuid: \"Weber\", unnamed portal parameter $1 = 'Link', column \"Weber\" Duplicate entry 'Weber' for key 'k'", "invalid input syntax for type uuid: \"literal-1\", unnamed portal parameter $1 = 'literal-2', column \"Weber\" Duplicate entry 'literal-1' for key 'k'"},
	{"prose that begins as a statement", "Update the pool from 20 to 50, set max_connections = 300, call 'Bob' where needed", "Update the pool from 20 to 50, set max_connections = 300, call 'Bob' where needed"},
	/* numbers */
	{"a card", "card 4111 1111 1111 1111 declined", "card card-1 declined"},
	{"a number that is no card", "took 4111111111111112 ns", "took 4111111111111112 ns"},
	{"an order in a path", "GET /orders/4711003 HTTP/1.1", "GET /orders/id-1 HTTP/1.1"},
	{"a number by its name", "customer_id=48213 \"orderId\": 48214, account 48215", "customer_id=id-1 \"orderId\": id-2, account id-3"},
	{"a telephone", "call +49 30 1234567 now", "call id-1 now"},
	{"an account (IBAN)", "to DE89 3704 0044 0532 0130 00 POST", "to id-1 POST"},
	{"a social security number", "ssn 078-05-1120", "ssn id-1"},
	{"counts and shares", "1,147 of 9,340 requests failed (12.3 %), 1234567 rows", "1,147 of 9,340 requests failed (12.3 %), 1234567 rows"},
	{"durations and sizes", "duration: 29659.706 ms, 123456789 bytes, 1234567890 us", "duration: 29659.706 ms, 123456789 bytes, 1234567890 us"},
	{"stamps", "\"time\":1795354804583,\"ts\":1795354804.583 20261122T134004", "\"time\":1795354804583,\"ts\":1795354804.583 20261122T134004"},
	{"processes, ports, objects", "process 4194303, port 54321, [4194303], relation 4294967295 of database 16389", "process 4194303, port 54321, [4194303], relation 4294967295 of database 16389"},
	{"a proxy's timers", "0/0/0/10001/10001 502 289 - - ---- 64/64/10/10/0 0/0", "0/0/0/10001/10001 502 289 - - ---- 64/64/10/10/0 0/0"},
	/* query strings, statements */
	{"a query string", "GET /a?b=c&d HTTP/1.1", "GET /a?query-1 HTTP/1.1"},
	{"questions and parameters", "WHERE id = ? AND b = $1; did it help?", "WHERE id = ? AND b = $1; did it help?"},
	{"literals", "UPDATE t SET a = 'it''s' WHERE b = 47", "UPDATE t SET a = 'literal-1' WHERE b = literal-2"},
	{"an apostrophe", "it is the server's own, 'quoted'", "it is the server's own, 'quoted'"},
	/* what was done */
	{"what the mask took", "password=*** user=*** Cookie: ***", "password=*** user=*** Cookie: ***"},
	{"placeholders stay, and their numbers are taken", "client-1:80 user=user-1 203.0.113.7 ?query-1", "client-1:80 user=user-1 client-2 ?query-1"},
	{"hosts", "lb1 haproxy[7]: be/web1, db1.internal", "lb1 haproxy[7]: be/web1, db1.internal"},
};

/* {"reason": TEXT} through redact_document(); freed by the caller. */
static struct json_t *document(const char *text)
{
	struct json_t *root = value_new();
	value_put_string(root, "reason", text);
	return root;
}

static void test_texts(void)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct json_t *root = document(texts[i].in);
		redact_free(redact_document(root, REDACT_ALL));
		TEXT_IS(value_member_text(root, "reason").at, texts[i].out, texts[i].name);
		struct text once = {0}, twice = {0};
		value_append(root, &once);
		redact_free(redact_document(root, REDACT_ALL));
		value_append(root, &twice);
		FACT(span_equal(text_span(&once), text_span(&twice)), "what was redacted stays, the summary too");
		text_release(&once);
		text_release(&twice);
		value_free(root);
		root = document(texts[i].in);
		redact_free(redact_document(root, 0));
		TEXT_IS(value_member_text(root, "reason").at, texts[i].in, "without kinds nothing changes");
		value_free(root);
	}
}

static void test_draft(void)
{
	static const char draft[] =
		"{\"summary\": \"held by app (web, process 7); role app took 9 connections; \\\"app\\\" was refused, the app answers\","
		" \"users\": [{\"name\": \"app\"}, {\"name\": \"ann.b\"}, {\"name\": \"billing\"}, {\"name\": \"a@b.example\"}],"
		" \"service\": \"billing\", \"id\": \"123456789012\", \"from\": \"ann.b, billing, a@b.example\","
		" \"topology\": {\"upstreams\": [{\"address\": \"10.0.0.5:5432\", \"how\": \"listens\"}, {\"address\": \"shop\"}, {\"address\": \"10.0.0.9\", \"how\": \"client\"}]},"
		" \"excerpt\": \"10.0.0.9 to 10.0.0.5\", \"path\": \"logs/10.0.0.5/ann.b.log\", \"items\": [{\"dimension\": \"role\", \"name\": \"Ann Lee\"}], \"x\": \"by Ann Lee\"}";
	static const char wanted[] =
		"{\"summary\": \"held by user-1 (web, process 7); role user-1 took 9 connections; \\\"user-1\\\" was refused, the app answers\","
		" \"users\": [{\"name\": \"user-1\"}, {\"name\": \"user-2\"}, {\"name\": \"billing\"}, {\"name\": \"email-1\"}],"
		" \"service\": \"billing\", \"id\": \"123456789012\", \"from\": \"user-2, billing, email-1\","
		" \"topology\": {\"upstreams\": [{\"address\": \"server-1:5432\", \"how\": \"listens\"}, {\"address\": \"shop\"}, {\"address\": \"client-1\", \"how\": \"client\"}]},"
		" \"excerpt\": \"client-1 to server-1\", \"path\": \"logs/server-1/ann.b.log\", \"items\": [{\"dimension\": \"role\", \"name\": \"user-3\"}], \"x\": \"by user-3\","
		" \"redaction\": {\"kinds\": [\"address\", \"user\", \"email\"]}}";
	struct diag d = {0};
	struct json_t *root = value_read(SPAN(draft), "draft", &d), *right = value_read(SPAN(wanted), "wanted", &d);
	FACT(root && right, "both texts are JSON");
	unsigned kinds;
	struct span wrong;
	FACT(redact_read_kinds(SPAN("address, user,email"), &kinds, &wrong), "kinds are parted by commas");
	FACT(!redact_read_kinds(SPAN("address,,user"), &kinds, &wrong) && !wrong.len, "an empty kind is none");
	redact_read_kinds(SPAN("address,user,email"), &kinds, &wrong);
	struct redact *r = redact_document(root, kinds);
	struct text late = {0}, got = {0}, want = {0};
	redact_text(r, SPAN("role app at 10.0.0.5, new 10.0.0.77"), &late);
	TEXT_IS(late.at, "role user-1 at server-1, new client-2", "a text made of the document has its names");
	/* The summary's counts are asked of tests/redaction.py. */
	struct json_t *kept = value_put_object(root, "redaction");
	char *names[] = {"address", "user", "email"};
	value_put_strings(kept, "kinds", names, 3);
	value_append(root, &got);
	value_append(right, &want);
	TEXT_IS(got.at, want.at, "fields, sentences and excerpts have one name for one thing");
	redact_free(r);
	text_release(&late);
	text_release(&got);
	text_release(&want);
	value_free(root);
	value_free(right);
}

/* Time in proportion to the text: each of these, a megabyte long, would take hours if each place looked at all of it. */
static void test_hostile(void)
{
	static const char *const pieces[] = {"a.",	"a-",	    "a@",     "?",	  "://",	"user=\"",	"cookie: *** ", "'",	"eyJ-",
					     "1-",	"11111-",   "%40",    "::",	  "4 ",		"select '",	"role \"",	"\\",	"client-",
					     "user ",	"for user ", " - ",   "AAAA ",	  "+1 ",	"id=",		"a:",		"\xc3\xa9", "DE11 "};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct text t = {0};
		while (t.len < 1 << 17)
			text_append_string(&t, pieces[i]);
		struct json_t *root = document(t.at);
		redact_free(redact_document(root, REDACT_ALL));
		FACT(value_member_text(root, "reason").len > 0, pieces[i]);
		value_free(root);
		text_release(&t);
	}
}

int main(void)
{
	test_texts();
	test_draft();
	test_hostile();
	return unit_done();
}
