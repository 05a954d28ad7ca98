#include "split/apacheformat.h"

#include "split/template.h"
#include "patterns.h"
#include "unit.h"

/* How a format may be spelled, and what is read: Apache 2.4.71 takes the first ones alike, and refuses those without a text. */
static const struct {
	const char *written, *text;
	bool loose, starts;
	size_t column;
} spellings[] = {
	{"common", "%h %l %u [%t] \"%r\" %>s %b", false, true, 0},
	{"%h %l %u %t \"%r\" %>s %b", "%h %l %u [%t] \"%r\" %>s %b", false, true, 0},
	{"\"%h %l %u %t \\\"%r\\\" %>s %b\"", "%h %l %u [%t] \"%r\" %>s %b", false, true, 0},
	{"LogFormat \"%h %l %u %t \\\"%r\\\" %>s %b\" common", "%h %l %u [%t] \"%r\" %>s %b", false, true, 0},
	{"\"%r\" %t", "\"%r\" [%t]", false, true, 0},
	{"\"%t\" \"%r\"", "\"[%t]\" \"%r\"", false, true, 0},
	{"%t %r", "[%t] %r", false, true, 0},
	{"%t %r %s", "[%t] %r %s", true, true, 0},
	{"%t %%%s\\t%b", "[%t] %%s\t%b", false, true, 0},
	{"%{end}t %s", "%{end}t %{end}t %s", false, false, 0},
	{"%{end:%F %T}t %t %s", "%{end:%F %T}t %{end:%F %T}t %t %t %s", false, false, 0},
	{"%s %{%F}t", NULL, false, false, 0},
	{"%t", NULL, false, false, 0},
	{"%s %Y", NULL, false, false, 3},
	{"%s %{x", NULL, false, false, 3},
	{"%s %", NULL, false, false, 3},
	{"%s %!400", NULL, false, false, 3},
	{"%s %^xx", NULL, false, false, 3},
	{"%s %{%Q}t", NULL, false, false, 3},
	{"%t %r%f", NULL, false, false, 0},
	{"%t %s\n", NULL, false, false, 5},
	{"%s", "%s", false, false, 0},
};

static void test_spellings(void)
{
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		struct apacheformat f;
		struct diag d = {0};
		size_t column;
		struct span text = patterns_exact(span_of(spellings[i].written));
		bool fine = apacheformat_compile(&f, text, &d, &column);
		memory_free((void *)text.at);
		FACT(fine == (spellings[i].text != NULL) && fine == !d.set, spellings[i].written);
		if (fine && spellings[i].text) {
			/* Behind it stand the names of what makes no field. */
			TEXT_IS((f.steps.text[strlen(spellings[i].text)] = 0, f.steps.text), spellings[i].text, spellings[i].written);
			FACT(f.steps.loose == spellings[i].loose && f.starts == spellings[i].starts, spellings[i].written);
		} else {
			FACT(column == spellings[i].column && d.hint[0], spellings[i].written);
		}
		apacheformat_release(&f);
	}
	struct text many = {0};
	struct apacheformat f;
	struct diag d = {0};
	size_t column;
	text_append_string(&many, "%t");
	for (int i = 0; i < NGINXFORMAT_STEPS; i++)
		text_append_string(&many, " %s");
	FACT(!apacheformat_compile(&f, text_span(&many), &d, &column), "directives are bounded");
	apacheformat_release(&f);
	text_clear(&many);
	text_append_string(&many, "%s");
	for (int i = 0; i < 300; i++)
		text_append_string(&many, "%{%c%c%c%c%c%c}t");
	d = (struct diag){0};
	FACT(!apacheformat_compile(&f, text_span(&many), &d, &column), "so are the pieces of a time");
	apacheformat_release(&f);
	text_release(&many);
}

