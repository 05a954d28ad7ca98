#include "line/pairs.h"

#include "line/hop.h"

struct pair_key {
	const char *name;
	size_t len;
	enum field field;
	int64_t unit_us; /* of a duration */
};

/* By length: most words before a '=' are none of them, and few are of one length. */
#define KEY(text) text, sizeof(text) - 1
static const struct pair_key keys[] = {
	{KEY("rid"), FIELD_REQUEST_ID, 0},
	{KEY("uri"), FIELD_PATH, 0},
	{KEY("url"), FIELD_PATH, 0},
	{KEY("pid"), FIELD_PID, 0},
	{KEY("err"), FIELD_ERROR_MESSAGE, 0},
	{KEY("path"), FIELD_PATH, 0},
	{KEY("took"), FIELD_DURATION, 0},
	{KEY("error"), FIELD_ERROR_MESSAGE, 0},
	{KEY("req_id"), FIELD_REQUEST_ID, 0},
	{KEY("method"), FIELD_METHOD, 0},
	{KEY("status"), FIELD_STATUS, 0},
	{KEY("pgcode"), FIELD_SQLSTATE, 0},
	{KEY("took_ms"), FIELD_DURATION, 1000},
	{KEY("time_ms"), FIELD_DURATION, 1000},
	{KEY("elapsed"), FIELD_DURATION, 0},
	{KEY("latency"), FIELD_DURATION, 0},
	{KEY("service"), FIELD_DURATION, 0}, /* Heroku: service=12ms */
	{KEY("version"), FIELD_VERSION, 0},
	{KEY("duration"), FIELD_DURATION, 0},
	{KEY("sqlstate"), FIELD_SQLSTATE, 0},
	{KEY("requestid"), FIELD_REQUEST_ID, 0},
	{KEY("elapsed_s"), FIELD_DURATION, SECOND_US},
	{KEY("request_id"), FIELD_REQUEST_ID, 0},
	{KEY("request-id"), FIELD_REQUEST_ID, 0},
	{KEY("elapsed_ms"), FIELD_DURATION, 1000},
	{KEY("latency_ms"), FIELD_DURATION, 1000},
	{KEY("duration_s"), FIELD_DURATION, SECOND_US},
	{KEY("error_code"), FIELD_ERROR_CODE, 0},
	{KEY("http_method"), FIELD_METHOD, 0},
	{KEY("status_code"), FIELD_STATUS, 0},
	{KEY("http_status"), FIELD_STATUS, 0},
	{KEY("duration_ms"), FIELD_DURATION, 1000},
	{KEY("duration_us"), FIELD_DURATION, 1},
	{KEY("x-request-id"), FIELD_REQUEST_ID, 0},
	{KEY("correlation_id"), FIELD_REQUEST_ID, 0},
	{KEY("response_time_ms"), FIELD_DURATION, 1000},
};
#undef KEY
/* The first one of each length, and of the next. */
enum { LONGEST_KEY = 16 };
static const unsigned char first_of[LONGEST_KEY + 2] = {0, 0, 0, 0, 5, 7, 8, 12, 18, 20, 22, 28, 33, 34, 34, 35, 35, 36};

#define UNIT(text) text, sizeof(text) - 1
static const struct {
	const char *suffix;
	size_t len;
	int64_t per_us; /* microseconds in one, or -n: n of it in a microsecond */
} units[] = {
	{UNIT("ms"), 1000}, {UNIT("s"), SECOND_US}, {UNIT("us"), 1}, {UNIT("\xC2\xB5s"), 1}, {UNIT("\xCE\xBCs"), 1}, {UNIT("ns"), -1000},
	{UNIT("m"), 60 * SECOND_US}, {UNIT("h"), 3600 * SECOND_US}, {UNIT("sec"), SECOND_US}, {UNIT("msec"), 1000},
	{UNIT("micros"), 1}, {UNIT("nanos"), -1000}, /* Elasticsearch's TimeValue */
};
#undef UNIT

static inline bool is_number_byte(char c)
{
	return (unsigned char)(c - '0') < 10 || c == '.';
}

