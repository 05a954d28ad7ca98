#include "fold/server.h"

#include "made.h"

/* Logs beside each other, and which access log an error log is of. */
struct log {
	const char *key, *format, *zone; /* zone "": prints none */
};
struct host {
	const char *fact;
	struct log logs[4];
	const char *beside; /* of the first one; NULL: none */
	int64_t zone_us;
};

static const struct host hosts[] = {
	{"nginx's error log keeps the time of its access log",
	 {{"web/error.log", "nginx_error", ""}, {"web/access.log", "nginx_access", "+0530"}}, "web/access.log", 330 * MINUTE_US},
	{"Apache's likewise", {{"a/error.log", "apache_error", ""}, {"a/access.log", "apache_access", "-0300"}}, "a/access.log", -180 * MINUTE_US},
	{"combined is Apache's own format", {{"a/error.log", "apache_error", ""}, {"a/access.log", "nginx_access", "+0000"}}, "a/access.log", 0},
	{"another folder is another server", {{"web1/error.log", "nginx_error", ""}, {"web2/access.log", "nginx_access", "+0530"}}, NULL, 0},
	{"another host is another server", {{"one:error.log", "nginx_error", ""}, {"two:access.log", "nginx_access", "+0530"}}, NULL, 0},
	{"Apache's is not nginx's", {{"web/error.log", "nginx_error", ""}, {"web/access.log", "apache_access", "+0530"}}, NULL, 0},
	{"an application's log says nothing of nginx", {{"web/error.log", "nginx_error", ""}, {"web/app.log", "app_json", "+0530"}}, NULL, 0},
	{"an access log that prints no zone neither", {{"web/error.log", "nginx_error", ""}, {"web/access.log", "nginx_json", ""}}, NULL, 0},
	{"two that print different zones are of two servers",
	 {{"web/error.log", "nginx_error", ""}, {"web/a.log", "nginx_access", "+0530"}, {"web/b.log", "nginx_access", "+0200"}}, NULL, 0},
	{"of two that agree the one of the same name",
	 {{"web/shop.error.log", "nginx_error", ""}, {"web/blog.access.log", "nginx_access", "+0200"}, {"web/shop.access.log", "nginx_access", "+0200"}},
	 "web/shop.access.log", 120 * MINUTE_US},
	{"logs without a folder lie in one", {{"error.log", "nginx_error", ""}, {"access.log", "nginx_access", "+0200"}}, "access.log", 120 * MINUTE_US},
};

static void made_zone(struct part *p, const char *zone)
{
	memory_free(p->zone_text);
	p->zone_text = made_string(zone);
	p->zone = *zone ? STAMP_EXPLICIT : STAMP_NONE;
}

static void of_hosts(void)
{
	for (size_t h = 0; h < sizeof hosts / sizeof *hosts; h++) {
		const struct host *t = &hosts[h];
		struct made m;
		made_init(&m);
		for (size_t i = 0; i < 4 && t->logs[i].key; i++) {
			struct part *p = made_log(&m, t->logs[i].key, TIER_WEB, t->logs[i].format, SECOND_US, 0, 3600);
			made_zone(p, t->logs[i].zone);
		}
		made_fold(&m);
		for (size_t i = 0; i < m.fold->n; i++) {
			const struct fold_source *s = &m.fold->sources[i];
			if (strcmp(s->key, t->logs[0].key))
				continue;
			/* fold_new() has asked already: that its zone is not printed still holds. */
			int64_t zone_us = -1;
			ptrdiff_t at = server_beside(m.fold->sources, m.fold->n, m.fold->tally, i, &zone_us);
			FACT((at >= 0) == (t->beside != NULL), t->fact);
			FACT(!t->beside || (at >= 0 && !strcmp(m.fold->sources[at].key, t->beside) && zone_us == t->zone_us), t->fact);
			FACT(s->zone_estimated == (t->beside != NULL), t->fact);
			FACT(!t->beside || (s->assumed_us == t->zone_us && !strcmp(s->clock.method, "same server")), t->fact);
		}
		made_release(&m);
	}
}

/* What both logged at the same instants denies that they keep one time: the folder was put together from two hosts. */
static void denied(void)
{
	for (int hosts_n = 1; hosts_n <= 2; hosts_n++) {
		struct made m;
		made_init(&m);
		struct part *access = made_log(&m, "web/access.log", TIER_WEB, "nginx_access", 1000, 0, 3600),
			    *error = made_log(&m, "web/error.log", TIER_WEB, "nginx_error", 1000, 0, 3600 + (hosts_n - 1) * 7200);
		made_zone(access, "+0000");
		made_zone(error, "");
		int64_t zone_s = hosts_n == 2 ? 7200 : 0;
		for (int64_t i = 0; i < 40; i++) {
			int64_t s = 100 + i * i + 3 * i;
			uint32_t us = (uint32_t)(i * 7919 % 900) * 1000;
			made_second(access, "http.failed", "", FACET_NONE, "", s, 1, us + 3000, us + 3000);
			made_second(error, "backend.down", "", FACET_NONE, "", s + zone_s, 1, us, us);
		}
		made_fold(&m);
		for (size_t i = 0; i < m.fold->n; i++) {
			const struct fold_source *s = &m.fold->sources[i];
			if (strcmp(s->key, "web/error.log"))
				continue;
			FACT(hosts_n == 1 ? s->zone_estimated && !s->assumed_us : !s->zone_estimated || s->assumed_us == zone_s * SECOND_US,
			     hosts_n == 1 ? "what both logged bears it out" : "what both logged denies it: never the wrong zone");
		}
		made_release(&m);
	}
}

int main(void)
{
	of_hosts();
	denied();
	return unit_done();
}
