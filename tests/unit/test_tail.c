#include "line/tail.h"

#include "patterns.h"
#include "unit.h"

/* What stands behind $body_bytes_sent, whether the first two quoted strings are referer and agent, and what comes of it. */
struct tail {
	const char *fact, *tail;
	bool agents;
	int64_t duration_us;
	const char *upstream, *response, *id;
};

static const struct tail tails[] = {
	{"nothing behind the bytes (common)", "", true, -1, NULL, NULL, NULL},
	{"combined", " \"-\" \"x\"", true, -1, NULL, NULL, NULL},
	{"pairs", " \"-\" \"x\" rt=0.042 urt=0.041 ua=\"10.0.0.1:80\" rid=r7", true, 42000, "10.0.0.1:80", "0.041",
	 "r7"},
	{"the same pairs in another order", " \"-\" \"x\" rid=r7 ua=10.0.0.1:80 urt=\"0.041\" rt=\"0.042\"", true,
	 42000, "10.0.0.1:80", "0.041", "r7"},
	{"long names",
	 " \"-\" \"x\" request_time=0.042 upstream_response_time=0.041 upstream_addr=10.0.0.1:80 request_id=r7", true,
	 42000, "10.0.0.1:80", "0.041", "r7"},
	{"dashes are no values", " \"-\" \"x\" rt=0.000 urt=- ua=\"-\" rid=-", true, 0, NULL, NULL, NULL},
	{"a bare list goes on over its commas: its last value counts", " \"-\" \"x\" urt=0.001, 0.002 : 0.003 rt=0.010", true, 10000, NULL,
	 "0.003", NULL},
	{"unknown keys are passed over", " \"-\" \"x\" cache=HIT a=\"b c\" rt=0.010 z=", true, 10000, NULL, NULL, NULL},
	{"bare timings", " \"-\" \"x\" 0.250 0.248", true, 250000, NULL, "0.248", NULL},
	{"the upstream's timing is missing", " \"-\" \"x\" 0.250 - 0.111", true, 250000, NULL, NULL, NULL},
	{"a forwarded address is no upstream", " \"-\" \"x\" \"203.0.113.9\" 0.250", true, 250000, NULL, NULL, NULL},
	{"a quoted timing", " \"-\" \"x\" \"0.250\"", true, 250000, NULL, NULL, NULL},
	{"an agent that looks like a pair is an agent", " \"-\" \"rt=9.999\" rt=0.010", true, 10000, NULL, NULL, NULL},
	{"an escaped quote in the agent", " \"-\" \"a\\\" rt=9.999\" rt=0.010", true, 10000, NULL, NULL, NULL},
	{"an agent is any word", " \"-\" \"0.250\" \"0.111\"", true, 111000, NULL, NULL, NULL},
	{"without agents the first quoted timing is one", " \"-\" \"0.250\" \"0.111\"", false, 250000, NULL, "0.111",
	 NULL},
	{"a quoted word is none", " \"x\" \"0.250\"", false, 250000, NULL, NULL, NULL},
	{"a quoted address is no upstream", " \"10.0.0.1:80\"", false, -1, NULL, NULL, NULL},
	{"a bare upstream and a bare request id", " 10.0.0.1:80 0123456789abcdef0123456789abcdef", true, -1,
	 "10.0.0.1:80", NULL, "0123456789abcdef0123456789abcdef"},
	{"the first of each", " 10.0.0.1:80 10.0.0.2:80 rid=a rid=b rt=0.001 rt=0.002", true, 1000, "10.0.0.1:80", NULL,
	 "a"},
	{"a list of bare upstreams", " 10.0.0.1:80, 10.0.0.2:80 0.100", true, 100000, "10.0.0.2:80", NULL,
	 NULL},
	{"an address without a port is no upstream", " 10.0.0.1 0.100", true, 100000, NULL, NULL, NULL},
	{"a time of day is no upstream", " 11:15:10 0.100", true, 100000, NULL, NULL, NULL},
	{"a forwarded address with a port is none either", " \"-\" \"x\" \"203.0.113.9:80\" 0.250", true, 250000, NULL,
	 NULL, NULL},
	{"a bar may touch what it separates", " |0.250 |0.248", true, 250000, NULL, "0.248", NULL},
	{"a list of timings is one value, of which the last counts", " 0.250 0.100 : 0.200", true, 250000, NULL, "0.200", NULL},
	{"whole numbers are no timings", " 12 0.100", true, 100000, NULL, NULL, NULL},
	{"nor is a version", " 1.2.3 0.100", true, 100000, NULL, NULL, NULL},
	{"capitals are no request id", " 0123456789ABCDEF0123456789ABCDEF", true, -1, NULL, NULL, NULL},
	{"pairs between commas and bars", " rt=0.001|x,urt=0.002", true, -1, NULL, NULL, NULL},
	{"bars alone separate", " | 0.250 | 0.248", true, 250000, NULL, "0.248", NULL},
	{"a key longer than is remembered", " a_very_long_key_of_somebody=1 rt=0.010", true, 10000, NULL, NULL, NULL},
	{"more keys than are remembered",
	 " a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 j=1 k=1 l=1 m=1 n=1 o=1 p=1 q=1 rt=0.010", true, 10000, NULL, NULL,
	 NULL},
	{"an escaped backslash before a quote", " \"-\" \"a\\\\\" rt=0.010", true, 10000, NULL, NULL, NULL},
	{"pairs without agents", " rt=0.010", true, 10000, NULL, NULL, NULL},
};

