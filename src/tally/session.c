#include "tally/session.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "split/postgresql.h"

enum { OTHER = LIMIT_FACETS };

void sessions_init(struct sessions *s)
{
	*s = (struct sessions){0};
	cells_init(&s->cells, cells_seconds, LIMIT_CELLS);
}

/* ---- keys ---- */

/* What PostgreSQL and PgBouncer print when they do not know yet. */
static bool is_unknown(struct span value)
{
	return !value.len || span_equal(value, SPAN("[unknown]")) || span_equal(value, SPAN("-"));
}

/* Where the number of the key of this hash and text stands, or belongs. */
static uint8_t *key_place(struct sessions *s, enum holder dimension, struct span value, uint64_t hash)
{
	size_t i = hash % SESSION_KEY_TABLE;
	for (; s->key_table[dimension][i]; i = (i + 1) % SESSION_KEY_TABLE) {
		const struct session_key *k = &s->keys[dimension][s->key_table[dimension][i] - 1];
		if (k->hash == hash && span_equal(span_of(k->key), value))
			break;
	}
	return &s->key_table[dimension][i];
}

/* The number of a key that is not in the table as it stands in the file. */
static uint16_t key_new(struct sessions *s, enum holder dimension, struct span value)
{
	struct text clean = {0};
	if (!span_is_utf8(value)) {
		text_append_utf8(&clean, value);
		value = text_span(&clean);
	}
	uint64_t hash = hash_bytes(value);
	uint8_t *place = key_place(s, dimension, value, hash);
	struct session_key *keys = s->keys[dimension];
	size_t i = OTHER;
	if (*place) {
		i = *place - 1u;
	} else if (s->keys_n[dimension] < LIMIT_FACETS && !span_equal(value, SPAN("other"))) {
		i = s->keys_n[dimension]++;
		keys[i].key = span_copy(value);
		keys[i].hash = hash;
		*place = (uint8_t)(i + 1);
	} else if (!keys[i].key) {
		keys[i].key = span_copy(SPAN("other"));
	}
	text_release(&clean);
	return (uint16_t)i;
}

static uint16_t key_of(struct sessions *s, enum holder dimension, struct span value)
{
	value = is_unknown(value) ? SPAN("") : span_head(value, SESSION_KEY_BYTES);
	uint8_t number = *key_place(s, dimension, value, hash_bytes(value));
	return number ? (uint16_t)(number - 1) : key_new(s, dimension, value);
}

/* "10.0.0.7:5432", "10.0.0.7(5432)" (%r) without the port; an IPv6 address in brackets keeps its colons. */
static struct span without_port(struct span host)
{
	ptrdiff_t paren = span_find_byte(host, '(');
	if (paren > 0)
		return span_head(host, (size_t)paren);
	ptrdiff_t colon = span_find_byte(host, ':');
	if (colon > 0 && span_find_byte(span_from(host, (size_t)colon + 1), ':') < 0)
		return span_head(host, (size_t)colon);
	return host;
}

/* The message is surer than the prefix, whose layout may have been learned from the lines. */
static uint16_t holder_of(struct sessions *s, enum holder dimension, struct span said, const struct record *r)
{
	static const enum field fields[HOLDER_COUNT] = {
		[HOLDER_USER] = FIELD_USER,
		[HOLDER_DATABASE] = FIELD_DATABASE,
		[HOLDER_APPLICATION] = FIELD_APPLICATION,
		[HOLDER_HOST] = FIELD_CLIENT,
	};
	if (is_unknown(said)) {
		said = record_get(r, fields[dimension]);
		if (dimension == HOLDER_HOST)
			said = without_port(said);
	}
	return key_of(s, dimension, said);
}

/* Whose the session is, but for the host when that is known already. */
static void note_holders(struct sessions *s, struct session *session, const struct record *r, bool host_known)
{
	struct span said[POSTGRESQL_SAID];
	postgresql_session(record_get(r, FIELD_MESSAGE), said);
	session->key[HOLDER_USER] = holder_of(s, HOLDER_USER, said[POSTGRESQL_USER], r);
	session->key[HOLDER_DATABASE] = holder_of(s, HOLDER_DATABASE, said[POSTGRESQL_DATABASE], r);
	session->key[HOLDER_APPLICATION] = holder_of(s, HOLDER_APPLICATION, said[POSTGRESQL_APPLICATION], r);
	if (!host_known)
		session->key[HOLDER_HOST] = holder_of(s, HOLDER_HOST, said[POSTGRESQL_HOST], r);
}

/* ---- pids ---- */

static size_t home_of(int64_t pid)
{
	return (size_t)((uint64_t)pid * 0x9E3779B97F4A7C15u >> 32) & (SESSION_TABLE - 1);
}

static struct session *find(const struct sessions *s, int64_t pid)
{
	if (!s->sessions)
		return NULL;
	for (size_t i = home_of(pid); s->table[i]; i = (i + 1) & (SESSION_TABLE - 1))
		if (s->sessions[s->table[i] - 1].pid == pid)
			return &s->sessions[s->table[i] - 1];
	return NULL;
}

