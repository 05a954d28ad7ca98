/* attach: which details find their record. */
#include "parse/attach.h"

#include "unit.h"

static struct record of_pid(const char *pid)
{
	struct record r;
	record_clear(&r);
	if (pid)
		record_set(&r, FIELD_PID, span_of(pid));
	return r;
}

static bool finds(const struct attach *a, const char *pid, bool alone)
{
	struct record r = of_pid(pid);
	return attach_finds(a, &r, alone);
}

int main(void)
{
	static struct attach a;
	char pid[16];
	FACT(!finds(&a, "1", true), "before the first record there is none to belong to");
	FACT(finds(&a, NULL, true) && !finds(&a, NULL, false), "without a pid the caller's word holds");
	for (int i = 0; i < LIMIT_OPEN_RECORDS; i++) {
		snprintf(pid, sizeof(pid), "%d", 100 + i);
		struct record r = of_pid(pid);
		attach_record(&a, &r);
	}
	FACT(finds(&a, "100", false) && finds(&a, pid, false), "64 records are looked back for");
	FACT(!finds(&a, "99", true) && !finds(&a, "10", true) && !finds(&a, "1000", true), "another pid is another process");
	struct record without = of_pid(NULL);
	attach_record(&a, &without);
	FACT(!finds(&a, "100", false) && finds(&a, "101", false), "the oldest makes room");
	return unit_done();
}
