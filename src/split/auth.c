#include "split/auth.h"

/* ---- how messages look ----
 * In a form, besides text that must stand there:
 *   %u  a user: up to the last place where what is behind it stands (in a form once); quotes, "(uid=0)" and what sort of user it is are left out
 *   %w  a user of one word
 *   %v  "USER ADDRESS port PORT", to the last " port "
 *   %a  an address or a host's name; a mark behind it is no part of it
 *   %A  address:port
 *   %p  a port
 *   %-  one word that says nothing
 *   %*  anything up to the first place where the text behind it stands; never behind a %u, which is tried at each of its places
 * What stands behind the form's end says nothing. Forms are tried in their order. */
struct forms {
	const char *programs; /* with a blank behind each */
	const char *const *all;
};

/* auth.c, auth2.c, auth-pam.c, sshd.c, session.c, packet.c, kex.c, canohost.c, monitor.c. Versions before 7.3 print no port in some. */
static const char *const sshd[] = {
	"Accepted %- for %u from %a port %p", "Failed %- for %u from %a port %p", "Postponed %- for %u from %a port %p",
	"Partial %- for %u from %a port %p", "Accepted %- for %u from %a", "Failed %- for %u from %a",
	"Invalid user %u from %a port %p", "Invalid user %u from %a", "Illegal user %u from %a",
	"error: maximum authentication attempts exceeded for %u from %a port %p",
	"error: PAM: %* for %u from %a",
	"Connection closed by invalid user %v", "Connection closed by authenticating user %v", "Connection closed by user %v",
	"Connection reset by invalid user %v", "Connection reset by authenticating user %v", "Connection reset by user %v",
	"Connection closed by %a port %p", "Connection closed by %a", "Connection reset by %a port %p", "Connection reset by %a",
	"Disconnected from invalid user %v", "Disconnected from authenticating user %v", "Disconnected from user %v",
	"Disconnected from %a port %p", "Disconnected from %a",
	"Disconnecting invalid user %v", "Disconnecting authenticating user %v", "Disconnecting user %v",
	"Disconnecting %a port %p", "Disconnecting: Too many authentication failures for %u [preauth]",
	"Disconnecting: Too many authentication failures for %u",
	"Received disconnect from %a port %p", "Received disconnect from %a",
	"error: Received disconnect from %a port %p", "error: Received disconnect from %a",
	"Connection from %a port %p", "Did not receive identification string from %a port %p",
	"Did not receive identification string from %a", "Bad protocol version identification %* from %a port %p",
	"Unable to negotiate with %a port %p", "fatal: Unable to negotiate with %a port %p",
	"Timeout before authentication for connection from %a to ", "fatal: Timeout before authentication for %a port %p",
	"Timeout before authentication for %a port %p", "fatal: Timeout before authentication for %a",
	"ssh_dispatch_run_fatal: Connection from user %v", "ssh_dispatch_run_fatal: Connection from %a port %p",
	"fatal: ssh_dispatch_run_fatal: Connection from %a port %p", "banner exchange: Connection from %a port %p",
	"error: kex_exchange_identification: read: Connection reset by %a", "kex_exchange_identification: Connection closed by %a",
	"drop connection #%- from [%a]:%p", "refused connect from %a",
	"User %u from %a not allowed because ", "User %u not allowed because ", "User %u, coming from %a, is not allowed",
	"Login restricted for %u: ", "ROOT LOGIN REFUSED FROM %a port %p", "ROOT LOGIN REFUSED FROM %a",
	"fatal: Access denied for user %u by PAM account configuration",
	"Access denied for user %u by PAM account configuration", "input_userauth_request: invalid user %u [preauth]",
	"input_userauth_request: invalid user %u", "input_userauth_request: illegal user %u",
	"Starting session: %* for %u from %a port %p", "Close session: user %v", "Close session: user %u from %a port %p",
	"subsystem request for %- by user %u", "reverse mapping checking getaddrinfo for %- [%a] ",
	"Address %a maps to ", "Nasty PTR record \"%*\" is set up for %a,", "Authentication tried for %u with correct key but not from a "
	"permitted host (host=%-, ip=%a)", "User %u password has expired", NULL,
};
static const char *const dropbear[] = {
	"Password auth succeeded for %u from %A", "Pubkey auth succeeded for %u with %* from %A", "Bad password attempt for %u from %A",
	"Login attempt for nonexistent user from %A", "Bad PAM password attempt for %u from %A", "PAM password auth succeeded for %u from %A",
	"Login attempt with wrong user %u from %A", "Max auth tries reached - user %u from %A", "Child connection from %A",
	"Exit before auth from <%A>", "Exit (%u) from <%A>", "Exit before auth (user %u, ", "Exit (%u): ", "Exit before auth: ", NULL,
};
/* Behind "pam_NAME(service:type): ", or of a program called "sshd(pam_unix)". */
static const char *const pam[] = {
	"session opened for user %u by (uid=%*)", "session opened for user %- by %u(uid=%*)", "session opened for user %- by %w",
	"session opened for user %u", "session closed for user %u", "password changed for %u", "expired password for user %w (",
	"account %w has expired (", "account %w has password changed in future", "password for user %w will expire",
	"user \"%u\" does not exist", "auth could not identify password for [%u]", "bad username [%u]",
	"Password for user %u was ", "requirement \"%*\" not met by user \"%u\"", "requirement \"%*\" was met by user \"%u\"",
	"Consecutive login failures for user %u account temporarily locked", "user %w (%-) tally ", "user %w has time limit",
	"access denied for user `%u' from ", "access denied: user `%u' ", "Refused user %u for service ", NULL,
};
static const char *const sudo[] = {"%w : ", NULL};
static const char *const doas[] = {"%w ran command ", "command not permitted for %w", "failed auth for %w", "failed command for %w: ", NULL};
static const char *const su[] = {
	"(to %-) %w on ", "FAILED SU (to %-) %w on ", "Successful su for %- by %w", "FAILED su for %- by %w", "BAD SU %w to ",
	"'su %-' failed for %w on ", "'su %-' succeeded for %w on ", "+ %- %w:", "- %- %w:", "%w to %- on ", NULL,
};
static const char *const pkexec[] = {"%w: Executing command ", "%w: Error executing command as another user: ", NULL};
static const char *const polkitd[] = {
	"Operator of %- successfully authenticated as unix-user:%w to", "Operator of %- FAILED to authenticate to %* (owned by unix-user:%w)",
	"%*(owned by unix-user:%w)", NULL,
};
static const char *const login[] = {
	"ROOT LOGIN ON %- FROM %a", "ROOT LOGIN %* on %- from %a", "LOGIN ON %- BY %u FROM %a", "LOGIN ON %- BY %u",
	"FAILED LOGIN (%-) on %- FROM %a FOR %u, ", "FAILED LOGIN (%-) on %- FOR %u, ", "FAILED LOGIN %- FROM %a FOR %u, ",
	"FAILED LOGIN SESSION FROM %a FOR %u, ", "DIALUP AT %- BY %u", NULL,
};
static const char *const logind[] = {"New session %- of user %w with ", "New session %- of user %w", "Session %- of user %w ", NULL};
static const char *const systemd[] = {
	"Started Session %- of user %w", "Started Session %- of User %w", "Starting Session %- of user %w",
	"Started session-%- - Session %- of User %w", "Stopping Session %- of user %w", "Stopped Session %- of user %w", NULL,
};
static const char *const cron[] = {"(%w) ", "crond: USER %w pid ", "USER %w pid ", NULL};
static const char *const atd[] = {"Starting job %- (%-) for user %u (", NULL};
static const char *const shadow[] = {
	"new user: name=%w, ", "failed adding user %w, ", "delete user '%w'", "password for %- changed by %w", "change user '%w' ",
	"change user name '%w' ", "changed user '%w' ", "changed password expiry for %w", "lock user '%w' ", "unlock user '%w' ",
	"add '%w' to ", "delete '%w' from ", "user %- added by %w to group", "user %- removed by %w from group",
	"user '%-' (login '%w' on ", "user '%w' ", "can't view or modify password information for %w", "change expiration of '%w' ",
	"changed '%w' password expiry", NULL,
};

