#include "story/unknown.h"

#include "base/hash.h"
#include "base/memory.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/symptom.h"

struct asker {
	const struct fold *f;
	const struct front *front;
	struct draft *d;
	size_t cap;
	uint32_t *table; /* by hash: index + 1 of what was told; 0 free. At most half full, a power of two */
	size_t table_n;
};

static size_t slot_of(const struct asker *a, const char *what, const char *why)
{
	const struct unknown *told = a->d->unknowns;
	size_t slot = hash_pair(hash_bytes(span_of(what)), hash_bytes(span_of(why))) & (a->table_n - 1);
	while (a->table[slot] && (strcmp(told[a->table[slot] - 1].what, what) || strcmp(told[a->table[slot] - 1].why, why)))
		slot = (slot + 1) & (a->table_n - 1);
	return slot;
}

static void table_grow(struct asker *a)
{
	if (a->table_n > a->d->unknowns_n * 2)
		return;
	memory_free(a->table);
	a->table_n = a->table_n ? a->table_n * 2 : 64;
	a->table = memory_new(a->table_n, sizeof *a->table);
	for (size_t i = 0; i < a->d->unknowns_n; i++)
		a->table[slot_of(a, a->d->unknowns[i].what, a->d->unknowns[i].why)] = (uint32_t)i + 1;
}

/* Takes `what` and `why` (owned); `setting` is copied and may be NULL. The same thing twice is told once. */
static void tell(struct asker *a, char *what, char *why, const char *setting)
{
	struct draft *d = a->d;
	table_grow(a);
	size_t slot = slot_of(a, what, why);
	if (a->table[slot]) {
		memory_free(what);
		memory_free(why);
		return;
	}
	d->unknowns = memory_grow(d->unknowns, &a->cap, d->unknowns_n + 1, sizeof *d->unknowns);
	d->unknowns[d->unknowns_n++] = (struct unknown){what, why, sentence_copy(setting)};
	a->table[slot] = (uint32_t)d->unknowns_n;
}

/* "latency in access.log" */
static char *of_source(const struct asker *a, const char *what, const struct fold_source *s)
{
	struct text t = {0};
	text_format(&t, "%s in %s", what, label_of(a->f, (size_t)(s - a->f->sources)));
	return sentence_take(&t);
}

/* The format of most of a source's files: the first one that has a name. "" unknown. */
static const char *format_of(const struct asker *a, size_t source)
{
	const char *format = a->d->sources[source].format;
	return format ? format : "";
}

static bool is_format(const struct asker *a, size_t source, const char *prefix)
{
	return span_starts(span_of(format_of(a, source)), span_of(prefix));
}

static bool any_tier(const struct asker *a, enum tier tier)
{
	for (size_t i = 0; i < a->f->n; i++)
		if (a->f->sources[i].tier == tier && a->f->sources[i].first_us != INSTANT_NONE)
			return true;
	return false;
}

static void missing_logs(struct asker *a)
{
	if (!a->front->n)
		tell(a, sentence_copy("what users met: requests, failures, latency"), sentence_copy("no log with access records was given"),
		     "nginx: access_log with a log_format; HAProxy: option httplog");
	if (!any_tier(a, TIER_DB))
		tell(a, sentence_copy("what the database refused and why"), sentence_copy("no database log was given"),
		     "PostgreSQL: logging_collector = on, log_connections = on, log_disconnections = on");
	if (!any_tier(a, TIER_APP))
		tell(a, sentence_copy("what the application met between web server and database"),
		     sentence_copy("no application log was given"), NULL);
}

/* Servers that logs call, and whose own logs are not here; of one caller's the most called stands for all. */
static void missing_servers(struct asker *a)
{
	const struct upstream *all = a->d->topology.upstreams;
	for (size_t i = 0, n = a->d->topology.upstreams_n, end; i < n; i = end) {
		const struct upstream *most = NULL;
		size_t absent = 0;
		for (end = i; end < n && all[end].source_index == all[i].source_index; end++) {
			if (!all[end].absent)
				continue;
			absent++;
			most = !most || all[end].records > most->records ? &all[end] : most;
		}
		if (!most)
			continue;
		struct text what = {0}, why = {0};
		text_append_string(&what, "what ");
		text_append_printable(&what, span_of(most->address));
		if (absent > 1) {
			text_append_string(&what, " and ");
			sentence_counted(&what, absent - 1, "other server");
		}
		text_append_string(&what, " met");
		text_append_string(&why, label_of(a->f, most->source_index));
		text_append_string(&why, " calls ");
		text_append_printable(&why, span_of(most->address));
		if (most->tier != TIER_UNKNOWN)
			text_format(&why, ", by its port a %s,", sentence_tier(most->tier));
		text_append_string(&why, " in ");
		sentence_counted(&why, most->records, "record");
		if (most->failed) {
			text_append_string(&why, ", ");
			sentence_count(&why, most->failed);
			text_append_string(&why, " of them failed");
		}
		text_append_string(&why, absent > 1 ? "; no log of any of them is here" : "; no log of it is here");
		tell(a, sentence_take(&what), sentence_take(&why), NULL);
	}
}

