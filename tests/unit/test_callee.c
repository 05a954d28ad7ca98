#include "cause/callee.h"

#include "called.h"

/* "CALLER ADDRESS RECORDS TIER CALLED HOW" of each, "-" for none, "absent" for what has no log here. */
static const struct {
	const char *fact;
	struct called_log logs[CALLED_LOGS];
	const char *says;
} worlds[] = {
	{"who listens there is called, whatever the port",
	 {{"pg.log", TIER_DB, "listens 127.0.0.1:21632"}, {"shop.log", TIER_APP, "calls 127.0.0.1:21632 40"}},
	 "shop.log 127.0.0.1:21632 40 db pg.log listens\n"},
	{"on all addresses, too",
	 {{"pg.log", TIER_DB, "listens 0.0.0.0:5432 listens [::]:5432"}, {"shop.log", TIER_APP, "calls 10.0.0.5:5432 40"}},
	 "shop.log 10.0.0.5:5432 40 db pg.log listens\n"},
	{"two that listen alike are parted by the hosts in their paths",
	 {{"10.0.0.5/pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"10.0.0.6/pg.log", TIER_DB, "listens 0.0.0.0:5432"},
	  {"shop.log", TIER_APP, "calls 10.0.0.6:5432 40"}},
	 "shop.log 10.0.0.6:5432 40 db 10.0.0.6/pg.log listens\n"},
	{"else they stay two",
	 {{"a/pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"b/pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"shop.log", TIER_APP, "calls 10.0.0.6:5432 40"}},
	 "shop.log 10.0.0.6:5432 40 db - -\n"},
	{"all addresses are those of any host: one that does not say where it listens may be meant as well",
	 {{"a/pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"b/pg.log", TIER_DB, ""}, {"shop.log", TIER_APP, "calls 10.0.0.6:5432 40"}},
	 "shop.log 10.0.0.6:5432 40 db - -\n"},
	{"it is not where its own host is named in the path",
	 {{"10.0.0.5/pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"b/pg.log", TIER_DB, ""}, {"shop.log", TIER_APP, "calls 10.0.0.5:5432 40"}},
	 "shop.log 10.0.0.5:5432 40 db 10.0.0.5/pg.log listens\n"},
	{"nor where the other one is at the called host",
	 {{"a/pg.log", TIER_DB, "listens [::]:5432"}, {"10.0.0.6/pg.log", TIER_DB, ""}, {"shop.log", TIER_APP, "calls 10.0.0.6:5432 40"}},
	 "shop.log 10.0.0.6:5432 40 db 10.0.0.6/pg.log name\n"},
	{"who listens exactly there is called, before who listens on all addresses",
	 {{"a/pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"b/pg.log", TIER_DB, "listens 10.0.0.6:5432"}, {"shop.log", TIER_APP, "calls 10.0.0.6:5432 40"}},
	 "shop.log 10.0.0.6:5432 40 db b/pg.log listens\n"},
	{"an application that does not say where it listens may have the port, too",
	 {{"billing.log", TIER_APP, ""}, {"shop.log", TIER_APP, "listens :8080"}, {"web.log", TIER_WEB, "calls 10.0.1.1:8080 9"}},
	 "web.log 10.0.1.1:8080 9 app - -\n"},
	{"where one says from where it calls, that is its host",
	 {{"pg.log", TIER_DB, "listens 0.0.0.0:5432"}, {"pgb.log", TIER_POOL, "listens 0.0.0.0:5432 listens 10.0.0.9"},
	  {"shop.log", TIER_APP, "calls 10.0.0.9:5432 40"}},
	 "shop.log 10.0.0.9:5432 40 pool pgb.log listens\n"},
	{"the name of a host in a path",
	 {{"db1/pg.log", TIER_DB, ""}, {"db2/pg.log", TIER_DB, ""}, {"shop.log", TIER_APP, "calls db2:5432 40"}},
	 "shop.log db2:5432 40 db db2/pg.log name\n"},
	{"the name of a container",
	 {{"compose.log#pg-1", TIER_DB, ""}, {"compose.log#pgother-1", TIER_DB, ""}, {"shop.log", TIER_APP, "calls pg:5432 40"}},
	 "shop.log pg:5432 40 db compose.log#pg-1 name\n"},
	{"the usual port, where one log may be meant",
	 {{"pg.log", TIER_DB, ""}, {"shop.log", TIER_APP, "calls 10.0.0.5:5432 40"}},
	 "shop.log 10.0.0.5:5432 40 db pg.log port\n"},
	{"of two it is not known which",
	 {{"pg.log", TIER_DB, ""}, {"reports.log", TIER_DB, ""}, {"shop.log", TIER_APP, "calls 10.0.0.5:5432 40"}},
	 "shop.log 10.0.0.5:5432 40 db - -\n"},
	{"a port that its usual owner does not have",
	 {{"pg.log", TIER_DB, "listens 127.0.0.1:5433"}, {"pgb.log", TIER_POOL, "listens 127.0.0.1:5432"}, {"shop.log", TIER_APP, "calls 127.0.0.1:5432 40"}},
	 "shop.log 127.0.0.1:5432 40 pool pgb.log listens\n"},
	{"who listens elsewhere is not called",
	 {{"pg.log", TIER_DB, "listens 10.0.0.5:5432"}, {"shop.log", TIER_APP, "calls 10.0.0.6:5432 40"}},
	 "shop.log 10.0.0.6:5432 40 db absent -\n"},
	{"a pooler without a log",
	 {{"pg.log", TIER_DB, ""}, {"shop.log", TIER_APP, "calls 10.0.0.9:6432 40"}},
	 "shop.log 10.0.0.9:6432 40 pool absent -\n"},
	{"an application that does not say where it listens may be meant",
	 {{"shop.log", TIER_APP, ""}, {"web.log", TIER_WEB, "calls 10.0.1.1:8080 9"}},
	 "web.log 10.0.1.1:8080 9 unknown - -\n"},
	{"one that listens elsewhere is not",
	 {{"shop.log", TIER_APP, "listens :8081"}, {"web.log", TIER_WEB, "calls 10.0.1.1:8080 9"}},
	 "web.log 10.0.1.1:8080 9 unknown absent -\n"},
	{"labels are no addresses, and nobody is no server",
	 {{"ha.log", TIER_LB, "calls be_shop/web1 9 calls be_shop/<NOSRV> 3"}, {"web1/web.log", TIER_WEB, "calls shop 2"}},
	 "ha.log be_shop/web1 9 unknown - -\nweb1/web.log shop 2 unknown - -\n"},
	{"a socket",
	 {{"pg.log", TIER_DB, "listens /run/.s.PGSQL.5432"}, {"pgb.log", TIER_POOL, "calls unix:5432 9"}, {"shop.log", TIER_APP, "calls /run/.s.PGSQL.5432 8"}},
	 "pgb.log unix:5432 9 db pg.log listens\nshop.log /run/.s.PGSQL.5432 8 db pg.log listens\n"},
	{"one application calls another",
	 {{"billing.log", TIER_APP, "listens 127.0.0.1:9000"}, {"shop.log", TIER_APP, "calls 127.0.0.1:9000 3"}},
	 "shop.log 127.0.0.1:9000 3 app billing.log listens\n"},
	{"nobody calls upwards",
	 {{"pg.log", TIER_DB, "calls 127.0.0.1:9000 3"}, {"shop.log", TIER_APP, "listens 127.0.0.1:9000"}},
	 "pg.log 127.0.0.1:9000 3 unknown absent -\n"},
	{"a client whose address is that of an application",
	 {{"a.log", TIER_DB, "client 10.0.1.1 30 client 10.0.9.9 2"}, {"b.log", TIER_DB, "client 10.0.1.2 20"}, {"billing.log", TIER_APP, "listens :8081"},
	  {"shop.log", TIER_APP, "listens :8080"}, {"web.log", TIER_WEB, "calls 10.0.1.1:8080 9 calls 10.0.1.2:8081 8"}},
	 "web.log 10.0.1.1:8080 9 app shop.log listens\nweb.log 10.0.1.2:8081 8 app billing.log listens\n"
	 "shop.log 10.0.1.1 30 db a.log client\nbilling.log 10.0.1.2 20 db b.log client\n"},
	{"of two at one host it is not known which",
	 {{"pg.log", TIER_DB, "client 10.0.1.1 30"}, {"pgb.log", TIER_POOL, "listens 10.0.1.1:6432"}, {"shop.log", TIER_APP, "listens 10.0.1.1:8080"}}, ""},
	{"PgBouncer's port is no part of a client",
	 {{"pgb.log", TIER_POOL, "client 10.0.1.1(53412) 4"}, {"shop.log", TIER_APP, "listens 10.0.1.1:8080"}},
	 "shop.log 10.0.1.1(53412) 4 pool pgb.log client\n"},
};

static void say(const struct fold *f, const struct callee_list *list, struct text *out)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct callee *c = &list->items[i];
		text_format(out, "%s %s %llu %s %s %s\n", f->sources[c->caller].key, c->address, (unsigned long long)c->records, tier_name(c->tier),
			    c->called >= 0 ? f->sources[c->called].key : c->absent ? "absent" : "-", c->how ? c->how : "-");
	}
}

/* Every log twice, in two files: counts add, and the place of the first is that in the earlier file. */
static void several_files(void)
{
	static const struct called_log logs[] = {{"shop.log", TIER_APP, "calls 127.0.0.1:5432 40"}, {"shop.log", TIER_APP, "calls 127.0.0.1:5432 2"},
						 {"pg.log", TIER_DB, "listens 127.0.0.1:5432"}};
	struct made m;
	made_init(&m);
	struct part *parts[3];
	for (size_t i = 0; i < 3; i++)
		parts[i] = called_add(&m, &logs[i]);
	parts[0]->first_us += 50 * SECOND_US;
	const struct fold *f = made_fold(&m);
	struct callee_list list;
	callee_find(f, &list);
	FACT(list.n == 1 && list.items[0].records == 42 && list.items[0].failed == 21, "a source's files are counted together");
	FACT(list.n == 1 && list.items[0].first == &parts[1]->addresses[0] && f->tally->entries[list.items[0].entry].part == parts[1],
	     "the first record is that of the earliest file");
	callee_release(&list);
	made_release(&m);
}

/* Hostile: no more are compared than there is room for; the rest is counted. */
static void many(void)
{
	struct made m;
	made_init(&m);
	char key[40], address[40];
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof key, "app-%03d.log", i);
		struct part *p = made_log(&m, key, TIER_APP, "any", 1000, 0, 100);
		for (int k = 0; k < 32; k++) {
			snprintf(address, sizeof address, "10.0.%d.%d:5432", i, k);
			called_word(p, "calls", address, 1);
		}
		p->addresses_more[ADDRESS_UPSTREAM] = 5;
	}
	const struct fold *f = made_fold(&m);
	struct callee_list list;
	callee_find(f, &list);
	FACT(list.n == CALLEE_MOST && list.more == 100 * 32 - CALLEE_MOST + 100 * 5, "what is too much is counted");
	callee_release(&list);
	made_release(&m);
}

int main(void)
{
	for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
		struct made m;
		struct callee_list list;
		struct text says = {0};
		made_init(&m);
		for (size_t k = 0; k < CALLED_LOGS && worlds[i].logs[k].key; k++)
			called_add(&m, &worlds[i].logs[k]);
		const struct fold *f = made_fold(&m);
		callee_find(f, &list);
		say(f, &list, &says);
		TEXT_IS(says.at, worlds[i].says, worlds[i].fact);
		text_release(&says);
		callee_release(&list);
		made_release(&m);
	}
	several_files();
	many();
	return unit_done();
}
