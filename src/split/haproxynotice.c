#include "split/haproxynotice.h"

#include "base/instant.h"

/* The first words of HAProxy's own messages (src/server.c, check.c, proxy.c, backend.c, haproxy.c, mworker.c, sock.c) that are
 * too much like other programs' to be taken without its name in the tag. */
static const char *const words[] = {
	"Server ", "Backup Server ", "backend ", "proxy ", "Proxy ", "Backend ", "Health check for ", "Connect from ",
	"Stopping ", "Pausing ", "Paused ", "Enabling ", "Enabled ", "SIGHUP", "Loading success", "New worker ",
	"New program ", "Current worker ", "Former worker ", "Reexecuting Master", "Exiting Master", "All workers exited",
};

static bool starts_as(struct span message)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (span_starts(message, span_of(words[i])))
			return true;
	}
	return false;
}

static bool names_haproxy(struct span process)
{
	return span_find(process, SPAN("haproxy")) >= 0;
}

static inline bool is_quote(char c)
{
	return c == '\'' || c == '"';
}

static struct span next_word(struct span *rest)
{
	struct span word = span_cut(rest, ' ');
	if (word.len > 1 && is_quote(word.at[0]) && word.at[word.len - 1] == word.at[0])
		word = (struct span){word.at + 1, word.len - 2};
	return word;
}

/* "be_shop/app1" */
static bool set_server(struct span word, struct record *r)
{
	ptrdiff_t slash = span_find_byte(word, '/');
	if (slash <= 0 || (size_t)slash + 1 == word.len)
		return false;
	record_set(r, FIELD_BACKEND, span_head(word, (size_t)slash));
	record_set(r, FIELD_BACKEND_SERVER, span_from(word, (size_t)slash + 1));
	record_set(r, FIELD_UPSTREAM_ADDRESS, word);
	return true;
}

/* Which server or proxy it is about. True when the whole sentence is one that only HAProxy writes. */
static bool set_subject(struct span message, struct record *r)
{
	struct span rest = message;
	span_cut(&rest, ' ');
	if (span_starts(message, SPAN("Server ")) || span_starts(message, SPAN("Backup Server "))) {
		if (message.at[0] == 'B')
			span_cut(&rest, ' ');
		struct span word = next_word(&rest);
		return set_server(word, r) && (span_starts(rest, SPAN("is ")) || span_starts(rest, SPAN("enters ")));
	}
	if (span_starts(message, SPAN("Health check for "))) {
		rest = span_from(message, 17);
		bool backup = span_starts(rest, SPAN("backup "));
		rest = span_from(rest, backup ? 7 : 0);
		if (!span_starts(rest, SPAN("server ")))
			return false;
		span_cut(&rest, ' ');
		return set_server(next_word(&rest), r) && (span_starts(rest, SPAN("failed")) || span_starts(rest, SPAN("succeeded")));
	}
	if (span_starts(message, SPAN("backend ")) || span_starts(message, SPAN("proxy "))) {
		struct span name = next_word(&rest);
		bool own = span_starts(rest, SPAN("has no server available!"));
		if (own)
			record_set(r, FIELD_BACKEND, name);
		return own;
	}
	if (span_starts(message, SPAN("Proxy "))) {
		next_word(&rest);
		return span_starts(rest, SPAN("started.")) || span_starts(rest, SPAN("stopped (")) ||
		       span_starts(rest, SPAN("reached "));
	}
	return false;
}

/* "203.0.113.7:50210"; the port is what follows the last colon. */
static bool set_client(struct span word, struct record *r)
{
	size_t digits = 0;
	while (digits < word.len && is_digit(word.at[word.len - 1 - digits]))
		digits++;
	if (!digits || digits + 1 >= word.len || word.at[word.len - 1 - digits] != ':')
		return false;
	struct span address = span_head(word, word.len - 1 - digits);
	if (address.len > 2 && address.at[0] == '[' && address.at[address.len - 1] == ']')
		address = (struct span){address.at + 1, address.len - 2};
	if (address.len > 1 || address.at[0] != '-')
		record_set(r, FIELD_CLIENT, address);
	record_set(r, FIELD_CLIENT_PORT, span_from(word, word.len - digits));
	return true;
}

/* "Connect from A:P to A:P (www/HTTP)" */
static bool scan_connect(struct span message, struct record *r)
{
	struct span rest = span_from(message, 13);
	struct span client = next_word(&rest), to = next_word(&rest), server = next_word(&rest);
	ptrdiff_t slash = span_find_byte(rest, '/');
	if (!span_equal(to, SPAN("to")) || rest.len < 4 || rest.at[0] != '(' || slash < 2 || !set_client(client, r))
		return false;
	for (size_t i = server.len; i > 0; i--) {
		if (server.at[i - 1] == ':') {
			record_set(r, FIELD_SERVER, span_head(server, i - 1));
			break;
		}
	}
	record_set(r, FIELD_FRONTEND, span_head(span_from(rest, 1), (size_t)slash - 1));
	return true;
}