static const struct forms table[] = {
	{"sshd sshd-session sshd-auth ", sshd}, {"dropbear ", dropbear}, {"sudo ", sudo}, {"doas ", doas}, {"su su-l ", su},
	{"pkexec ", pkexec}, {"polkitd polkit-agent-helper-1 ", polkitd}, {"login ", login}, {"systemd-logind ", logind},
	{"systemd ", systemd}, {"CRON cron crond crontab ", cron}, {"atd ", atd},
	{"useradd userdel usermod newusers groupmod groupdel groupadd passwd chpasswd chage chfn chsh gpasswd newgrp vipw ", shadow},
};

/* ---- reading ---- */

struct found {
	struct span user, address, port;
};

/* Where it stands last; -1. */
static ptrdiff_t find_last(struct span s, struct span what)
{
	for (size_t i = s.len + 1; i-- > 0;) {
		if (i + what.len <= s.len && (!what.len || !memcmp(s.at + i, what.at, what.len)))
			return (ptrdiff_t)i;
	}
	return -1;
}

static struct span word_of(struct span s)
{
	ptrdiff_t blank = span_find_byte(s, ' ');
	return blank < 0 ? s : span_head(s, (size_t)blank);
}

/* A name without what is printed around it. Empty: nobody's: cron's own words. */
static struct span user_of(struct span s)
{
	static const char *const kinds[] = {"invalid user ", "illegal user ", "authenticating user ", "unknown user ", "user "};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (span_starts(s, span_of(kinds[i])))
			s = span_from(s, strlen(kinds[i]));
	}
	ptrdiff_t uid = find_last(s, SPAN("(uid="));
	if (uid >= 0)
		s = span_head(s, (size_t)uid);
	s = span_trim(s);
	if (s.len > 1 && s.at[0] == s.at[s.len - 1] && (s.at[0] == '\'' || s.at[0] == '"'))
		s = (struct span){s.at + 1, s.len - 2};
	if (s.len && (s.at[s.len - 1] == '.' || s.at[s.len - 1] == ';' || s.at[s.len - 1] == ','))
		s.len--;
	return s.len && s.at[0] != '*' && !span_equal(s, SPAN("CRON")) ? s : SPAN_NONE;
}

