#include "redact/address.h"

#include <stdio.h>

#include "base/limits.h"

static int hex_of(char c)
{
	char lower = (char)(c | 0x20);
	return is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static char byte_at(struct span s, size_t i)
{
	return i < s.len ? s.at[i] : 0;
}

static bool is_word_byte(char c)
{
	return is_digit(c) || is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Four numbers of 0 to 255 without leading zeros, `between` between; the bytes they take, 0: none. */
static size_t take_v4_of(struct span s, char between, unsigned char out[static 4])
{
	size_t i = 0;
	for (size_t part = 0; part < 4; part++) {
		unsigned value = 0;
		size_t from = i;
		if (part && byte_at(s, i++) != between)
			return 0;
		from += part > 0;
		for (; is_digit(byte_at(s, i)) && i - from < 3; i++)
			value = value * 10 + (unsigned)(s.at[i] - '0');
		if (i == from || value > 255 || (s.at[from] == '0' && i - from > 1))
			return 0;
		out[part] = (unsigned char)value;
	}
	/* "1.2.3.4.5", "1.2.3.4-rc1", "1.2.3.4a" go on. */
	char after = byte_at(s, i), next = byte_at(s, i + 1);
	if ((is_word_byte(after) && after != '_') || (after == between && is_digit(next)))
		return 0;
	return i;
}

static size_t take_v4(struct span s, unsigned char out[static 4])
{
	return take_v4_of(s, '.', out);
}

/* "ec2-203-0-113-7.compute-1.amazonaws.com", "ip-10-0-3-17": names of hosts that are made of their addresses, with their domains. */
static size_t take_host_v4(struct span s, unsigned char out[static 4])
{
	static const char *const before[] = {"ip-", "ec2-", "host-", "static-", "dynamic-", "dyn-", "dhcp-", "pool-", "cpe-", "client-", "node-"};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (span_starts(s, span_of(before[i]))) {
			size_t len = strlen(before[i]), end = take_v4_of(span_from(s, len), '-', out);
			if (!end)
				return 0;
			for (end += len; is_digit(byte_at(s, end)) || is_letter(byte_at(s, end)) || byte_at(s, end) == '-' || byte_at(s, end) == '.';)
				end++;
			while (s.at[end - 1] == '-' || s.at[end - 1] == '.')
				end--;
			return end;
		}
	return 0;
}

/* "203.0.11" where the excerpt ends: a network is told by three numbers, and mostly by two. */
static size_t take_cut_v4(struct span text, size_t at)
{
	enum { CUT_SHORT = 4 }; /* bytes that a cut between characters may leave free */
	struct span s = span_from(text, at);
	size_t dots = 0;
	if (text.len + CUT_SHORT < LIMIT_EXCERPT_BYTES || s.len > 14 || !is_digit(byte_at(s, 0)))
		return 0;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_digit(s.at[i]) && (s.at[i] != '.' || !is_digit(s.at[i - 1])))
			return 0;
		dots += s.at[i] == '.';
	}
	return dots >= 2 && dots <= 3 ? s.len : 0;
}

/* "Chrome/126.0.0.0", "version 1.2.3.4", "v1.2.3.4" (the letter before it says that already), "nginx-1.2.3.4". */
static bool is_version(struct span text, size_t at, const unsigned char v4[static 4])
{
	char before = at ? text.at[at - 1] : ' ';
	if (before == '/' && at > 1 && is_letter(text.at[at - 2]) && !v4[1] && !v4[2] && !v4[3])
		return true;
	if (before != ' ' && before != '=' && before != ':' && before != '"')
		return false;
	static const char *const words[] = {"version", "ver", "release", "build"};
	size_t end = at;
	while (end && strchr(" =:\"", text.at[end - 1]))
		end--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);
		if (end >= len && span_equal_nocase((struct span){text.at + end - len, len}, span_of(words[i])))
			return true;
	}
	return false;
}

static bool v4_names_nobody(const unsigned char v4[static 4])
{
	bool ones = v4[0] == 255 && v4[1] == 255;
	return v4[0] == 127 || ones || (!v4[0] && !v4[1] && !v4[2] && !v4[3]);
}

static void spell_v4(const unsigned char v4[static 4], struct redact_address *a)
{
	snprintf(a->spelling, sizeof a->spelling, "%u.%u.%u.%u", v4[0], v4[1], v4[2], v4[3]);
	a->nobody = v4_names_nobody(v4);
}

