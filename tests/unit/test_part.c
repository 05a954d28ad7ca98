#include <stdio.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "tally/histogram.h"
#include "tally/part.h"

#include "builtin.h"
#include "random.h"
#include "unit.h"

static const int64_t base = INT64_C(1795346000) * SECOND_US;

static struct record record_at(int64_t time_us, uint64_t number)
{
	struct record r;
	memset(&r, 0, sizeof r);
	record_clear(&r);
	r.time_us = time_us;
	r.zone = STAMP_EXPLICIT;
	r.resolution_us = 1000;
	r.line = number + 1;
	r.offset = number * 100;
	r.length = 99;
	r.raw = SPAN("a line of the log");
	return r;
}

static const struct series *find(const struct part *p, const char *signal, const char *class, enum facet facet,
				 const char *value)
{
	for (size_t i = 0; i < p->series_n; i++)
		if (!strcmp(p->series[i].signal, signal) && !strcmp(p->series[i].class, class) &&
		    p->series[i].facet == facet && !strcmp(p->series[i].facet_value, value))
			return &p->series[i];
	return NULL;
}

static uint64_t total(const struct series *s)
{
	uint64_t n = 0;
	for (size_t i = 0; s && i < s->n; i++)
		n += s->bins[i].n;
	return n;
}

/* Decoding gives the same bytes; every cut and every changed byte is refused or gives a part that encodes to those
 * bytes. */
static void round_trip(const struct part *p, const char *fact)
{
	struct text bytes = {0}, again = {0};
	struct diag d = {0};
	part_encode(p, &bytes);
	struct part *q = part_decode(text_span(&bytes), &d);
	if (q)
		part_encode(q, &again);
	FACT(q && span_equal(text_span(&bytes), text_span(&again)), fact);
	part_free(q);
	bool refused = true, canonical = true;
	for (size_t n = 0; n < bytes.len; n += 1 + bytes.len / 300) {
		struct diag e = {0};
		char *exact = malloc(n ? n : 1); /* so that a read over the end is seen */
		memcpy(exact, bytes.at, n);
		q = part_decode((struct span){exact, n}, &e);
		refused = refused && !q && e.set;
		part_free(q);
		free(exact);
	}
	FACT(refused, "a part that ends early is refused");
	for (int i = 0; i < 400; i++) {
		struct diag e = {0};
		size_t at = random_next() % bytes.len;
		char old = bytes.at[at];
		bytes.at[at] = (char)(old ^ (1 << random_next() % 8));
		q = part_decode(text_span(&bytes), &e);
		if (q) {
			text_clear(&again);
			part_encode(q, &again);
			canonical = canonical && span_equal(text_span(&bytes), text_span(&again));
		}
		part_free(q);
		bytes.at[at] = old;
	}
	FACT(canonical, "whatever is accepted encodes to the bytes it came from");
	text_append_byte(&bytes, 0);
	struct diag e = {0};
	FACT(!part_decode(text_span(&bytes), &e), "bytes behind the end are refused");
	text_release(&bytes);
	text_release(&again);
}

