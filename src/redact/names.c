#include "redact/names.h"

static const struct {
	const char *name, *word;
} kinds[REDACT_KIND_COUNT] = {
#define X(kind, name, word) [REDACT_##kind] = {name, word},
	REDACT_KINDS(X)
#undef X
};

const char *redact_kind_name(enum redact_kind kind)
{
	return kinds[kind].name;
}

const char *redact_kind_word(enum redact_kind kind)
{
	return kinds[kind].word;
}

bool redact_kind_named(struct span name, enum redact_kind *kind)
{
	for (enum redact_kind k = 0; k < REDACT_KIND_COUNT; k++)
		if (span_equal(name, span_of(kinds[k].name))) {
			*kind = k;
			return true;
		}
	return false;
}

static bool is_word_byte(char c)
{
	return is_digit(c) || is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* "access_client-7.log", "client-7_b": "_" parts an address from what else a file's name holds. */
static bool parts_by_underscore(size_t i)
{
	return i == REDACT_ADDRESS || i == REDACT_KIND_COUNT;
}

/* "client-7-b" and "client-7.example.com" are names of somebody's own; "client-7." ends a sentence. */
static bool goes_on(struct span rest, bool address)
{
	if (!rest.len)
		return false;
	if (is_word_byte(rest.at[0]) && !(address && rest.at[0] == '_'))
		return true;
	return (rest.at[0] == '-' || rest.at[0] == '.') && rest.len > 1 && is_word_byte(rest.at[1]);
}

/* Length of "-NUMBER" without leading zeros, at most nine digits; 0: there is none. */
static size_t take_number(struct span rest, bool address, uint32_t *number)
{
	size_t n = 1;
	if (rest.len < 2 || rest.at[0] != '-' || rest.at[1] == '0')
		return 0;
	for (*number = 0; n < rest.len && is_digit(rest.at[n]); n++) {
		if (n > 9)
			return 0;
		*number = *number * 10 + (uint32_t)(rest.at[n] - '0');
	}
	return n > 1 && !goes_on(span_from(rest, n), address) ? n : 0;
}

bool redact_placeholder_at(struct span text, size_t at, struct redact_placeholder *p)
{
	char before = at ? text.at[at - 1] : ' ';
	if ((is_word_byte(before) && before != '_') || before == '-')
		return false;
	struct span rest = span_from(text, at);
	for (size_t i = 0; i <= REDACT_KIND_COUNT; i++) {
		bool server = i == REDACT_KIND_COUNT;
		struct span word = span_of(server ? REDACT_SERVER_WORD : kinds[i].word);
		if (!span_starts(rest, word) || (before == '_' && !parts_by_underscore(i)))
			continue;
		size_t digits = take_number(span_from(rest, word.len), parts_by_underscore(i), &p->number);
		if (!digits)
			continue;
		p->len = word.len + digits;
		p->kind = server ? REDACT_ADDRESS : (enum redact_kind)i;
		p->server = server;
		return true;
	}
	return false;
}
