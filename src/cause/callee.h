/* callee: who calls whom, as far as the addresses in the logs tell.
 *
 * Takes  a fold: the addresses that its parts keep (tally/address.h), the clients that they count, the names of the logs.
 * Gives  for each source and address that it calls: whose log is that of the called; which tier it is; or that no log of it is here.
 *        Links by clients: a source whose own address another one names as its client.
 * Holds  at most CALLEE_MOST links, with strings of the fold and its parts, which must outlive the list.
 * Never  decides between two that it may be; takes a label (HAProxy's "backend/server", nginx's group) for an address; looks at times.
 *
 * In this order of evidence: the called says that it listens at that very host and port ("listens"); it listens on that port, and its path
 * or another call tells that it is on that host ("listens"); the log's path has the host's name in it ("name"). Else one log alone may be
 * meant: it listens on that port on all addresses ("listens"), or it does not say where, and is of a tier that usually has the port
 * ("port"). Of several it is not known which. Calls go from one tier to a deeper one (lb, web, app, pool, db), or between applications.
 */
#ifndef ONSET_CALLEE_H
#define ONSET_CALLEE_H

#include "cause/hostport.h"
#include "fold/fold.h"

enum { CALLEE_MOST = 2048 }; /* each is compared with every source */

struct callee {
	size_t caller;
	const char *address;          /* as printed; of a "client" the caller's own */
	uint64_t records, failed;     /* of the caller that name it; of a "client" those of the called */
	const struct address *first;  /* whose record was the first; NULL: not kept (clients) */
	uint32_t entry;               /* of it: index into tally->entries */
	ptrdiff_t called;             /* -1: several may be it, or none is here */
	enum tier tier;               /* of the called; TIER_UNKNOWN */
	const char *how;              /* static: "listens", "name", "port", "client"; NULL: not known */
	bool absent;                  /* no log that is here can be that of the called */
	bool label;                   /* no address */
};
struct callee_list {
	struct callee *items; /* by caller, address; clients last */
	size_t n, cap;
	uint64_t more; /* records whose address was not kept */
};

/* True for a source that can call or be called: it counts, and its tier is one of lb to db. */
bool callee_is_node(const struct fold_source *s);
void callee_find(const struct fold *f, struct callee_list *out);
void callee_release(struct callee_list *list);

#endif
