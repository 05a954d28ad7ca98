#include "split/klog.h"

#include "unit.h"

static void is(const struct record *r, enum field field, const char *wanted, const char *name)
{
	FACT(span_equal(record_get(r, field), span_of(wanted)), name);
}

static bool scan(const char *line, struct extras *extras, struct record *r)
{
	struct scanner_room room = {.extras = extras};
	extras_clear(extras);
	record_clear(r);
	bool taken = klog_scan(span_of(line), &room, r);
	text_release(&room.text);
	return taken;
}

int main(void)
{
	struct extras extras = {0};
	struct record r;
	FACT(scan("I0229 17:59:40.692994   28133 klog.go:70] hello", &extras, &r), "29 February: a year is not printed");
	FACT(r.yearless && r.time_us == 951847180692994 && r.resolution_us == 1 && r.zone == STAMP_NONE, "its time, in the year 2000");
	is(&r, FIELD_PID, "28133", "its thread");
	is(&r, FIELD_LOGGER, "klog.go", "its place is the logger");
	FACT(extras.n == 2 && span_equal(extras.items[1].value, SPAN("70")), "file and line are extras");
	FACT(scan("E20210131 14:48:54.411655 1 a/b.cc:9] text", &extras, &r) && !r.yearless && r.time_us == 1612104534411655, "glog prints the year");
	FACT(scan("W1122 11:15:12.123456 1 a.go:9] \"Unable \\\"x\\\"\" err=\"timeout\" pod=\"a/b\"", &extras, &r), "a structured message");
	is(&r, FIELD_MESSAGE, "Unable \\\"x\\\"", "stands between its quotes");
	is(&r, FIELD_ERROR_MESSAGE, "timeout", "and has pairs behind it");
	FACT(extras.n == 4 && span_equal(extras.items[3].name, SPAN("pod")) && span_equal(extras.items[3].value, SPAN("a/b")), "which are extras");
	FACT(scan("W1122 11:15:12.123456 1 a.go:9] \"quoted\"text", &extras, &r), "a quoted word is no structured message");
	is(&r, FIELD_MESSAGE, "\"quoted\"text", "the message has its quotes");

	static const char *const others[] = {
		"", "I", "I1122", "X0505 17:59:40.692994   28133 klog.go:70] x", "I0000 17:59:40.692994   28133 klog.go:70] x",
		"I20210000 14:48:54.411655 15520 main.c++:9] x", "I1122 25:15:12.123456 1 a.go:9] x", "I1122 11:15:12.123456",
		"I1122 11:15:12.123456 1", "I1122 11:15:12.123456 1 ", "I1122 11:15:12.123456 1 a.go:9", "I1122 11:15:12.123456 1 a.go:] x",
		"I1122 11:15:12.123456 1 :9] x", "I1122 11:15:12.123456 1 no place:9] x", "I1122 11:15:12.123456 a.go:9] x",
		"I1122 11:15:12.12345 1 a.go:9] x", "I11222 11:15:12.123456 1 a.go:9] x",
		"I0505 17:59:40.692994   99999999999999999999999999999 klog.go:70] x",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		FACT(!scan(others[i], &extras, &r), others[i]);
	return unit_done();
}