static bool is(const struct record *r, enum field field, const char *value)
{
	return value ? record_has(r, field) && span_equal(r->field[field], span_of(value)) : !record_has(r, field);
}

static void every_tail(void)
{
	struct tail_guess guess = {0};
	struct access_scratch s = {0};
	size_t n = sizeof tails / sizeof *tails;
	/* Each with the keys of another one as the guess, and with its own: the result depends on the line alone. */
	for (size_t round = 0; round < 4; round++) {
		for (size_t k = 0; k < n; k++) {
			const struct tail *t = &tails[round % 2 ? k : n - 1 - k];
			struct span tail = patterns_exact(span_of(t->tail));
			struct record r;
			record_clear(&r);
			if (round == 2)
				guess.n = 0;
			if (round == 3)
				tail_scan(tail, t->agents, &guess, &s, &r);
			record_clear(&r);
			bool fits = tail_scan(tail, t->agents, &guess, &s, &r) && r.duration_us == t->duration_us &&
				    is(&r, FIELD_UPSTREAM_ADDRESS, t->upstream) &&
				    is(&r, FIELD_UPSTREAM_RESPONSE_TIME, t->response) &&
				    is(&r, FIELD_REQUEST_ID, t->id);
			FACT(fits, t->fact);
			memory_free((void *)tail.at);
		}
	}
}

static void agents(void)
{
	struct tail_guess guess = {0};
	struct access_scratch s = {0};
	struct record r;
	record_clear(&r);
	FACT(tail_scan(SPAN(" \"http://a/\" \"Mozilla \\\"5\\\" (X11)\" \"203.0.113.9\""), true, &guess, &s, &r) &&
		     is(&r, FIELD_REFERER, "http://a/") && is(&r, FIELD_USER_AGENT, "Mozilla \\\"5\\\" (X11)"),
	     "the first two quoted strings are referer and agent, as printed");
	record_clear(&r);
	FACT(tail_scan(SPAN(" \"-\" \"-\""), true, &guess, &s, &r) && !r.has, "dashes are neither");
	FACT(tail_scan(SPAN(" \"http://a/\" \"x\""), false, &guess, &s, &r) && !r.has,
	     "when they are not asked for there are none");
	static const char *const open[] = {" \"",	  " \"x", " \"x\\\"", " rt=\"0.010", " \"-\" \"x\" rid=\"a b",
					   " \"x\\\\\\\""};
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		struct span tail = patterns_exact(span_of(open[i]));
		record_clear(&r);
		FACT(!tail_scan(tail, true, &guess, &s, &r), "a quote that does not close is refused");
		memory_free((void *)tail.at);
	}
	record_clear(&r);
	FACT(tail_scan(SPAN_NONE, true, &guess, &s, &r) && !r.has, "nothing is nothing");
}

/* A list of upstreams goes on over its commas and colons. */
static void values(void)
{
	static const struct {
		const char *text;
		size_t len;
	} bare[] = {{"a b", 1}, {"a, b c", 4}, {"a : b c", 5}, {"a, b : c, d e", 11}, {"a :b c", 1}, {"a ", 1},
		    {"a,", 2},	{"a, ", 2},    {"", 0},	       {", b c", 3}};
	for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
		struct span text = patterns_exact(span_of(bare[i].text));
		FACT((size_t)(tail_bare(text.at, text.at + text.len) - text.at) == bare[i].len, bare[i].text);
		memory_free((void *)text.at);
	}
}

int main(void)
{
	every_tail();
	agents();
	values();
	return unit_done();
}
