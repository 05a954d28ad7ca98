#include "tally/mask.h"
#include "tally/message.h"

#include "unit.h"

/* Another implementation, from the words of message.h: each token by itself, character by character. */
struct naive {
	char out[MESSAGE_SIGNATURE_BYTES];
	size_t len, masked;
	bool joins;
};

static bool parts(char c)
{
	return (unsigned char)c <= ' ' || c == 127 || strchr("=:,;()[]{}|\"'", c);
}

static bool is_error(struct span t)
{
	bool name = t.len <= 80 && (span_ends(t, SPAN("Error")) || span_ends(t, SPAN("Exception")));
	for (size_t i = 0; i < t.len; i++)
		name = name && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._$", t.at[i]) && t.at[i];
	return name;
}

static bool varies(struct span t)
{
	unsigned dots = 0, slashes = 0;
	bool digit = false, at = false;
	for (size_t i = 0; i < t.len; i++) {
		bool inside = i + 1 < t.len && t.at[i + 1] != '.' && t.at[i + 1] != '/';
		digit |= t.at[i] >= '0' && t.at[i] <= '9';
		at |= t.at[i] == '@';
		dots += t.at[i] == '.' && i && inside;
		slashes += t.at[i] == '/' && inside;
	}
	return !is_error(t) && (digit || at || t.len > 40 || dots > 1 || slashes > 1 || !span_is_utf8(t));
}

static void add(struct naive *n, struct span s)
{
	if (s.len > sizeof n->out - n->len)
		return;
	memcpy(n->out + n->len, s.at, s.len);
	n->len += s.len;
}

static void naive_line(struct naive *n, struct span line)
{
	bool secret = false;
	n->joins = false;
	for (size_t i = 0; i < line.len && n->len < sizeof n->out;) {
		char c = line.at[i];
		if (parts(c)) {
			bool blank = (unsigned char)c <= ' ' || c == 127;
			if (!blank && c != ',' && c != ':')
				n->joins = false;
			if (!blank)
				add(n, (struct span){&c, 1});
			else if (n->len && n->out[n->len - 1] != ' ')
				add(n, SPAN(" "));
			i++;
			continue;
		}
		size_t end = i;
		while (end < line.len && !parts(line.at[end]))
			end++;
		struct span t = {line.at + i, end - i};
		bool quoted = i && line.at[i - 1] == '\'' && end < line.len && line.at[end] == '\'';
		if (secret || quoted || varies(t)) {
			if (n->joins)
				n->len = n->masked;
			else
				add(n, SPAN("<*>"));
			n->masked = n->len;
			n->joins = true;
			secret = secret && mask_is_scheme(t);
		} else {
			size_t next = end;
			add(n, t);
			n->joins = false;
			while (next < line.len && strchr("\"' ", line.at[next]) && line.at[next])
				next++;
			secret = mask_is_scheme(t) || (next < line.len && (line.at[next] == '=' || line.at[next] == ':') && mask_is_secret_name(t));
		}
		i = end;
	}
}

static void naive_signature(struct span message, struct naive *n)
{
	struct span rest = span_trim(message), last = SPAN_NONE;
	*n = (struct naive){.len = 0};
	naive_line(n, span_head(span_cut(&rest, '\n'), 4096));
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		if (line.len && (unsigned char)line.at[0] > ' ')
			last = line;
	}
	if (last.len) {
		add(n, SPAN(" | "));
		naive_line(n, span_head(last, 4096));
	}
	while (n->len && n->out[n->len - 1] == ' ')
		n->len--;
}

static void test_against_naive(void)
{
	static const char *const words[] = {"order", "a1", "b.c.d", "x@y", "'q'", "'w2'", "E1Error", "token", "Bearer", "=", ": ", "(", "7", "\xC3\xA4", "\xFF",
					    "/a/b", ", ", "  ", " ", " ", "\t", "\x7F", "\n", "a.b", "connection", "0123456789012345678901234567890123456789",
					    "abcdefghijabcdefghijabcdefghijabcdefghijk", "{\"", "\":", "password"};
	enum { WORDS = sizeof words / sizeof *words };
	uint64_t seed = 11;
	size_t wrong = 0, full = 0, masked = 0;
	for (unsigned round = 0; round < 40000; round++) {
		char message[900], got[MESSAGE_SIGNATURE_BYTES];
		size_t len = 0;
		unsigned most = 2 + round % 90;
		for (unsigned i = 0; i < most && len < sizeof message - 50; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
			/* mostly no further lines */
			unsigned k = (unsigned)((seed >> 33) % (round % 3 ? WORDS : 12));
			if (round % 4 == 1 && i % 8) /* long plain runs */
				k = i % 2 ? 24 : 5;
			struct span word = span_of(words[*words[k] == '\n' && round % 5 ? 0 : k]);
			memcpy(message + len, word.at, word.len);
			len += word.len;
			if (seed >> 60 & 1)
				message[len++] = ' ';
		}
		struct span text = {message, len};
		struct marks marks;
		struct naive expected;
		marks_init(&marks, text);
		naive_signature(text, &expected);
		size_t n = message_signature(&marks, text, got, NULL);
		wrong += n != expected.len || memcmp(got, expected.out, n) != 0;
		full += n > MESSAGE_SIGNATURE_BYTES - 8;
		masked += n && memchr(got, '*', n);
	}
	FACT(!wrong, "40,000 messages have the signature that another implementation gives");
	FACT(full > 1000 && masked > 20000, "many are masked, many do not fit");
}

int main(void)
{
	test_against_naive();
	return unit_done();
}