static void access(const struct patterns *all)
{
	struct part_builder *b = part_builder_new(all->signals);
	uint16_t kind = builtin_kind(all->signals, "http.server_error", "http.500");
	uint64_t failed = 0, slow = 0, busy = 0, failed_ids[500];
	char path[40], client[20], id[20];
	for (uint64_t i = 0; i < 5000; i++) {
		struct record r = record_at(base + (int64_t)i * 7000, i);
		bool fails = i % 10 == 0;
		r.status = fails ? 500 : 200;
		r.duration_us = (int64_t)(random_next() % 2000000);
		snprintf(path, sizeof path, "/p/%u", (unsigned)(i % 100));
		snprintf(client, sizeof client, "10.0.0.%u", (unsigned)(i % 50));
		snprintf(id, sizeof id, "%llx", (unsigned long long)random_next());
		record_set(&r, FIELD_PATH, span_of(path));
		record_set(&r, FIELD_CLIENT, span_of(client));
		record_set(&r, FIELD_REQUEST_ID, span_of(id));
		record_set(&r, FIELD_UPSTREAM_ADDRESS, i % 3 ? SPAN("10.0.1.1:8080") : SPAN("10.0.1.2:8080"));
		record_set(&r, FIELD_LOCAL_ADDRESS, SPAN("10.0.0.2"));
		record_set(&r, FIELD_LOCAL_PORT, SPAN("443"));
		part_builder_add(b, TIER_WEB, &r, &kind, fails);
		if (fails)
			failed_ids[failed] = hash_bytes(span_of(id));
		failed += fails;
		slow += r.duration_us >= SECOND_US;
		busy += (uint64_t)r.duration_us;
	}
	struct part *p = part_builder_finish(b);
	FACT(total(find(p, "http.requests", "", FACET_NONE, "")) == 5000, "every access record is a request");
	FACT(total(find(p, "http.failed", "", FACET_NONE, "")) == failed, "500 to 599 are failed");
	FACT(total(find(p, "http.server_error", "http.500", FACET_NONE, "")) == failed, "kinds are counted");
	const struct series *records = find(p, "records", "", FACET_NONE, "");
	FACT(total(records) == 5000 && records->width_s == 10, "all records are counted in 10 s");
	FACT(p->first_us == base && p->last_us == base + 4999 * 7000, "first and last are exact");
	uint64_t us = 0, n = 0, requests = 0, fails = 0, slows = 0;
	for (size_t i = 0; i < p->busy_n; i++)
		us += p->busy[i].us;
	for (size_t i = 0; i < p->latency_n; i++)
		n += p->latency[i].n;
	FACT(us == busy && p->busy_known && n == 5000, "busy time and latencies hold every request");
	FACT(p->endpoints_n == 1 && !strcmp(p->endpoints[0].key, "/p/<*>"), "endpoints are masked");
	for (size_t i = 0; i < p->endpoints[0].n; i++) {
		requests += p->endpoints[0].cells[i].n;
		fails += p->endpoints[0].cells[i].failed;
		slows += p->endpoints[0].cells[i].slow;
	}
	FACT(requests == 5000 && fails == failed && slows == slow, "endpoints count requests, failed and slow ones");
	FACT(p->clients_n == 50 && p->clients[0].n == 100 && !p->clients[0].error, "clients are counted");
	FACT(p->distincts_n == 2 && p->distincts[0].n == 50 && p->distincts[1].failed_only && p->distincts[1].n == 5,
	     "distinct clients: all, and those with a failed request");
	FACT(p->ids_are_requests && p->ids_n == LIMIT_IDS_PER_HOUR, "request ids are sampled");
	size_t smaller = 0, of_failed = 0;
	for (size_t i = 0; i < failed; i++) {
		smaller += failed_ids[i] <= p->failed_ids[p->failed_ids_n - 1].hash;
		for (size_t k = 0; k < p->failed_ids_n; k++)
			of_failed += p->failed_ids[k].hash == failed_ids[i];
	}
	FACT(p->failed_ids_n == LIMIT_IDS_PER_HOUR && of_failed == p->failed_ids_n && smaller == of_failed,
	     "so are those of failed requests, by themselves");
	FACT(p->exemplars_n > 0 && p->segments_n == 1 && p->zone == STAMP_EXPLICIT && !p->zone_mixed,
	     "the rest is there");
	const struct address *a = p->addresses;
	FACT(p->addresses_n == 3 && !strcmp(a[0].address, "10.0.1.1:8080") && a[0].n == 3333 && a[0].first_line == 2 &&
		     !strcmp(a[1].address, "10.0.1.2:8080") && a[1].n == 1667 && a[1].failed == 167 && a[1].side == ADDRESS_UPSTREAM,
	     "whom the requests went to, and how many of them failed");
	FACT(p->addresses_n == 3 && a[2].side == ADDRESS_LOCAL && !strcmp(a[2].address, "10.0.0.2:443") && a[2].n == 5000, "and the own address");
	round_trip(p, "a part of an access log survives encoding");
	part_free(p);
}