static void unknown_formats(struct asker *a)
{
	static const char setting[] = "state it: --format 'GLOB=nginx:LOG_FORMAT', 'GLOB=postgresql:LOG_LINE_PREFIX' or a pattern file";
	for (size_t i = 0; i < a->f->n; i++) {
		const struct source *s = &a->d->sources[i];
		if (!s->format && s->lines)
			tell(a, of_source(a, "everything", &a->f->sources[i]), sentence_copy("no known format takes its lines"), setting);
		else if (s->format && s->rank == RANK_STAMPED)
			tell(a, of_source(a, "what the lines mean", &a->f->sources[i]),
			     sentence_copy("no known format takes them: only their time stamps are read"), setting);
		else if (s->format && s->rank == RANK_CARRIED && s->records)
			tell(a, of_source(a, "what other programs said", &a->f->sources[i]),
			     sentence_copy("no known format takes their lines: only what carries them is read"), setting);
	}
}

/* Refusals in lines that are no records: they have no time, and count nowhere. */
static void unplaced_refusals(struct asker *a)
{
	for (size_t i = 0; i < a->f->n; i++) {
		const struct source *s = &a->d->sources[i];
		if (!s->unparsed_refusals)
			continue;
		struct text why = {0};
		sentence_counted(&why, s->unparsed_refusals, "line");
		text_append_string(&why, s->unparsed_refusals == 1 ? " that is no record says" : " that are no records say");
		text_append_string(&why, " that a connection was refused; without a time they count nowhere");
		tell(a, of_source(a, "when connections were refused", &a->f->sources[i]), sentence_take(&why),
		     "let the program print a time with each line; or state the format: --format");
	}
}

/* Why it matters that nothing tells the year. */
static char *why_year(const struct fold_source *s)
{
	struct text why = {0};
	uint64_t refused = 0;
	text_append_string(&why, "its lines print none, and neither a file's name, a gzip header nor another log tells it; "
				 "2000 stands in its place");
	for (size_t i = 0; i < s->series_n; i++)
		refused += s->series[i].facet == FACET_NONE && symptom_refuses(s->series[i].signal) ? s->series[i].total : 0;
	if (s->undated) {
		text_append_string(&why, "; beside logs of known years it is left out of the story");
		if (refused) {
			text_append_string(&why, ", with ");
			sentence_counted(&why, refused, "refused connection");
		}
	}
	return sentence_take(&why);
}

static void years(struct asker *a)
{
	for (size_t i = 0; i < a->f->n; i++) {
		const struct fold_source *s = &a->f->sources[i];
		if (s->year_how && !strcmp(s->year_how, "unknown"))
			tell(a, of_source(a, "the year of the times", s), why_year(s), "state it: --year 'GLOB=YYYY'");
		if (s->twice)
			tell(a, of_source(a, "which of two hours some times are of", s),
			     sentence_copy("its lines print no offset, and its clock was set back in autumn: one hour comes twice"),
			     "print an offset with each time, or log in UTC");
	}
}

static void zones(struct asker *a)
{
	for (size_t i = 0; i < a->f->n; i++) {
		const struct fold_source *s = &a->f->sources[i];
		if (!moment_unzoned(s) || s->first_us == INSTANT_NONE)
			continue;
		struct text why = {0};
		text_append_string(&why, "its lines print no zone; ");
		if (s->assumed_us) {
			sentence_offset(&why, s->assumed_us);
			text_append_string(&why, ", which its neighbours print, is assumed, with an uncertainty of ");
		} else {
			text_append_string(&why, "UTC is assumed, with an uncertainty of ");
		}
		sentence_duration(&why, s->uncertainty_us);
		bool nginx_error = is_format(a, i, "nginx_error"), nginx = is_format(a, i, "nginx");
		tell(a, of_source(a, "UTC of the times", s), sentence_take(&why),
		     nginx_error ? "nginx's error log cannot print one: state it with --zone 'GLOB=ZONE'"
		     : nginx     ? "nginx: $time_iso8601 in log_format; or state it: --zone 'GLOB=ZONE'"
				 : "print an offset with each time; or state it: --zone 'GLOB=ZONE'");
	}
}

