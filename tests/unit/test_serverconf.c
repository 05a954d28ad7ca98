#include "cmd/library.h"

#include "folder.h"
#include "unit.h"

static struct diag_list trouble;

#define A_LINE "2026-11-22T11:15:10+00:00|502|0.012|GET /a HTTP/1.1\n"
#define B_LINE "1795346112.836 502 \"GET /b HTTP/1.1\"\n"

static const char nginx_conf[] =
	"http {\n"
	"log_format a '$time_iso8601|$status|$request_time|$request';\n"
	"log_format b '$msec $status \"$request\"';\n"
	"access_log /var/log/nginx/access.log a;\n"
	"server { access_log /var/log/nginx/shop/access.log b; }\n"
	"server { access_log /var/log/nginx/$host-access.log b; access_log /srv/${host}/logs/x.log a; }\n"
	"server { access_log /one/same.log a; access_log /two/same.log b; access_log /three/twin.log b; access_log /four/twin.log b; }\n"
	"server { access_log syslog:server=unix:/dev/log b; access_log off; error_log /var/log/nginx/error.log; }\n"
	"}\n";

static bool said(const char *text)
{
	for (size_t i = 0; i < trouble.n; i++)
		if (strstr(trouble.items[i].what, text))
			return true;
	return false;
}

/* The format that a log of this content is stated to have: 'a', 'b', '?' when there is none. */
static char stated(const struct library *lib, const char *path, const char *content)
{
	folder_write(path, span_of(content));
	diag_release(&trouble);
	struct serverconf_choice choice = serverconf_choose(&lib->servers, path, &trouble);
	unlink(path);
	return !choice.stated ? '?' : !strncmp(choice.stated->layout, "$time", 5) ? 'a' : 'b';
}

static const struct {
	const char *name, *path, *content;
	char stated;
} cases[] = {
	{"the whole path", "var/log/nginx/access.log", A_LINE, 'a'},
	{"a longer end counts more", "var/log/nginx/shop/access.log", B_LINE, 'b'},
	{"rotation is no part of a name", "var/log/nginx/shop/access.log.12.gz", B_LINE, 'b'},
	{"nor is its date", "nginx/access.log-20261122", A_LINE, 'a'},
	{"a variable is any name", "backup/nginx/shop.example-access.log", B_LINE, 'b'},
	{"also of a folder", "srv/shop/logs/x.log", A_LINE, 'a'},
	{"the lines decide: not this format", "var/log/nginx/access.log", B_LINE, '?'},
	{"the lines decide: none at all", "var/log/nginx/access.log", "", '?'},
	{"two with different formats: neither", "here/same.log", A_LINE, '?'},
	{"two with one format: that", "here/twin.log", B_LINE, 'b'},
	{"a part of a name is no name", "var/log/nginx/myaccess.log", A_LINE, '?'},
	{"an error log has no format to state", "var/log/nginx/error.log", A_LINE, '?'},
};

static void logs(void)
{
	struct options o = {0};
	struct library lib;
	struct diag d = {0};
	struct option_value conf = {.text = "nginx.conf"};
	folder_write("nginx.conf", span_of(nginx_conf));
	o.nginx_confs = (struct option_list){&conf, 1, 1};
	FACT(library_load(&lib, &o, &trouble) && library_state(&lib, &o, &d) && library_read(&lib, &o, &trouble, &d) && !d.set,
	     "a configuration is read");
	FACT(o.used_n == 1 && !strcmp(o.used[0], "nginx.conf"), "and is known to be no log");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		FACT(stated(&lib, cases[i].path, cases[i].content) == cases[i].stated, cases[i].name);
	stated(&lib, "here/same.log", A_LINE);
	FACT(trouble.n == 1 && trouble.items[0].level == DIAG_WARNING && said("\"/one/same.log\" in log_format \"a\"") &&
		     said("\"/two/same.log\" in log_format \"b\""),
	     "that two claim a log is told, with both");
	stated(&lib, "var/log/nginx/access.log", B_LINE);
	FACT(trouble.n == 1 && trouble.items[0].level == DIAG_NOTE && said("is not written in log_format \"a\""),
	     "that a log is not as it should be is noted");
	FACT(!serverconf_choose(&lib.servers, "-", &trouble).stated, "standard input has no path");
	struct library_choice choice = library_choose(&lib, "anything", &trouble);
	FACT(choice.patterns.formats.n == lib.patterns.formats.n && choice.patterns.formats.formats != lib.patterns.formats.formats,
	     "other logs are looked at with the formats of the configuration too");
	FACT(serverconf_layout_hash(&lib.servers, "$msec $status \"$request\"") && !serverconf_layout_hash(&lib.servers, "combined"),
	     "which are known by their text; what nginx knows by itself is not added");
	o.nginx_confs = (struct option_list){0};
	library_release(&lib);
	options_release(&o);
}