/* One "12.5ms" at the start of `s`; returns its bytes, 0 when there is none. */
static size_t one_duration(struct span s, int64_t *us)
{
	size_t number = 0, suffix;
	while (number < s.len && is_number_byte(s.at[number]))
		number++;
	suffix = number;
	while (suffix < s.len && !is_number_byte(s.at[suffix]))
		suffix++;
	const char *unit = s.at + number;
	for (size_t i = 0; number && i < sizeof units / sizeof *units; i++) {
		if (units[i].len != suffix - number || units[i].suffix[0] != unit[0] || memcmp(units[i].suffix, unit, suffix - number) != 0)
			continue;
		int64_t scale = units[i].per_us;
		if (!span_to_duration(span_head(s, number), scale > 0 ? scale : 1, us))
			return 0;
		if (scale < 0)
			*us /= -scale;
		return suffix;
	}
	return 0;
}

bool pairs_duration(struct span value, int64_t unit_us, int64_t *us)
{
	value = span_trim(value);
	if (unit_us && value.len && is_number_byte(value.at[value.len - 1]) && span_to_duration(value, unit_us, us))
		return true;
	int64_t sum = 0;
	size_t parts = 0;
	while (value.len && parts++ < 4) {
		int64_t part;
		size_t len = one_duration(value, &part);
		/* Three of the longest would not overflow, but a hostile number may. */
		if (!len || part > INT64_MAX / 4)
			return false;
		sum += part;
		value = span_from(value, len);
	}
	if (!parts || value.len)
		return false;
	*us = sum;
	return true;
}

static const struct pair_key *key_of(struct span name)
{
	if (!name.len || name.len > LONGEST_KEY)
		return NULL;
	for (size_t i = first_of[name.len]; i < first_of[name.len + 1]; i++) {
		if (keys[i].name[0] == (name.at[0] | 0x20) && span_equal_nocase(name, (struct span){keys[i].name, keys[i].len}))
			return &keys[i];
	}
	return NULL;
}

static bool is_digits(struct span s, size_t len)
{
	if (s.len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)(s.at[i] - '0') >= 10)
			return false;
	}
	return true;
}

static void set_pair(const struct pair_key *key, struct span value, struct record *r)
{
	if (!value.len || record_has(r, key->field) || (value.len == 1 && value.at[0] == '-'))
		return;
	if (key->field == FIELD_DURATION) {
		int64_t us;
		if (!pairs_duration(value, key->unit_us, &us))
			return;
		r->duration_us = us;
	} else if (key->field == FIELD_STATUS) {
		/* "status=failed" is no HTTP status. */
		if (!is_digits(value, 3) || value.at[0] < '1' || value.at[0] > '9')
			return;
		r->status = (value.at[0] - '0') * 100 + (value.at[1] - '0') * 10 + (value.at[2] - '0');
	}
	record_set(r, key->field, value);
}

static inline bool is_key_byte(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '_' || c == '-' ||
	       c == '.';
}

/* The quote that ends a value: no backslash escapes it (logfmt writes \"). */
static const char *closing_quote(const char *at, const char *end)
{
	for (bool escaped = false; at < end; at++) {
		if (*at == '"' && !escaped)
			return at;
		escaped = *at == '\\' && !escaped;
	}
	return NULL;
}

void pairs_set(struct span name, struct span value, struct record *r)
{
	const struct pair_key *key = key_of(name);
	if (key)
		set_pair(key, value, r);
}

void pairs_scan(struct span message, struct record *r)
{
	const char *end = message.at + message.len, *at = message.at;
	const char *equals;
	while (at < end && (equals = memchr(at, '=', (size_t)(end - at)))) {
		const char *start = equals;
		while (start > at && is_key_byte(start[-1]))
			start--;
		const char *value = equals + 1, *stop;
		if (value < end && *value == '"') {
			value++;
			stop = closing_quote(value, end);
			if (!stop)
				return;
			at = stop + 1;
		} else {
			at = stop = hop_to_blank(value, end);
			while (stop > value &&
			       (stop[-1] == ',' || stop[-1] == ';' || stop[-1] == ')' || stop[-1] == ']'))
				stop--;
		}
		/* "/fast?path=x": a pair inside a word is part of that word. */
		bool alone = start == message.at || start[-1] == ' ' || start[-1] == '\n' || start[-1] == '(' ||
			     start[-1] == '[' || start[-1] == ',' || start[-1] == '\t' || start[-1] == '{';
		const struct pair_key *key =
			alone && start < equals ? key_of((struct span){start, (size_t)(equals - start)}) : NULL;
		if (key)
			set_pair(key, (struct span){value, (size_t)(stop - value)}, r);
	}
}
