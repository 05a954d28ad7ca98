#include "carry/carriertext.h"

/* "web-1", "web_1", "shop-web-run-0a1b2c": what Docker allows as a name. Bytes of it. */
static size_t container_name(struct span s)
{
	size_t n = 0;
	while (n < s.len && (is_letter(s.at[n]) || is_digit(s.at[n]) ||
			     (n && (s.at[n] == '_' || s.at[n] == '-' || s.at[n] == '.' || s.at[n] == '@'))))
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
	if (s.len < 30 || s.at[10] != 'T' || s.at[19] != '.' || !is_digit(s.at[26]) || !is_digit(s.at[28]) ||
	    is_digit(s.at[29]))
		return 0;
	size_t n = stamp_scan(s, cache, out);
	return n >= 30 && out->zone == STAMP_EXPLICIT && (n == s.len || s.at[n] == ' ') ? n : 0;
}

/* " stdout F", " stderr P:x": what stands behind the stamp of the container runtime interface. */
static bool is_cri(struct span rest)
{
	if (rest.len < 9 || (!span_starts(rest, SPAN(" stdout ")) && !span_starts(rest, SPAN(" stderr "))))
		return false;
	return (rest.at[8] == 'F' || rest.at[8] == 'P') && (rest.len == 9 || rest.at[9] == ' ' || rest.at[9] == ':');
}

/* "web-1  | ": whether a bar stands behind the name. Docker Swarm's `docker service logs` names the node: "web.1.id@node   
 * | ". */
static bool compose(struct carried *c, struct span name, struct stamp_cache *cache)
{
	struct span s = c->text;
	size_t bar = name.len;
	while (bar < s.len && s.at[bar] == ' ')
		bar++;
	if (!name.len || bar == name.len || bar >= s.len || s.at[bar] != '|' ||
	    (bar + 1 < s.len && s.at[bar + 1] != ' '))
		return false;
	bool lettered = is_letter(name.at[0]) || is_letter(name.at[name.len - 1]);
	if (!is_numbered(name) && (bar < name.len + 2 || severity_of(name) != SEVERITY_UNKNOWN || !lettered))
		return false;
	struct span text = span_from(s, bar + 2);
	struct stamp stamp;
	size_t n = fixed_stamp(text, cache, &stamp);
	if (n && !is_cri(span_from(text, n))) {
		carried_at(c, &stamp, span_head(text, n));
		text = span_from(text, n + 1);
	}
	ptrdiff_t node = span_find_byte(name, '@');
	c->container = node > 0 ? span_head(name, (size_t)node) : name;
	if (node > 0)
		carried_say(&c->host, span_from(name, (size_t)node + 1));
	carried_by(c, CARRIER_COMPOSE, text);
	return true;
}

/* A pod of a Deployment: "-", 8 to 10 and "-", 5 bytes of the alphabet that Kubernetes makes names of. */
static bool is_pod(struct span name)
{
	static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789";
	if (name.len < 16 || name.at[name.len - 6] != '-')
		return false;
	for (size_t i = name.len - 5; i < name.len; i++) {
		if (!memchr(alphabet, name.at[i], sizeof(alphabet) - 1))
			return false;
	}
	size_t n = name.len - 6, hash = 0;
	while (n > 0 && hash <= 10 && memchr(alphabet, name.at[n - 1], sizeof(alphabet) - 1)) {
		n--;
		hash++;
	}
	return hash >= 8 && hash <= 10 && n > 1 && name.at[n - 1] == '-';
}

static bool stern(struct carried *c, struct span pod)
{
	if (!is_pod(pod) || pod.len >= c->text.len || c->text.at[pod.len] != ' ')
		return false;
	struct span rest = span_from(c->text, pod.len + 1), container = span_head(rest, container_name(rest));
	if (!container.len || container.len > 63 || container.len >= rest.len || rest.at[container.len] != ' ')
		return false;
	c->host = pod;
	c->container = container;
	carried_by(c, CARRIER_EXPORT, span_from(rest, container.len + 1));
	return true;
}

bool carriertext_named(struct carried *c, struct stamp_cache *cache)
{
	struct span name = span_head(c->text, container_name(c->text));
	return compose(c, name, cache) || stern(c, name);
}

/* "2026-11-22T11:15:12.836Z stdout F text"; `n`: bytes of the stamp. */
static bool cri(struct carried *c, const struct stamp *stamp, size_t n)
{
	struct span rest = span_from(c->text, n), tags = span_from(rest, 8);
	if (!is_cri(rest))
		return false;
	ptrdiff_t blank = span_find_byte(tags, ' ');
	c->iostream = (struct span){rest.at + 1, 6};
	c->partial = tags.at[0] == 'P';
	carried_at(c, stamp, span_head(c->text, n));
	carried_by(c, CARRIER_CRI, blank < 0 ? span_from(tags, tags.len) : span_from(tags, (size_t)blank + 1));
	return true;
}

/* A level at the start, in brackets or behind blanks, too: the line is a program's own. */
static bool begins_with_level(struct span text)
{
	while (text.len && (text.at[0] == ' ' || text.at[0] == '['))
		text = span_from(text, 1);
	size_t n = 0;
	while (n < text.len && n < 12 && is_letter(text.at[n]))
		n++;
	return n && severity_of(span_head(text, n)) != SEVERITY_UNKNOWN;
}