/* The bytes of an IPv6 address in text, 0: none. At most 45 bytes are looked at. */
static size_t take_v6(struct span s, unsigned char out[static 16])
{
	unsigned groups[8];
	size_t n = 0, gap = SIZE_MAX, i = 0;
	if (byte_at(s, 0) == ':') {
		if (byte_at(s, 1) != ':')
			return 0;
		gap = 0;
		i = 2;
	}
	while (n < 8) {
		unsigned value = 0;
		size_t from = i;
		unsigned char v4[4];
		size_t tail = n <= 6 && n && is_digit(byte_at(s, i)) ? take_v4(span_from(s, i), v4) : 0;
		if (!tail && gap == 0 && !n && is_digit(byte_at(s, i)))
			tail = take_v4(span_from(s, i), v4);
		if (tail) {
			groups[n++] = (unsigned)(v4[0] << 8 | v4[1]);
			groups[n++] = (unsigned)(v4[2] << 8 | v4[3]);
			i += tail;
			break;
		}
		while (i - from < 4 && hex_of(byte_at(s, i)) >= 0)
			value = value << 4 | (unsigned)hex_of(s.at[i++]);
		if (i == from)
			break;
		groups[n++] = value;
		if (byte_at(s, i) != ':')
			break;
		if (byte_at(s, i + 1) == ':') {
			if (gap != SIZE_MAX)
				break;
			gap = n;
			i += 2;
			if (hex_of(byte_at(s, i)) < 0)
				break;
		} else if (n < 8 && hex_of(byte_at(s, i + 1)) >= 0) {
			i++;
		} else {
			break;
		}
	}
	if ((gap == SIZE_MAX ? n != 8 : n > 7) || is_word_byte(byte_at(s, i)))
		return 0;
	/* "a::b::c", and what goes on with a ninth group. */
	if (byte_at(s, i) == ':' && (byte_at(s, i + 1) == ':' || hex_of(byte_at(s, i + 1)) >= 0) && (gap != SIZE_MAX || n < 8))
		return 0;
	memset(out, 0, 16);
	for (size_t k = 0; k < n; k++) {
		size_t place = gap == SIZE_MAX || k < gap ? k : k + 8 - n;
		out[2 * place] = (unsigned char)(groups[k] >> 8);
		out[2 * place + 1] = (unsigned char)groups[k];
	}
	return i;
}

static size_t take_zone(struct span s)
{
	size_t i = 1;
	if (byte_at(s, 0) != '%')
		return 0;
	while (i < 20 && (is_word_byte(byte_at(s, i)) || byte_at(s, i) == '-' || byte_at(s, i) == '.'))
		i++;
	while (i > 1 && (s.at[i - 1] == '.' || s.at[i - 1] == '-'))
		i--;
	return i > 1 ? i : 0;
}

static void spell_v6(const unsigned char v6[static 16], struct span zone, struct redact_address *a)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	if (!memcmp(v6, mapped, sizeof mapped)) {
		spell_v4(v6 + 12, a);
		return;
	}
	size_t len = 0;
	unsigned sum = 0;
	for (size_t i = 0; i < 16; i += 2)
		len += (size_t)snprintf(a->spelling + len, sizeof a->spelling - len, i ? ":%02x%02x" : "%02x%02x", v6[i], v6[i + 1]);
	for (size_t i = 0; i < 15; i++)
		sum |= v6[i];
	a->nobody = !sum && v6[15] <= 1;
	snprintf(a->spelling + len, sizeof a->spelling - len, "%.*s", (int)zone.len, zone.at ? zone.at : "");
}

/* Six pairs of hexadecimal digits with ":" or "-" between; 0: none. */
static size_t take_mac(struct span s)
{
	char between = byte_at(s, 2);
	if (between != ':' && between != '-')
		return 0;
	for (size_t i = 0; i < 17; i++)
		if (i % 3 == 2 ? byte_at(s, i) != between : hex_of(byte_at(s, i)) < 0)
			return 0;
	return is_word_byte(byte_at(s, 17)) || byte_at(s, 17) == between ? 0 : 17;
}

bool redact_address_at(struct span text, size_t at, struct redact_address *a)
{
	struct span s = span_from(text, at);
	char before = at ? text.at[at - 1] : ' ';
	if ((is_word_byte(before) && before != '_') || (before == '.' && at > 1 && is_digit(text.at[at - 2])))
		return false;
	*a = (struct redact_address){0};
	unsigned char v4[4], v6[16];
	if ((a->len = take_v4(s, v4)) && !is_version(text, at, v4)) {
		spell_v4(v4, a);
		return true;
	}
	if (!a->len && is_letter(byte_at(s, 0)) && before != '_' && (a->len = take_host_v4(s, v4))) {
		spell_v4(v4, a);
		return true;
	}
	if (before == '_')
		return false;
	if (!a->len && before != '/' && (a->len = take_cut_v4(text, at))) {
		memcpy(a->spelling, s.at, a->len);
		a->nobody = span_starts(s, SPAN("127.0."));
		return true;
	}
	if (a->len || before == ':')
		return false;
	if ((a->len = take_mac(s))) {
		for (size_t i = 0; i < a->len; i++)
			a->spelling[i] = s.at[i] == '-' ? ':' : (char)(is_letter(s.at[i]) ? s.at[i] | 0x20 : s.at[i]);
		return true;
	}
	if (!(a->len = take_v6(s, v6)) || a->len < 3)
		return false;
	size_t zone = take_zone(span_from(s, a->len));
	spell_v6(v6, (struct span){s.at + a->len, zone}, a);
	a->len += zone;
	return true;
}
