#include "base/memory.h"
#include "tally/tally.h"

#include "unit.h"

struct named {
	const char *path, *key;
};

static void keys(void)
{
	static const struct named cases[] = {
		{"access.log", "access.log"},
		{"access.log.1", "access.log"},
		{"access.log.2.gz", "access.log"},
		{"access.log.14.zst", "access.log"},
		{"access.log.1.Z", "access.log"},
		{"access.log-1", "access.log"},
		{"access.log-20261122", "access.log"},
		{"access.log-20261122.gz", "access.log"},
		{"access.log-2026112214.gz", "access.log"},
		{"access.log-1795348363.gz", "access.log"},
		{"access-2026-11-22.log", "access.log"},
		{"access_2026-11-22.log.gz", "access.log"},
		{"access.2026-11-22.log", "access.log"},
		{"access.log.2026-11-22", "access.log"},
		{"access.log.2026-11-22.1.gz", "access.log"},
		{"app-2026-11-22.0.log.gz", "app.log"},
		{"app.log.2026-11-22-11", "app.log"},
		{"access_log.1", "access_log"},
		{"access_log-20261122.gz", "access_log"},
		{"syslog.1", "syslog"},
		{"postgresql-2026-11-22_111409.log", "postgresql.log"},
		{"postgresql-2026-11-22_111409.log.gz", "postgresql.log"},
		{"postgresql-2026-11-22_111409.csv", "postgresql.csv"},
		{"postgresql-2026-11-22_111409.json.gz", "postgresql.json"},
		{"postgresql-16-main.log.1", "postgresql-16-main.log"},
		{"postgresql-Mon.log", "postgresql.log"},
		{"postgresql.log.2026-11-22-1100", "postgresql.log"},
		{"pg-2026-11.log", "pg.log"},
		{"shop-api-1.log.1.gz", "shop-api-1.log"},
		{"shop-api-1.log", "shop-api-1.log"},
		{"shop-api-2.log.2.gz", "shop-api-2.log"},
		{"shop-api-1", "shop-api-1"},
		{"web01.log", "web01.log"},
		{"redis-6379.log", "redis-6379.log"},
		{"10.0.0.1", "10.0.0.1"},
		{"v1.2.log", "v1.2.log"},
		{"node-20261399.log", "node-20261399.log"},
		{"2026-11-22.log", "*.log"},
		{"2026-11-22/access.log", "2026-11-22/access.log"},
		{"./logs//web/access.log.1", "logs/web/access.log"},
		{"logs/../logs/access.log", "logs/access.log"},
		{"../a/../../access.log", "../../access.log"},
		{"/var/log/../log/nginx/access.log.3.gz", "/var/log/nginx/access.log"},
		{"/../access.log", "/access.log"},
		{"-", "-"},
		{"", ""},
		{".gz", ".gz"},
		{"a.1", "a"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *key = tally_source_key(NULL, cases[i].path);
		if (!FACT(!strcmp(key, cases[i].key), cases[i].path))
			printf("  gives %s, not %s\n", key, cases[i].key);
		char *named = tally_source_key("eu", cases[i].path);
		FACT(!strncmp(named, "eu:", 3) && !strcmp(named + 3, key), "a stated name stands before the key");
		memory_free(named);
		memory_free(key);
	}
}

struct globbed {
	const char *glob, *path, *key, *stream;
	bool matches;
};

static void streams(void)
{
	static const struct globbed cases[] = {
		{"compose.log", "logs/compose.log", "logs/compose.log#web-1", "web-1", true}, /* all of its streams */
		{"compose.log#web-1", "logs/compose.log", "logs/compose.log#web-1", "web-1", true},
		{"compose.log#web-*", "logs/compose.log", "logs/compose.log#web-1", "web-1", true},
		{"compose.log#web-2", "logs/compose.log", "logs/compose.log#web-1", "web-1", false},
		{"other.log#web-1", "logs/compose.log", "logs/compose.log#web-1", "web-1", false},
		{"compose.log#web-1", "logs/compose.log.1.gz", "logs/compose.log#web-1", "web-1", true}, /* by the key: rotated files too */
		{"logs/compose.log#web-1", "logs/compose.log-20261122", "logs/compose.log#web-1", "web-1", true},
		{"compose.log#", "logs/compose.log", "logs/compose.log", "", true}, /* what is left */
		{"compose.log#", "logs/compose.log", "logs/compose.log#web-1", "web-1", false},
		{"compose.log#*", "logs/compose.log", "logs/compose.log#web-1", "web-1", true},
		{"syslog#postgres", "syslog", "syslog#db1/postgres", "db1/postgres", true}, /* the last part, as of a path */
		{"syslog#db1/*", "syslog", "syslog#db1/postgres", "db1/postgres", true},
		{"syslog#db2/*", "syslog", "syslog#db1/postgres", "db1/postgres", false},
		{"a#b.log#web", "a#b.log", "a#b.log#web", "web", true}, /* both may have one of their own */
		{"*#a#b", "x.log", "x.log#a#b", "a#b", true},
		{"a#b.log", "a#b.log", "a#b.log#web", "web", true},
		{"web-1", "logs/compose.log", "logs/compose.log#web-1", "web-1", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct globbed *c = &cases[i];
		struct location where = {.key = (char *)(uintptr_t)c->key, .path = (char *)(uintptr_t)c->path};
		if (!FACT(tally_matches(span_of(c->glob), &where, c->stream) == c->matches, c->glob))
			printf("  of %s, stream \"%s\"\n", c->path, c->stream);
	}
	char *rest = tally_stream_key("logs/a.log", ""), *one = tally_stream_key("eu:logs/a.log", "db1/postgres #2");
	FACT(!strcmp(rest, "logs/a.log"), "what is left of a file has its key");
	FACT(!strcmp(one, "eu:logs/a.log#db1/postgres #2"), "a stream's name stands behind it, as it is");
	memory_free(rest);
	memory_free(one);
}

int main(void)
{
	keys();
	streams();
	return unit_done();
}