/* Lines, and what they say. The escapes are those of Apache 2.4.71 (tests/lab/apacheformats.py lets it write many more). */
static const struct {
	const char *format, *line;
	int64_t time_us, duration_us;
	const char *client, *user, *path, *agent;
	int status;
} lines[] = {
	{"%h %l %u %t \"%r\" %>s %b", "192.0.2.7 - \"\" [22/Nov/2026:16:45:12 +0530] \"GET /a HTTP/1.1\" 401 -", 1795346112000000, -1, "192.0.2.7", NULL,
	 "/a", NULL, 401},
	{"%h %u %t \"%r\" %>s \"%{User-Agent}i\" %D",
	 "::1 a b [22/Nov/2026:11:15:12 +0000] \"GET /a%20b?y=\\\"\\xc3\\xa9 HTTP/1.1\" 200 \"\\\"q\\\" \\\\ \\t\\v\\n\" 1500000", 1795346113500000, 1500000,
	 "::1", "a b", "/a%20b?y=\"\303\251", "\"q\" \\ \t\v\n", 200},
	{"%{end}t %>s %D %a:%{remote}p", "[22/Nov/2026:11:15:12 +0000] 200 1500000 2001:db8::7:443", 1795346112000000, 1500000, "2001:db8::7", NULL, NULL,
	 NULL, 200},
	{"%t %<s %s %>s %T %{ms}T", "[22/Nov/2026:11:15:12 +0000] 201 202 203 1 1042", 1795346113042000, 1042000, NULL, NULL, NULL, NULL, 203},
	{"%t %s %m %U%q %H", "[22/Nov/2026:11:15:12 +0000] 200 GET /a b?c d HTTP/1.1", 1795346112000000, -1, NULL, NULL, "/a b?c d", NULL, 200},
	{"%{X-Forwarded-For}i %t %s", "203.0.113.9, 10.0.0.1 [22/Nov/2026:11:15:12 +0000] 200", 1795346112000000, -1, "203.0.113.9", NULL, NULL, NULL, 200},
	{"%{X-Forwarded-For}i %h %t %s", "203.0.113.9, 10.0.0.1 192.0.2.7 [22/Nov/2026:11:15:12 +0000] 200", 1795346112000000, -1, "192.0.2.7", NULL, NULL,
	 NULL, 200},
	{"%{%e.%b %Y %H:%M:%S}t %s", " 2.Nov 2026 09:05:07 200", 1793610307000000, -1, NULL, NULL, NULL, NULL, 200},
	{"%{sec}t.%{msec_frac}t %s %400{User-Agent}i", "1795346112.042 400 curl 8", 1795346112042000, -1, NULL, NULL, NULL, "curl 8", 400},
	{"[%{timestamp}n] %s %{client}n %{ms}T", "[2026-11-22T11:15:12.5Z] 0 [2001:db8::7]:443 7", 1795346112500000, 7000, "2001:db8::7", NULL, NULL, NULL, 0},
};

static bool is(const struct record *r, enum field field, const char *wanted)
{
	return wanted ? record_has(r, field) && span_equal(r->field[field], span_of(wanted)) : !record_has(r, field);
}

static void test_lines(void)
{
	struct template_scratch s = {.undone = NULL};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct diag d = {0};
		size_t column;
		struct template *t = template_new_apache(span_of(lines[i].format), &d, &column);
		struct record r;
		record_clear(&r);
		struct span line = patterns_exact(span_of(lines[i].line));
		bool fits = t && template_scan(t, line, &s, &r) && r.resolution_us;
		if (!FACT(fits && r.time_us == lines[i].time_us && r.duration_us == lines[i].duration_us && is(&r, FIELD_CLIENT, lines[i].client) &&
				  is(&r, FIELD_USER, lines[i].user) && is(&r, FIELD_PATH, lines[i].path) && is(&r, FIELD_USER_AGENT, lines[i].agent) &&
				  r.status == lines[i].status,
			  lines[i].line))
			printf("  %d %s: %lld us, %lld us\n", fits, d.what, (long long)r.time_us, (long long)r.duration_us);
		memory_free((void *)line.at);
		template_free(t);
	}
	static const char *const others[] = {
		"", "-", "192.0.2.7 - - [22/Nov/2026:11:15:12 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"",
		"192.0.2.7 - - [22/Nov/2026:11:15:12 +0000] \"GET / HTTP/1.1\" 200 5a", "192.0.2.7 - - [22/Nov/2026:11:15:12 +0000] \"GET / HTTP/1.1\" 2000 5",
		"a 192.0.2.7 - - [22/Nov/2026:11:15:12 +0000] \"GET / HTTP/1.1\" 200", "192.0.2.7 - - [22/Nov/2026:11:15:12 +0000] \"GET / HTTP/1.1\\\" 200 5",
	};
	struct diag d = {0};
	size_t column;
	struct template *t = template_new_apache(SPAN("common"), &d, &column);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct record r;
		record_clear(&r);
		struct span line = patterns_exact(span_of(others[i]));
		FACT(!template_scan(t, line, &s, &r), others[i]);
		memory_free((void *)line.at);
	}
	template_free(t);
	struct extras extras = {.n = 0};
	struct record r;
	s.extras = &extras;
	record_clear(&r);
	t = template_new_apache(SPAN("%l %t %s %O \"%{X-Test}i\" %{router}n %{word}n"), &d, &column);
	FACT(template_scan(t, SPAN("bob [22/Nov/2026:11:15:12 +0000] 200 77 \"a b\" web -"), &s, &r) && extras.n == 4 &&
		     span_equal(extras.items[0].name, SPAN("http.ident")) && span_equal(extras.items[0].value, SPAN("bob")) &&
		     span_equal(extras.items[1].name, SPAN("http.response.size")) && span_equal(extras.items[2].name, SPAN("http.request.header.x-test")) &&
		     span_equal(extras.items[2].value, SPAN("a b")) && span_equal(extras.items[3].name, SPAN("router")),
	     "what makes no field is told beside the fields, when it is asked for");
	template_free(t);
	template_scratch_release(&s);
}

int main(void)
{
	test_spellings();
	test_lines();
	return unit_done();
}
