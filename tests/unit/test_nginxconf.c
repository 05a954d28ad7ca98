#include "config/nginxconf.h"

#include <stdlib.h>

#include "base/memory.h"
#include "patterns.h"
#include "random.h"
#include "unit.h"

/* What stands behind `log_format NAME`, and the format that it is: nginx 1.22 wrote the same line for both, the second between
 * single quotes. */
struct spelling {
	const char *written, *means;
};

static const struct spelling spellings[] = {
	{"'$status a'", "$status a"},
	{"'$status ' '$request_method'", "$status $request_method"},
	{"'$status' 'abc'", "${status}abc"},
	{"'${status}' 'abc'", "${status}abc"},
	{"\"$status \\\"q\\\"\"", "$status \"q\""},
	{"'$status \"q\"'", "$status \"q\""},
	{"$status", "$status"},
	{"$status,${request_method}x", "$status,${request_method}x"},
	{"'$status \\x \\\\ \\' \\t|'", "$status \\x \\ ' \t|"},
	{"'$status # no comment'", "$status # no comment"},
	{"$status#x", "$status#x"},
	{"a\"b\"$status", "a\"b\"$status"},
	{"'$status' # comment ' \"\n   ' b'", "$status b"},
	{"escape=default '$status'", "$status"},
	{"'$status};'", "$status};"},
	{"$status}", "$status}"},
	{"$status\\;x", "$status\\;x"},
	{"$status\\ x", "$status\\ x"},
};

/* Files that includes name: a pattern, and what it gives. */
struct included {
	const char *pattern, *path, *bytes;
};

static bool give(void *self, struct span pattern, struct nginxconf_files *files, struct diag *d)
{
	(void)d;
	for (const struct included *i = self; i && i->pattern; i++) {
		if (span_equal(pattern, span_of(i->pattern)))
			nginxconf_files_add(files, span_of(i->path), span_of(i->bytes));
	}
	return true;
}

/* Every log as "KIND PATH GLOB FORMAT [flags]", one a line; behind them warnings as "? TEXT" and the error as "! TEXT". */
static char *told(const char *text, const struct included *files)
{
	static struct text out;
	struct nginxconf conf;
	struct diag d = {0};
	struct diag_list warnings = {0};
	struct nginxconf_source source = {give, (void *)files};
	struct span exact = patterns_exact(span_of(text));
	text_clear(&out);
	bool fine = nginxconf_read(&conf, "nginx.conf", exact, &source, &warnings, &d);
	memory_free((void *)exact.at);
	for (size_t i = 0; i < conf.n; i++) {
		const struct nginxconf_log *log = &conf.logs[i];
		static const char *const kinds[] = {"access", "stream", "error"}, *const sinks[] = {"", " syslog", " device"};
		text_format(&out, "%s %s %s %s%s%s%s%s\n", kinds[log->kind], log->path, log->glob ? log->glob : "-",
			    log->format ? log->format : "-", sinks[log->sink], log->has_variables ? " variables" : "",
			    log->conditional ? " if" : "", log->compressed ? " gzip" : "");
	}
	for (size_t i = 0; i < warnings.n; i++)
		text_format(&out, "? %s\n", warnings.items[i].what);
	if (!fine)
		text_format(&out, "! %s\n", d.what);
	if (fine == d.set)
		text_append_string(&out, "! status and message disagree\n");
	diag_release(&warnings);
	nginxconf_release(&conf);
	return out.at;
}

static void test_spellings(void)
{
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		struct text text = {0}, wanted = {0};
		text_format(&text, "log_format x %s;\naccess_log a x;", spellings[i].written);
		text_format(&wanted, "access a a %s\n", spellings[i].means);
		TEXT_IS(told(text.at, NULL), wanted.at, spellings[i].written);
		text_release(&text);
		text_release(&wanted);
	}
}

struct whole {
	const char *fact, *text, *told;
};

