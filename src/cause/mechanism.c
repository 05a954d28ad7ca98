#include "cause/mechanism.h"

#include "cause/fault.h"
#include "cause/halt.h"
#include "cause/taken.h"
#include "cause/limit.h"
#include "cause/surge.h"
#include "cause/wait.h"

static const struct {
	const char *cause, *words, *measure;
} causes[] = {
	{"traffic_surge", "more requests came than usual",
	 "Size for such a peak, or shed it: a rate limit at the load balancer. Keep the sum of all pools under the server's limit."},
	{"connection_leak", "connections were opened and not given back",
	 "Find what opens connections and does not close them: see what changed before they grew. Give pools a maximum lifetime."},
	{"lock_contention", "sessions piled up behind a lock",
	 "See what the holder of the lock was doing. Run migrations with a lock_timeout of seconds; set idle_in_transaction_session_timeout."},
	{"slow_queries", "the database answered slowly",
	 "See why the slowest statements took so long: plan, statistics, index, disk. A statement_timeout frees their connections."},
	{"batch_job", "one job took the connections",
	 "Give the job a limit of its own (ALTER ROLE ... CONNECTION LIMIT), fewer workers, or a pooler; run it away from the peak."},
	{"pool_misconfiguration", "the pools together may open more connections than the server has",
	 "Make instances times pool size smaller than the server's limit less the reserved slots, or put a pooler between."},
	{"pooler_limit", "the connection pooler's own limit was reached",
	 "Compare the pooler's client limit and pool size with what the applications open. Look for transactions that hold server connections (SHOW POOLS, SHOW SERVERS)."},
	{"app_pool_exhausted", "the application's own connection pool was exhausted",
	 "Find what holds the pooled connections (slow queries, long transactions, connections that are never given back) before making the pool larger."},
	{"retry_storm", "clients repeated their requests",
	 "Make clients wait longer after each failure, at random, and give up; limit the rate at the load balancer."},
	{"database_restart", "the database was stopped or restarted",
	 "Find who restarted the database, and why: its log before this says it. Let pools reconnect slowly."},
	{"database_crash", "the database crashed",
	 "Find what ended it: the database's log before this, the kernel's (out of memory), or who sent the signal."},
	{"os_limit", "the operating system refused the database a new process",
	 "Find which limit fork() met: processes (ulimit -u, pids.max) or memory; the database's log prints its error."},
	{"application_error", "the application itself failed",
	 "Look at the application's own first error, and at what was deployed before it."},
	{"none", "no cause", NULL},
};

const char *mechanism_words(const char *cause)
{
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (!strcmp(cause, causes[i].cause))
			return causes[i].words;
	return cause;
}

const char *mechanism_measure(const char *cause)
{
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (!strcmp(cause, causes[i].cause))
			return causes[i].measure;
	return NULL;
}

void mechanism_find(const struct scene *s, struct hypothesis_list *out)
{
	static void (*const families[])(const struct scene *, struct hypothesis_list *) = {
		halt_find, limit_find, surge_find, wait_find, taken_find, fault_find,
	};
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		families[i](s, out);
}
