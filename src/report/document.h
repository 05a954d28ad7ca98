/* document: a draft that is being told: its JSON, what was asked for, and where things stand in it.
 *
 * Takes  the tree of a draft that contract_is_draft(), options, and the notes of an older one.
 * Gives  sources, bursts and entries by their id; the incidents that are told whole; the evidence that is cited, each once,
 *        numbered in the order of its citation.
 * Holds  indexes; the tree is the caller's and outlives it.
 * Never  changes the draft.
 */
#ifndef ONSET_DOCUMENT_H
#define ONSET_DOCUMENT_H

#include "base/zone.h"
#include "tell/value.h"

enum {
	/* Incidents that are told whole; the others are listed. A report of more is read by nobody. */
	DOCUMENT_MOST_INCIDENTS = 12,
	/* Entries of one timeline, changes, findings, sources; DESIGN: a usual outage has 10 to 40 entries. */
	DOCUMENT_MOST_ROWS = 400,
	/* Evidence cited for one thing: the first, the last, and one between; and of all that is told. */
	DOCUMENT_MOST_CITED = 3,
	DOCUMENT_MOST_EVIDENCE = 2000,
};

struct document_id {
	struct span id;
	const struct json_t *value;
};
struct document_index {
	struct document_id *items;
	size_t n, cap;
};

/* One incident that is told whole. */
struct told {
	const struct json_t *incident;
	size_t number; /* from 1, among all incidents of the draft */
	int64_t onset_us, end_us;
	int64_t from_us, to_us; /* what its pictures show; from < to */
};

struct document {
	const struct json_t *root;
	const struct zone *zone; /* NULL: UTC alone */
	const char *zone_name;   /* as asked for */
	const struct json_t *kept; /* the older draft with notes; NULL: none */
	struct document_index sources, bursts, cited;
	struct told told[DOCUMENT_MOST_INCIDENTS];
	size_t told_n, incidents_n;
	size_t main; /* in `told`: the one that the summary is of */
};

/* `root` and `kept` are drafts. */
void document_init(struct document *doc, const struct json_t *root, const struct json_t *kept, const struct zone *zone);
void document_release(struct document *doc);

/* NULL when there is none. */
const struct json_t *document_source(const struct document *doc, struct span id);
const struct json_t *document_burst(const struct document *doc, struct span id);
/* The last part of a source's key, which is its file's name; of a file of events that of its path; the id when it is
 * neither. */
struct span document_source_name(const struct document *doc, struct span id);
/* True when a timeline's entry links to the incident. */
bool document_belongs(const struct json_t *entry, const struct json_t *incident);
/* The number of a piece of evidence, from 1: cited before, or now; 0 when there are too many. */
size_t document_cite(struct document *doc, const struct json_t *evidence);

/* "lb" < "web" < "app" < "pool" < "db" < "change" < "human" < "unknown" as numbers from 0. */
enum document_tier { DOCUMENT_LB, DOCUMENT_WEB, DOCUMENT_APP, DOCUMENT_POOL, DOCUMENT_DB, DOCUMENT_CHANGE, DOCUMENT_HUMAN, DOCUMENT_UNKNOWN,
		     DOCUMENT_TIERS };
enum document_tier document_tier(struct span name);
/* "Load balancer", "Database" */
const char *document_tier_title(enum document_tier tier);

#endif
