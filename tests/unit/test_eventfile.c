#include "config/eventfile.h"

#include "unit.h"

static bool reads(const char *bytes, struct event_file *file, struct diag *d)
{
	*d = (struct diag){0};
	return eventfile_read(span_of(bytes), 0x1234, "ops/events.jsonl", file, d);
}

static void test_good(void)
{
	static const char bytes[] =
		"\xEF\xBB\xBF{\"at\": \"2026-11-22T11:21:10Z\", \"kind\": \"alert\", \"text\": \"CheckoutErrorRate is firing\"}\n"
		"\n"
		"{\"kind\":\"deploy\",\"text\":\"shop \\u00e9t\\u00e9\",\"at\":\"2026-11-22 12:10\",\"service\":\"shop-api\",\"version\":\"1.4.3\",\"by\":\"anna\",\"url\":{\"a\":[1]}}\r\n"
		"{\"at\":\"2026-11-22T12:20:00.25+01:00\",\"kind\":\"note\",\"text\":\" x \"}";
	struct event_file f;
	struct diag d;
	if (!FACT(reads(bytes, &f, &d) && f.n == 3, "three lines are three events; an empty line is none"))
		return;
	FACT(f.bytes == sizeof bytes - 1 && f.crc == 0x1234 && !strcmp(f.path, "ops/events.jsonl"), "the file's identity is kept");
	const struct stated_event *e = f.items;
	FACT(e[0].kind == EVENT_ALERT && e[0].at_us == 1795346470 * SECOND_US && e[0].resolution_us == SECOND_US, "a time with seconds");
	FACT(e[0].line == 1 && e[0].offset == 3 && e[0].length == 86 && e[0].raw[0] == '{', "the line's place, behind a byte order mark");
	TEXT_IS(e[0].text, "CheckoutErrorRate is firing", "the text");
	TEXT_IS(e[0].service, "", "what is not said is empty");
	FACT(e[1].kind == EVENT_DEPLOY && e[1].at_us == 1795349400 * SECOND_US && e[1].resolution_us == MINUTE_US,
	     "a time without seconds and offset: UTC, the whole minute");
	TEXT_IS(e[1].text, "shop \xC3\xA9t\xC3\xA9", "escapes are undone");
	TEXT_IS(e[1].service, "shop-api", "service");
	TEXT_IS(e[1].version, "1.4.3", "version");
	TEXT_IS(e[1].by, "anna", "by");
	FACT(e[1].line == 3 && bytes[e[1].offset] == '{' && bytes[e[1].offset + e[1].length] == '\r', "a carriage return is no part of the line");
	FACT(e[2].at_us == 1795346400 * SECOND_US + 250000 && e[2].resolution_us == 10000, "an offset and decimals");
	TEXT_IS(e[2].text, "x", "blanks around the text are dropped");
	FACT(statedevent_kind_tier(EVENT_DEPLOY) == TIER_CHANGE && statedevent_kind_tier(EVENT_CONFIG) == TIER_CHANGE &&
		     statedevent_kind_tier(EVENT_ALERT) == TIER_HUMAN && statedevent_kind_tier(EVENT_MITIGATION) == TIER_HUMAN,
	     "what was done to the system is a change, the rest is people");
	eventfile_release(&f);
	FACT(reads("", &f, &d) && !f.n, "an empty file has no events");
	eventfile_release(&f);
}

static void test_nul(void)
{
	static const char bytes[] = "{\"at\":\"2026-11-22\",\"kind\":\"note\",\"text\":\"x\0y\"}";
	struct event_file f;
	struct diag d = {0};
	FACT(!eventfile_read((struct span){bytes, sizeof bytes - 1}, 0, "e", &f, &d) && !strncmp(d.what, "e:1:43: a NUL byte", 18),
	     "a NUL, which would cut the excerpt short, is refused where it stands");
}

