#include "split/nginxerror.h"

#include "line/access.h"
#include "line/hop.h"

enum part {
	PART_STARTTLS,
	PART_SERVER,
	PART_LOGIN,
	PART_REQUEST,
	PART_SUBREQUEST,
	PART_UPSTREAM,
	PART_UPSTREAM_BARE, /* the mail module's */
	PART_HOST,
	PART_REFERRER,
	PART_BYTES,
	PART_COUNT,
};

/* In nginx's order; '"' at the end: the value is in quotes. */
#define NAME(text) {text, sizeof(text) - 1}
static const struct span names[PART_COUNT] = {
	[PART_STARTTLS] = NAME(", using starttls"), [PART_SERVER] = NAME(", server: "),
	[PART_LOGIN] = NAME(", login: \""), [PART_REQUEST] = NAME(", request: \""),
	[PART_SUBREQUEST] = NAME(", subrequest: \""), [PART_UPSTREAM] = NAME(", upstream: \""),
	[PART_UPSTREAM_BARE] = NAME(", upstream: "), [PART_HOST] = NAME(", host: \""),
	[PART_REFERRER] = NAME(", referrer: \""), [PART_BYTES] = NAME(", bytes from/to client:"),
};
#undef NAME

static inline bool is_address_byte(char c)
{
	return is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 6 || c == ':' || c == '.';
}

/* The address at the start of `s`; 0 when there is none. Behind it the tail goes on or the text ends. */
static size_t address_len(struct span s)
{
	size_t n = 0;
	if (span_starts(s, SPAN("unix:")))
		n = 5;
	else
		while (n < s.len && is_address_byte(s.at[n]))
			n++;
	return n && (n == s.len || s.at[n] == ',' || s.at[n] == '\n' || s.at[n] == ' ') ? n : 0;
}

/* Where ", client: ADDRESS" begins, or a datagram's ", udp client: ADDRESS", and the address; text.len when there is none. */
static size_t find_client(struct span text, struct span *client)
{
	const char *end = text.at + text.len;
	for (const char *at = text.at; at < end && (at = hop_to(at, end, ',')); at++) {
		struct span rest = {at, (size_t)(end - at)};
		size_t name = span_starts(rest, SPAN(", client: ")) ? 10 : span_starts(rest, SPAN(", udp client: ")) ? 14 : 0;
		*client = span_from(rest, name);
		client->len = name ? address_len(*client) : 0;
		if (client->len)
			return (size_t)(at - text.at);
	}
	return text.len;
}

/* Which part begins at `s`, from `first` on; PART_COUNT when none does. */
static enum part part_at(struct span s, enum part first)
{
	for (int i = (int)first; s.len > 2 && s.at[0] == ',' && i < PART_COUNT; i++) {
		if (s.at[2] == names[i].at[2] && span_starts(s, names[i]))
			return (enum part)i;
	}
	return PART_COUNT;
}

/* How long the value of `part` is at the start of `s`. */
static size_t value_len(struct span s, enum part part)
{
	struct span name = names[part];
	bool quoted = name.at[name.len - 1] == '"';
	const char *end = s.at + s.len;
	/* A value may have quotes and commas: it ends at the first behind which another part begins. */
	for (const char *at = s.at; at < end && (at = hop_to(at, end, quoted ? '"' : ',')); at++) {
		const char *behind = at + quoted;
		if ((quoted && behind == end) || part_at((struct span){behind, (size_t)(end - behind)}, (enum part)(part + 1)) != PART_COUNT)
			return (size_t)(at - s.at);
	}
	return s.len - (quoted && span_ends(s, SPAN("\"")));
}

/* "http://127.0.0.1:80/path", "fastcgi://unix:/run/fpm.sock:", "127.0.0.1:5432", "shop": without scheme and path. */
static struct span peer_of(struct span value)
{
	ptrdiff_t scheme = span_find(value, SPAN("://"));
	if (scheme >= 0 && scheme < 16)
		value = span_from(value, (size_t)scheme + 3);
	if (span_starts(value, SPAN("unix:"))) {
		ptrdiff_t colon = span_find_byte(span_from(value, 5), ':');
		return colon >= 0 ? span_head(value, (size_t)colon + 5) : value;
	}
	ptrdiff_t slash = span_find_byte(value, '/');
	return slash >= 0 ? span_head(value, (size_t)slash) : value;
}

