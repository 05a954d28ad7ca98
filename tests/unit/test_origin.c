/* origin: places in programs and ways between addresses, as loggers write them (Go's Lshortfile, seelog, glog, Python, Snort). */
#include <stdio.h>

#include "split/origin.h"

#include "unit.h"

static const struct {
	const char *message, *said;
} cases[] = {
	{"(runner.go:309 in work) | done", "code.file.path=runner.go code.line.number=309 code.function=work "},
	{"(pkg/net/run-2.go:9 in Run.func1) | x", "code.file.path=pkg/net/run-2.go code.line.number=9 code.function=Run.func1 "},
	{"[app.py:12] x", "code.file.path=app.py code.line.number=12 "},
	{"main.c:12: x", "code.file.path=main.c code.line.number=12 "},
	{"proxy.go:40 listening", "code.file.path=proxy.go code.line.number=40 "},
	{"(runner.go:309", ""},
	{"[app.py:12 x", ""},
	{"192.0.2.1:80: refused", ""},
	{"db.example:5432 refused", ""},
	{"note: x", ""},
	{"a.b:c", ""},
	{":12: x", ""},
	{".c:12: x", ""},
	{"(", ""},
	{"", ""},
	{"in 192.0.2.1 -> 198.51.100.2 0x5", "source.address=192.0.2.1 destination.address=198.51.100.2 "},
	{"{TCP} 192.0.2.1:1234 -> 198.51.100.2:80", "source.address=192.0.2.1 source.port=1234 destination.address=198.51.100.2 destination.port=80 "},
	{"2001:db8::1 -> [2001:db8::2]:53, x", "source.address=2001:db8::1 destination.address=2001:db8::2 destination.port=53 "},
	{"state 1 -> 2", ""},
	{"12:30:01 -> done", ""},
	{"192.0.2.1 -> upstream", ""},
	{" -> ", ""},
	{"1.2.3 -> 1.2.3.4", ""},
};

int main(void)
{
	static struct extras extras;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char said[512] = "";
		size_t n = 0;
		extras_clear(&extras);
		origin_extras(span_of(cases[i].message), &extras);
		for (size_t k = 0; k < extras.n; k++)
			n += (size_t)snprintf(said + n, sizeof said - n, "%.*s=%.*s ", (int)extras.items[k].name.len, extras.items[k].name.at,
					      (int)extras.items[k].value.len, extras.items[k].value.at);
		FACT(!strcmp(said, cases[i].said), cases[i].message);
	}
	origin_extras(SPAN("main.c:12: x"), NULL);
	return unit_done();
}
