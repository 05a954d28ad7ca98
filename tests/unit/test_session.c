#include <stdio.h>

#include "base/memory.h"
#include "tally/session.h"

#include "unit.h"

static struct record record_of(const char *message)
{
	struct record r;
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, span_of(message));
	return r;
}

static void received(struct sessions *s, int64_t pid, const char *message)
{
	struct record r = record_of(message);
	sessions_received(s, pid, &r);
}
static void authorized(struct sessions *s, int64_t pid, uint32_t second, const char *message)
{
	struct record r = record_of(message);
	sessions_authorized(s, pid, second, &r);
}
static void closed(struct sessions *s, int64_t pid, uint32_t second, const char *message)
{
	struct record r = record_of(message);
	sessions_closed(s, pid, second, &r);
}

/* Open connections of a key at the end of second `until`. */
static int64_t open_at(const struct session_series *all, size_t n, enum holder dimension, const char *key,
		       uint32_t until)
{
	for (size_t i = 0; i < n; i++) {
		if (all[i].dimension != dimension || strcmp(all[i].key, key))
			continue;
		int64_t open = all[i].before;
		for (size_t k = 0; k < all[i].n && all[i].cells[k].start_s <= until; k++)
			open += all[i].cells[k].delta;
		return open;
	}
	return -1;
}

static void release(struct session_series *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		memory_free(all[i].key);
		memory_free(all[i].cells);
	}
	memory_free(all);
}

static void life(void)
{
	struct sessions s;
	sessions_init(&s);
	received(&s, 1, "connection received: host=10.0.0.7 port=53454");
	authorized(&s, 1, 100,
		   "connection authorized: user=shop app database=shop application_name=psql - x SSL enabled "
		   "(protocol=TLSv1.3)");
	received(&s, 2, "connection received: host=[local]");
	authorized(&s, 2, 101, "connection authorized: user=etl database=dw");
	sessions_fatal(&s, 2, 101); /* remaining connection slots are reserved */
	received(&s, 3, "connection received: host=10.0.0.8 port=1");
	sessions_fatal(&s, 3, 102); /* sorry, too many clients already: never authorized */
	closed(&s, 9, 103, "disconnection: session time: 1:00:00.006 user=old database=shop host=10.0.0.9 port=53442");
	authorized(&s, 4, 104, "replication connection authorized: user=repl application_name=walreceiver");
	sessions_fatal(&s, 4, 105); /* 57P01 of an established one */
	closed(&s, 4, 105, "disconnection: session time: 0:00:01.000 user=repl database= host=10.0.0.5 port=1");
	closed(&s, 1, 110,
	       "disconnection: session time: 0:00:10.006 user=shop app database=shop host=10.0.0.7 port=53454");
	size_t n;
	struct session_series *all = sessions_freeze(&s, 0, UINT32_MAX, &n);
	FACT(open_at(all, n, HOLDER_USER, "shop app", 100) == 1,
	     "an authorized session is open; a user may have a blank");
	FACT(open_at(all, n, HOLDER_APPLICATION, "psql - x", 109) == 1,
	     "the application stands before the notes on encryption");
	FACT(open_at(all, n, HOLDER_HOST, "10.0.0.7", 109) == 1, "the host comes from the line before");
	FACT(open_at(all, n, HOLDER_USER, "shop app", 110) == 0, "a disconnection closes it");
	FACT(open_at(all, n, HOLDER_USER, "etl", 101) == -1,
	     "a session that is refused in the second it came changes nothing");
	FACT(open_at(all, n, HOLDER_HOST, "10.0.0.8", 200) == -1, "one that was never authorized never opens");
	FACT(open_at(all, n, HOLDER_USER, "old", 102) == 1 && open_at(all, n, HOLDER_USER, "old", 103) == 0,
	     "one that was never seen to open was open before the file began");
	FACT(open_at(all, n, HOLDER_USER, "repl", 104) == 1 && open_at(all, n, HOLDER_USER, "repl", 105) == 0,
	     "a terminated session closes once, although two lines say so");
	bool sorted = true;
	for (size_t i = 1; i < n; i++)
		sorted = sorted &&
			 (all[i - 1].dimension < all[i].dimension ||
			  (all[i - 1].dimension == all[i].dimension && strcmp(all[i - 1].key, all[i].key) < 0));
	FACT(sorted, "sorted by dimension, then key");
	release(all, n);
	sessions_release(&s);
}

static void restarts(void)
{
	struct sessions s;
	sessions_init(&s);
	for (int pid = 1; pid <= 5; pid++)
		authorized(&s, pid, 100, "connection authorized: user=a database=d");
	sessions_starting(&s, 200);
	sessions_ready(&s, 201);
	authorized(&s, 1, 202, "connection authorized: user=a database=d");
	sessions_ready(&s, 300); /* a crash: no "starting" line */
	size_t n;
	struct session_series *all = sessions_freeze(&s, 0, UINT32_MAX, &n);
	FACT(open_at(all, n, HOLDER_USER, "a", 199) == 5 && open_at(all, n, HOLDER_USER, "a", 200) == 0,
	     "a start closes everything");
	FACT(open_at(all, n, HOLDER_USER, "a", 250) == 1 && open_at(all, n, HOLDER_USER, "a", 300) == 0,
	     "a recovery does too");
	FACT(s.resets == 2, "starting and ready are one start");
	release(all, n);
	sessions_release(&s);
}

static void floods(void)
{
	struct sessions s;
	sessions_init(&s);
	for (int pid = 1; pid <= 100; pid++)
		authorized(&s, pid, 100, "connection authorized: user=pool database=d");
	for (int pid = 1000; pid < 101000; pid++) {
		received(&s, pid, "connection received: host=h port=1");
		if (pid % 3)
			sessions_fatal(&s, pid, 101);
	}
	for (int pid = 1; pid <= 100; pid++)
		closed(&s, pid, 102, "disconnection: session time: 0:00:01.0 user=pool database=d host=h");
	size_t n;
	struct session_series *all = sessions_freeze(&s, 0, UINT32_MAX, &n);
	FACT(open_at(all, n, HOLDER_USER, "pool", 101) == 100 && open_at(all, n, HOLDER_USER, "pool", 102) == 0 &&
		     !all[0].before,
	     "100,000 refusals do not push out what is open");
	release(all, n);
	sessions_release(&s);

	sessions_init(&s);
	char message[100];
	for (int pid = 0; pid < 20000; pid++) {
		snprintf(message, sizeof message, "connection authorized: user=u%d database=d\xFF%d", pid, pid % 3);
		authorized(&s, pid, 100 + (uint32_t)pid, message);
	}
	all = sessions_freeze(&s, 0, UINT32_MAX, &n);
	FACT(open_at(all, n, HOLDER_USER, "other", UINT32_MAX) == 20000 - LIMIT_FACETS,
	     "more keys than the limit are other");
	bool utf8 = true;
	for (size_t i = 0; i < n; i++)
		utf8 = utf8 && span_is_utf8(span_of(all[i].key));
	FACT(utf8, "keys are UTF-8");
	release(all, n);
	sessions_release(&s);
}

int main(void)
{
	life();
	restarts();
	floods();
	return unit_done();
}