static void database(const struct patterns *all)
{
	struct part_builder *b = part_builder_new(all->signals);
	uint16_t refused = builtin_kind(all->signals, "db.connections.exhausted", "db.max_connections");
	uint16_t authorized = builtin_kind(all->signals, "db.session.authorized", "session.authorized");
	uint16_t ready = builtin_kind(all->signals, "db.ready", "db.ready");
	char user[20], pid[20];
	for (uint64_t i = 0; i < 1000; i++) {
		struct record r = record_at(base + (int64_t)i * 10000, i);
		snprintf(user, sizeof user, "u%u", (unsigned)(i % 100));
		snprintf(pid, sizeof pid, "%u", (unsigned)(1000 + i / 2));
		record_set(&r, FIELD_PID, span_of(pid));
		record_set(&r, FIELD_USER, span_of(i % 2 ? user : "[unknown]"));
		record_set(&r, FIELD_DATABASE, SPAN("shop"));
		record_set(&r, FIELD_MESSAGE,
			   i % 2 ? SPAN("sorry, too many clients already")
				 : SPAN("connection authorized: user=u database=shop"));
		r.severity = i % 2 ? SEVERITY_FATAL : SEVERITY_INFO;
		part_builder_add(b, TIER_DB, &r, i % 2 ? &refused : &authorized, 1);
	}
	struct record r = record_at(base + 20 * SECOND_US, 1000);
	r.severity = SEVERITY_INFO;
	record_set(&r, FIELD_MESSAGE, SPAN("database system is ready to accept connections"));
	part_builder_add(b, TIER_DB, &r, &ready, 1);
	struct part *p = part_builder_finish(b);
	FACT(total(find(p, "db.connections.exhausted", "db.max_connections", FACET_NONE, "")) == 500,
	     "refusals are counted");
	FACT(total(find(p, "db.connections.exhausted", "db.max_connections", FACET_USER, "u1")) == 10, "and by user");
	FACT(total(find(p, "db.connections.exhausted", "db.max_connections", FACET_DATABASE, "shop")) == 500,
	     "and by database");
	FACT(!find(p, "db.session.authorized", "session.authorized", FACET_DATABASE, "shop"),
	     "only symptoms have facets");
	FACT(p->messages_n == 2, "messages of sessions are not kept");
	FACT(!p->sessions_n, "refusals close what was authorized in the same second");
	FACT(p->events_n == 1 && p->sessions_resets == 1, "a change is an event");
	FACT(!p->ids_are_requests && p->ids_n == LIMIT_IDS_PER_HOUR, "pid and second are sampled");
	round_trip(p, "a part of a database log survives encoding");
	part_free(p);

	b = part_builder_new(all->signals);
	for (uint64_t i = 0; i < 1000; i++) {
		r = record_at(base + (int64_t)i * 10000, i);
		snprintf(user, sizeof user, "u%u", (unsigned)(i % 100));
		record_set(&r, FIELD_USER, span_of(user));
		r.severity = SEVERITY_FATAL;
		part_builder_add(b, TIER_DB, &r, &refused, 1);
	}
	p = part_builder_finish(b);
	size_t facets = 0;
	for (size_t i = 0; i < p->series_n; i++)
		facets += p->series[i].facet == FACET_USER;
	FACT(facets == LIMIT_FACETS + 1, "users over the limit are other");
	FACT(total(find(p, "db.connections.exhausted", "db.max_connections", FACET_USER, "other")) ==
		     10 * (100 - LIMIT_FACETS),
	     "other counts all of them");
	part_free(p);
}

