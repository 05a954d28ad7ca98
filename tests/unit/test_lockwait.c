#include <stdio.h>

#include "base/memory.h"
#include "tally/lockwait.h"

#include "unit.h"

struct world {
	struct lockwaits locks;
	struct sessions sessions;
	uint32_t line;
};

static struct record record_of(const char *message, const char *user, const char *detail)
{
	struct record r;
	record_clear(&r);
	if (message)
		record_set(&r, FIELD_MESSAGE, span_of(message));
	if (user)
		record_set(&r, FIELD_USER, span_of(user));
	if (detail)
		record_set(&r, FIELD_DETAIL, span_of(detail));
	return r;
}

static void says(struct world *w, uint32_t second, int64_t pid, const char *message, const char *user, const char *detail)
{
	struct record r = record_of(message, user, detail);
	struct place p = {second, 0, ++w->line, 100, w->line * 101u};
	lockwaits_add(&w->locks, &w->sessions, &p, second * SECOND_US, &r, pid);
}
static void attaches(struct world *w, int64_t pid, const char *detail, const char *statement)
{
	struct record r = record_of(NULL, NULL, detail);
	if (statement)
		record_set(&r, FIELD_STATEMENT, span_of(statement));
	lockwaits_attach(&w->locks, &w->sessions, &r, pid);
}

static void world_init(struct world *w)
{
	*w = (struct world){.line = 0};
	sessions_init(&w->sessions);
	struct record r = record_of("connection received: host=10.0.0.9 port=5", NULL, NULL);
	sessions_received(&w->sessions, 18045, &r);
	r = record_of("connection authorized: user=migrate database=shop application_name=migration-42", NULL, NULL);
	sessions_authorized(&w->sessions, 18045, 9000, &r);
}
static void world_release(struct world *w)
{
	lockwaits_release(&w->locks);
	sessions_release(&w->sessions);
}

static void one_wait(void)
{
	struct world w;
	world_init(&w);
	says(&w, 9001, 18047, "process 18047 still waiting for AccessShareLock on relation 16388 of database 16384 after 200.094 ms", "shop_app", NULL);
	says(&w, 9001, 500, "checkpoint starting: time", NULL, NULL); /* another process in between */
	attaches(&w, 18047, "Process holding the lock: 18045. Wait queue: 18047, 18050, 18052.", NULL);
	attaches(&w, 18047, NULL, "select count(*) from orders where id = 7");
	says(&w, 9003, 18047, "process 18047 acquired AccessShareLock on relation 16388 of database 16384 after 1906.654 ms", "shop_app", NULL);
	attaches(&w, 18047, NULL, "select other");
	FACT(w.locks.n == 1, "a wait that is acquired is one wait");
	const struct lock_wait *l = &w.locks.items[0];
	FACT(l->pid == 18047 && l->line == 1 && l->waited_us == 1906654 && l->acquired_us == 9003 * SECOND_US, "who, where, how long, until when");
	FACT(l->holder == 18045 && l->holders == 1 && l->queue == 3, "the holder and the queue, of the DETAIL that is attached");
	TEXT_IS(l->mode, "AccessShareLock", "which lock");
	TEXT_IS(l->object, "relation 16388 of database 16384", "on what");
	TEXT_IS(l->user, "shop_app", "who waits");
	TEXT_IS(l->statement, "select count(*) from orders where id = ***", "its statement, masked, the first one");
	TEXT_IS(l->holder_user, "migrate", "whose session holds it");
	TEXT_IS(l->holder_application, "migration-42", "with its application");
	TEXT_IS(l->holder_host, "10.0.0.9", "and its host");
	world_release(&w);
}

static void others(void)
{
	struct world w;
	world_init(&w);
	/* csvlog and jsonlog: DETAIL in the record; the waiter's names from its session */
	struct record r = record_of("connection authorized: user=etl database=shop", NULL, NULL);
	sessions_authorized(&w.sessions, 7, 9000, &r);
	says(&w, 9001, 7, "process 7 still waiting for ShareLock on transaction 9 after 200.000 ms", "[unknown]", "Processes holding the lock: 11, 12. Wait queue: 7.");
	FACT(w.locks.n == 1 && w.locks.items[0].holders == 2 && w.locks.items[0].queue == 1 && w.locks.items[0].holder == 11, "DETAIL in the record itself");
	TEXT_IS(w.locks.items[0].user, "etl", "a waiter whose record does not name it, by its session");
	TEXT_IS(w.locks.items[0].holder_user, "", "a holder that no line names");
	says(&w, 9002, 7, "canceling statement due to lock timeout", NULL, NULL);
	attaches(&w, 7, "Process holding the lock: 99. Wait queue: 7.", "select 1");
	FACT(w.locks.items[0].holder == 11 && !*w.locks.items[0].statement, "what follows another record of the process is not the lock's");
	says(&w, 9003, 7, "process 7 still waiting for ShareLock on transaction 10 after 200.000 ms", "etl", NULL);
	says(&w, 9004, 7, "process 7 acquired ShareLock on transaction 9 after 900.000 ms", "etl", NULL);
	FACT(w.locks.n == 3 && w.locks.items[1].acquired_us < 0 && w.locks.items[2].acquired_us == w.locks.items[2].at_us,
	     "a lock that was not waited for in this file is a wait that began before");
	says(&w, 9005, 8, "process 8 detected deadlock while waiting for ShareLock on transaction 736 after 200.121 ms", "etl", NULL);
	says(&w, 9006, 8, "process 8 failed to acquire ShareLock on transaction 99 after 3.121 ms", "etl", NULL);
	FACT(w.locks.n == 4 && w.locks.items[3].waited_us == 200121 && w.locks.items[3].acquired_us < 0, "a deadlock is a wait that is not acquired");
	lockwaits_keep(&w.locks, 9003, 9004);
	FACT(w.locks.n == 2 && w.locks.items[0].at_us == 9003 * SECOND_US, "implausible stamps are left out");
	world_release(&w);
}

static void many(void)
{
	struct world w;
	char message[120];
	world_init(&w);
	for (int i = 0; i < 3 * LIMIT_LOCKS; i++) {
		snprintf(message, sizeof message, "process %d still waiting for ShareLock on transaction 9 after 200.000 ms", i);
		says(&w, 9000, i, message, NULL, NULL);
		attaches(&w, i, "Process holding the lock: 18045. Wait queue: 1.", NULL);
	}
	for (int i = 0; i < 3 * LIMIT_LOCKS; i++) {
		snprintf(message, sizeof message, "process %d acquired ShareLock on transaction 9 after 900.000 ms", i);
		says(&w, 9001, i, message, NULL, NULL);
	}
	bool whole = true;
	for (size_t i = 0; i < w.locks.n; i++)
		whole = whole && w.locks.items[i].holder == 18045 && w.locks.items[i].acquired_us == 9001 * SECOND_US;
	FACT(w.locks.n == LIMIT_LOCKS && w.locks.more == 2 * LIMIT_LOCKS && whole, "the first are kept whole, the others are counted once");
	world_release(&w);
}

int main(void)
{
	one_wait();
	others();
	many();
	return unit_done();
}