/* A configuration that came with the logs of one folder says nothing of others. */
static void within(void)
{
	struct options o = {0};
	struct library lib;
	struct diag d = {0};
	struct option_value conf = {.text = "var/nginx.conf", .within = "var/"};
	folder_write("var/nginx.conf", span_of(nginx_conf));
	o.nginx_confs = (struct option_list){&conf, 1, 1};
	FACT(library_load(&lib, &o, &trouble) && library_state(&lib, &o, &d) && library_read(&lib, &o, &trouble, &d),
	     "a configuration beside logs");
	FACT(stated(&lib, "var/log/nginx/access.log", A_LINE) == 'a' && stated(&lib, "log/nginx/access.log", A_LINE) == '?',
	     "it states formats below its folder");
	const struct format *known = format_set_find(&lib.patterns.formats, SPAN("nginx_access"));
	FACT(format_set_find(serverconf_choose(&lib.servers, "var/x", &trouble).set, SPAN("nginx_access")) != known &&
		     format_set_find(serverconf_choose(&lib.servers, "x", &trouble).set, SPAN("nginx_access")) == known,
	     "and its formats are looked for there only");
	o.nginx_confs = (struct option_list){0};
	library_release(&lib);
	options_release(&o);
}

static void settings(void)
{
	struct glob_rule rules[] = {{GLOB_POSTGRESQL_CONF, SPAN_NONE, SPAN("all.conf"), {.text = "all.conf"}},
				    {GLOB_POSTGRESQL_CONF, SPAN("db2/*"), SPAN("two.conf"), {.text = "db2/*=two.conf"}}};
	struct options o = {.rules = rules, .rules_n = 2};
	struct library lib;
	struct diag d = {0};
	folder_write("all.conf", SPAN("log_line_prefix = '%m|%p|%u|%d|'\nmax_connections = 50\nlog_timezone = 'Europe/Berlin'\n"));
	folder_write("two.conf", SPAN("reserved_connections = 2\nlog_timezone = 'Mars/Olympus'\n"));
	FACT(library_load(&lib, &o, &trouble) && library_state(&lib, &o, &d) && library_read(&lib, &o, &trouble, &d) && !d.set,
	     "configurations are read");
	const struct story_postgresql *p = lib.story.postgresql;
	FACT(lib.story.postgresql_n == 2 && !strcmp(p[0].glob, "*") && !strcmp(p[0].path, "all.conf") &&
		     !strcmp(p[1].glob, "db2/*"),
	     "each for its logs, one without a glob for all");
	FACT(p[0].max_connections == 50 && p[0].superuser_reserved == -1 && p[0].reserved == -1 && p[1].reserved == 2 &&
		     p[1].max_connections == -1,
	     "what is not set there is not known");
	FACT(p[0].log_timezone && !strcmp(zone_name(p[0].log_timezone), "Europe/Berlin") && !p[1].log_timezone,
	     "a zone that is not known here is none");
	const struct format_set *one = serverconf_choose(&lib.servers, "db1/pg.log", &trouble).set,
				*two = serverconf_choose(&lib.servers, "db2/pg.log", &trouble).set;
	FACT(one && two && one != two, "of two that match the last one counts");
	const struct format *with = format_set_find(one, SPAN("postgresql"));
	FACT(with && with != format_set_find(&lib.patterns.formats, SPAN("postgresql")) && with->layouts_n > 1 &&
		     !strcmp(with->layouts[0].text, "%m|%p|%u|%d|"),
	     "its prefix is tried first, then those that are known");
	FACT(format_set_find(two, SPAN("postgresql")) == format_set_find(&lib.patterns.formats, SPAN("postgresql")),
	     "without one nothing changes");
	FACT(o.used_n == 2, "both are known to be no logs");
	o.rules = NULL;
	library_release(&lib);
	options_release(&o);
}

int main(void)
{
	folder_enter();
	logs();
	within();
	settings();
	diag_release(&trouble);
	FACT(folder_leave(), "nothing is left behind");
	return unit_done();
}