/* An application's messages: whom it called, and where it listens. */
static void dialled(const struct patterns *all)
{
	struct part_builder *b = part_builder_new(all->signals);
	uint16_t start = builtin_kind(all->signals, "process.start", "process.start");
	char text[120];
	for (uint64_t i = 0; i < 900; i++) {
		struct record r = record_at(base + (int64_t)i * 10000, i);
		snprintf(text, sizeof text, "connection to server at \"10.0.0.%u\", port 5432 failed: FATAL:  sorry", 5 + (unsigned)(i % 2));
		record_set(&r, FIELD_MESSAGE, i % 3 == 2 ? SPAN("out of coffee") : span_of(text));
		r.severity = i % 3 ? SEVERITY_ERROR : SEVERITY_WARN;
		part_builder_add(b, TIER_APP, &r, NULL, 0);
	}
	struct record r = record_at(base + 20 * SECOND_US, 1000);
	r.severity = SEVERITY_INFO;
	record_set(&r, FIELD_MESSAGE, SPAN("Listening at: http://0.0.0.0:8000 (7)"));
	part_builder_add(b, TIER_APP, &r, &start, 1);
	struct part *p = part_builder_finish(b);
	const struct address *a = p->addresses;
	FACT(p->addresses_n == 3 && !strcmp(a[0].address, "10.0.0.5:5432") && a[0].n == 300 && a[0].failed == 150 &&
		     !strcmp(a[1].address, "10.0.0.6:5432") && a[1].n == 300 && a[1].failed == 150,
	     "a message names the server that was called; an error says that it failed");
	FACT(p->addresses_n == 3 && a[2].side == ADDRESS_LOCAL && !strcmp(a[2].address, "0.0.0.0:8000"), "a start says where it listens");
	round_trip(p, "a part with addresses survives encoding");
	part_free(p);
}

static void numbers(void)
{
	struct part_builder *b = part_builder_new(NULL);
	char pid[20], message[120], sql[80];
	for (uint64_t i = 0; i < 300; i++) {
		struct record r = record_at(base + (int64_t)i * SECOND_US, i);
		snprintf(pid, sizeof pid, "%u", (unsigned)(100 + i % 10));
		record_set(&r, FIELD_PID, span_of(pid));
		if (i % 3 == 0) {
			snprintf(message, sizeof message, "process %u still waiting for ShareLock on transaction 9 after 1000.000 ms",
				 (unsigned)(100 + i % 10));
			record_set(&r, FIELD_MESSAGE, span_of(message));
		} else if (i % 3 == 1) {
			snprintf(sql, sizeof sql, "SELECT %u FROM t", (unsigned)i);
			record_set(&r, FIELD_STATEMENT, span_of(sql));
			r.duration_us = (int64_t)i * 1000;
		} else {
			record_metric(&r, METRIC_DB_TEMP_FILE, (int64_t)i);
		}
		part_builder_add(b, TIER_DB, &r, NULL, 0);
		if (i == 0) {
			struct record detail = record_at(r.time_us, 1);
			record_set(&detail, FIELD_PID, span_of(pid));
			record_set(&detail, FIELD_DETAIL, SPAN("Process holding the lock: 3. Wait queue: 100, 101."));
			part_builder_attach(b, &detail);
		}
	}
	char head[] = "  File \"x.py\", line 7\nwith secret_token=abc";
	part_builder_head(b, &(struct file_edge){.line = 1, .length = 40, .text = head});
	struct part *p = part_builder_finish(b);
	FACT(p->locks_n == 100 && p->locks[0].queue == 2 && p->locks[0].holder == 3 && p->locks[1].holder == -1,
	     "lock waits, with the DETAIL of the one it belongs to");
	FACT(p->statements_n == 1 && p->statements[0].cells[p->statements[0].n - 1].max_at_us == base + 298 * SECOND_US, "statements");
	FACT(p->gauges_n == 1 && p->gauges_width_s == 1 && p->gauges[0].n == 100, "gauges");
	FACT(p->head.line == 1 && strstr(p->head.text, "secret_token=***") && p->head.at_us == INSTANT_NONE, "the head, masked");
	FACT(p->tail.at_us == base + 299 * SECOND_US && p->tail.line == 300, "the tail");
	round_trip(p, "numbers and edges survive encoding");
	part_free(p);
}

