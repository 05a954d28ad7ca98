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

int main(void)
{
	keys();
	return unit_done();
}