/* Linear probing without tombstones (Knuth, 6.4, algorithm R). */
static void table_remove(struct sessions *s, uint32_t number)
{
	size_t hole = home_of(s->sessions[number].pid);
	while (s->table[hole] != number + 1)
		hole = (hole + 1) & (SESSION_TABLE - 1);
	for (size_t i = hole;;) {
		s->table[hole] = 0;
		size_t home;
		do {
			i = (i + 1) & (SESSION_TABLE - 1);
			if (!s->table[i])
				return;
			home = home_of(s->sessions[s->table[i] - 1].pid);
		} while (((i - home) & (SESSION_TABLE - 1)) < ((i - hole) & (SESSION_TABLE - 1)));
		s->table[hole] = s->table[i];
		hole = i;
	}
}

static void forget(struct sessions *s, struct session *session)
{
	uint32_t number = (uint32_t)(session - s->sessions);
	table_remove(s, number);
	session->state = SESSION_FREE;
	s->spare[s->spare_n++] = number;
}

static void forget_all(struct sessions *s)
{
	memset(s->table, 0, SESSION_TABLE * sizeof *s->table);
	s->spare_n = LIMIT_SESSION_PIDS;
	for (uint32_t i = 0; i < LIMIT_SESSION_PIDS; i++) {
		s->sessions[i].state = SESSION_FREE;
		s->spare[i] = LIMIT_SESSION_PIDS - 1 - i;
	}
	s->next = 0;
}

static struct session *make(struct sessions *s, int64_t pid)
{
	if (!s->sessions) {
		s->sessions = memory_new(LIMIT_SESSION_PIDS, sizeof *s->sessions);
		s->table = memory_new(SESSION_TABLE, sizeof *s->table);
		s->spare = memory_new(LIMIT_SESSION_PIDS, sizeof *s->spare);
		s->waiting = memory_new(SESSION_WAITING, sizeof *s->waiting);
		forget_all(s);
	}
	struct session *session = find(s, pid);
	if (session)
		return session;
	if (!s->spare_n) { /* the oldest of a full circle; more open connections than any server has */
		forget(s, &s->sessions[s->next]);
		s->next = (s->next + 1) % LIMIT_SESSION_PIDS;
	}
	uint32_t number = s->spare[--s->spare_n];
	session = &s->sessions[number];
	*session = (struct session){.pid = pid};
	size_t i = home_of(pid);
	while (s->table[i])
		i = (i + 1) & (SESSION_TABLE - 1);
	s->table[i] = number + 1;
	return session;
}

/* Remembers a backend that is not open for as long as SESSION_WAITING others come. */
static void wait_for(struct sessions *s, struct session *session)
{
	int64_t *place = &s->waiting[s->waiting_n++ % SESSION_WAITING];
	struct session *old = s->waiting_n > SESSION_WAITING && *place != session->pid ? find(s, *place) : NULL;
	*place = session->pid;
	if (old && old->state != SESSION_OPEN)
		forget(s, old);
}

/* ---- changes ---- */

static void settle(struct sessions *s, int dimension, size_t key)
{
	struct session_key *k = &s->keys[dimension][key];
	if (k->changed)
		cells_at(&s->cells, (uint32_t)dimension * (LIMIT_FACETS + 1) + (uint32_t)key, k->at_s)->n += k->change;
	k->change = 0;
	k->changed = false;
}

/* Nearly all connections of a second have the same user, database and application: they are summed up before they
 * become a cell. */
static void change(struct sessions *s, int dimension, uint16_t key, uint32_t second, int64_t delta)
{
	struct session_key *k = &s->keys[dimension][key];
	k->open += delta;
	if (second - k->at_s >= s->cells.width_s) { /* wraps for an earlier second, and is then large */
		settle(s, dimension, key);
		k->at_s = second - second % s->cells.width_s;
	}
	k->change += (uint32_t)delta;
	k->changed = true;
}

static void change_all(struct sessions *s, const struct session *session, uint32_t second, int64_t delta)
{
	for (int dimension = 0; dimension < HOLDER_COUNT; dimension++)
		change(s, dimension, session->key[dimension], second, delta);
}

void sessions_received(struct sessions *s, int64_t pid, const struct record *r)
{
	/* The host is all that this line knows. An open session of the same pid stays until "authorized" replaces it.
	 */
	struct session *session = make(s, pid);
	if (session->state == SESSION_OPEN)
		return;
	session->state = SESSION_RECEIVED;
	struct span said[POSTGRESQL_SAID];
	postgresql_session(record_get(r, FIELD_MESSAGE), said);
	session->key[HOLDER_HOST] = holder_of(s, HOLDER_HOST, said[POSTGRESQL_HOST], r);
	wait_for(s, session);
}

