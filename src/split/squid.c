#include "split/squid.h"

#include "line/access.h"

static struct span next(struct span *rest)
{
	while (span_take_byte(rest, ' '))
		;
	return span_cut(rest, ' ');
}

static bool is_number(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)(s.at[i] - '0') > 9)
			return false;
	}
	return s.len > 0;
}

/* "1525344856.899" */
static bool is_time(struct span s)
{
	return s.len == 14 && s.at[10] == '.' && is_number(span_head(s, 10)) && is_number(span_from(s, 11));
}

/* "TCP_MISS/200" */
static bool set_result(struct span word, struct scanner_room *room, struct record *r)
{
	struct span status = word, code = span_cut(&status, '/');
	if (!code.len || status.len != 3 || !is_number(status))
		return false;
	extras_add(room->extras, SPAN("squid.result_code"), code);
	if (status.at[0] == '0')
		return true;
	r->status = (status.at[0] - '0') * 100 + (status.at[1] - '0') * 10 + (status.at[2] - '0');
	record_set(r, FIELD_STATUS, status);
	return true;
}

bool squid_scan(struct span entry, struct scanner_room *room, struct record *r)
{
	struct span rest = entry, time = next(&rest), took = next(&rest), client = next(&rest), result = next(&rest), size = next(&rest),
		    method = next(&rest), url = next(&rest), user = next(&rest), source = next(&rest), type = next(&rest);
	struct stamp stamp;
	int64_t us;
	if (!is_time(time) || !stamp_parse(time, &room->stamps, &stamp) || !is_number(took) || !is_number(size) ||
	    !set_result(result, room, r) || span_find_byte(source, '/') <= 0 || !method.len)
		return false;
	stamp_apply(&stamp, r);
	record_set(r, FIELD_TIMESTAMP, time);
	if (span_to_duration(took, 1000, &us)) {
		r->duration_us = us;
		record_set(r, FIELD_DURATION, took);
	}
	access_field(FIELD_CLIENT, client, r);
	access_field(FIELD_BODY_SIZE, size, r);
	access_field(FIELD_METHOD, method, r);
	access_field(FIELD_PATH, url, r);
	access_field(FIELD_USER, user, r);
	struct span peer = source, how = span_cut(&peer, '/');
	access_field(FIELD_UPSTREAM_ADDRESS, peer, r);
	extras_add(room->extras, SPAN("squid.hierarchy_code"), how);
	if (!access_is_absent(type))
		extras_add(room->extras, SPAN("http.response.header.content-type"), type);
	return true;
}
