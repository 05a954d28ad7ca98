#include "cause/mechanism.h"

#include "cause/fault.h"
#include "cause/halt.h"
#include "cause/hold.h"
#include "cause/limit.h"
#include "cause/surge.h"
#include "cause/wait.h"

static const struct {
	const char *cause, *words;
} causes[] = {
	{"traffic_surge", "more requests came than usual"},
	{"connection_leak", "connections were opened and not given back"},
	{"lock_contention", "sessions piled up behind a lock"},
	{"slow_queries", "the database answered slowly"},
	{"batch_job", "one job took the connections"},
	{"pool_misconfiguration", "the pools together may open more connections than the server has"},
	{"pooler_limit", "the connection pooler's own limit was reached"},
	{"app_pool_exhausted", "the application's own connection pool was exhausted"},
	{"retry_storm", "clients repeated their requests"},
	{"database_restart", "the database was stopped or restarted"},
	{"database_crash", "the database crashed"},
	{"os_limit", "the operating system refused the database a new process"},
	{"application_error", "the application failed by itself"},
	{"none", "no cause"},
};

const char *mechanism_words(const char *cause)
{
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (!strcmp(cause, causes[i].cause))
			return causes[i].words;
	return cause;
}

void mechanism_find(const struct scene *s, struct hypothesis_list *out)
{
	static void (*const families[])(const struct scene *, struct hypothesis_list *) = {
		halt_find, limit_find, surge_find, wait_find, hold_find, fault_find,
	};
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		families[i](s, out);
}
