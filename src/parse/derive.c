#include "parse/derive.h"

#include "line/access.h"
#include "line/exception.h"
#include "line/pairs.h"
#include "split/pgbouncer.h"
#include "split/postgresql.h"

/* pino and bunyan count in tens, custom levels lie between; syslog counts down (RFC 5424 section 6.2.1). */
static enum severity numbered_severity(enum format_scale scale, int64_t number)
{
	static const enum severity syslog[] = {SEVERITY_FATAL, SEVERITY_ALERT,  SEVERITY_CRITICAL, SEVERITY_ERROR,
					       SEVERITY_WARN,  SEVERITY_NOTICE, SEVERITY_INFO,     SEVERITY_DEBUG};
	if (scale == SCALE_SYSLOG)
		return number >= 0 && number < 8 ? syslog[number] : SEVERITY_UNKNOWN;
	if (scale != SCALE_PINO || number < 10 || number > 60)
		return SEVERITY_UNKNOWN;
	return number < 20 ? SEVERITY_TRACE : number < 30 ? SEVERITY_DEBUG : number < 40 ? SEVERITY_INFO :
	       number < 50 ? SEVERITY_WARN : number < 60 ? SEVERITY_ERROR : SEVERITY_FATAL;
}

static void derive_severity(const struct meaning *f, struct record *r)
{
	struct span word = record_get(r, FIELD_SEVERITY);
	int64_t number;
	if (!word.len || r->severity) /* a scanner knows what its own marks mean */
		return;
	if (f->scale != SCALE_NONE && (unsigned char)(word.at[0] - '0') < 10 && span_to_int(word, &number))
		r->severity = numbered_severity(f->scale, number);
	else
		r->severity = severity_of(word);
}

/* Fields that were printed but say nothing. */
static void drop_absent(struct record *r)
{
	for (uint64_t bits = r->has; bits; bits &= bits - 1) {
		enum field field = (enum field)__builtin_ctzll(bits);
		if (field != FIELD_MESSAGE && access_is_absent(r->field[field]))
			record_unset(r, field);
	}
}

static void derive_status(struct record *r)
{
	int64_t status;
	if (span_to_int(record_get(r, FIELD_STATUS), &status) && status >= 100 && status <= 999)
		r->status = (int)status;
}

static void derive_duration(const struct meaning *f, struct record *r)
{
	if (!record_has(r, FIELD_DURATION) || r->duration_us >= 0) /* a scanner set it */
		return;
	int64_t us;
	if (f->duration_ns && span_to_int(record_get(r, FIELD_DURATION), &us) && us >= 0)
		r->duration_us = us / 1000;
	else if (pairs_duration(record_get(r, FIELD_DURATION), f->duration_unit_us, &us))
		r->duration_us = us;
	else
		record_unset(r, FIELD_DURATION);
}

void derive_exception(struct record *r)
{
	struct exception e = {SPAN_NONE, SPAN_NONE, SPAN_NONE};
	if (record_has(r, FIELD_ERROR_TYPE) && record_has(r, FIELD_ERROR_MESSAGE))
		return;
	/* Or the entry's first line says it, and what follows are its frames. */
	struct span message = record_get(r, FIELD_MESSAGE);
	if (!exception_last(record_get(r, FIELD_STACK), &e) && !exception_of_first(span_cut(&message, '\n'), &e))
		return;
	if (!record_has(r, FIELD_ERROR_TYPE))
		record_set(r, FIELD_ERROR_TYPE, e.type);
	if (!record_has(r, FIELD_ERROR_MESSAGE) && e.message.len)
		record_set(r, FIELD_ERROR_MESSAGE, e.message);
	if (!record_has(r, FIELD_ERROR_CODE) && e.code.len)
		record_set(r, FIELD_ERROR_CODE, e.code);
}

/* csvlog's connection_from: "127.0.0.1:32852", "::1:32852", "[local]". The other formats print the port apart, when there is one. */
static void split_client(struct record *r)
{
	struct span client = record_get(r, FIELD_CLIENT);
	size_t digits = 0;
	while (digits < client.len && (unsigned char)(client.at[client.len - 1 - digits] - '0') < 10)
		digits++;
	if (!digits || digits + 1 >= client.len || client.at[client.len - 1 - digits] != ':' ||
	    record_has(r, FIELD_CLIENT_PORT))
		return;
	record_set(r, FIELD_CLIENT, span_head(client, client.len - 1 - digits));
	record_set(r, FIELD_CLIENT_PORT, span_from(client, client.len - digits));
}

static void derive_postgresql(struct record *r)
{
	if (r->severity == SEVERITY_UNKNOWN)
		r->severity = postgresql_severity(record_get(r, FIELD_SEVERITY));
	if (record_has(r, FIELD_CLIENT))
		split_client(r);
	static const enum field names[] = {FIELD_USER, FIELD_DATABASE, FIELD_APPLICATION};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (record_has(r, names[i]) && !postgresql_is_value(r->field[names[i]]))
			record_unset(r, names[i]);
	}
	postgresql_message(r);
}

enum parse_result derive(const struct meaning *f, struct stamp_cache *stamps, bool carried, struct record *r)
{
	drop_absent(r);
	if (f->requires_any && !(r->has & f->requires_any))
		return PARSE_NO;
	if (!r->resolution_us) { /* else a scanner set the time */
		struct stamp stamp;
		if (stamp_parse(record_get(r, FIELD_TIMESTAMP), stamps, &stamp))
			stamp_apply(&stamp, r);
		else if (!carried)
			return PARSE_NOT_TIME;
	}
	derive_severity(f, r);
	if (record_has(r, FIELD_STATUS))
		derive_status(r);
	derive_duration(f, r);
	access_last_upstream(r);
	if (record_has(r, FIELD_REQUEST) && !record_has(r, FIELD_METHOD) && !record_has(r, FIELD_PATH))
		access_request(record_get(r, FIELD_REQUEST), r);
	if (f->message == MESSAGE_POSTGRESQL)
		derive_postgresql(r);
	else if (f->message == MESSAGE_PGBOUNCER)
		pgbouncer_message(r);
	else if (f->message == MESSAGE_PAIRS)
		pairs_scan(record_get(r, FIELD_MESSAGE), r);
	if (record_has(r, FIELD_STACK))
		derive_exception(r);
	return r->resolution_us ? PARSE_OK : PARSE_NOT_TIME;
}