/* Clocks that no comparison leads from to the reference. */
static void clocks(struct asker *a)
{
	enum { NAMES_MOST = 5 };
	struct text names = {0};
	size_t n = 0;
	for (size_t i = 0; i < a->f->n && a->f->reference >= 0 && a->d->incidents_n; i++) {
		const struct fold_source *s = &a->f->sources[i];
		bool compared = (ptrdiff_t)i == a->f->reference || s->clock.root == a->f->reference;
		if (compared || moment_unzoned(s) || !source_counts(s) || s->first_us == INSTANT_NONE || n++ >= NAMES_MOST)
			continue;
		text_append_string(&names, names.len ? ", " : "");
		text_append_string(&names, label_of(a->f, i));
	}
	if (!n)
		return;
	struct text what = {0}, why = {0};
	text_format(&what, "how far these clocks are off that of %s: ", label_of(a->f, (size_t)a->f->reference));
	text_append(&what, text_span(&names));
	if (n > NAMES_MOST)
		text_format(&what, " and %zu more", n - NAMES_MOST);
	text_append_string(&why, "nothing that they log leads there: no shared ids of requests, too few events that both saw; ");
	sentence_duration(&why, CLOCK_ASSUMED_SKEW_US);
	text_append_string(&why, " is assumed");
	tell(a, sentence_take(&what), sentence_take(&why), NULL);
	text_release(&names);
}

/* Zones that were found by the shape of what is logged, and nothing better. */
static void vague_zones(struct asker *a)
{
	for (size_t i = 0; i < a->f->n; i++) {
		const struct fold_source *s = &a->f->sources[i];
		struct text why = {0};
		if (!s->zone_estimated || !moment_vague(s))
			continue;
		text_append_string(&why, "its lines print no zone; with ");
		sentence_offset(&why, s->assumed_us);
		text_format(&why, " its counts go with those of %s, within ", label_of(a->f, (size_t)s->clock.against));
		sentence_duration(&why, s->uncertainty_us);
		tell(a, of_source(a, "the exact times", s), sentence_take(&why), "print an offset with each time; or state it: --zone 'GLOB=ZONE'");
	}
}

/* Stamps of whole seconds where milliseconds can be had. Only sources that take part in an incident. */
static void resolutions(struct asker *a)
{
	for (size_t i = 0; i < a->f->n; i++) {
		const struct fold_source *s = &a->f->sources[i];
		bool asked = false;
		for (size_t k = 0; k < a->d->bursts_n && !asked; k++)
			asked = a->d->bursts[k].source_index == i && a->d->bursts[k].incident;
		if (!asked || s->resolution_us < SECOND_US)
			continue;
		bool nginx_error = is_format(a, i, "nginx_error"), nginx = is_format(a, i, "nginx"), pg = is_format(a, i, "postgresql");
		/* HAProxy stamps requests itself, to the millisecond; of its servers it says something in syslog's time. */
		bool haproxy = is_format(a, i, "haproxy");
		tell(a, of_source(a, "order of events within one second", s),
		     sentence_copy(haproxy ? "some of its lines, such as those about servers, have only a stamp of whole seconds"
					   : "its stamps are whole seconds"),
		     nginx_error ? NULL
		     : nginx	 ? "nginx: $msec in log_format"
		     : pg	 ? "PostgreSQL: %m instead of %t in log_line_prefix"
		     : haproxy	 ? "HAProxy: %t in log-format; stamps with fractions from the syslog server (rsyslog: RSYSLOG_FileFormat)"
				 : NULL);
	}
}

static void access_fields(struct asker *a)
{
	for (size_t k = 0; k < a->front->n; k++) {
		size_t i = a->front->sources[k];
		const struct fold_source *s = &a->f->sources[i];
		bool durations = false, ids = false, clients = false, nginx = is_format(a, i, "nginx");
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = a->f->tally->entries[s->entries[e]].part;
			durations |= p->busy_known || p->latency_n;
			ids |= p->ids_n && p->ids_are_requests;
			clients |= p->distincts_n > 0;
		}
		if (!durations)
			tell(a, of_source(a, "latency and requests in flight", s), sentence_copy("its lines print no duration"),
			     nginx ? "nginx: rt=$request_time in log_format" : "log how long each request took");
		if (!ids)
			tell(a, of_source(a, "which request is which in other logs", s), sentence_copy("its lines print no request id"),
			     nginx ? "nginx: rid=$request_id in log_format, and proxy_set_header X-Request-ID $request_id"
				   : "log a request id and pass it on");
		if (!clients)
			tell(a, of_source(a, "how many clients were hit", s), sentence_copy("its lines print no client address"),
			     nginx ? "nginx: $remote_addr in log_format" : NULL);
	}
}