static void set_part(enum part part, struct span value, struct record *r)
{
	switch (part) {
	case PART_SERVER:
		access_field(FIELD_SERVER, value, r);
		break;
	case PART_LOGIN:
		access_field(FIELD_USER, value, r);
		break;
	case PART_REQUEST:
		access_request(value, r);
		break;
	case PART_UPSTREAM:
	case PART_UPSTREAM_BARE:
		access_field(FIELD_UPSTREAM_ADDRESS, peer_of(value), r);
		break;
	case PART_HOST:
		access_field(FIELD_HTTP_HOST, value, r);
		break;
	case PART_REFERRER:
		access_field(FIELD_REFERER, value, r);
		break;
	case PART_STARTTLS:
	case PART_SUBREQUEST:
	case PART_BYTES:
	case PART_COUNT:
		break;
	}
}

/* The last "(NUMBER: text)" of the message, which nginx writes behind what a user may have put into it: only " while
 * ..." may follow. Of a resolver it is DNS's answer (RFC 1035 section 4.1.1), no errno. */
static void set_errno(struct span message, struct record *r)
{
	const char *at = message.at + message.len, *close = hop_back(message.at, at, ')');
	struct span behind = close ? span_from(message, (size_t)(close + 1 - message.at)) : SPAN_NONE;
	if (!close || (behind.len && !span_starts(behind, SPAN(" while "))))
		return;
	while ((at = hop_back(message.at, at, '(')) && at > message.at) {
		struct span number = span_from(message, (size_t)(at + 1 - message.at));
		size_t n = 0;
		while (n < number.len && n < 6 && is_digit(number.at[n]))
			n++;
		if (at[-1] != ' ' || !n || !span_starts(span_from(number, n), SPAN(": ")))
			continue;
		if (!span_ends(span_head(message, (size_t)(at - message.at)), SPAN(" could not be resolved ")))
			record_set(r, FIELD_ERRNO, span_head(number, n));
		return;
	}
}

/* "client 192.0.2.1:53044 connected to 0.0.0.0:25" of mail and stream, "client 192.0.2.1 closed keepalive connection" of http. */
static void set_connected(struct span text, struct record *r)
{
	struct span rest = span_from(text, 7), address = span_cut(&rest, ' ');
	if (!span_starts(text, SPAN("client ")) || !address.len || !(span_starts(rest, SPAN("connected to ")) || span_starts(rest, SPAN("closed "))))
		return;
	for (size_t i = 0; i < address.len; i++) {
		if (!is_address_byte(address.at[i]) && address.at[i] != '[' && address.at[i] != ']')
			return;
	}
	access_peer(address, r);
}

size_t nginxerror_scan(struct span text, struct record *r)
{
	struct span client = SPAN_NONE;
	size_t end = r->severity == SEVERITY_DEBUG ? text.len : find_client(text, &client);
	set_errno(span_head(text, end), r);
	if (end == text.len) {
		set_connected(text, r);
		return end;
	}
	record_set(r, FIELD_CLIENT, client);
	struct span rest = {client.at + client.len, (size_t)(text.at + text.len - client.at) - client.len};
	while (rest.len && (rest.at[rest.len - 1] == '\n' || rest.at[rest.len - 1] == ' '))
		rest.len--;
	for (enum part part = PART_STARTTLS; (part = part_at(rest, part)) != PART_COUNT; part++) {
		struct span name = names[part];
		rest = span_from(rest, name.len);
		size_t len = value_len(rest, part);
		set_part(part, span_head(rest, len), r);
		rest = span_from(rest, len + (name.at[name.len - 1] == '"'));
	}
	return end;
}
