/* bare: levels at the start of a line that has no time; lines are of facts/connection_messages.md and of the programs' sources. */
#include "line/bare.h"

#include "unit.h"

static const struct {
	const char *line, *word, *message;
	enum severity severity;
} cases[] = {
	{"FATAL:  sorry, too many clients already", "FATAL", "sorry, too many clients already", SEVERITY_FATAL},
	{"FATAL: sorry", "FATAL", "sorry", SEVERITY_FATAL},
	{"[25360]:FATAL:  number of requested", "FATAL", "number of requested", SEVERITY_FATAL},
	{"==> WARNING: x", "WARNING", "x", SEVERITY_WARN},
	{"FEHLER:  tut mir leid", "FEHLER", "tut mir leid", SEVERITY_ERROR},
	{"ВАЖНО:  извините", "ВАЖНО", "извините", SEVERITY_FATAL},
	{"DEBUG1:  x", "DEBUG1", "x", SEVERITY_DEBUG},
	{"Error: Queue limit reached.", "Error", "Error: Queue limit reached.", SEVERITY_ERROR},
	{"warning: x", "warning", "warning: x", SEVERITY_WARN},
	{"[WARNING]  (301) : Server a/b is DOWN", "WARNING", "Server a/b is DOWN", SEVERITY_WARN},
	{"[ALERT]    (12) : x", "ALERT", "x", SEVERITY_ALERT},
	{"[error] x", "error", "x", SEVERITY_ERROR},
	{"[error]: x", "error", "x", SEVERITY_ERROR},
	{"ERROR x", "ERROR", "ERROR x", SEVERITY_ERROR},
	{"ERR max number of clients reached", "ERR", "ERR max number of clients reached", SEVERITY_ERROR},
	{"error x", NULL, "error x", SEVERITY_UNKNOWN},
	{"Error::Foo", NULL, "Error::Foo", SEVERITY_UNKNOWN},
	{"error:0A00018E:SSL routines", NULL, "error:0A00018E:SSL routines", SEVERITY_UNKNOWN},
	{"[25360] x", NULL, "[25360] x", SEVERITY_UNKNOWN},
	{"[warning x", NULL, "[warning x", SEVERITY_UNKNOWN},
	{"I am", NULL, "I am", SEVERITY_UNKNOWN},
	{"A: b", NULL, "A: b", SEVERITY_UNKNOWN},
	{"IT IS", NULL, "IT IS", SEVERITY_UNKNOWN},
	{"[", NULL, "[", SEVERITY_UNKNOWN},
	{"[1", NULL, "[1", SEVERITY_UNKNOWN},
	{"", NULL, "", SEVERITY_UNKNOWN},
	{"ERROR", NULL, "ERROR", SEVERITY_UNKNOWN},
	{"ERROR:", "ERROR", "", SEVERITY_ERROR},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: b", NULL,
	 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: b", SEVERITY_UNKNOWN},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record r;
		record_clear(&r);
		record_set(&r, FIELD_MESSAGE, span_of(cases[i].line));
		bare_read(&r);
		FACT(r.severity == cases[i].severity, cases[i].line);
		FACT(record_has(&r, FIELD_SEVERITY) == !!cases[i].word, cases[i].line);
		if (cases[i].word)
			FACT(span_equal(record_get(&r, FIELD_SEVERITY), span_of(cases[i].word)), cases[i].line);
		FACT(span_equal(record_get(&r, FIELD_MESSAGE), span_of(cases[i].message)), cases[i].line);
	}
	return unit_done();
}