/* The stamp of the header has no year: it is the one that brings it next behind the moment of accept. */
static void set_year(int64_t accepted_us, struct record *r)
{
	struct civil accepted, logged;
	instant_to_civil(accepted_us, &accepted);
	instant_to_civil(r->time_us, &logged);
	logged.year = accepted.year + (logged.month < accepted.month);
	if (!civil_valid(&logged))
		return;
	r->time_us = instant_of(&logged);
	r->yearless = false;
}

/* "CLIENT:PORT [STAMP] FRONTEND/BIND: MESSAGE" */
static bool scan_error(const struct syslog_header *h, struct stamp_cache *cache, struct record *r)
{
	struct span rest = h->message;
	struct span client = span_cut(&rest, ' ');
	struct stamp accepted;
	if (rest.len < 28 || rest.at[0] != '[' || rest.at[25] != ']' || rest.at[26] != ' ' ||
	    !stamp_parse((struct span){rest.at + 1, 24}, cache, &accepted))
		return false;
	struct span stamp = {rest.at + 1, 24};
	rest = span_from(rest, 27);
	ptrdiff_t colon = span_find(rest, SPAN(": "));
	struct span name = span_head(rest, colon > 0 ? (size_t)colon : 0);
	if (!name.len || span_find_byte(name, ' ') >= 0 || !set_client(client, r))
		return false;
	ptrdiff_t slash = span_find_byte(name, '/');
	record_set(r, FIELD_FRONTEND, slash > 0 ? span_head(name, (size_t)slash) : name);
	record_set(r, FIELD_MESSAGE, span_from(rest, (size_t)colon + 2));
	if (!h->has_stamp) {
		record_set(r, FIELD_TIMESTAMP, stamp);
		stamp_apply(&accepted, r);
		return true;
	}
	if (r->yearless)
		set_year(accepted.time_us, r);
	/* It did not end before it was accepted: of the header's second only the rest is possible. */
	int64_t later_us = accepted.time_us - r->time_us;
	if (r->zone == accepted.zone && later_us > 0 && later_us < r->resolution_us) {
		r->time_us += later_us;
		r->resolution_us -= later_us;
	}
	return true;
}

/* "[WARNING]  (15985) : ", before 2.3 "[WARNING] 325/115242 (15985) : " with the day of a year that is not printed. */
static struct span take_level(struct span message, struct record *r)
{
	static const char *const names[] = {"[ALERT]", "[WARNING]", "[NOTICE]", "[INFO]", "[DIAG]"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct span name = span_of(names[i]);
		if (!span_starts(message, name))
			continue;
		size_t at = name.len;
		while (at < message.len && (message.at[at] == ' ' || message.at[at] == '/' || is_digit(message.at[at])))
			at++;
		size_t pid = at + 1, end = pid;
		while (end < message.len && is_digit(message.at[end]))
			end++;
		if (at >= message.len || message.at[at] != '(' || end == pid || !span_starts(span_from(message, end), SPAN(") : ")))
			return message;
		struct span level = {name.at + 1, name.len - 2};
		record_set(r, FIELD_SEVERITY, (struct span){message.at + 1, level.len});
		r->severity = severity_of(level);
		record_set(r, FIELD_PID, (struct span){message.at + pid, end - pid});
		return span_from(message, end + 4);
	}
	return message;
}

bool haproxynotice_scan(const struct syslog_header *h, struct stamp_cache *cache, struct record *r)
{
	r->resolution_us = 0;
	r->severity = syslog_severity(h->level);
	struct span message = take_level(h->message, r);
	bool levelled = message.at != h->message.at;
	bool ours = levelled || names_haproxy(h->process);
	if (h->has_stamp) {
		record_set(r, FIELD_TIMESTAMP, h->stamp_text);
		stamp_apply(&h->stamp, r);
	}
	record_set(r, FIELD_MESSAGE, message);
	bool connects = span_starts(message, SPAN("Connect from ")) && scan_connect(message, r);
	if (!connects && !scan_error(h, cache, r) && !set_subject(message, r) && !(ours && (levelled || starts_as(message))))
		return false;
	if (h->host.len)
		record_set(r, FIELD_HOST, h->host);
	if (h->process.len)
		record_set(r, FIELD_PROCESS, h->process);
	if (h->pid.len && !record_has(r, FIELD_PID))
		record_set(r, FIELD_PID, h->pid);
	return true;
}