/* A name without a dot could be any word ("Connection reset by peer"). */
static size_t address_at(struct span s, struct span *address)
{
	size_t n = 0;
	while (n < s.len && s.at[n] > ' ' && !memchr(",()[]<>;\"'", s.at[n], 10))
		n++;
	struct span a = span_head(s, n);
	if (n && a.at[n - 1] == ':' && !(n > 1 && a.at[n - 2] == ':'))
		a.len--;
	*address = a;
	return span_find_byte(a, '.') > 0 || span_find_byte(a, ':') >= 0 ? a.len : 0;
}

static size_t port_at(struct span s, struct span *port)
{
	size_t n = 0;
	while (n < s.len && n < 5 && is_digit(s.at[n]))
		n++;
	*port = span_head(s, n);
	return n;
}

/* "vagrant 192.0.2.1 port 22 ..." */
static bool user_address_port(struct span s, struct found *f)
{
	ptrdiff_t at = find_last(s, SPAN(" port "));
	if (at <= 0)
		return false;
	ptrdiff_t blank = find_last(span_head(s, (size_t)at), SPAN(" "));
	if (blank < 0 || !port_at(span_from(s, (size_t)at + 6), &f->port))
		return false;
	f->address = (struct span){s.at + blank + 1, (size_t)(at - blank - 1)};
	struct span user = span_head(s, (size_t)blank);
	if (span_ends(user, SPAN(" from")))
		user.len -= 5;
	f->user = user_of(user);
	return f->address.len > 0;
}