void sessions_authorized(struct sessions *s, int64_t pid, uint32_t second, const struct record *r)
{
	struct session *session = make(s, pid);
	if (session->state == SESSION_OPEN) /* its end was not logged, and its number was given again */
		change_all(s, session, second, -1);
	note_holders(s, session, r, session->state == SESSION_RECEIVED);
	session->state = SESSION_OPEN;
	change_all(s, session, second, 1);
}

void sessions_closed(struct sessions *s, int64_t pid, uint32_t second, const struct record *r)
{
	struct session *session = find(s, pid);
	if (session && session->state != SESSION_RECEIVED) {
		if (session->state == SESSION_OPEN)
			change_all(s, session, second, -1);
		forget(s, session);
		return;
	}
	if (session)
		forget(s, session);
	struct session unseen;
	note_holders(s, &unseen, r, false);
	for (int dimension = 0; dimension < HOLDER_COUNT; dimension++) {
		s->keys[dimension][unseen.key[dimension]].before++;
		s->keys[dimension][unseen.key[dimension]].open++;
	}
	change_all(s, &unseen, second, -1);
}

void sessions_fatal(struct sessions *s, int64_t pid, uint32_t second)
{
	struct session *session = find(s, pid);
	if (!session)
		return;
	if (session->state == SESSION_OPEN)
		change_all(s, session, second, -1);
	session->state = SESSION_REFUSED;
	wait_for(s, session);
}

static void reset(struct sessions *s, uint32_t second)
{
	for (int dimension = 0; dimension < HOLDER_COUNT; dimension++)
		for (uint16_t key = 0; key <= OTHER; key++)
			if (s->keys[dimension][key].open)
				change(s, dimension, key, second, -s->keys[dimension][key].open);
	if (s->sessions)
		forget_all(s);
	s->resets++;
}

void sessions_starting(struct sessions *s, uint32_t second)
{
	reset(s, second);
	s->starting = true;
}

void sessions_ready(struct sessions *s, uint32_t second)
{
	if (!s->starting)
		reset(s, second);
	s->starting = false;
}

bool sessions_who(const struct sessions *s, int64_t pid, struct span who[HOLDER_COUNT])
{
	const struct session *session = find(s, pid);
	for (int dimension = 0; dimension < HOLDER_COUNT; dimension++) {
		/* "connection received" tells the host alone */
		bool known = session && (session->state != SESSION_RECEIVED || dimension == HOLDER_HOST);
		who[dimension] = known ? span_of(s->keys[dimension][session->key[dimension]].key) : SPAN_NONE;
	}
	return session != NULL;
}

static int by_key(const void *left, const void *right)
{
	const struct session_series *a = left, *b = right;
	if (a->dimension != b->dimension)
		return a->dimension < b->dimension ? -1 : 1;
	return span_compare(span_of(a->key), span_of(b->key));
}

struct session_series *sessions_freeze(struct sessions *s, uint32_t from_s, uint32_t to_s, size_t *n)
{
	size_t cells_n, to = 0, at = 0, cap = 0;
	for (int dimension = 0; dimension < HOLDER_COUNT; dimension++)
		for (size_t key = 0; key <= OTHER; key++)
			settle(s, dimension, key);
	const struct cell *cells = cells_by_slot(&s->cells, &cells_n);
	struct session_series *out = NULL;
	for (uint32_t slot = 0; slot < HOLDER_COUNT * (LIMIT_FACETS + 1); slot++) {
		size_t start = at;
		while (at < cells_n && cells[at].slot == slot)
			at++;
		const struct session_key *key = &s->keys[slot / (LIMIT_FACETS + 1)][slot % (LIMIT_FACETS + 1)];
		if (!key->key)
			continue;
		out = memory_grow(out, &cap, to + 1, sizeof *out); /* most files have none */
		struct session_series *made = &out[to];
		*made = (struct session_series){.dimension = (enum holder)(slot / (LIMIT_FACETS + 1)),
						.before = key->before,
						.cells = memory_new(at - start, sizeof *made->cells)};
		for (size_t i = start; i < at; i++)
			if (cells[i].n && cells[i].start_s >= from_s && cells[i].start_s <= to_s)
				made->cells[made->n++] = (struct session_cell){cells[i].start_s, (int32_t)cells[i].n};
		if (!made->n && !made->before) {
			memory_free(made->cells);
			continue;
		}
		made->key = span_copy(span_of(key->key));
		to++;
	}
	if (to)
		qsort(out, to, sizeof *out, by_key);
	*n = to;
	return out;
}

void sessions_release(struct sessions *s)
{
	for (int dimension = 0; dimension < HOLDER_COUNT; dimension++)
		for (size_t key = 0; key <= OTHER; key++)
			memory_free(s->keys[dimension][key].key);
	memory_free(s->sessions);
	memory_free(s->table);
	memory_free(s->spare);
	memory_free(s->waiting);
	cells_release(&s->cells);
	*s = (struct sessions){0};
}
