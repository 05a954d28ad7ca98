#include "incident/lockpile.h"

#include "made.h"

/* A wait that is logged at `second`, after one second of waiting; acquired after `waited_us` (0: never). */
static struct lock_wait *wait(struct part *p, int64_t second, int64_t pid, const char *object, int64_t holder, uint32_t queue, int64_t waited_us)
{
	size_t cap = p->locks_n;
	p->locks = memory_grow(p->locks, &cap, p->locks_n + 1, sizeof *p->locks);
	struct lock_wait *w = &p->locks[p->locks_n++];
	*w = (struct lock_wait){.at_us = made_us(second, 0), .line = (uint32_t)(p->locks_n * 3), .length = 90, .offset = p->locks_n * 300, .pid = pid,
		.mode = made_string("AccessShareLock"), .object = made_string(object), .waited_us = waited_us ? waited_us : SECOND_US,
		.acquired_us = waited_us ? made_us(second, waited_us - SECOND_US) : -1, .holder = holder, .holders = holder >= 0, .queue = queue,
		.user = made_string("shop"), .database = made_string("shop"), .application = made_string(""), .statement = made_string(""),
		.holder_user = made_string(holder == 77 ? "migrate" : ""), .holder_database = made_string(""),
		.holder_application = made_string(holder == 77 ? "m-42" : ""), .holder_host = made_string("")};
	return w;
}

static struct draft *incident(int64_t from_s, int64_t to_s)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].onset = (struct moment){made_us(from_s, 0), made_us(from_s, 0), made_us(from_s, 1000), NULL};
	d->incidents[0].end = (struct moment){made_us(to_s, 0), made_us(to_s, 0), made_us(to_s, 1000), NULL};
	return d;
}

static const struct locks *find(struct made *m, struct draft *d, struct note_list *notes)
{
	lockpile_find(m->fold, d, notes);
	return &d->incidents[0].locks;
}

static void pile(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	wait(p, 100, 1, "relation 9", 77, 5, 2 * SECOND_US); /* long before */
	wait(p, 1000, 2, "relation 1", 77, 1, 61 * SECOND_US);
	wait(p, 1001, 3, "relation 1", 77, 4, 60 * SECOND_US);
	wait(p, 1002, 4, "relation 1", 78, 3, 0);
	wait(p, 1050, 5, "relation 2", -1, 0, 0);
	wait(p, 1500, 6, "relation 1", 77, 9, 2 * SECOND_US); /* after */
	made_fold(&m);
	struct draft *d = incident(1010, 1100);
	struct note_list notes = {0};
	const struct locks *l = find(&m, d, &notes);
	FACT(l->known && l->waits == 4 && l->longest_us == 61 * SECOND_US && l->queue_peak.value == 4,
	     "waits from five minutes before the onset to the end: how many, the longest, the longest queue");
	FACT(l->onset.at_us == made_us(999, 0), "the first began a second before it was logged");
	FACT(l->objects_n == 2 && l->objects[0].waits == 3 && l->objects[0].holders_n == 2 && l->objects[0].holders[0].waits == 2 &&
		     l->objects[0].holders[0].pid == 77 && l->objects[1].holders_n == 0,
	     "by object, most waits first, with those who held it");
	TEXT_IS(l->objects[0].holders[0].application, "m-42", "the holder's application");
	FACT(!l->objects[0].holders[1].user, "a holder whose session is not in the log has no name");
	FACT(l->evidence.n == 2 && l->evidence.items[0].line == 6 && l->evidence.items[1].line == 9, "evidence: the first, the longest queue");
	FACT(notes.n == 2 && strstr(notes.items[0].sentence, "held by migrate (m-42, process 77)") && strstr(notes.items[1].sentence, "4 sessions wait for relation 1"),
	     "two notes");
	note_release(&notes);
	draft_free(d);
	made_release(&m);
}

/* A wait that a rotation cut in two is one. */
static void rotation(void)
{
	struct made m;
	made_init(&m);
	struct part *one = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1000), *two = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 1001, 2000);
	wait(one, 999, 2, "relation 1", 77, 1, 0);
	struct lock_wait *rest = wait(two, 1030, 2, "relation 1", -1, 0, 32 * SECOND_US);
	rest->at_us = rest->acquired_us = made_us(1030, 0);
	wait(two, 1040, 3, "relation 1", -1, 0, 0);
	made_fold(&m);
	struct draft *d = incident(1010, 1100);
	struct note_list notes = {0};
	const struct locks *l = find(&m, d, &notes);
	FACT(l->waits == 2 && l->longest_us == 32 * SECOND_US && l->evidence.items[0].line == 3, "begun in one file and acquired in the next");
	FACT(l->onset.at_us == made_us(998, 0), "since when");
	note_release(&notes);
	draft_free(d);
	made_release(&m);
}

/* PostgreSQL 15 says "still waiting" again when the waiter is woken: one wait, with its longer queue. */
static void again(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	wait(p, 1000, 2, "relation 1", 77, 3, 0);
	wait(p, 1001, 3, "relation 1", 77, 4, 0);
	struct lock_wait *second = wait(p, 1008, 2, "relation 1", 77, 9, 30 * SECOND_US);
	second->at_us = made_us(1008, 1000); /* waiting since 999.001 */
	second->acquired_us = made_us(1029, 1000);
	struct lock_wait *other = wait(p, 1040, 2, "relation 1", 77, 1, 0); /* waits anew since 1039 */
	made_fold(&m);
	struct draft *d = incident(1010, 1100);
	struct note_list notes = {0};
	const struct locks *l = find(&m, d, &notes);
	FACT(other->pid == 2 && l->waits == 3 && l->longest_us == 30 * SECOND_US, "a wait that is reported again is one wait, as long as the later report says");
	FACT(l->queue_peak.value == 9 && l->onset.at_us == made_us(999, 0), "its longest queue, and since when");
	note_release(&notes);
	draft_free(d);
	made_release(&m);
}

static void none(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 2000);
	made_fold(&m);
	struct draft *d = incident(1010, 1100);
	struct note_list notes = {0};
	const struct locks *l = find(&m, d, &notes);
	FACT(!l->known && strstr(l->reason, "log_lock_waits is off, or"), "without lock waits: which setting would have told");
	FACT(!notes.n, "and nothing is noted");
	draft_free(d);
	made_release(&m);
	made_init(&m);
	made_log(&m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 2000);
	made_fold(&m);
	d = incident(1010, 1100);
	FACT(strstr(find(&m, d, &notes)->reason, "no database log"), "without a database's log: that");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	pile();
	rotation();
	again();
	none();
	return unit_done();
}