/* True when connections were refused with this class, where they are counted. */
static bool refused_by(const struct incident *in, const char *class)
{
	for (size_t i = 0; i < in->refusals_n; i++)
		if (!in->refusals[i].echo && !strcmp(in->refusals[i].class, class))
			return true;
	return false;
}

static void sessions(struct asker *a)
{
	for (size_t i = 0; i < a->f->n; i++) {
		const struct fold_source *s = &a->f->sources[i];
		bool seen = false;
		if (s->tier != TIER_DB || !source_counts(s) || !is_format(a, i, "postgresql"))
			continue;
		for (size_t e = 0; e < s->entries_n && !seen; e++)
			seen = a->f->tally->entries[s->entries[e]].part->sessions_n;
		if (!seen)
			tell(a, of_source(a, "who held the connections", s),
			     sentence_copy("it has no line about sessions being opened and closed"),
			     "PostgreSQL: log_connections = on, log_disconnections = on");
	}
	for (size_t k = 0; k < a->d->incidents_n; k++) {
		const struct incident *in = &a->d->incidents[k];
		/* An application's pool and a pooler have limits of their own, of which the database knows nothing. */
		if (refused_by(in, "db.max_connections") && !in->holders.limit.known && in->holders.n)
			tell(a, sentence_copy("the limit that the connections ran into"), sentence_copy(in->holders.limit.reason),
			     "keep the database's log since its last start; SHOW max_connections tells the limit");
		if (refused_by(in, "db.role_limit"))
			tell(a, sentence_copy("the connection limit of the role"), sentence_copy("the message that refuses does not say how many it may have"),
			     "SELECT rolname, rolconnlimit FROM pg_roles tells it");
		if (refused_by(in, "db.database_limit"))
			tell(a, sentence_copy("the connection limit of the database"),
			     sentence_copy("the message that refuses does not say how many it may have"),
			     "SELECT datname, datconnlimit FROM pg_database tells it");
	}
}

/* What the database's log could have told of its sessions' work, had it been asked to. */
static void work(struct asker *a)
{
	bool locks = false, statements = false;
	for (size_t i = 0; i < a->f->n; i++)
		for (size_t e = 0; e < a->f->sources[i].entries_n; e++) {
			const struct part *p = a->f->tally->entries[a->f->sources[i].entries[e]].part;
			locks |= p->locks_n || p->locks_more;
			statements |= p->statements_n;
		}
	for (size_t k = 0; k < a->d->incidents_n && any_tier(a, TIER_DB); k++) {
		const struct incident *in = &a->d->incidents[k];
		if (!locks && in->told && in->locks.reason)
			tell(a, sentence_copy("who waited for which lock"), sentence_copy(in->locks.reason),
			     "PostgreSQL: log_lock_waits = on, deadlock_timeout as short as a wait that matters");
		if (!statements && in->told && in->statements_reason)
			tell(a, sentence_copy("which SQL took the time"), sentence_copy(in->statements_reason),
			     "PostgreSQL: log_min_duration_statement = 1s");
	}
}

static void lost_lines(struct asker *a)
{
	for (size_t i = 0; i < a->f->n; i++) {
		const struct source *s = &a->d->sources[i];
		const struct fold_source *fs = &a->f->sources[i];
		uint64_t more = 0;
		for (size_t k = 0; k < s->truncated_n; k++) {
			struct text what = {0}, why = {0};
			if (!strcmp(s->truncated[k].kind, "trailing"))
				continue;
			text_format(&what, "what \"%s\" said", s->truncated[k].path);
			text_append_string(&what, s->truncated[k].lost_from_us == INSTANT_NONE ? " in its damaged part" : " after ");
			if (s->truncated[k].lost_from_us != INSTANT_NONE)
				sentence_time(&what, s->truncated[k].lost_from_us);
			text_format(&why, "the file is %s at byte ",
				    !strcmp(s->truncated[k].kind, "truncated") ? "cut off"
				    : !strcmp(s->truncated[k].kind, "read")    ? "unreadable"
									       : "damaged");
			sentence_count(&why, (uint64_t)s->truncated[k].compressed_offset);
			tell(a, sentence_take(&what), sentence_take(&why), NULL);
		}
		for (size_t e = 0; e < fs->entries_n; e++)
			more += a->f->tally->entries[fs->entries[e]].part->events_more;
		if (more) {
			struct text why = {0};
			text_append_string(&why, "it has ");
			sentence_counted(&why, more, "event");
			text_append_string(&why, " more than are kept of one file");
			tell(a, of_source(a, "some starts, stops and deploys", fs), sentence_take(&why), NULL);
		}
		if (s->implausible) {
			struct text why = {0};
			sentence_counted(&why, s->implausible, "record");
			text_append_string(&why, s->implausible == 1 ? " has a time" : " have times");
			text_append_string(&why, " more than 400 days from the rest");
			tell(a, of_source(a, "when some records happened", fs), sentence_take(&why), NULL);
		}
	}
}