/* "192.0.2.1:22", "[::1]:22" */
static size_t address_port(struct span s, struct found *f)
{
	size_t n = 0;
	while (n < s.len && s.at[n] > ' ' && s.at[n] != '>')
		n++;
	ptrdiff_t colon = find_last(span_head(s, n), SPAN(":"));
	if (colon <= 0 || !port_at(span_from(s, (size_t)colon + 1), &f->port))
		return 0;
	struct span a = span_head(s, (size_t)colon);
	if (a.at[0] == '[' && a.at[a.len - 1] == ']')
		a = (struct span){a.at + 1, a.len - 2};
	f->address = a;
	return (size_t)colon + 1 + f->port.len;
}

/* The text of the form up to its next sign. */
static struct span literal_of(const char *form)
{
	size_t n = 0;
	while (form[n] && form[n] != '%')
		n++;
	return (struct span){form, n};
}

/* One sign of a form at the start of `s`; bytes of it, or -1. `behind`: the text that must follow. */
static ptrdiff_t take(char sign, struct span s, struct span behind, struct found *f)
{
	ptrdiff_t at;
	switch (sign) {
	case 'a':
		at = (ptrdiff_t)address_at(s, &f->address);
		return at ? at : -1;
	case 'A':
		at = (ptrdiff_t)address_port(s, f);
		return at ? at : -1;
	case 'p':
		at = (ptrdiff_t)port_at(s, &f->port);
		return at ? at : -1;
	case 'v':
		return user_address_port(s, f) ? (ptrdiff_t)s.len : -1;
	case '*':
		return span_find(s, behind);
	default: /* a word; the text behind it may stand in it or follow */
		at = (ptrdiff_t)word_of(s).len;
		if (behind.len)
			at = span_find(span_head(s, (size_t)at + behind.len), behind);
		if (at <= 0)
			return -1;
		if (sign == 'w')
			f->user = user_of(span_head(s, (size_t)at));
		return at;
	}
}

/* What of the form stands before its %u, or all of it. Both are moved behind that. */
static bool walk(const char **form, struct span *s, struct found *f)
{
	for (;;) {
		struct span text = literal_of(*form);
		if (!span_starts(*s, text))
			return false;
		*s = span_from(*s, text.len);
		*form += text.len;
		if (!**form || (*form)[1] == 'u')
			return true;
		ptrdiff_t n = take((*form)[1], *s, literal_of(*form + 2), f);
		if (n < 0)
			return false;
		*s = span_from(*s, (size_t)n);
		*form += 2;
	}
}

/* A form has one %u at most. */
static bool has_form(const char *form, struct span s, struct found *f)
{
	*f = (struct found){0};
	if (!walk(&form, &s, f))
		return false;
	if (!*form)
		return true;
	struct span behind = literal_of(form + 2), head = s;
	if (!behind.len) {
		f->user = user_of(s);
		return true;
	}
	for (ptrdiff_t at; (at = find_last(head, behind)) >= 0; head.len = (size_t)at + behind.len - 1) {
		const char *rest_form = form + 2;
		struct span rest = span_from(s, (size_t)at);
		if (walk(&rest_form, &rest, f)) {
			f->user = user_of(span_head(s, (size_t)at));
			return true;
		}
	}
	return false;
}

static void set_absent(struct record *r, enum field field, struct span value)
{
	if (value.len && !record_has(r, field))
		record_set(r, field, value);
}

static bool read_forms(const char *const *forms, struct span message, struct record *r)
{
	for (; *forms; forms++) {
		struct found f;
		if (has_form(*forms, message, &f)) {
			set_absent(r, FIELD_USER, f.user);
			set_absent(r, FIELD_CLIENT, f.address);
			set_absent(r, FIELD_CLIENT_PORT, f.port);
			return true;
		}
	}
	return false;
}

/* "authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root": all modules that ask for a password. A
 * number of them stands before it once the last try has failed. */