/* The same event in PostgreSQL's three logs. */
static void twins(void)
{
	struct sampled_id ids[3];
	for (int i = 0; i < 3; i++) {
		struct part_builder *b = part_builder_new(NULL);
		struct record r = record_at(base + (i ? 123000 : 0), 7);
		if (i < 2)
			record_set(&r, FIELD_PID, SPAN("24979"));
		record_set(&r, FIELD_SESSION, SPAN("6b02cfde.6193"));
		part_builder_add(b, TIER_DB, &r, NULL, 0);
		struct part *p = part_builder_finish(b);
		ids[i] = p->ids[0];
		part_free(p);
	}
	FACT(ids[0].hash == ids[1].hash && ids[1].hash == ids[2].hash,
	     "pid and printed second give one id, from the session id too");
}

static void time_facts(void)
{
	struct part_builder *b = part_builder_new(NULL);
	for (uint64_t i = 0; i < 1000; i++) {
		struct record r = record_at(base + (int64_t)i * SECOND_US, i);
		if (i == 500)
			r.time_us = base + 800 * DAY_US;
		if (i == 501)
			r.time_us = base - 800 * DAY_US;
		if (i == 502)
			r.time_us = INT64_MAX;
		if (i == 503)
			r.time_us = INT64_MIN;
		if (i == 504)
			r.zone = STAMP_NONE;
		r.status = 200;
		r.duration_us = i == 505 ? INT64_MAX : 1;
		record_set(&r, FIELD_PATH, SPAN("/"));
		record_set(&r, FIELD_REQUEST_ID, SPAN("x"));
		part_builder_add(b, TIER_WEB, &r, NULL, 0);
	}
	struct part *p = part_builder_finish(b);
	FACT(p->implausible == 4,
	     "stamps far from the median, and outside of 1970 to 2105, are counted as implausible");
	FACT(total(find(p, "http.requests", "", FACET_NONE, "")) == 996, "and not below");
	FACT(p->first_us == base && p->last_us == base + 999 * SECOND_US, "and do not stretch the file");
	FACT(p->zone == STAMP_NONE && p->zone_mixed == 1, "one record without a zone makes the file mixed");
	round_trip(p, "odd stamps and durations survive encoding");
	part_free(p);

	b = part_builder_new(NULL);
	p = part_builder_finish(b);
	FACT(p->first_us == INSTANT_NONE && !p->series_n && !p->segments_n,
	     "a file without records gives an empty part");
	round_trip(p, "an empty part survives encoding");
	part_free(p);

	/* HAProxy: messages of the server have no year, requests have one */
	struct civil yearless = {2000, 11, 22, 11, 52, 42, 0}, dated = {2026, 11, 22, 11, 52, 43, 0};
	b = part_builder_new(NULL);
	for (uint64_t i = 0; i < 20; i++) {
		struct record r = record_at(instant_of(i % 5 ? &dated : &yearless), i);
		r.yearless = i % 5 == 0;
		part_builder_add(b, TIER_LB, &r, NULL, 0);
	}
	p = part_builder_finish(b);
	dated.second = 42;
	FACT(!p->yearless && !p->implausible && p->first_us == instant_of(&dated),
	     "year-less stamps beside dated ones get their year");
	part_free(p);

	b = part_builder_new(NULL);
	for (uint64_t i = 0; i < 100; i++) {
		struct record r = record_at(instant_of(&yearless) + (int64_t)i * DAY_US, i);
		struct civil c;
		instant_to_civil(r.time_us, &c);
		c.year = 2000;
		r.time_us = instant_of(&c);
		r.yearless = true;
		part_builder_add(b, TIER_LB, &r, NULL, 0);
	}
	p = part_builder_finish(b);
	FACT(p->yearless && p->segments_n == 1 && p->last_us == instant_of(&yearless) + 99 * DAY_US,
	     "a file without years passes New Year in one segment");
	part_free(p);
}