static const struct whole wholes[] = {
	{"combined is known", "http { access_log /var/log/nginx/access.log; }",
	 "access /var/log/nginx/access.log access.log combined\n"},
	{"off is no log", "http { access_log off; server { access_log off; } }", ""},
	{"http, server, location and if log",
	 "error_log logs/e.log warn;\nhttp { log_format m '$status'; access_log a.log m; server { access_log b.log m; location / {\n"
	 "access_log c.log m; if ($x) { access_log d.log m; } error_log e2.log; } } }",
	 "error logs/e.log e.log -\naccess a.log a.log $status\naccess b.log b.log $status\naccess c.log c.log $status\n"
	 "access d.log d.log $status\nerror e2.log e2.log -\n"},
	{"a stream's formats are its own",
	 "http { log_format m '$request'; } stream { log_format m '$protocol'; access_log s.log m; server { access_log t.log; } }",
	 "stream s.log s.log $protocol\n? nginx.conf:1: a stream's access_log has no format: \"t.log\"\n"},
	{"a stream has no combined", "stream { access_log s.log combined; }",
	 "? nginx.conf:1: there is no log_format \"combined\" for s.log\n"},
	{"mail has error logs only", "mail { error_log m.log; access_log x combined; }", "error m.log m.log -\n"},
	{"part of a configuration", "server { access_log a.log; }", "access a.log a.log combined\n"},
	{"a format may stand behind its use", "http { access_log a.log m; log_format m '$msec $status'; }",
	 "access a.log a.log $msec $status\n"},
	{"escape= stays in front", "log_format j escape=json '{\"s\":$status}'; log_format n escape=none '$status'; access_log j j; access_log n n;",
	 "access j j escape=json {\"s\":$status}\naccess n n escape=none $status\n"},
	{"options", "access_log /a/b.gz combined buffer=32k flush=5m gzip=4 if=$loggable; access_log c combined gzip;",
	 "access /a/b.gz b.gz combined if gzip\naccess c c combined gzip\n"},
	{"variables in the path", "access_log /l/$host-${server_port}[x].log; access_log /l/$a/x$b$c.log;",
	 "access /l/$host-${server_port}[x].log *-*?x].log combined variables\naccess /l/$a/x$b$c.log x*.log combined variables\n"},
	{"where no file is", "error_log stderr; error_log syslog:server=unix:/dev/log,tag=x info; error_log memory:32m debug; "
			     "error_log /dev/null; access_log /dev/stdout; access_log syslog:server=10.0.0.1:5514 combined;",
	 "error stderr - - device\nerror syslog:server=unix:/dev/log,tag=x - - syslog\naccess /dev/stdout - combined device\n"
	 "access syslog:server=10.0.0.1:5514 - combined syslog\n"},
	{"the same log twice is one", "access_log a combined if=$x; server { access_log a; } error_log e; location / { error_log e; }",
	 "access a a combined\nerror e e -\n"},
	{"one file in two formats is two", "log_format m '$status'; access_log a; access_log a m;",
	 "access a a combined\naccess a a $status\n"},
	{"a format defined twice is its first", "log_format m 'a$status';\nlog_format m 'b$status'; access_log a m;",
	 "access a a a$status\n? nginx.conf:2: log_format is defined twice: \"m\"\n"},
	{"a format that is nowhere", "server {\naccess_log a main; access_log b; }",
	 "access b b combined\n? nginx.conf:2: there is no log_format \"main\" for a\n"},
	{"data is no directive", "http { map $a $b { default 0; access_log x; include y; } types { text/html html; error_log z; } access_log a; }",
	 "access a a combined\n"},
	{"quotes, comments, braces", "# access_log x;\nserver { set $a \"}\"; set $b '{'; location ~ \"^/a{2}\" { return 200 '# ;'; } access_log \"/a b.log\"; }",
	 "access /a b.log a b.log combined\n"},
	{"a variable's braces are no block", "server { set $a ${b}c; proxy_pass http://${host}/; access_log a; }", "access a a combined\n"},
	{"code in Lua is passed over",
	 "location / { content_by_lua_block { local t = {'}', \"\\\"}\", [[}]], [==[ ]] } ]==]} -- }\n --[[ } ]] local x = 'access_log b;' }\n access_log a; }",
	 "access a a combined\n"},
	{"unknown directives are passed over", "load_module x; foo bar baz { qux; } access_log a;", "access a a combined\n"},
	{"nothing at all", "", ""},
	{"Windows line ends and no last one", "http {\r\n access_log a;\r\n}", "access a a combined\n"},
	{"an open quote", "http {\n log_format m '$status;\n}", "! nginx.conf:2: this quote does not close\n"},
	{"a quote in the middle", "http {\n access_log \"a\"b;\n}", "! nginx.conf:2: a closing quote must be followed by a blank or \";\"\n"},
	{"an open block", "access_log a;\nhttp {\n server { }", "access a a combined\n! nginx.conf:2: this block does not close\n"},
	{"a brace too many", "http { }\n}", "! nginx.conf:2: unexpected \"}\"\n"},
	{"a directive without its end", "http { access_log a }", "! nginx.conf:1: unexpected \"}\"\n"},
	{"a directive at the end", "http { }\naccess_log a", "! nginx.conf:2: this directive has no end\n"},
	{"a semicolon alone", ";", "! nginx.conf:1: unexpected \";\"\n"},
	{"a brace alone", "http {\n{", "! nginx.conf:2: unexpected \"{\"\n"},
	{"open Lua", "a {\n b_by_lua_block { [[ } }", "! nginx.conf:2: this block does not close\n"},
};