static const char *label_by_id(const struct asker *a, const char *id)
{
	for (size_t i = 0; i < a->f->n; i++)
		if (!strcmp(a->f->sources[i].id, id))
			return label_of(a->f, i);
	return id;
}

/* A refusal that is repeated before it was made. */
static void differing_clocks(struct asker *a, const struct incident *in)
{
	const struct propagation *first = &in->propagation[0];
	for (size_t i = 1; i < in->propagation_n; i++) {
		const struct propagation *p = &in->propagation[i];
		if (!symptom_refuses(p->signal) || strcmp(p->signal, first->signal) || incident_depth(p->tier) <= incident_depth(first->tier) ||
		    !moment_before(&first->onset, &p->onset))
			continue;
		struct text what = {0}, why = {0};
		text_format(&what, "which clock is wrong, that of %s or ", label_by_id(a, p->source));
		text_format(&what, "that of %s", label_by_id(a, first->source));
		text_append_string(&why, "refusals are repeated ");
		sentence_duration(&why, p->lag_us);
		text_append_string(&why, " before they are made: one of the clocks is off by about that");
		tell(a, sentence_take(&what), sentence_take(&why), "NTP on both hosts");
	}
}

static void not_derived(struct asker *a)
{
	const struct incident *one = NULL; /* that is told */
	for (size_t k = 0; k < a->d->incidents_n && !one; k++)
		one = a->d->incidents[k].told ? &a->d->incidents[k] : NULL;
	if (!one)
		return;
	for (size_t k = 0; k < a->d->incidents_n; k++)
		if (a->d->incidents[k].told && a->d->incidents[k].propagation_n)
			differing_clocks(a, &a->d->incidents[k]);
	for (size_t k = 0; k < a->d->incidents_n && !any_tier(a, TIER_HUMAN); k++)
		if (a->d->incidents[k].told && a->d->incidents[k].detection[STEP_ALERT].at_us == INSTANT_NONE)
			tell(a, sentence_copy("when people noticed"), sentence_copy(a->d->incidents[k].detection[STEP_ALERT].reason),
			     "a file of events: --events");
	for (size_t k = 0; k < a->d->incidents_n; k++)
		if (a->d->incidents[k].told && a->d->incidents[k].causes_reason && !a->d->incidents[k].causes_n)
			tell(a, sentence_copy("why it happened"), sentence_copy(a->d->incidents[k].causes_reason), NULL);
}

/* The time asked for has no log. */
static void not_covered(struct asker *a)
{
	const struct draft *d = a->d;
	struct text what = {0}, why = {0};
	if (!d->asked.any || d->asked.covered)
		return;
	text_append_string(&what, "what happened in the time asked for");
	if (d->window_start_us == INSTANT_NONE) {
		text_append_string(&why, "no record with a time was read");
	} else {
		text_append_string(&why, "it lies outside of what the logs cover: ");
		sentence_date(&why, d->window_start_us, !d->year_unknown);
		text_append_byte(&why, ' ');
		sentence_time(&why, d->window_start_us);
		text_append_string(&why, " to ");
		sentence_date(&why, d->window_end_us, !d->year_unknown);
		text_append_byte(&why, ' ');
		sentence_time(&why, d->window_end_us);
		text_append_string(&why, " UTC");
	}
	tell(a, sentence_take(&what), sentence_take(&why), NULL);
}

void unknown_list(const struct fold *f, const struct front *a, struct draft *d)
{
	struct asker asker = {.f = f, .front = a, .d = d};
	/* What the given logs lost comes before what they never said. */
	not_covered(&asker);
	lost_lines(&asker);
	unknown_formats(&asker);
	unplaced_refusals(&asker);
	years(&asker);
	missing_logs(&asker);
	missing_servers(&asker);
	zones(&asker);
	vague_zones(&asker);
	resolutions(&asker);
	access_fields(&asker);
	sessions(&asker);
	work(&asker);
	not_derived(&asker);
	clocks(&asker);
	memory_free(asker.table);
}
