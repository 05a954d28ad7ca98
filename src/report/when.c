#include "report/when.h"

#include "fold/sentence.h"

int64_t when_read(const struct json_t *instant)
{
	int64_t us;
	struct span text = value_text(instant);
	return text.len && instant_parse(text, &us) ? us : INSTANT_NONE;
}

int64_t when_member(const struct json_t *object, const char *key)
{
	return when_read(value_get(object, key));
}

int64_t when_moment(const struct json_t *object, const char *key)
{
	return when_member(value_get(object, key), "at");
}

int64_t when_local(const struct zone *zone, int64_t us)
{
	return zone && us != INSTANT_NONE ? us + (int64_t)zone_offset_s(zone, us) * SECOND_US : us;
}

bool when_same_day(int64_t a_us, int64_t b_us)
{
	struct civil a, b;
	instant_to_civil(a_us, &a);
	instant_to_civil(b_us, &b);
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

void when_append_time(struct text *out, int64_t us)
{
	if (us == INSTANT_NONE) {
		text_append_string(out, "unknown");
		return;
	}
	struct civil c;
	instant_to_civil(us, &c);
	text_format(out, "%02d:%02d:%02d.%03d", c.hour, c.minute, c.second, c.us / 1000);
}

void when_append_date(struct text *out, int64_t us)
{
	struct civil c;
	instant_to_civil(us, &c);
	text_format(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

void when_append(struct text *out, int64_t us)
{
	if (us != INSTANT_NONE) {
		when_append_date(out, us);
		text_append_byte(out, ' ');
	}
	when_append_time(out, us);
}

void when_append_offset(struct text *out, const struct zone *zone, int64_t us)
{
	sentence_offset(out, (int64_t)zone_offset_s(zone, us) * SECOND_US);
}
