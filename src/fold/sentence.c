#include "fold/sentence.h"

#include "base/hash.h"
#include "base/memory.h"

void sentence_count(struct text *t, uint64_t n)
{
	char digits[32];
	size_t at = sizeof digits;
	for (unsigned i = 0; n || !i; i++, n /= 10) {
		if (i && i % 3 == 0)
			digits[--at] = ',';
		digits[--at] = (char)('0' + n % 10);
	}
	text_append(t, (struct span){digits + at, sizeof digits - at});
}

void sentence_counted(struct text *t, uint64_t n, const char *noun)
{
	sentence_count(t, n);
	text_append_byte(t, ' ');
	text_append_string(t, noun);
	if (n != 1)
		text_append_byte(t, 's');
}

void sentence_time(struct text *t, int64_t us)
{
	if (us == INSTANT_NONE) {
		text_append_byte(t, '?');
		return;
	}
	struct civil c;
	instant_to_civil(us, &c);
	text_format(t, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}

void sentence_date(struct text *t, int64_t us, bool year)
{
	if (us == INSTANT_NONE) {
		text_append_byte(t, '?');
		return;
	}
	struct civil c;
	instant_to_civil(us, &c);
	if (year)
		text_format(t, "%04d-", c.year);
	text_format(t, "%02d-%02d", c.month, c.day);
}

/* n / 10^digits with exactly `digits` decimals. */
static void append_decimal(struct text *t, uint64_t n, unsigned digits)
{
	uint64_t scale = 1;
	for (unsigned i = 0; i < digits; i++)
		scale *= 10;
	sentence_count(t, n / scale);
	if (digits)
		text_format(t, ".%0*llu", (int)digits, (unsigned long long)(n % scale));
}

void sentence_duration(struct text *t, int64_t us)
{
	if (us == INSTANT_NONE) {
		text_append_byte(t, '?');
		return;
	}
	uint64_t n = us < 0 ? (uint64_t)0 - (uint64_t)us : (uint64_t)us;
	const uint64_t second = SECOND_US, minute = MINUTE_US, hour = HOUR_US, day = DAY_US;
	if (n && n < 1000) {
		text_format(t, "%llu us", (unsigned long long)n);
	} else if (n + 500 < second) {
		text_format(t, "%llu ms", (unsigned long long)((n + 500) / 1000));
	} else if (n + second / 20 < 10 * second) {
		append_decimal(t, (n + second / 20) / (second / 10), 1);
		text_append_string(t, " s");
	} else if (n + second / 2 < 60 * second) {
		text_format(t, "%llu s", (unsigned long long)((n + second / 2) / second));
	} else if (n + second / 2 < hour) {
		n += second / 2;
		text_format(t, "%llu min %llu s", (unsigned long long)(n / minute), (unsigned long long)(n % minute / second));
	} else if (n + minute / 2 < day) {
		n += minute / 2;
		text_format(t, "%llu h %llu min", (unsigned long long)(n / hour), (unsigned long long)(n % hour / minute));
	} else {
		n += hour / 2;
		text_format(t, "%llu d %llu h", (unsigned long long)(n / day), (unsigned long long)(n % day / hour));
	}
}

void sentence_offset(struct text *t, int64_t us)
{
	int64_t minutes = (us < 0 ? -us : us) / MINUTE_US;
	text_format(t, "%c%02d:%02d", us < 0 ? '-' : '+', (int)(minutes / 60), (int)(minutes % 60));
}

void sentence_share(struct text *t, int64_t ppm)
{
	uint64_t n = ppm > 0 ? (uint64_t)ppm : 0;
	if (!n)
		text_append_string(t, "0 %");
	else if (n < 100)
		text_append_string(t, "under 0.01 %");
	else if (n + 500 < 100000) {
		append_decimal(t, (n + 50) / 100, 2);
		text_append_string(t, " %");
	} else {
		append_decimal(t, (n + 500) / 1000, 1);
		text_append_string(t, " %");
	}
}

void sentence_rate(struct text *t, int64_t ppm)
{
	uint64_t n = ppm > 0 ? (uint64_t)ppm : 0;
	if (!n)
		text_append_byte(t, '0');
	else if (n < 10000)
		append_decimal(t, (n + 50) / 100, 4);
	else if (n < 1000000)
		append_decimal(t, (n + 5000) / 10000, 2);
	else
		append_decimal(t, (n + 50000) / 100000, 1);
	text_append_string(t, "/s");
}

const char *sentence_tier(enum tier tier)
{
	switch (tier) {
	case TIER_LB:
		return "load balancer";
	case TIER_WEB:
		return "web server";
	case TIER_APP:
		return "application";
	case TIER_POOL:
		return "connection pooler";
	case TIER_DB:
		return "database";
	case TIER_CHANGE:
		return "change log";
	case TIER_HUMAN:
		return "people";
	case TIER_UNKNOWN:
	case TIER_COUNT:
		break;
	}
	return "unknown tier";
}

char *sentence_take(struct text *t)
{
	char *at = t->at ? t->at : span_copy(SPAN_NONE);
	*t = (struct text){0};
	return at;
}

char *sentence_copy(const char *string)
{
	return string ? span_copy(span_of(string)) : NULL;
}

char *sentence_id(const char *kind, const char *signal, const char *key, int64_t at_us)
{
	/* A separator that no name contains: ("ab", "c") and ("a", "bc") must differ. */
	struct text joined = {0};
	text_append_string(&joined, kind);
	text_append_byte(&joined, '\n');
	text_append_string(&joined, signal ? signal : "");
	text_append_byte(&joined, '\n');
	text_append_string(&joined, key ? key : "");
	text_append_byte(&joined, '\n');
	text_append_int(&joined, at_us);
	uint64_t hash = hash_bytes(text_span(&joined));
	text_release(&joined);
	struct text id = {0};
	text_format(&id, "%012llx", (unsigned long long)(hash >> 16));
	return sentence_take(&id);
}