static void test_wholes(void)
{
	for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
		TEXT_IS(told(wholes[i].text, NULL), wholes[i].told, wholes[i].fact);
}

static void test_includes(void)
{
	static const struct included files[] = {
		{"conf.d/*.conf", "conf.d/a.conf", "log_format a 'A$status';\ninclude deep;\n"},
		{"conf.d/*.conf", "conf.d/b.conf", "server { access_log b a; }"},
		{"deep", "deep.conf", "access_log d a;"},
		{"half", "half.conf", "server {"},
		{"close", "close.conf", "}"},
		{"loop", "loop.conf", "\ninclude loop;"},
		{"twice", "twice.conf", "include twice; "},
		{"twice", "twice.conf", "include twice; "},
		{NULL, NULL, NULL},
	};
	TEXT_IS(told("http { include conf.d/*.conf; access_log c a; include mime.types; }", files),
		"access d d A$status\naccess b b A$status\naccess c c A$status\n",
		"included files are read where the include stands; none is fine");
	TEXT_IS(told("http { include half; } }", files), "! half.conf:1: this block does not close\n", "a file closes its blocks");
	TEXT_IS(told("http { include close;", files), "! close.conf:1: unexpected \"}\"\n", "and no others");
	TEXT_IS(told("include loop;", files), "! loop.conf:2: includes are nested too deeply\n", "a loop ends");
	TEXT_IS(told("include twice;", files), "! twice.conf:1: includes are nested too deeply\n", "a loop of two ends");
	TEXT_IS(told("map $a $b { include loop; }", files), "", "what a map includes is not read");
	struct nginxconf conf;
	struct diag d = {0};
	struct diag_list warnings = {0};
	FACT(nginxconf_read(&conf, "x", SPAN("include y; access_log a;"), NULL, &warnings, &d) && conf.n == 1 && warnings.n == 1,
	     "without a source an include is passed over with a warning");
	nginxconf_release(&conf);
	diag_release(&warnings);
	nginxconf_release(&conf);
}

static bool refuse(void *self, struct span pattern, struct nginxconf_files *files, struct diag *d)
{
	(void)self, (void)pattern;
	nginxconf_files_add(files, SPAN("x"), SPAN("access_log x;"));
	diag_set(d, "could not read it");
	return false;
}

static void test_refused(void)
{
	struct nginxconf conf;
	struct diag d = {0};
	struct diag_list warnings = {0};
	struct nginxconf_source source = {refuse, NULL};
	FACT(!nginxconf_read(&conf, "x", SPAN("access_log a;\ninclude y;"), &source, &warnings, &d) && conf.n == 1 &&
		     !strcmp(d.what, "could not read it"),
	     "an include that fails stops, with the caller's words");
	nginxconf_release(&conf);
	d = (struct diag){0};
	struct text deep = {0};
	for (int i = 0; i < 1000; i++)
		text_append_string(&deep, "a{");
	FACT(!nginxconf_read(&conf, "x", text_span(&deep), NULL, &warnings, &d) && d.set, "blocks are bounded");
	nginxconf_release(&conf);
	text_release(&deep);
	diag_release(&warnings);
}

/* Bytes changed, cut and repeated at random: it ends, within its bounds (the sanitizer looks). */
static void test_mutations(void)
{
	static const char alphabet[] = "{};'\"\\$# \n[]-=a";
	size_t read = 0;
	for (unsigned round = 0; round < 4000; round++) {
		const struct whole *w = &wholes[random_next() % (sizeof wholes / sizeof *wholes)];
		struct text text = {0};
		text_append(&text, span_of(w->text));
		for (unsigned n = 1 + (unsigned)(random_next() % 6); n && text.len; n--) {
			size_t at = random_next() % text.len;
			text.at[at] = alphabet[random_next() % (sizeof alphabet - 1)];
			if (random_next() % 8 == 0)
				text.len = at;
		}
		struct span exact = patterns_exact(text_span(&text));
		struct nginxconf conf;
		struct diag d = {0};
		struct diag_list warnings = {0};
		read += nginxconf_read(&conf, "x", exact, NULL, &warnings, &d) == !d.set;
		nginxconf_release(&conf);
		diag_release(&warnings);
		memory_free((void *)exact.at);
		text_release(&text);
	}
	FACT(read == 4000, "whatever the text is, it is read or refused with a message");
}

int main(void)
{
	test_spellings();
	test_wholes();
	test_includes();
	test_refused();
	test_mutations();
	return unit_done();
}
