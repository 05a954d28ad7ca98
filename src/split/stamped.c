#include "split/stamped.h"

#include "split/origin.h"
#include "split/stampfind.h"
#include "split/stamphead.h"

static bool scan(struct span line, enum date_order order, struct scanner_room *room, struct record *r)
{
	struct stampfind found;
	if (stampfind_scan(line, order, &room->stamps, &found) != STAMPFIND_FOUND || found.numeric != (order != DATE_ORDER_UNKNOWN))
		return false;
	stamp_apply(&found.stamp, r);
	record_set(r, FIELD_TIMESTAMP, (struct span){line.at + found.at, found.len});
	stamphead_scan(line, found.at, found.len, r);
	if (room->extras)
		origin_extras(record_get(r, FIELD_MESSAGE), room->extras);
	return true;
}

bool stamped_scan(struct span line, struct scanner_room *room, struct record *r)
{
	return scan(line, DATE_ORDER_UNKNOWN, room, r);
}

bool stamped_american_scan(struct span line, struct scanner_room *room, struct record *r)
{
	return scan(line, DATE_MONTH_FIRST, room, r);
}

bool stamped_european_scan(struct span line, struct scanner_room *room, struct record *r)
{
	return scan(line, DATE_DAY_FIRST, room, r);
}

bool hadoop_scan(struct span line, struct scanner_room *room, struct record *r)
{
	(void)room;
	enum { STAMP_LEN = 17 };
	struct stamp stamp;
	if (line.len < STAMP_LEN + 4 || line.at[2] != '/' || line.at[5] != '/' || line.at[8] != ' ' || line.at[STAMP_LEN] != ' ' ||
	    stamp_scan_ordered(span_head(line, STAMP_LEN), DATE_YEAR_FIRST, &stamp) != STAMP_LEN)
		return false;
	struct span rest = span_from(line, STAMP_LEN + 1), level = span_cut(&rest, ' ');
	while (span_take_byte(&rest, ' '))
		;
	ptrdiff_t colon = span_find(rest, SPAN(": "));
	if (!severity_of(level) || level.len < 4 || colon <= 0)
		return false;
	struct span logger = span_head(rest, (size_t)colon);
	if (span_find_byte(logger, ' ') >= 0)
		return false;
	stamp_apply(&stamp, r);
	record_set(r, FIELD_TIMESTAMP, span_head(line, STAMP_LEN));
	record_set(r, FIELD_SEVERITY, level);
	record_set(r, FIELD_LOGGER, logger);
	record_set(r, FIELD_MESSAGE, span_from(rest, (size_t)colon + 2));
	return true;
}

/* "4711:M ", "[4711:M] ", "[4711] ": its bytes; nothing at all: 0. */
static size_t redis_writer(struct span line, struct span *pid)
{
	size_t at = line.len && line.at[0] == '[', from = at;
	while (at < line.len && (unsigned char)(line.at[at] - '0') < 10)
		at++;
	*pid = (struct span){line.at + from, at - from};
	bool role = at + 2 < line.len && line.at[at] == ':' && line.at[at + 1] >= 'A' && line.at[at + 1] <= 'Z';
	at += role ? 2 : 0;
	if (!pid->len || (!from && !role) || at + 1 >= line.len || (from && line.at[at++] != ']') || line.at[at] != ' ')
		return 0;
	return at + 1;
}

bool redis_scan(struct span line, struct scanner_room *room, struct record *r)
{
	static const char marks[] = ".-*#";
	static const enum severity severities[] = {SEVERITY_DEBUG, SEVERITY_TRACE, SEVERITY_NOTICE, SEVERITY_WARN};
	struct span pid, rest;
	struct stamp stamp;
	size_t writer = redis_writer(line, &pid);
	rest = span_from(line, writer);
	size_t len = rest.len && (unsigned char)(rest.at[0] - '0') < 10 && writer ? stamp_scan(rest, &room->stamps, &stamp) : 0;
	if (!len || rest.at[2] != ' ' || len + 3 > rest.len || rest.at[len] != ' ' || rest.at[len + 2] != ' ')
		return false;
	const char *mark = memchr(marks, rest.at[len + 1], sizeof marks - 1);
	if (!mark)
		return false;
	stamp_apply(&stamp, r);
	r->severity = severities[mark - marks];
	record_set(r, FIELD_TIMESTAMP, span_head(rest, len));
	record_set(r, FIELD_SEVERITY, span_head(span_from(rest, len + 1), 1));
	record_set(r, FIELD_PID, pid);
	record_set(r, FIELD_MESSAGE, span_from(rest, len + 3));
	return true;
}
