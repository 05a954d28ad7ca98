#include "cause/hostport.h"

#include "unit.h"

static const struct {
	const char *text;
	enum hostport_kind kind;
	const char *host;
	int port;
} texts[] = {
	{"10.0.0.7:8080", HOSTPORT_ADDRESS, "10.0.0.7", 8080},
	{"10.0.0.9", HOSTPORT_ADDRESS, "10.0.0.9", 0},
	{"[2001:db8::5]:5432", HOSTPORT_ADDRESS, "2001:db8::5", 5432},
	{"2001:db8::5", HOSTPORT_ADDRESS, "2001:db8::5", 0},
	{"127.0.0.1:80", HOSTPORT_LOOPBACK, "127.0.0.1", 80},
	{"[::1]:80", HOSTPORT_LOOPBACK, "::1", 80},
	{"localhost:80", HOSTPORT_LOOPBACK, "localhost", 80},
	{"0.0.0.0:80", HOSTPORT_ANY, "0.0.0.0", 80},
	{"[::]:80", HOSTPORT_ANY, "::", 80},
	{":8080", HOSTPORT_ANY, "", 8080},
	{"db:5432", HOSTPORT_NAME, "db", 5432},
	{"be:5432", HOSTPORT_NAME, "be", 5432},
	{"127.example.test:5432", HOSTPORT_NAME, "127.example.test", 5432},
	{"be_shop/web1", HOSTPORT_LABEL, "be_shop/web1", 0},
	{"shop", HOSTPORT_LABEL, "shop", 0},
	{"db:99999", HOSTPORT_LABEL, "db", 0},
	{"unix:/run/app.sock", HOSTPORT_SOCKET, "/run/app.sock", 0},
	{"/tmp/.s.PGSQL.5432", HOSTPORT_SOCKET, "/tmp/.s.PGSQL.5432", 5432},
	{"unix:/tmp/.s.PGSQL.6432", HOSTPORT_SOCKET, "/tmp/.s.PGSQL.6432", 6432},
	{"unix:6432", HOSTPORT_SOCKET, "", 6432},
	{"unix(71):6432", HOSTPORT_SOCKET, "", 6432},
	{"", HOSTPORT_ANY, "", 0},
};

static const struct {
	const char *own, *called;
	bool serves;
} pairs[] = {
	{"10.0.0.5:5432", "10.0.0.5:5432", true},     {"10.0.0.5:5432", "10.0.0.6:5432", false}, {"10.0.0.5:5432", "10.0.0.5:5433", false},
	{"0.0.0.0:5432", "10.0.0.5:5432", true},      {"[::]:5432", "127.0.0.1:5432", true},     {"127.0.0.1:5432", "10.0.0.5:5432", false},
	{"127.0.0.1:5432", "localhost:5432", true},   {"10.0.0.5:5432", "db:5432", true},        {"db:5432", "db2:5432", false},
	{"10.0.0.9", "10.0.0.9:5432", false},         {"10.0.0.9", "10.0.0.9", false},           {"shop", "shop", false},
	{"/run/a", "unix:/run/a", true},              {"/run/a", "/run/b", false},               {"/tmp/.s.PGSQL.5432", "unix:5432", true},
	{"/tmp/.s.PGSQL.5432", "10.0.0.5:5432", false}, {":8080", "10.0.1.1:8080", true},
};

int main(void)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct hostport e = hostport_of(span_of(texts[i].text));
		FACT(e.kind == texts[i].kind && e.port == texts[i].port && span_equal(e.host, span_of(texts[i].host)), texts[i].text);
	}
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct hostport own = hostport_of(span_of(pairs[i].own)), called = hostport_of(span_of(pairs[i].called));
		char fact[100];
		snprintf(fact, sizeof fact, "%s %s %s", pairs[i].own, pairs[i].serves ? "answers" : "does not answer", pairs[i].called);
		FACT(hostport_serves(&own, &called) == pairs[i].serves, fact);
	}
	static const struct {
		const char *text;
		enum tier tier;
	} usual[] = {{"10.0.0.5:5432", TIER_DB}, {"db:3306", TIER_DB}, {"10.0.0.5:6432", TIER_POOL}, {"10.0.0.5:8080", TIER_UNKNOWN}, {"/tmp/.s.PGSQL.6432", TIER_POOL}};
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		struct hostport e = hostport_of(span_of(usual[i].text));
		FACT(hostport_usual(&e) == usual[i].tier, usual[i].text);
	}
	return unit_done();
}
