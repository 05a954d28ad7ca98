#include <stdio.h>

#include "base/limits.h"
#include "tally/event.h"

#include "unit.h"

struct named {
	const char *message, *service, *version;
};

static void versions(void)
{
	static const struct named cases[] = {
		{"shop-api 1.4.3 listening", "shop-api", "1.4.3"},
		{"Starting billing version=3.4.1 commit=bcbcbcb pid=25517 port=21403", "billing", "3.4.1"},
		{"starting PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu", "PostgreSQL", "15.18"},
		{"process up: PgBouncer 1.18.0, libevent 2.1.12-stable (epoll)", "PgBouncer", "1.18.0"},
		{"nginx/1.22.1", "nginx", "1.22.1"},
		{"deployed checkout v2.0.1-rc1", "checkout", "2.0.1-rc1"},
		{"shop version 1.4.3 started", "shop", "1.4.3"},
		{"Received SIGTERM, shutting down (version 3.4.1)", "", "3.4.1"},
		{"Rolling back shop-api to 1.4.2", "", "1.4.2"},
		{"Deploying 1.4.3", "", "1.4.3"},
		{"listening on 127.0.0.1", "", ""},
		{"listening on IPv4 address \"127.0.0.1\", port 21132", "", ""},
		{"took 28.0ms", "", ""},
		{"database system is ready to accept connections", "", ""},
		{"database system was shut down at 2026-11-22 11:14:09.849 UTC", "", ""},
		{"", "", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct span service, version;
		event_version(span_of(cases[i].message), &service, &version);
		if (!FACT(span_equal(service, span_of(cases[i].service)) &&
				  span_equal(version, span_of(cases[i].version)),
			  cases[i].message))
			printf("  gives '%.*s' '%.*s'\n", (int)service.len, service.at, (int)version.len, version.at);
	}
}

static void kept(void)
{
	struct signal signal = {.name = (char *)"process.start"};
	struct signal_kind kind = {&signal, (char *)"process.start"};
	struct events e = {0};
	struct record r;
	record_clear(&r);
	r.raw = SPAN("{\"msg\":\"up\",\"password\":\"x1\"}");
	record_set(&r, FIELD_MESSAGE, SPAN("Starting billing version=3.4.1 pid=25517 host=app9"));
	record_set(&r, FIELD_VERSION, SPAN("9.9"));
	struct place p = {1000, 5, 7, 30, 900};
	events_add(&e, &kind, &p, 1000 * SECOND_US + 5, &r);
	const struct event *made = &e.items[0];
	FACT(!strcmp(made->service, "billing") && !strcmp(made->version, "9.9"), "a field wins over the message");
	FACT(made->pid == 25517 && !strcmp(made->host, "app9"),
	     "pid and host come from the message when no field has them");
	FACT(!strstr(made->text, "x1") && made->line == 7 && made->offset == 900,
	     "the text is masked, the place is kept");
	for (int i = 0; i < LIMIT_EVENTS + 9; i++)
		events_add(&e, &kind, &p, 1000 * SECOND_US, &r);
	FACT(e.n == LIMIT_EVENTS && e.more == 10, "what is more than the limit is counted");
	events_keep(&e, 1001, 2000);
	FACT(!e.n, "events outside of the window are left out");
	events_release(&e);
}

/* Writers that share a part take turns. */
static void ordered(void)
{
	struct signal signal = {.name = (char *)"deploy"};
	struct signal_kind kind = {&signal, (char *)"deploy"}, other = {&signal, (char *)"other"};
	static const uint64_t offsets[] = {100, 400, 200, 300, 300, 50};
	struct events e = {0};
	struct record r;
	record_clear(&r);
	r.raw = SPAN("deploy");
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
		struct place p = {1000, 0, 1, 1, offsets[i]};
		events_add(&e, i == 4 ? &other : &kind, &p, 1000 * SECOND_US, &r);
	}
	events_keep(&e, 0, UINT32_MAX);
	bool sorted = e.n == 6;
	for (size_t i = 1; i < e.n; i++)
		sorted = sorted && e.items[i - 1].offset <= e.items[i].offset;
	FACT(sorted, "events stand in the order of the file, whatever the order in which they were known");
	FACT(!strcmp(e.items[3].class, "deploy") && !strcmp(e.items[4].class, "other"), "two of one record in the order of their kinds");
	events_release(&e);
}

int main(void)
{
	ordered();
	versions();
	kept();
	return unit_done();
}
