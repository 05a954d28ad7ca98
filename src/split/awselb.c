#include "split/awselb.h"

#include "line/access.h"
#include "line/tail.h"

/* The next field of `*rest`, without its quotes; empty with at == NULL at the end. */
static struct span next(struct span *rest)
{
	const char *at = rest->at, *end = rest->at + rest->len, *stop;
	if (!rest->len)
		return SPAN_NONE;
	bool quoted = *at == '"';
	at += quoted;
	stop = quoted ? tail_quote(at, end) : hop_to(at, end, ' ');
	if (!stop)
		stop = end;
	struct span value = {at, (size_t)(stop - at)};
	*rest = span_from(*rest, (size_t)(stop - rest->at) + quoted);
	span_take_byte(rest, ' ');
	return value;
}

static bool is_type(struct span word)
{
	static const char *const types[] = {"http", "https", "h2", "ws", "wss", "grpcs"};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (span_equal(word, span_of(types[i])))
			return true;
	}
	return false;
}

/* Adds a duration in seconds to `*sum`; -1 makes `*known` false. */
static bool add_seconds(struct span value, int64_t *sum, bool *known)
{
	int64_t us;
	if (span_equal(value, SPAN("-1")) || span_equal(value, SPAN("-"))) {
		*known = false;
		return true;
	}
	if (!span_to_duration(value, SECOND_US, &us) || us > DAY_US * 366)
		return false;
	*sum += us;
	return true;
}

static bool set_status(struct span value, struct record *r)
{
	if (access_is_absent(value))
		return true;
	for (size_t i = 0; i < 3; i++) {
		if (value.len != 3 || (unsigned char)(value.at[i] - '0') > 9)
			return false;
	}
	r->status = (value.at[0] - '0') * 100 + (value.at[1] - '0') * 10 + (value.at[2] - '0');
	record_set(r, FIELD_STATUS, value);
	return r->status >= 100;
}

static bool is_count(struct span value)
{
	int64_t n;
	return span_equal(value, SPAN("-")) || (span_to_int(value, &n) && n >= -1);
}

/* What only an Application Load Balancer says, behind the cipher and protocol. */
static void set_application(struct span rest, struct scanner_room *room, struct record *r)
{
	static const struct {
		const char *extra;
		enum field field;
	} fields[] = {
		{"aws.elb.target_group.arn", FIELD_IGNORED}, {NULL, FIELD_REQUEST_ID}, {NULL, FIELD_SERVER}, {NULL, FIELD_IGNORED},
		{"aws.elb.matched_rule_priority", FIELD_IGNORED}, {NULL, FIELD_IGNORED}, {"aws.elb.action_executed", FIELD_IGNORED},
		{"aws.elb.redirect_url", FIELD_IGNORED}, {NULL, FIELD_ERROR_CODE},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields && rest.len; i++) {
		struct span value = next(&rest);
		if (fields[i].field != FIELD_IGNORED)
			access_field(fields[i].field, value, r);
		else if (fields[i].extra && !access_is_absent(value))
			extras_add(room->extras, span_of(fields[i].extra), value);
	}
}

bool awselb_scan(struct span entry, struct scanner_room *room, struct record *r)
{
	struct span rest = entry, word = next(&rest);
	bool application = is_type(word), known = true;
	struct span time = application ? next(&rest) : word;
	struct stamp stamp;
	int64_t sum = 0;
	if (time.len < 20 || time.at[10] != 'T' || stamp_scan(time, &room->stamps, &stamp) != time.len)
		return false;
	struct span name = next(&rest), client = next(&rest), target = next(&rest), waited = next(&rest), answered = next(&rest),
		    sent_in = next(&rest), status = next(&rest), target_status = next(&rest), received = next(&rest), sent = next(&rest);
	if (!rest.len || rest.at[0] != '"' || !client.len || !add_seconds(waited, &sum, &known) || !add_seconds(answered, &sum, &known) ||
	    !add_seconds(sent_in, &sum, &known) || !is_count(received) || !is_count(sent) || !set_status(status, r))
		return false;
	struct span request = next(&rest);
	stamp_apply(&stamp, r);
	record_set(r, FIELD_TIMESTAMP, time);
	access_peer(client, r);
	access_field(FIELD_UPSTREAM_ADDRESS, target, r);
	access_field(FIELD_UPSTREAM_STATUS, target_status, r);
	if (!span_equal(answered, SPAN("-1")))
		access_field(FIELD_UPSTREAM_RESPONSE_TIME, answered, r);
	if (!span_equal(sent, SPAN("-1")))
		access_field(FIELD_BODY_SIZE, sent, r);
	/* "- - - " of a connection without a request */
	if (!span_starts(request, SPAN("- ")))
		access_request(request, r);
	access_field(FIELD_USER_AGENT, next(&rest), r);
	extras_add(room->extras, SPAN("aws.elb.name"), name);
	extras_add(room->extras, SPAN("http.request.size"), received);
	struct span cipher = next(&rest), protocol = next(&rest);
	if (!access_is_absent(cipher))
		extras_add(room->extras, SPAN("tls.cipher"), cipher);
	if (!access_is_absent(protocol))
		extras_add(room->extras, SPAN("tls.protocol"), protocol);
	if (application)
		set_application(rest, room, r);
	if (known) {
		r->duration_us = sum;
		r->time_us += application ? 0 : sum;
	}
	return true;
}
