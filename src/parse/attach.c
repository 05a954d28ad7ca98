#include "parse/attach.h"

#include "base/hash.h"

static uint64_t pid_of(const struct record *r)
{
	struct span pid = record_get(r, FIELD_PID);
	return pid.len ? hash_bytes(pid) | 1 : 0;
}

void attach_record(struct attach *a, const struct record *r)
{
	a->pids[a->n++ % LIMIT_OPEN_RECORDS] = pid_of(r);
}

bool attach_finds(const struct attach *a, const struct record *r, bool alone)
{
	uint64_t pid = pid_of(r);
	size_t n = a->n < LIMIT_OPEN_RECORDS ? a->n : LIMIT_OPEN_RECORDS;
	if (!pid)
		return alone;
	for (size_t i = 0; i < n; i++) {
		if (a->pids[i] == pid)
			return true;
	}
	return false;
}