/* Everything random at once: bounded, and accepted by the decoder. */
static void hostile(const struct patterns *all)
{
	struct part_builder *b = part_builder_new(all->signals);
	size_t kinds_n = signal_kinds(all->signals);
	char noise[3000];
	for (uint64_t i = 0; i < 60000; i++) {
		struct record r = record_at((int64_t)(random_next() % ((uint64_t)UINT32_MAX * 1000000)), i);
		for (size_t k = 0; k < 64; k++) {
			uint64_t v = random_next();
			memcpy(noise + 8 * k, &v, 8);
		}
		r.raw = (struct span){noise, random_next() % 512};
		r.status = random_next() % 3 ? (int)(random_next() % 900 + 100) : 0;
		r.duration_us = random_next() % 2 ? (int64_t)(random_next() >> 1) : -1;
		r.severity = (enum severity)(random_next() % 25);
		r.yearless = random_next() % 100 == 0;
		for (int f = 0; f < FIELD_COUNT; f++)
			if (random_next() % 2)
				record_set(&r, (enum field)f, (struct span){noise + random_next() % 256, random_next() % 200});
		r.metrics = (uint32_t)random_next() & ((UINT32_C(1) << METRIC_COUNT) - 1);
		for (int m = 0; m < METRIC_COUNT; m++)
			r.metric[m] = (int64_t)(random_next() >> random_next() % 64);
		if (random_next() % 4 == 0)
			record_set(&r, FIELD_MESSAGE, SPAN("process 7 still waiting for ShareLock on transaction 9 after 9000.000 ms"));
		r.lines = 1 + random_next() % 2;
		if (random_next() % 8 == 0)
			part_builder_attach(b, &r);
		uint16_t kinds[3];
		for (int k = 0; k < 3; k++)
			kinds[k] = (uint16_t)(random_next() % (kinds_n + 2));
		part_builder_add(b, (enum tier)(random_next() % TIER_COUNT), &r, kinds, random_next() % 4);
	}
	struct part *p = part_builder_finish(b);
	struct text bytes = {0}, again = {0};
	struct diag d = {0};
	part_encode(p, &bytes);
	struct part *q = part_decode(text_span(&bytes), &d);
	if (!FACT(q != NULL, "what noise makes is a valid part"))
		printf("  %s\n", d.what);
	if (q)
		part_encode(q, &again);
	FACT(span_equal(text_span(&bytes), text_span(&again)), "and survives encoding");
	FACT(bytes.len < 16 << 20, "and is smaller than 16 MiB");
	FACT(p->gauges_n && p->locks_n && p->statements_n, "with gauges, locks and statements");
	part_free(p);
	part_free(q);
	text_release(&bytes);
	text_release(&again);
}

static void order(void)
{
	char rest[] = "", one[] = "db-1", two[] = "web-1";
	struct part a = {.bytes = 1, .crc = 2, .stream = rest}, b = {.bytes = 1, .crc = 3, .stream = rest},
		    c = {.bytes = 1, .crc = 2, .stated = 1, .stream = rest}, d = a, e = a;
	d.stream = one;
	e.stream = two;
	FACT(part_compare(&a, &a) == 0 && part_compare(&a, &b) < 0 && part_compare(&b, &a) > 0 &&
		     part_compare(&a, &c) < 0 && part_compare(&c, &b) < 0,
	     "parts are ordered by bytes, crc, stated format");
	FACT(part_compare(&a, &d) < 0 && part_compare(&d, &e) < 0 && part_compare(&e, &c) < 0,
	     "and by stream: what is left of a file, then its writers by name");
	FACT(!part_compare_files(&a, &e) && part_compare_files(&a, &c) < 0, "the parts of a file are of one file");
}

int main(void)
{
	struct patterns all = builtin_load();
	access(&all);
	database(&all);
	dialled(&all);
	numbers();
	twins();
	time_facts();
	hostile(&all);
	order();
	builtin_release(&all);
	return unit_done();
}
