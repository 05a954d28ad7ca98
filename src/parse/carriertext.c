#include "parse/carriertext.h"

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}
static inline bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* "web-1", "web_1", "shop-web-run-0a1b2c": what Docker allows as a name. Bytes of it. */
static size_t container_name(struct span s)
{
	size_t n = 0;
	while (n < s.len && (is_letter(s.at[n]) || is_digit(s.at[n]) ||
			     (n && (s.at[n] == '_' || s.at[n] == '-' || s.at[n] == '.'))))
		n++;
	return n;
}

static bool is_numbered(struct span name)
{
	size_t n = name.len;
	while (n && is_digit(name.at[n - 1]))
		n--;
	return n > 1 && n < name.len && (name.at[n - 1] == '-' || name.at[n - 1] == '_');
}

/* Docker prints nine decimals, always (time.RFC3339NanoFixed): 30 bytes and a blank. */
static size_t fixed_stamp(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	if (s.len < 30 || s.at[10] != 'T' || s.at[19] != '.' || !is_digit(s.at[28]) || is_digit(s.at[29]))
		return 0;
	size_t n = stamp_scan(s, cache, out);
	return n >= 30 && out->zone == STAMP_EXPLICIT && (n == s.len || s.at[n] == ' ') ? n : 0;
}

static void stamped(struct carried *c, const struct stamp *stamp, struct span text)
{
	c->has_stamp = true;
	c->stamp = *stamp;
	c->stamp_text = text;
}

bool carriertext_compose(struct carried *c, struct stamp_cache *cache)
{
	struct span s = c->text, name = span_head(s, container_name(s));
	size_t bar = name.len;
	while (bar < s.len && s.at[bar] == ' ')
		bar++;
	if (!name.len || bar == name.len || bar >= s.len || s.at[bar] != '|' ||
	    (bar + 1 < s.len && s.at[bar + 1] != ' '))
		return false;
	if (!is_numbered(name) &&
	    (bar < name.len + 2 || severity_of(name) != SEVERITY_UNKNOWN || (!is_letter(name.at[0]) && !is_letter(name.at[name.len - 1]))))
		return false;
	struct span text = span_from(s, bar + 2);
	struct stamp stamp;
	size_t n = fixed_stamp(text, cache, &stamp);
	if (n) {
		stamped(c, &stamp, span_head(text, n));
		text = span_from(text, n + 1);
	}
	c->container = name;
	carried_by(c, CARRIER_COMPOSE, text);
	return true;
}

bool carriertext_cri(struct carried *c, struct stamp_cache *cache)
{
	struct span s = c->text;
	if (s.len < 29 || s.at[10] != 'T')
		return false;
	struct stamp stamp;
	size_t n = stamp_scan(s, cache, &stamp);
	if (!n || stamp.zone != STAMP_EXPLICIT)
		return false;
	struct span rest = span_from(s, n);
	if (!span_starts(rest, SPAN(" stdout ")) && !span_starts(rest, SPAN(" stderr ")))
		return false;
	struct span tags = span_from(rest, 8);
	if (!tags.len || (tags.at[0] != 'F' && tags.at[0] != 'P') ||
	    (tags.len > 1 && tags.at[1] != ' ' && tags.at[1] != ':'))
		return false;
	ptrdiff_t blank = span_find_byte(tags, ' ');
	c->iostream = (struct span){rest.at + 1, 6};
	c->partial = tags.at[0] == 'P';
	stamped(c, &stamp, span_head(s, n));
	carried_by(c, CARRIER_CRI, blank < 0 ? span_from(tags, tags.len) : span_from(tags, (size_t)blank + 1));
	return true;
}

/* The escape sequence at s[at] == ESC: how many bytes; 1 when it is none that is known. Sequences that the line cuts off go to its end. */
static size_t escape_len(struct span s, size_t at)
{
	size_t n = at + 1;
	if (n >= s.len)
		return 1;
	char kind = s.at[n++];
	if (kind == '[') { /* parameters, intermediates, one final byte */
		while (n < s.len && s.at[n] >= 0x20 && s.at[n] <= 0x3F)
			n++;
		if (n < s.len && s.at[n] >= 0x40 && s.at[n] <= 0x7E)
			n++;
	} else if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_') { /* to BEL or ESC '\' */
		while (n < s.len && s.at[n] != '\a' && s.at[n] != '\x1B')
			n++;
		if (n < s.len)
			n += s.at[n] == '\a' ? 1 : n + 1 < s.len && s.at[n + 1] == '\\' ? 2 : 0;
	} else if (kind >= 0x20 && kind <= 0x2F) { /* "ESC ( B" chooses a character set */
		while (n < s.len && s.at[n] >= 0x20 && s.at[n] <= 0x2F)
			n++;
		if (n < s.len && s.at[n] >= 0x30 && s.at[n] <= 0x7E)
			n++;
	} else if (kind < 0x30 || kind > 0x7E) {
		n--;
	}
	return n - at;
}

bool carriertext_ansi(struct carried *c, struct carrier_room *room)
{
	struct span s = c->text;
	const char *escape = s.len ? memchr(s.at, '\x1B', s.len) : NULL;
	char *to = escape ? carrier_room_take(room, s.len) : NULL;
	if (!to)
		return false;
	size_t len = 0, at = 0;
	while (at < s.len) {
		size_t plain = escape ? (size_t)(escape - s.at) : s.len;
		memcpy(to + len, s.at + at, plain - at);
		len += plain - at;
		at = plain;
		if (!escape)
			break;
		at += escape_len(s, at);
		escape = at < s.len ? memchr(s.at + at, '\x1B', s.len - at) : NULL;
	}
	carrier_room_give_back(room, s.len - len);
	carried_by(c, CARRIER_ANSI, (struct span){to, len});
	return true;
}
