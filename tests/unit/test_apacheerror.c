#include "split/apacheerror.h"

#include "patterns.h"
#include "unit.h"

static bool scan(const char *text, struct record *r)
{
	struct scanner_room room = {.extras = NULL};
	struct span entry = patterns_kept(span_of(text));
	record_clear(r);
	r->resolution_us = 0;
	return apacheerror_scan(entry, &room, r);
}

static bool is(const struct record *r, enum field field, const char *wanted)
{
	return wanted ? record_has(r, field) && span_equal(r->field[field], span_of(wanted)) : !record_has(r, field);
}

/* Lines of Apache 2.4 and of its documentation; what they say was read by hand. */
static const struct {
	const char *line, *level, *module, *pid, *tid, *client, *port, *errno_, *code, *referer, *message;
} cases[] = {
	{"[Thu May 12 08:28:57.652118 2011] [core:error] [pid 8777:tid 4326490112] [client ::1:58619] File does not exist: /x", "error", "core", "8777",
	 "4326490112", "::1", "58619", NULL, NULL, NULL, "File does not exist: /x"},
	{"[Thu May 12 08:28:57 2011] [crit] (98)Address already in use: make_sock: could not bind", "crit", NULL, NULL, NULL, NULL, NULL, "98", NULL, NULL,
	 "(98)Address already in use: make_sock: could not bind"},
	{"[Thu May 12 08:28:57.000001 2011] [ssl:info] [pid 1:tid 2] (70014)End of file found: [client 192.0.2.1:9] AH02006: stopped, referer: http://a/, b",
	 "info", "ssl", "1", "2", "192.0.2.1", "9", "70014", "AH02006", "http://a/, b", "AH02006: stopped, referer: http://a/, b"},
	{"[Thu May 12 08:28:57.000001 2011] [proxy:error] [pid 1] (EAI 2)Name or service not known: [remote 192.0.2.1:9] AH00898: x", "error", "proxy", "1",
	 NULL, "192.0.2.1", "9", "2", "AH00898", NULL, "AH00898: x"},
	{"[Thu May 12 08:28:57.000001 2011] [winnt:error] [pid 1:tid 2] (OS 10038)An operation: AH00341: x", "error", "winnt", "1", "2", NULL, NULL, "10038",
	 "AH00341", NULL, "(OS 10038)An operation: AH00341: x"},
	{"[Thu May 12 08:28:57.000001 2011] [http2:debug] [pid 1:tid 2] h2_session.c(12): AH03075: x", "debug", "http2", "1", "2", NULL, NULL, NULL, "AH03075",
	 NULL, "AH03075: x"},
	{"[Thu May 12 08:28:57.000001 2011] [-:warn] [pid 1] [client 192.0.2.1:0] ", "warn", NULL, "1", NULL, "192.0.2.1", NULL, NULL, NULL, NULL, ""},
	{"[Thu May 12 08:28:57.000001 2011] [x:notice] [pid 1] [note] a", "notice", "x", "1", NULL, NULL, NULL, NULL, NULL, NULL, "[note] a"},
};

int main(void)
{
	struct record r;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		FACT(scan(cases[i].line, &r) && r.time_us / 1000000 == 1305188937 && r.zone == STAMP_NONE && is(&r, FIELD_SEVERITY, cases[i].level) &&
			     is(&r, FIELD_LOGGER, cases[i].module) && is(&r, FIELD_PID, cases[i].pid) && is(&r, FIELD_THREAD_ID, cases[i].tid) &&
			     is(&r, FIELD_CLIENT, cases[i].client) && is(&r, FIELD_CLIENT_PORT, cases[i].port) && is(&r, FIELD_ERRNO, cases[i].errno_) &&
			     is(&r, FIELD_ERROR_CODE, cases[i].code) && is(&r, FIELD_REFERER, cases[i].referer) && is(&r, FIELD_MESSAGE, cases[i].message),
		     cases[i].line);
	static const char *const others[] = {
		"", "[", "[]", "[Thu May 12 08:28:57 2011]", "[Thu May 12 08:28:57 2011] ", "[Thu May 12 08:28:57 2011] [x", "[Thu May 12 08:28:57 2011] [nothing] a",
		"[Thu Foo 12 08:28:57 2011] [error] a", "[Thu May 12 28:28:57 2011] [error] a", "[2011] [error] a", "[info] [error] a",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		FACT(!scan(others[i], &r), others[i]);
	FACT(scan("[2011-05-12 08:28:57.000001+0200] [core:error] [pid 1] a", &r) && r.zone == STAMP_EXPLICIT && r.time_us == 1305181737000001, "%{cuz}t");
	return unit_done();
}