/* `kubectl logs --timestamps`, `docker logs -t`. */
static bool fixed(struct carried *c, struct stamp_cache *cache)
{
	struct stamp stamp;
	size_t n = fixed_stamp(c->text, cache, &stamp);
	struct span text = span_from(c->text, n + 1);
	if (!n || begins_with_level(text))
		return false;
	carried_at(c, &stamp, span_head(c->text, n));
	carried_by(c, CARRIER_CRI, text);
	return true;
}

/* "app[postgres.26792]: [DATABASE] [7-1]  ...": the number is the backend's pid, a few lines each, and no writer of its own; which of
 * the databases it is says the name behind it. */
static void heroku_postgres(struct carried *c, struct span dyno, struct span text)
{
	const struct span program = SPAN("postgres");
	ptrdiff_t end = text.len > 2 && text.at[0] == '[' ? span_find_byte(text, ']') : -1;
	int64_t pid;
	if (!span_starts(dyno, SPAN("postgres.")) || !span_to_int(span_from(dyno, program.len + 1), &pid))
		return;
	c->pid = span_from(dyno, program.len + 1);
	c->container = span_head(dyno, program.len);
	if (end > 1 && !is_digit(text.at[1]) && container_name(span_head(span_from(text, 1), (size_t)end - 1)) == (size_t)end - 1)
		c->container = span_head(span_from(text, 1), (size_t)end - 1);
}

/* "app[web.1]:", "heroku[router]:": a dyno begins with a letter, a pid does not. */
static bool heroku(struct carried *c, const struct stamp *stamp, size_t n, struct span word)
{
	size_t open = container_name(word);
	if (!open || word.len < open + 4 || word.at[open] != '[' || !is_letter(word.at[open + 1]) ||
	    !span_ends(word, SPAN("]:")))
		return false;
	struct span dyno = span_head(span_from(word, open + 1), word.len - open - 3);
	if (container_name(dyno) != dyno.len)
		return false;
	struct span text = span_from(c->text, n + 1 + word.len);
	carried_at(c, stamp, span_head(c->text, n));
	c->process = span_head(word, open);
	c->container = dyno;
	text = text.len && text.at[0] == ' ' ? span_from(text, 1) : text;
	heroku_postgres(c, dyno, text);
	carried_by(c, CARRIER_EXPORT, text);
	return true;
}

/* The name of a stream of CloudWatch that no host is called: "ecs/app/0123", "2026/11/22/[$LATEST]0123", "shop-db.0". */
static bool is_log_stream(struct span word)
{
	if (word.len < 3 || word.at[word.len - 1] == ':' || word.at[0] == '/')
		return false;
	return span_find_byte(word, '/') > 0 ||
	       (is_digit(word.at[word.len - 1]) && word.at[word.len - 2] == '.' && is_letter(word.at[0]));
}

/* What begins like a line of its own: a time, or an object. */
static bool is_line(struct span text, struct stamp_cache *cache)
{
	struct stamp ignored;
	return text.len && (text.at[0] == '{' || (is_digit(text.at[0]) && stamp_scan(text, cache, &ignored)));
}

bool carriertext_stamped(struct carried *c, struct stamp_cache *cache)
{
	struct span s = c->text;
	struct stamp stamp;
	if (s.len < 22 || s.at[10] != 'T' || s.at[4] != '-')
		return false;
	size_t n = stamp_scan(s, cache, &stamp);
	if (!n || stamp.zone != STAMP_EXPLICIT || n >= s.len || s.at[n] != ' ')
		return false;
	if (cri(c, &stamp, n) || fixed(c, cache))
		return true;
	struct span rest = span_from(s, n + 1), word = rest;
	ptrdiff_t blank = span_find_byte(rest, ' ');
	if (blank >= 0)
		word = span_head(rest, (size_t)blank);
	bool utc = span_ends(span_head(s, n), SPAN("+00:00"));
	if (utc && heroku(c, &stamp, n, word))
		return true;
	if (utc && blank > 0 && stamp.time_us % 1000 == 0 && is_log_stream(word)) {
		carried_at(c, &stamp, span_head(s, n));
		c->container = word;
		carried_by(c, CARRIER_EXPORT, span_from(rest, word.len + 1));
		return true;
	}
	if (n != 24 || s.at[23] != 'Z' || !is_line(rest, cache))
		return false;
	carried_at(c, &stamp, span_head(s, n));
	carried_by(c, CARRIER_EXPORT, rest);
	return true;
}

bool carriertext_bracketed(struct carried *c)
{
	struct span s = c->text;
	ptrdiff_t end = span_starts(s, SPAN("[pod/")) ? span_find_byte(s, ']') : -1;
	if (end < 0 || (size_t)end + 1 >= s.len || s.at[end + 1] != ' ')
		return false;
	struct span pod = {s.at + 5, (size_t)end - 5}, name = span_cut(&pod, '/');
	if (!name.len || container_name(name) != name.len || !pod.len || container_name(pod) != pod.len)
		return false;
	c->host = name;
	c->container = pod;
	carried_by(c, CARRIER_CRI, span_from(s, (size_t)end + 2));
	return true;
}

/* The escape sequence at s[at] == ESC: how many bytes; 1 when it is none that is known. Sequences that the line cuts off go
 * to its end. */
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
