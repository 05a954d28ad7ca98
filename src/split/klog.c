#include "split/klog.h"

#include "line/pairs.h"
#include "split/logfmt.h"

enum {
	CLOCK_LEN = 15,   /* 11:15:12.123456 */
	THREAD_LEN = 19,  /* digits of a number that a machine can hold */
};

static size_t digits_of(struct span s)
{
	size_t n = 0;
	while (n < s.len && is_digit(s.at[n]))
		n++;
	return n;
}

static int number(const char *at, size_t len)
{
	int value = 0;
	for (size_t i = 0; i < len; i++)
		value = value * 10 + (at[i] - '0');
	return value;
}

/* "1122 11:15:12.123456" or "20261122 ...": its bytes, 0 when it is none. */
static size_t stamp_of(struct span s, struct stamp *out)
{
	static const char clock[] = "00:00:00.000000";
	size_t date = digits_of(s);
	struct civil c = {.year = 2000};
	if ((date != 4 && date != 8) || s.len < date + 1 + CLOCK_LEN || s.at[date] != ' ')
		return 0;
	for (size_t i = 0; i < CLOCK_LEN; i++) {
		char byte = s.at[date + 1 + i];
		if (clock[i] == '0' ? !is_digit(byte) : byte != clock[i])
			return 0;
	}
	if (date == 8)
		c.year = number(s.at, 4);
	c.month = number(s.at + date - 4, 2);
	c.day = number(s.at + date - 2, 2);
	const char *at = s.at + date + 1;
	c.hour = number(at, 2);
	c.minute = number(at + 3, 2);
	c.second = number(at + 6, 2);
	if (!c.year || !civil_valid(&c))
		return 0;
	if (c.second == 60)
		c.second = 59;
	c.us = number(at + 9, 6);
	*out = (struct stamp){.time_us = instant_of(&c), .resolution_us = 1, .zone = STAMP_NONE, .yearless = date == 4};
	return date + 1 + CLOCK_LEN;
}

/* "file.go:70] " : the file and the line; the bytes, 0 when it is none. */
static size_t place_of(struct span s, struct span *file, struct span *line)
{
	ptrdiff_t end = span_find_byte(span_head(s, 512), ']');
	if (end < 0)
		return 0;
	struct span place = span_head(s, (size_t)end);
	size_t digits = 0;
	while (digits < place.len && is_digit(place.at[place.len - 1 - digits]))
		digits++;
	if (!digits || digits > 9 || digits + 1 >= place.len || place.at[place.len - 1 - digits] != ':' || span_find_byte(place, ' ') >= 0)
		return 0;
	*file = span_head(place, place.len - digits - 1);
	*line = span_from(place, place.len - digits);
	return (size_t)end + 1;
}

/* klog's InfoS and ErrorS: "message" key="value" ...: the message is what stands between the quotes. */
static void structured(struct span s, struct scanner_room *room, struct record *r)
{
	size_t end = 1;
	if (!s.len || s.at[0] != '"')
		return;
	while (end < s.len && s.at[end] != '"' && s.at[end] != '\n')
		end += s.at[end] == '\\' ? 2 : 1;
	if (end >= s.len || s.at[end] != '"' || (end + 1 < s.len && s.at[end + 1] != ' '))
		return;
	struct span pairs = span_from(s, end + 1);
	record_set(r, FIELD_MESSAGE, (struct span){s.at + 1, end - 1});
	pairs_scan(pairs, r);
	if (room->extras)
		logfmt_extras(span_trim(pairs), room->extras);
}

bool klog_scan(struct span entry, struct scanner_room *room, struct record *r)
{
	struct stamp stamp;
	if (entry.len < 24 || (entry.at[0] != 'I' && entry.at[0] != 'W' && entry.at[0] != 'E' && entry.at[0] != 'F'))
		return false;
	size_t at = 1, len = stamp_of(span_from(entry, 1), &stamp);
	if (!len)
		return false;
	at += len;
	if (at >= entry.len || entry.at[at] != ' ')
		return false;
	struct span rest = span_from(entry, at), file, line;
	while (span_take_byte(&rest, ' '))
		;
	struct span thread = span_head(rest, digits_of(rest));
	if (!thread.len || thread.len > THREAD_LEN || thread.len >= rest.len || rest.at[thread.len] != ' ')
		return false;
	rest = span_from(rest, thread.len + 1);
	size_t place = place_of(rest, &file, &line);
	if (!place)
		return false;
	stamp_apply(&stamp, r);
	record_set(r, FIELD_TIMESTAMP, (struct span){entry.at + 1, len});
	record_set(r, FIELD_SEVERITY, span_head(entry, 1));
	record_set(r, FIELD_PID, thread);
	record_set(r, FIELD_LOGGER, file);
	rest = span_trim(span_from(rest, place));
	record_set(r, FIELD_MESSAGE, rest);
	extras_add(room->extras, SPAN("code.file.path"), file);
	extras_add(room->extras, SPAN("code.line.number"), line);
	structured(rest, room, r);
	return true;
}
