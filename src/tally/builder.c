#include "tally/builder.h"

#include "base/hash.h"
#include "base/memory.h"
#include "split/dialled.h"
#include "split/postgresql.h"
#include "tally/message.h"

/* ---- set up ---- */

static unsigned does_of(const struct signal_kind *kind)
{
	switch (kind->signal->role) {
	case ROLE_SYMPTOM:
		return KIND_FACETS | KIND_EXEMPLARS;
	case ROLE_CHANGE:
		if (!strcmp(kind->signal->name, "db.ready"))
			return KIND_EVENT | KIND_EXEMPLARS | KIND_READY;
		return KIND_EVENT | KIND_EXEMPLARS | (!strcmp(kind->class, "db.starting") ? KIND_STARTING : 0u);
	case ROLE_SESSION_RECEIVED:
		return KIND_RECEIVED;
	case ROLE_SESSION_AUTHORIZED:
		return KIND_AUTHORIZED;
	case ROLE_SESSION_CLOSED:
		return KIND_CLOSED;
	default:
		return KIND_EXEMPLARS;
	}
}

struct part_builder *part_builder_new(const struct signal_set *signals)
{
	struct part_builder *b = memory_new(1, sizeof *b);
	b->signals = signals;
	b->kinds_n = signals ? signal_kinds(signals) : 0;
	b->kinds = memory_new(b->kinds_n, sizeof *b->kinds);
	for (size_t i = 0; i < b->kinds_n; i++) {
		count_init(&b->kinds[i].count, 1, false);
		b->kinds[i].does = does_of(signal_kind(signals, i));
	}
	count_init(&b->requests, 1, false);
	count_init(&b->failed, 1, false);
	count_init(&b->records, 10, false);
	b->at_us = INT64_MIN / 2; /* no stamp lies in its second */
	busy_init(&b->busy);
	latency_init(&b->latency);
	keyed_init(&b->endpoints, LIMIT_ENDPOINTS);
	keyed_init(&b->messages, LIMIT_MESSAGES);
	exemplars_init(&b->exemplars);
	sessions_init(&b->sessions);
	gauges_init(&b->gauges);
	statements_init(&b->statements);
	tail_init(&b->tail);
	return b;
}

unsigned part_share(size_t stream)
{
	return stream < SHARE_WHOLE ? 0 : stream < SHARE_QUARTER ? 2 : 4;
}

void part_builder_share(struct part_builder *b, unsigned share)
{
	b->pool.share = share;
	b->busy.share = share;
	b->latency.share = share;
	b->endpoints.limit >>= share;
	b->endpoints.cells.limit >>= share;
	b->messages.limit >>= share;
	b->messages.cells.limit >>= share;
	b->ids.share = share;
	b->failed_ids.share = share;
	b->distincts.share = share;
	b->exemplars.share = share;
	b->events.share = share;
	b->sessions.cells.limit >>= share;
	b->gauges.sums.share = share;
	b->addresses.share = share;
	b->locks.share = share;
	b->statements.share = share;
	b->statements.sums.share = share;
}

/* ---- one record ---- */

/* `counted`: whether UTC of the stamp is known, as printed or by what the same writer prints elsewhere. */
static void note_zone(struct part_builder *b, const struct record *r, enum stamp_zone counted)
{
	if (!b->record)
		b->zone = r->zone;
	if ((!b->record || (b->zone == STAMP_NONE && !b->zone_text)) && r->zone_text.len && r->zone_text.len <= FACET_BYTES && span_is_utf8(r->zone_text))
		b->zone_text = span_copy(r->zone_text);
	b->zone_printed += r->zone == STAMP_EXPLICIT;
	b->some_unzoned |= counted == STAMP_NONE;
	b->some_zoned |= counted == STAMP_EXPLICIT;
	if (r->headed)
		headed_note(&b->headed, r->headed_us);
	b->yearless |= r->yearless;
	b->dated |= !r->yearless;
	if (!r->untimed && r->resolution_us > b->resolution_us)
		b->resolution_us = r->resolution_us;
}