static void test_bad(void)
{
	static const struct {
		const char *bytes, *what, *hint, *name;
	} cases[] = {
		{"{\"at\":\"11:20\",\"kind\":\"note\",\"text\":\"x\"}", "ops/events.jsonl:1:8: not a time: \"11:20\"",
		 "A time of the day needs its date: \"2026-11-22 11:20\" (UTC).", "a time of the day alone is refused"},
		{"\n{\"at\":\"2026-11-22\",\"text\":\"x\",\"kind\":\"deplyo\"}", "ops/events.jsonl:2:39: unknown kind \"deplyo\"",
		 "One of deploy, restart, config, alert, acknowledge, mitigation, resolve, note, chat.", "an unknown kind: line, column and the list"},
		{"{\"at\":\"2026-11-22\",\"kind\":\"note\"}", "ops/events.jsonl:1:1: expected in the object the key text", NULL,
		 "a key that is missing is named"},
		{"{\"at\":\"2026-11-22\",\"kind\":\"note\",\"text\":\"  \"}", "the text is empty", NULL, "an empty text says nothing"},
		{"{\"at\":\"2026-11-22\",\"kind\":\"note\",\"text\":\"x\"", "ops/events.jsonl:1:", NULL, "an object that does not end"},
		{"at,kind,text\n", "ops/events.jsonl:1:1: expected \"{\"", "A line is one object", "another format is refused at its first byte"},
		{"{\"at\":1795346470,\"kind\":\"note\",\"text\":\"x\"}", "ops/events.jsonl:1:7: not a time: \"1795346470\"", NULL, "a number is no time"},
		{"{\"at\":\"2026-02-30 10:00\",\"kind\":\"note\",\"text\":\"x\"}", "not a time", "There is no such day", "a day that never was"},
		{"[{\"at\":\"2026-11-22\",\"kind\":\"note\",\"text\":\"x\"},\n  3]", "ops/events.jsonl:2:3: expected", NULL, "an element that is no object"},
		{"[{\"at\":\"2026-11-22\",\"kind\":\"note\",\"text\":\"x\"}\n", "ops/events.jsonl:1:1: a list that does not end", NULL, "a list cut short"},
		{"[] []", "ops/events.jsonl:1:4: expected the line to end here", NULL, "two values on one line"},
		{"{\"alerts\":\n[{\"startsAt\":\"now\",\"labels\":{}}]}", "ops/events.jsonl:2:15: startsAt is not a time: \"now\"", NULL,
		 "of an export the value is shown"},
		{"{\"at\":\"2026-11-22\",\"kind\":\"al\\u0065rts\",\"text\":\"x\"}", "ops/events.jsonl:1:20: unknown kind \"alerts\"", NULL,
		 "of a value with escapes the key's column is shown"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct event_file f;
		struct diag d;
		bool fine = reads(cases[i].bytes, &f, &d);
		if (!FACT(!fine && !f.n && !f.items && strstr(d.what, cases[i].what) && (!cases[i].hint || strstr(d.hint, cases[i].hint)),
			  cases[i].name))
			printf("got %s\nhint %s\n", d.what, d.hint);
		if (fine)
			eventfile_release(&f);
	}
}

/* Exports: over several lines, in an array, one a line; what they say again; where each object stands. */
static void test_exports(void)
{
	static const char delivery[] =
		"{\"status\": \"firing\", \"version\": \"4\",\n"
		" \"alerts\": [\n"
		"  {\"status\": \"firing\", \"labels\": {\"alertname\": \"A\"},\n   \"startsAt\": \"2026-11-22T11:21:10Z\"},\n"
		"  {\"status\": \"resolved\", \"labels\": {\"alertname\": \"B\"}, \"startsAt\": \"2026-11-22T11:21:20Z\", \"endsAt\": \"2026-11-22T11:22:00Z\"}\n"
		" ]}\n\n"
		"{\"version\": \"4\", \"alerts\": [{\"status\": \"firing\", \"labels\": {\"alertname\": \"A\"}, \"startsAt\": \"2026-11-22T11:21:10Z\"}]}\n";
	static const char chat[] = "[\n  {\"type\": \"message\", \"text\": \"x\", \"ts\": \"1795346470.1\"},\n  {\"type\": \"message\", \"subtype\": "
				   "\"channel_join\", \"ts\": \"1795346471.1\"}\n]\n";
	struct event_file f;
	struct diag d;
	if (!FACT(reads(delivery, &f, &d) && f.n == 3 && f.repeated == 1 && !f.passed, "two deliveries are three events, one is said twice"))
		return;
	FACT(f.items[0].line == 3 && delivery[f.items[0].offset] == '{' && delivery[f.items[0].offset + f.items[0].length - 1] == '}' &&
		     f.items[0].length == strlen(f.items[0].raw),
	     "an alert over two lines: its first line, its bytes");
	FACT(f.items[1].line == 5 && f.items[2].line == 5 && f.items[2].kind == EVENT_RESOLVE, "one object, two events");
	eventfile_release(&f);
	FACT(reads(chat, &f, &d) && f.n == 1 && f.passed == 1 && f.items[0].line == 2, "an array of messages; who joined is counted");
	eventfile_release(&f);
	static const char own[] = "[{\"at\": \"2026-11-22\", \"kind\": \"note\", \"text\": \"x\"},\n {\"at\": \"2026-11-22\", \"kind\": \"note\", \"text\": \"x\"}]";
	FACT(reads(own, &f, &d) && f.n == 2 && !f.repeated && f.items[1].line == 2, "our own objects in an array are taken as they stand");
	eventfile_release(&f);
}

int main(void)
{
	test_good();
	test_exports();
	test_bad();
	test_nul();
	return unit_done();
}