static void read_failure(struct span message, struct record *r)
{
	static const struct {
		const char *name;
		enum field field;
	} pairs[] = {{" user=", FIELD_USER}, {" rhost=", FIELD_CLIENT}, {" ruser=", FIELD_USER}, {" logname=", FIELD_USER}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct span name = span_of(pairs[i].name);
		ptrdiff_t at = find_last(message, name);
		if (at >= 0)
			set_absent(r, pairs[i].field, word_of(span_from(message, (size_t)at + name.len)));
	}
}

/* "2 more authentication failures; ...": what stands behind the number. */
static struct span behind_more(struct span message)
{
	struct span rest = message;
	while (rest.len && is_digit(rest.at[0]))
		rest = span_from(rest, 1);
	return rest.len < message.len && span_starts(rest, SPAN(" more ")) ? span_from(rest, 6) : message;
}

static void read_pam(struct span message, struct record *r)
{
	message = behind_more(message);
	if (span_starts(message, SPAN("authentication failure")) || span_starts(message, SPAN("authentication success; ")))
		read_failure(message, r);
	else
		read_forms(pam, message, r);
}

/* "pam_unix(sshd:session): ", or the library's own "PAM 2 more authentication failures; ": true, and *message is what is behind it. */
static bool is_pam(struct span *message)
{
	size_t n = 4;
	struct span more = span_starts(*message, SPAN("PAM ")) ? span_from(*message, 4) : SPAN_NONE;
	if (behind_more(more).len < more.len) {
		*message = more;
		return true;
	}
	if (!span_starts(*message, SPAN("pam_")))
		return false;
	while (n < message->len && message->at[n] != '(' && message->at[n] > ' ')
		n++;
	ptrdiff_t end = span_find(*message, SPAN("): "));
	if (n >= message->len || message->at[n] != '(' || end < (ptrdiff_t)n)
		return false;
	*message = span_from(*message, (size_t)end + 3);
	return true;
}

static bool knows(const char *programs, struct span program)
{
	for (struct span all = span_of(programs); all.len;) {
		if (span_equal(span_cut(&all, ' '), program))
			return true;
	}
	return false;
}

/* syslogd: "message repeated 3 times: [ Failed password for root from ...]" */
static struct span unrepeated(struct span message)
{
	ptrdiff_t at = span_starts(message, SPAN("message repeated ")) ? span_find(message, SPAN(" times: [")) : -1;
	if (at < 0)
		return message;
	message = span_from(message, (size_t)at + 9);
	if (message.len && message.at[message.len - 1] == ']')
		message.len--;
	return message;
}

void auth_read(struct record *r)
{
	struct span program = record_get(r, FIELD_PROCESS), message = record_get(r, FIELD_MESSAGE);
	ptrdiff_t slash = find_last(program, SPAN("/"));
	message = span_trim(unrepeated(message));
	if (!program.len || !message.len)
		return;
	if (is_pam(&message) || span_ends(program, SPAN("(pam_unix)"))) {
		read_pam(message, r);
		return;
	}
	program = span_from(program, (size_t)(slash + 1));
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (knows(table[i].programs, program))
			read_forms(table[i].all, message, r);
	}
}

void auth_read_bare(struct record *r)
{
	static const char *const forms[] = {"Accepted %- for %u from %a port %p ssh2", "Failed %- for %u from %a port %p ssh2",
		"Invalid user %u from %a port %p", "Received disconnect from %a: ", "Received disconnect from %a port %p:",
		"Connection closed by authenticating user %v", "Connection closed by invalid user %v", "Disconnected from user %v",
		"Disconnected from authenticating user %v", "Disconnected from invalid user %v",
		"Did not receive identification string from %a", "error: maximum authentication attempts exceeded for %u from %a port %p", NULL};
	struct span message = record_get(r, FIELD_MESSAGE);
	if (is_pam(&message))
		read_pam(message, r);
	else
		read_forms(forms, message, r);
}