static uint32_t cut32(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* False when the stamp lies outside of 1970 to 2105. */
static bool find_place(struct part_builder *b, const struct record *r, int64_t time_us, struct place *p)
{
	uint64_t us = (uint64_t)time_us - (uint64_t)b->at_us;
	if (us >= SECOND_US) {
		if (time_us < 0 || time_us > (int64_t)UINT32_MAX * SECOND_US)
			return false;
		b->at_s = (uint32_t)(time_us / SECOND_US);
		b->at_us = b->at_s * SECOND_US;
		us = (uint64_t)(time_us - b->at_us);
	}
	*p = (struct place){b->at_s, (uint32_t)us, cut32(r->line), cut32(r->length), r->offset};
	return true;
}

/* Nothing was said about who it is. */
static bool is_unknown(struct span value)
{
	return !value.len || (value.len == 1 && value.at[0] == '-') ||
	       ((value.at[0] == '[' || value.at[0] == '(') &&
		(span_equal(value, SPAN("[unknown]")) || span_equal(value, SPAN("(nouser)")) ||
		 span_equal(value, SPAN("(nodb)"))));
}

/* The path of "GET /path HTTP/1.1". */
static struct span path_of(const struct record *r)
{
	if (record_has(r, FIELD_PATH))
		return r->field[FIELD_PATH];
	struct span request = record_get(r, FIELD_REQUEST);
	span_cut(&request, ' ');
	return span_cut(&request, ' ');
}

static void add_client(struct part_builder *b, const struct place *p, struct span client, bool access, bool failed)
{
	if (!b->clients)
		b->clients = top_new();
	uint64_t hash = hash_bytes(client);
	struct top_key *key = top_add(b->clients, client, hash);
	if (!access)
		return;
	/* a client that is counted was sampled in this hour before: the note saves the search */
	uint32_t hour = p->second / 3600 + 1;
	if (key->hour != hour) {
		key->hour = hour;
		sample_client(&b->distincts, p->second, hash, false);
	}
	if (failed && key->failed_hour != hour) {
		key->failed_hour = hour;
		sample_client(&b->distincts, p->second, hash, true);
	}
}

static void add_access(struct part_builder *b, const struct place *p, int64_t time_us, const struct record *r)
{
	bool failed = r->status >= 500 && r->status <= 599, slow = r->duration_us >= SECOND_US;
	count_add(&b->pool, &b->requests, p);
	if (failed)
		count_add(&b->pool, &b->failed, p);
	if (r->duration_us >= 0) {
		busy_add(&b->busy, time_us, r->duration_us);
		latency_add(&b->latency, p->second, bucket_of(r->duration_us));
	}
	struct span path = path_of(r);
	if (path.len)
		keyed_count(&b->endpoints, keyed_path_slot(&b->endpoints, path, p), p->second, failed, slow);
}

/* The backend that wrote the record: its pid, or the second half of a session id (%c: start time and pid, in
 * hexadecimal). */
static bool pid_of(const struct record *r, int64_t *pid)
{
	if (record_has(r, FIELD_PID))
		return span_to_int(r->field[FIELD_PID], pid) && *pid >= 0;
	struct span session = record_get(r, FIELD_SESSION);
	ptrdiff_t dot = span_find_byte(session, '.');
	if (dot < 0 || session.len - (size_t)dot > 16)
		return false;
	*pid = 0;
	for (size_t i = (size_t)dot + 1; i < session.len; i++) {
		char c = session.at[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
		if (digit < 0)
			return false;
		*pid = *pid * 16 + digit;
	}
	return session.len > (size_t)dot + 1;
}

static void add_request_id(struct part_builder *b, const struct place *p, int64_t time_us, const struct record *r, uint64_t hash,
			   int64_t duration_us)
{
	sample_id(&b->ids, p->second, hash, time_us, duration_us);
	if ((r->status >= 500 && r->status <= 599) || r->severity >= SEVERITY_ERROR)
		sample_id(&b->failed_ids, p->second, hash, time_us, duration_us);
}

/* One kind of id in a file: what its first record with any has. */
static void add_id(struct part_builder *b, const struct place *p, int64_t time_us, const struct record *r, bool has_pid,
		   int64_t pid)
{
	struct span id = record_get(r, FIELD_REQUEST_ID);
	bool is_request = !is_unknown(id);
	if (!is_request && !has_pid)
		return;
	int64_t duration_us = r->duration_us < 365 * DAY_US ? r->duration_us : 365 * DAY_US;
	if (!b->ids_known) {
		b->ids_known = true;
		b->ids_are_requests = is_request;
	}
	if (is_request && b->ids_are_requests)
		add_request_id(b, p, time_us, r, hash_bytes(id), duration_us);
	else if (has_pid && !b->ids_are_requests)
		/* mixed twice: pids and seconds are small numbers */
		sample_id(&b->ids, p->second,
			  hash_pair(hash_mix((uint64_t)pid ^ 0xA0761D6478BD642Fu, 0x9E3779B97F4A7C15u), p->second),
			  time_us, duration_us);
}

static struct facet_value *facet_of(struct facets *f, size_t most, int which, struct span value)
{
	value = span_head(value, FACET_BYTES);
	struct text clean = {0};
	if (!span_is_utf8(value)) {
		text_append_utf8(&clean, value);
		value = text_span(&clean);
	}
	uint64_t hash = hash_bytes(value);
	struct facet_value *values = f->values[which];
	size_t i = f->last[which];
	if (i >= f->n[which] || values[i].hash != hash || !span_equal(span_of(values[i].value), value))
		for (i = 0; i < f->n[which]; i++)
			if (values[i].hash == hash && span_equal(span_of(values[i].value), value))
				break;
	if (i == f->n[which]) {
		if (i < most && !span_equal(value, SPAN("other"))) {
			f->n[which]++;
		} else {
			i = LIMIT_FACETS;
			value = SPAN("other");
		}
		if (!values[i].value) {
			values[i].value = span_copy(value);
			values[i].hash = hash;
			count_init(&values[i].count, 1, true);
		}
	}
	f->last[which] = i;
	text_release(&clean);
	return &values[i];
}

static void add_facet(struct part_builder *b, struct kind_state *k, int which, struct span value, const struct place *p)
{
	if (is_unknown(value))
		return;
	if (!k->facets)
		k->facets = memory_new(1, sizeof *k->facets);
	size_t most = (size_t)LIMIT_FACETS >> b->pool.share / 2; /* few users fill a small share */
	count_add(&b->pool, &facet_of(k->facets, most, which, value)->count, p);
}

static void add_session(struct part_builder *b, unsigned does, const struct place *p, const struct record *r,
			int64_t pid)
{
	if (does & KIND_RECEIVED)
		sessions_received(&b->sessions, pid, r);
	if (does & KIND_AUTHORIZED)
		sessions_authorized(&b->sessions, pid, p->second, r);
	if (does & KIND_CLOSED)
		sessions_closed(&b->sessions, pid, p->second, r);
}

/* Counts the record under its kinds; returns what they do together. */
static unsigned add_kinds(struct part_builder *b, const struct place *p, int64_t time_us, const struct record *r,
			  const uint16_t *kinds, size_t n)
{
	unsigned all = 0;
	struct span focus = record_get(r, record_has(r, FIELD_ERROR_MESSAGE) ? FIELD_ERROR_MESSAGE : FIELD_MESSAGE);
	for (size_t i = 0; i < n; i++) {
		if (kinds[i] >= b->kinds_n)
			continue;
		struct kind_state *k = &b->kinds[kinds[i]];
		all |= k->does;
		count_add(&b->pool, &k->count, p);
		if (k->does & KIND_FACETS) {
			add_facet(b, k, FACET_USER - FACET_USER, record_get(r, FIELD_USER), p);
			add_facet(b, k, FACET_DATABASE - FACET_USER, record_get(r, FIELD_DATABASE), p);
		}
		if (k->does & KIND_EXEMPLARS)
			exemplars_add(&b->exemplars, kinds[i], p, time_us, r->raw, focus);
		if (k->does & KIND_EVENT)
			events_add(&b->events, signal_kind(b->signals, kinds[i]), p, time_us, r);
		if (k->does & KIND_STARTING)
			sessions_starting(&b->sessions, p->second);
		if (k->does & KIND_READY)
			sessions_ready(&b->sessions, p->second);
	}
	return all;
}

/* Records whose message is worth a signature: those that fail (WARN or worse); of the others those that mean something
 * or have no level (foreign formats), but never access records and the coming and going of sessions, which are most of
 * a log and alike. */
static bool tells_something(const struct record *r, unsigned does, size_t kinds_n)
{
	if (r->status >= 200 && r->status <= 399)
		return false;
	if (r->severity >= SEVERITY_WARN)
		return true;
	if (r->status || does & KIND_SESSION)
		return false;
	return kinds_n || r->severity == SEVERITY_UNKNOWN;
}

/* Whom the message says that it called. Wordings that name nobody are remembered by their signature's slot. */
static void add_dialled(struct part_builder *b, const struct place *p, const struct record *r, struct span message, uint32_t slot)
{
	struct dialled d;
	uint64_t *word = &b->nameless[slot / 64], bit = UINT64_C(1) << slot % 64;
	if (*word & bit)
		return;
	if (dialled_upstream(message, &d))
		addresses_add_pair(&b->addresses, ADDRESS_UPSTREAM, p, d.host, d.port, r->severity >= SEVERITY_ERROR);
	else
		*word |= bit;
}

static void add_message(struct part_builder *b, enum tier tier, const struct place *p, const struct record *r)
{
	struct span message = message_of(r, &b->joined);
	uint32_t slot;
	if (!message.len || !keyed_message_slot(&b->messages, message, p, (uint8_t)r->severity, &slot))
		return;
	keyed_count(&b->messages, slot, p->second, false, false);
	if ((tier == TIER_APP || tier == TIER_UNKNOWN) && !record_has(r, FIELD_UPSTREAM_ADDRESS))
		add_dialled(b, p, r, message, slot);
}

/* What the fields say of the writer's own address and of the one that it called; of a start, where it listens. */
static __attribute__((noinline)) void add_addresses(struct part_builder *b, enum tier tier, const struct place *p, const struct record *r, unsigned does, bool failed)
{
	struct span upstream = record_get(r, FIELD_UPSTREAM_ADDRESS), peer = record_get(r, FIELD_PEER_ADDRESS);
	struct dialled d;
	if (!is_unknown(peer))
		addresses_add_pair(&b->addresses, ADDRESS_UPSTREAM, p, peer, record_get(r, FIELD_PEER_PORT), failed);
	else if (!is_unknown(upstream))
		addresses_add(&b->addresses, ADDRESS_UPSTREAM, p, upstream, failed);
	if (record_has(r, FIELD_LOCAL_ADDRESS) && !is_unknown(r->field[FIELD_LOCAL_ADDRESS]))
		addresses_add_pair(&b->addresses, ADDRESS_LOCAL, p, r->field[FIELD_LOCAL_ADDRESS], record_get(r, FIELD_LOCAL_PORT), failed);
	else if (does & KIND_EVENT && (tier == TIER_APP || tier == TIER_UNKNOWN) && dialled_listening(record_get(r, FIELD_MESSAGE), &d))
		addresses_add_pair(&b->addresses, ADDRESS_LOCAL, p, d.host, d.port, failed);
}

/* What only databases tell. `pid` -1: unknown. */
static void add_database(struct part_builder *b, const struct place *p, int64_t time_us, const struct record *r, int64_t pid)
{
	struct span sql = record_get(r, FIELD_STATEMENT);
	if (r->duration_us >= 0 && sql.len)
		statements_add(&b->statements, p, sql, r->duration_us);
	/* A record of another kind ends what is open of its process. */
	if (b->locks.open_n || postgresql_may_be_lock(record_get(r, FIELD_MESSAGE)))
		lockwaits_add(&b->locks, &b->sessions, p, time_us, r, pid);
}

static void add(struct part_builder *b, enum tier tier, const struct record *r, const uint16_t *kinds, size_t kinds_n)
{
	bool moved = unzoned_is(&b->unzoned, r);
	note_zone(b, r, moved ? STAMP_EXPLICIT : r->zone);
	int64_t time_us = r->yearless ? segments_year(&b->segments, r->time_us) : r->time_us;
	time_us -= moved ? b->unzoned.offset_us : 0;
	struct place p;
	uint64_t record = b->record++;
	if (!find_place(b, r, time_us, &p)) {
		b->implausible++;
		return;
	}
	segments_add(&b->segments, time_us, record);
	tail_note(&b->tail, &p, time_us, r);
	if (!count_add(&b->pool, &b->records, &p))
		b->implausible++;
	bool access = r->status != 0, failed = r->status >= 500 && r->status <= 599;
	if (access)
		add_access(b, &p, time_us, r);
	struct span client = span_head(record_get(r, FIELD_CLIENT), TOP_KEY_BYTES);
	if (!is_unknown(client))
		add_client(b, &p, client, access, failed);
	struct span user = span_head(record_get(r, FIELD_USER), TOP_KEY_BYTES);
	if (!is_unknown(user)) {
		if (!b->users)
			b->users = top_new();
		top_add(b->users, user, hash_bytes(user));
	}
	int64_t pid = -1;
	bool has_pid = (tier == TIER_DB || tier == TIER_POOL) && pid_of(r, &pid);
	add_id(b, &p, time_us, r, has_pid, pid);
	unsigned does = kinds_n ? add_kinds(b, &p, time_us, r, kinds, kinds_n) : 0;
	if (has_pid && does & KIND_SESSION)
		add_session(b, does, &p, r, pid);
	if (has_pid && r->severity >= SEVERITY_FATAL)
		sessions_fatal(&b->sessions, pid, p.second);
	if (r->metrics)
		gauges_add(&b->gauges, &p, r);
	const uint64_t upstream = UINT64_C(1) << FIELD_UPSTREAM_ADDRESS, own = UINT64_C(1) << FIELD_LOCAL_ADDRESS | UINT64_C(1) << FIELD_PEER_ADDRESS;
	if (r->has & (upstream | own) || does & KIND_EVENT) {
		bool bad = failed || r->severity >= SEVERITY_ERROR;
		if (r->has & own || !addresses_again(&b->addresses, record_get(r, FIELD_UPSTREAM_ADDRESS), bad))
			add_addresses(b, tier, &p, r, does, bad);
	}
	if (tier == TIER_DB)
		add_database(b, &p, time_us, r, has_pid ? pid : -1);
	if (tells_something(r, does, kinds_n))
		add_message(b, tier, &p, r);
}

void builder_flush(struct part_builder *b)
{
	b->pending_over = true;
	for (size_t i = 0; i < b->pending.n; i++) {
		const struct pending_record *kept = &b->pending.records[i];
		add(b, kept->tier, &kept->record, kept->kinds, kept->kinds_n);
	}
	pending_release(&b->pending);
}

void part_builder_add(struct part_builder *b, enum tier tier, const struct record *r, const uint16_t *kinds,
		      size_t kinds_n)
{
	if (!r->yearless)
		b->segments.dated_us = r->time_us;
	unzoned_note(&b->unzoned, r);
	if (!b->pending_over) {
		/* A database's records do not wait: what is attached to them comes next, and its prefix prints a zone or never does. */
		bool waits = r->yearless || (r->zone == STAMP_NONE && tier != TIER_DB);
		if (waits && pending_keep(&b->pending, tier, r, kinds, kinds_n))
			return;
		builder_flush(b);
	}
	add(b, tier, r, kinds, kinds_n);
}

void part_builder_attach(struct part_builder *b, const struct record *attachment)
{
	int64_t pid;
	lockwaits_attach(&b->locks, &b->sessions, attachment, pid_of(attachment, &pid) ? pid : -1);
}

void part_builder_head(struct part_builder *b, const struct file_edge *head)
{
	struct text masked = {0};
	b->head = (struct file_edge){.at_us = INSTANT_NONE, .line = head->line, .length = head->length, .offset = head->offset};
	b->head.text = edge_text(span_of(head->text), &masked);
	text_release(&masked);
}
