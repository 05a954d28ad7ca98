#include "line/tail.h"

static inline bool is_key_byte(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '_' || c == '-' ||
	       c == '.';
}

static inline const struct tail_key *guessed(const struct tail_guess *guess, size_t index, const char *at,
					     const char *end)
{
	if (index >= guess->n)
		return NULL;
	const struct tail_key *key = &guess->keys[index];
	return hop_is(at, end, key->head, key->text, key->len) ? key : NULL;
}

/* The key of a pair at `at`, '=' included; 0 when there is no pair. */
static size_t key_len(const char *at, const char *end)
{
	const char *p = at;
	while (p < end && is_key_byte(*p))
		p++;
	return p > at && p < end && *p == '=' ? (size_t)(p - at) + 1 : 0;
}

static void remember(struct tail_guess *guess, size_t index, struct span key, struct access_meaning meaning)
{
	if (index >= TAIL_KEYS || key.len > TAIL_KEY_BYTES)
		return;
	struct tail_key *slot = &guess->keys[index];
	memcpy(slot->text, key.at, key.len);
	slot->len = key.len;
	slot->head = hop_text_of(slot->text, key.len);
	slot->meaning = meaning;
	guess->n = index + 1;
}

enum bare { BARE_WORD, BARE_DECIMAL, BARE_NONE, BARE_ADDRESS, BARE_ID };

/* What a value without a key is, by its bytes. */
static enum bare bare_kind(struct span value)
{
	size_t digits = 0, dots = 0, colons = 0, hex = 0, i = 0;
	if (value.len == 1 && value.at[0] == '-')
		return BARE_NONE;
	for (; i < value.len && value.at[i] != ',' && value.at[i] != ' '; i++) {
		char c = value.at[i];
		digits += (unsigned char)(c - '0') < 10;
		hex += (unsigned char)(c - '0') < 10 || (unsigned char)(c - 'a') < 6;
		dots += c == '.';
		colons += c == ':';
	}
	if (dots == 1 && digits + 1 == i && digits)
		return BARE_DECIMAL;
	if (colons && digits + dots + colons == i && dots == 3)
		return BARE_ADDRESS;
	return i == 32 && hex == 32 ? BARE_ID : BARE_WORD;
}

struct position {
	unsigned quoted, timings;
};

/* "0.042" before a blank or at the end, which most lines have: its bytes; 0 for all else, lists of timings too. */
static inline size_t timing_len(const char *at, const char *end)
{
	const char *p = at;
	while (p < end && (unsigned char)(*p - '0') < 10)
		p++;
	if (p == at || p == end || *p != '.')
		return 0;
	const char *decimals = ++p;
	while (p < end && (unsigned char)(*p - '0') < 10)
		p++;
	bool ends = p == end || (*p == ' ' && !(end - p >= 3 && p[1] == ':'));
	return ends && p > decimals ? (size_t)(p - at) : 0;
}

static void timing(struct span value, struct position *pos, struct record *r)
{
	if (pos->timings++ == 0)
		access_duration(value, r);
	else if (pos->timings == 2)
		access_field(FIELD_UPSTREAM_RESPONSE_TIME, value, r);
}

static void bare_value(struct span value, struct position *pos, struct record *r)
{
	switch (bare_kind(value)) {
	case BARE_DECIMAL:
		timing(pos->timings ? access_last(value) : value, pos, r);
		break;
	case BARE_NONE:
		/* "0.012 -": the upstream's time is missing, and the next number is not it. */
		if (pos->timings)
			pos->timings++;
		break;
	case BARE_ADDRESS:
		access_field(FIELD_UPSTREAM_ADDRESS, access_last(value), r);
		break;
	case BARE_ID:
		if (!record_has(r, FIELD_REQUEST_ID))
			record_set(r, FIELD_REQUEST_ID, value);
		break;
	case BARE_WORD:
		break;
	}
}

static void quoted_value(struct span value, bool agents, struct position *pos, struct record *r)
{
	unsigned index = pos->quoted++;
	if (!agents) {
		/* "$request_time" and the like between quotes. */
		if (bare_kind(value) == BARE_DECIMAL)
			bare_value(value, pos, r);
		return;
	}
	if (index < 2) {
		if (!access_is_absent(value))
			record_set(r, index ? FIELD_USER_AGENT : FIELD_REFERER, value);
	} else if (bare_kind(value) != BARE_ADDRESS) {
		/* The third is $http_x_forwarded_for in nginx's own example: an address there is no upstream. */
		bare_value(value, pos, r);
	}
}

bool tail_scan(struct span tail, bool agents, struct tail_guess *guess, struct access_scratch *s, struct record *r)
{
	const char *at = tail.at, *end = tail.at + tail.len;
	struct position pos = {0};
	size_t pair = 0;
	while (at < end) {
		if (*at == ' ' || *at == '\t' || *at == ',' || *at == '|') {
			at++;
			continue;
		}
		if (*at == '"') {
			const char *quote = tail_quote(at + 1, end);
			if (!quote)
				return false;
			quoted_value((struct span){at + 1, (size_t)(quote - at - 1)}, agents, &pos, r);
			at = quote + 1;
			continue;
		}
		size_t bare = timing_len(at, end);
		if (bare) {
			timing((struct span){at, bare}, &pos, r);
			at += bare;
			continue;
		}
		struct access_meaning meaning;
		const struct tail_key *known = guessed(guess, pair, at, end);
		if (known) {
			meaning = known->meaning;
			at += known->len;
		} else {
			size_t len = key_len(at, end);
			if (!len) {
				const char *stop = tail_bare(at, end);
				bare_value((struct span){at, (size_t)(stop - at)}, &pos, r);
				at = stop;
				continue;
			}
			meaning = access_key((struct span){at, len - 1});
			remember(guess, pair, (struct span){at, len}, meaning);
			at += len;
		}
		pair++;
		const char *start = at, *stop;
		if (at < end && *at == '"') {
			stop = tail_quote(++start, end);
			if (!stop)
				return false;
			at = stop + 1;
		} else {
			stop = at = tail_bare(at, end);
		}
		access_set(meaning, (struct span){start, (size_t)(stop - start)}, s, r);
	}
	return true;
}
