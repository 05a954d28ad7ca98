#include "split/apachetime.h"

#include "unit.h"

/* One piece, as strftime of the C locale writes it (Python's, the instants too). */
static const struct {
	const char *format, *value;
	int64_t time_us, resolution_us;
	bool zoned, yearless;
} cases[] = {
	{"%Y-%m-%dT%H:%M:%S%z", "2026-11-22T16:45:12+0530", 1795346112000000, 1000000, true, false},
	{"%d/%b/%Y:%T%z", "22/Nov/2026:11:15:12-0800", 1795374912000000, 1000000, true, false},
	{"%F_%T", "2026-11-22_11:15:12", 1795346112000000, 1000000, false, false},
	{"%FT%H:%M", "2026-11-22T11:15", 1795346100000000, 60000000, false, false},
	{"%A,%B,%d,%y,%I:%M:%S%p", "Sunday,November,22,26,11:15:12PM", 1795389312000000, 1000000, false, false},
	{"%I:%M%p/%d-%m-%Y", "12:05AM/22-11-2026", 1795305900000000, 60000000, false, false},
	{"%Y:%j:%H:%M:%S", "2024:366:23:59:59", 1735689599000000, 1000000, false, false},
	{"%m/%d-%H:%M:%S", "11/22-11:15:12", 974891712000000, 1000000, false, true},
	{"%s", "1795346112", 1795346112000000, 1000000, true, false},
	{"%y%m%d%H%M%S", "691122111512", -3415488000000, 1000000, false, false},
	{"%F,%T,%Z", "2026-11-22,11:15:12,UTC", 1795346112000000, 1000000, true, false},
	{"%F,%T,%Z", "2026-11-22,11:15:12,IST", 1795346112000000, 1000000, false, false},
	{"%F,%T,%z", "2026-11-22,11:15:12,Z", 1795346112000000, 1000000, true, false},
	{"%e.%m.%Y-%H:%M", " 2.11.2026-09:05", 1793610300000000, 60000000, false, false},
	{"%%%F%T", "%2026-11-2211:15:12", 1795346112000000, 1000000, false, false},
	{"%F-%T", "2026-02-30-11:15:12", INT64_MIN, 0, false, false},
	{"%F-%T", "2026-11-22-25:15:12", INT64_MIN, 0, false, false},
	{"%F-%T", "2026-11-22-11:15:1", INT64_MIN, 0, false, false},
	{"%F-%T", "2026-11-22-11:15:12x", INT64_MIN, 0, false, false},
	{"%F-%T", "", INT64_MIN, 0, false, false},
	{"%F-%T", "-", INT64_MIN, 0, false, false},
	{"%Y:%j:%H:%M:%S", "2024:999:23:59:59", INT64_MIN, 0, false, false},
};

static bool read(const char *const *formats, const char *const *texts, size_t n, bool end, struct stamp *stamp)
{
	struct apachetime t = {.n = 0};
	struct span values[APACHETIME_PIECES] = {{NULL, 0}};
	bool fine = true;
	for (size_t i = 0; i < n; i++) {
		struct text steps = {0};
		struct span argument = span_of(formats[i]);
		fine = fine && apachetime_steps(argument, &steps) && apachetime_add(&t, end, text_span(&steps));
		values[i] = span_of(texts[i]);
		text_release(&steps);
	}
	apachetime_finish(&t);
	fine = fine && (end ? t.whole_end : t.whole_begin) && apachetime_read(&t, values, NULL, stamp);
	apachetime_release(&t);
	return fine;
}

static bool is_whole(const char *format)
{
	struct apachetime t = {.n = 0};
	struct text steps = {0};
	apachetime_steps(span_of(format), &steps);
	apachetime_add(&t, false, text_span(&steps));
	apachetime_finish(&t);
	bool whole = t.whole_begin;
	text_release(&steps);
	apachetime_release(&t);
	return whole;
}

int main(void)
{
	struct stamp stamp;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool fine = read(&cases[i].format, &cases[i].value, 1, false, &stamp);
		if (!FACT(fine == (cases[i].time_us != INT64_MIN) &&
				  (!fine || (stamp.time_us == cases[i].time_us && stamp.resolution_us == cases[i].resolution_us &&
					     (stamp.zone == STAMP_EXPLICIT) == cases[i].zoned && stamp.yearless == cases[i].yearless)),
			  cases[i].value) && fine)
			printf("  %lld %lld\n", (long long)stamp.time_us, (long long)stamp.resolution_us);
	}
	static const char *const formats[] = {"%F", "%T", "usec_frac", "%z"}, *const texts[] = {"2026-11-22", "11:15:12", "000123", "+0100"};
	FACT(read(formats, texts, 4, false, &stamp) && stamp.time_us == 1795342512000123 && stamp.resolution_us == 1, "a time in four pieces");
	FACT(read(formats, texts, 4, true, &stamp) && stamp.time_us == 1795342512000123, "of the end, too");
	static const char *const epochs[] = {"sec", "msec_frac"}, *const counts[] = {"1795346112", "042"};
	FACT(read(epochs, counts, 2, false, &stamp) && stamp.time_us == 1795346112042000 && stamp.resolution_us == 1000, "an epoch and its fraction");
	FACT(read((const char *[]){"usec"}, (const char *[]){"1795346112042017"}, 1, false, &stamp) && stamp.time_us == 1795346112042017,
	     "an epoch in microseconds");
	FACT(!is_whole("%F") && !is_whole("%T") && !is_whole("%d %H:%M") && !is_whole("%m/%d %I:%M") && !is_whole("%j %T"), "half a time is none");
	FACT(is_whole("%c") && is_whole("%D %R") && is_whole("%x %r") && is_whole("") && is_whole("msec"), "compound directives");
	struct text steps = {0};
	FACT(!apachetime_steps(SPAN("%Q"), &steps) && !apachetime_steps(SPAN("%"), &steps) && !apachetime_steps(SPAN("\xC3\xA9"), &steps),
	     "what is not known is refused");
	text_release(&steps);
	struct span argument = SPAN("end:%F");
	FACT(apachetime_is_end(&argument) && span_equal(argument, SPAN("%F")), "end:");
	argument = SPAN("begin");
	FACT(!apachetime_is_end(&argument) && !argument.len, "begin");
	argument = SPAN("ending");
	FACT(!apachetime_is_end(&argument) && argument.len == 6, "a word that only begins so");
	return unit_done();
}
