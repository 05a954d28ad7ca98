#include "redact/said.h"

#include "redact/address.h"
#include "redact/token.h"
#include "redact/vocabulary.h"
#include "tally/mask.h"

static char byte_at(struct span s, size_t i)
{
	return i < s.len ? s.at[i] : 0;
}

static bool is_alnum(char c)
{
	return is_digit(c) || is_letter(c) || (unsigned char)c >= 0x80;
}

static bool is_name_byte(char c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '$' || c == '+';
}

static bool is_word_byte(char c)
{
	return is_alnum(c) || c == '_' || c == '-';
}

bool said_is_nobody(struct span name)
{
	static const char *const nobody[] = {
		"-", "[unknown]", "unknown", "other", "postgres", "root", "nobody", "none", "null", "nil", "anonymous", "true", "false", "(none)",
		"pgbouncer", "guest", "system",
		/* who states events */
		"alertmanager", "prometheus", "grafana", "pagerduty", "opsgenie", "datadog", "zabbix", "nagios", "icinga", "sentry", "statuspage",
		"victorops", "jenkins", "github", "gitlab", "argocd", "slackbot", "cron", "kubernetes", "terraform", "ansible", "autoscaler",
	};
	for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
		if (span_equal_nocase(name, span_of(nobody[i])))
			return true;
	return !name.len || span_starts(name, SPAN("***"));
}

static bool among(struct span word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_equal_nocase(word, span_of(words[i])))
			return true;
	return false;
}
#define AMONG(word, words) among(word, words, sizeof(words) / sizeof *(words))

/* "user", "db_user", "userName", "remote-user", "role". */
static bool is_user_name(struct span word)
{
	static const char *const names[] = {"user",  "users", "usr",   "uname", "username", "user_name", "user-name", "login",	"role",	   "rolname", "owner",
					    "principal", "actor", "account", "remote_user", "dbuser", "author",	 "operator",  "requester", "acting_as", "usename",
					    "userid", "user_id", "user-id", "customer", "screen_name", "nickname", "logname", "ident", "sender", "recipient",
					    "assignee", "login_name", "loginname", "member", "employee", "approved_by", "created_by", "by",
					    "uid",	 "first_name", "firstname", "last_name", "lastname", "full_name", "fullname", "display_name", "displayname",
					    "given_name", "family_name", "surname", "customer_name", "customername"};
	if (AMONG(word, names))
		return true;
	static const char *const ends[] = {"_user", "-user", ".user", "_username", "User", "UserName", "Username", "_role", "_login", "_owner"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (span_ends(word, span_of(ends[i])))
			return true;
	return false;
}

/* "role=leader" and "owner=payments" name a part that something plays: not wherever the word stands. */
static bool names_person(struct span word)
{
	return span_find_nocase(word, SPAN("user")) >= 0 || span_find_nocase(word, SPAN("login")) >= 0 || span_equal(word, SPAN("usename"));
}

static void add(struct said *s, size_t at, size_t len, enum redact_kind kind, bool sure)
{
	if (len && s->n < SAID_VALUES) {
		s->values[s->n].at = at;
		s->values[s->n].len = len;
		s->values[s->n].kind = kind;
		s->values[s->n++].sure = sure;
	}
}

static size_t word_end(struct span text, size_t at)
{
	while (at < text.len && is_word_byte(text.at[at]))
		at++;
	return at;
}

/* Passes a quote, escaped or not; 0: there is none. */
static char take_quote(struct span text, size_t *at)
{
	size_t i = *at;
	while (byte_at(text, i) == '\\' && i - *at < 4)
		i++;
	char c = byte_at(text, i);
	if (c != '"' && c != '\'' && c != '`')
		return 0;
	*at = i + 1;
	return c;
}

static size_t quote_end(struct span text, size_t at, char quote)
{
	while (at < text.len && text.at[at] != quote)
		at++;
	while (at && text.at[at - 1] == '\\')
		at--;
	return at;
}

/* Where an unquoted value ends. */
static size_t value_end(struct span text, size_t at, const char *stops)
{
	while (at < text.len && (unsigned char)text.at[at] > ' ' && !strchr(stops, text.at[at]))
		at++;
	return at;
}

static bool is_placeholder(struct span text, size_t at, size_t len)
{
	struct redact_placeholder p;
	return redact_placeholder_at(text, at, &p) && p.len <= len;
}

static enum redact_kind secret_kind(struct span name)
{
	return span_find_nocase(name, SPAN("cookie")) >= 0 ? REDACT_COOKIE :
	       span_find_nocase(name, SPAN("jwt")) >= 0	   ? REDACT_JWT :
	       span_find_nocase(name, SPAN("token")) >= 0  ? REDACT_TOKEN :
	       span_find_nocase(name, SPAN("card")) >= 0   ? REDACT_CARD :
							     REDACT_SECRET;
}

static void add_secret(struct span text, struct span name, size_t at, bool colon, struct said *s)
{
	size_t from = at, end;
	char quote = take_quote(text, &from);
	if (span_starts(span_from(text, from), SPAN("***")))
		return;
	/* "Cookie: a=1; b=2", "Authorization: Basic ...": a header's value has blanks. */
	bool header = colon && (span_find_nocase(name, SPAN("cookie")) >= 0 || span_find_nocase(name, SPAN("authorization")) >= 0);
	if (quote)
		end = quote_end(text, from, quote);
	else if (header)
		for (end = from; end < text.len && !strchr("\"'\r\n|}", text.at[end]); end++)
			;
	else
		end = value_end(text, from, "\"'&,;)]}|");
	struct span first = {text.at + from, value_end(text, from, "\"',;") - from};
	if (mask_is_scheme(first) && from + first.len < end)
		from += first.len + 1;
	if (end > from && !said_is_nobody((struct span){text.at + from, end - from}) && !is_placeholder(text, from, end - from))
		add(s, from, end - from, secret_kind(name), true);
}

/* `exact`: no ordinary word may stand here, so that one is a name as well. `sure`: it is one wherever it stands. */
static void add_user(struct span text, size_t at, struct said *s, bool exact, bool sure)
{
	size_t from = at, end;
	char quote = take_quote(text, &from);
	if (quote) {
		end = quote_end(text, from, quote);
	} else {
		end = from;
		while (end < text.len && is_name_byte(text.at[end]))
			end++;
		/* DOMAIN\user */
		if (byte_at(text, end) == '\\' && end > from && is_alnum(byte_at(text, end + 1)))
			for (end++; end < text.len && is_name_byte(text.at[end]);)
				end++;
		while (end > from && strchr(".-", text.at[end - 1]))
			end--;
	}
	struct span name = {text.at + from, end - from};
	if (name.len > SAID_NAME_BYTES || said_is_nobody(name) || is_placeholder(text, from, name.len) ||
	    (!quote && byte_at(text, end) == '(' && !span_starts(span_from(text, end), SPAN("(uid="))))
		return;
	/* An e-mail address or a number is that, not a name: token.h. */
	struct token t;
	struct redact_address a;
	if ((token_at(text, from, &t) && t.len >= name.len) || redact_address_at(text, from, &a))
		return;
	bool letter = false;
	for (size_t i = 0; i < name.len; i++)
		letter |= is_letter(name.at[i]) || (unsigned char)name.at[i] >= 0x80;
	if (letter && (exact || quote || !vocabulary_has(name)))
		add(s, from, name.len, REDACT_USER, sure && (exact || quote));
}

static bool ends_with(struct span word, const char *const *ends, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (word.len >= strlen(ends[i]) && span_equal_nocase(span_from(word, word.len - strlen(ends[i])), span_of(ends[i])))
			return true;
	return false;
}

/* Digits in any grouping: the name before them says what they are. */
static void add_telephone(struct span text, size_t at, struct said *s)
{
	size_t digits = 0, from = at, end;
	take_quote(text, &from);
	end = from;
	for (size_t i = from; i < text.len && i - from < 32 && (is_digit(text.at[i]) || strchr(" ()+-./", text.at[i] ? text.at[i] : '?')); i++)
		if (is_digit(text.at[i])) {
			digits++;
			end = i + 1;
		}
	if (digits >= 6 && digits <= 15 && !is_alnum(byte_at(text, end)))
		add(s, from, end - from, REDACT_ID, false);
}

/* "session":"s3ss10n": a word with a digit in it. */
static void add_session(struct span text, size_t at, struct said *s)
{
	size_t from = at, digits = 0;
	take_quote(text, &from);
	size_t end = word_end(text, from);
	for (size_t i = from; i < end; i++)
		digits += is_digit(text.at[i]);
	if (digits && end - from >= 6 && !is_placeholder(text, from, end - from))
		add(s, from, end - from, REDACT_TOKEN, true);
}

/* Is "name" that of somebody: "user":{"id":7,"name":"x"}? */
static bool is_name_of_user(struct span text, size_t at, struct span word)
{
	static const char *const whose[] = {"user", "customer", "account", "owner", "member", "author"};
	size_t open = at, end;
	if (!span_equal(word, SPAN("name")) || !at || text.at[at - 1] != '"')
		return false;
	while (open && at - open < 256 && !strchr("{}", text.at[open - 1] ? text.at[open - 1] : ' '))
		open--;
	if (!open || text.at[open - 1] != '{')
		return false;
	for (end = open - 1; end && strchr(" :\"\\", text.at[end - 1]);)
		end--;
	size_t from = end;
	while (from && is_word_byte(text.at[from - 1]))
		from--;
	return AMONG(((struct span){text.at + from, end - from}), whose);
}

/* "NAME=value", "NAME: value", '"NAME": "value"'. */
static bool assigned(struct span text, struct span word, size_t at, struct said *s)
{
	size_t i = at + word.len;
	bool quoted = take_quote(text, &i) != 0;
	while (byte_at(text, i) == ' ' && i - at - word.len < 3)
		i++;
	char c = byte_at(text, i);
	if (c != '=' && c != ':')
		return false;
	i++;
	if (byte_at(text, i) == '=' || byte_at(text, i) == '>' || byte_at(text, i) == ':')
		i++;
	static const char *const telephones[] = {"phone", "tel", "mobile", "msisdn", "fax", "phone_number", "phoneNumber"};
	static const char *const sessions[] = {"session", "sess"};
	bool secret = mask_is_secret_name(word);
	/* "role:admin", but not "user:" at the end of a sentence's clause. */
	while (byte_at(text, i) == ' ' && (c == ':' || quoted || secret))
		i++;
	if (secret)
		add_secret(text, word, i, c == ':', s);
	else if (ends_with(word, telephones, sizeof telephones / sizeof *telephones))
		add_telephone(text, i, s);
	else if (AMONG(word, sessions) && (c == '=' || quoted))
		add_session(text, i, s);
	else if (is_user_name(word) || is_name_of_user(text, at, word))
		add_user(text, i, s, c == '=' || quoted, names_person(word));
	else if (token_is_id_name(word)) {
		size_t from = i, digits = 0;
		take_quote(text, &from);
		size_t end = word_end(text, from);
		struct token t;
		for (size_t k = from; k < end; k++)
			digits += is_digit(text.at[k]);
		if (digits >= 4 && digits < end - from && end - from <= 64 && !is_placeholder(text, from, end - from) && !token_at(text, from, &t))
			add(s, from, end - from, REDACT_ID, false);
	}
	return s->n > 0;
}

/* "user alice", "role \"x\"", "password for bob", "logged in as bob". */
static bool told(struct span text, struct span word, size_t at, struct said *s)
{
	static const char *const nouns[] = {"user", "role", "login", "account", "username", "principal", "users", "owner"};
	static const char *const before_for[] = {"password", "login", "failed", "authentication", "auth", "session", "publickey", "logon", "credentials",
						 "failure", "access", "denied", "succeeded", "keyboard-interactive/pam", "gssapi-with-mic", "hostbased"};
	static const char *const before_as[] = {"in", "login", "authenticated", "connected", "signed", "on", "logged", "impersonating"};
	size_t i = at + word.len;
	if (byte_at(text, i) != ' ')
		return false;
	i++;
	/* "--password VALUE" on a command line; 'password "VALUE"'. */
	static const char *const words[] = {"password", "passwd", "passphrase"};
	bool option = at > 1 && text.at[at - 1] == '-' && text.at[at - 2] == '-' && mask_is_secret_name(word);
	size_t quote = i;
	if (option || (AMONG(word, words) && take_quote(text, &quote))) {
		add_secret(text, word, i, false, s);
		return s->n > 0;
	}
	/* "tel 030 1234567" */
	static const char *const telephones[] = {"phone", "tel", "mobile", "telephone", "fax"};
	if (AMONG(word, telephones)) {
		add_telephone(text, i, s);
		return s->n > 0;
	}
	if (AMONG(word, nouns)) {
		add_user(text, i, s, false, true);
		return s->n > 0;
	}
	bool is_for = span_equal_nocase(word, SPAN("for")), is_as = span_equal_nocase(word, SPAN("as"));
	if (!is_for && !is_as)
		return false;
	size_t end = at;
	while (end && text.at[end - 1] == ' ')
		end--;
	size_t from = end;
	while (from && text.at[from - 1] != ' ' && end - from < 32)
		from--;
	struct span before = {text.at + from, end - from};
	if (end < at && (is_for ? AMONG(before, before_for) : AMONG(before, before_as)))
		add_user(text, i, s, false, true);
	return s->n > 0;
}

/* "NAME@database", "NAME@10.0.0.5", "'NAME'@'host'"; not "package@1.2.3" nor "com.example.Pool@1f2e3d". */
static bool at_place(struct span text, size_t at, struct said *s)
{
	size_t end = at;
	while (end < text.len && is_name_byte(text.at[end]) && end - at <= SAID_NAME_BYTES)
		end++;
	size_t sign = end;
	if (byte_at(text, sign) == '\'' && at && text.at[at - 1] == '\'')
		sign++;
	if (end == at || byte_at(text, sign) != '@')
		return false;
	size_t place = sign + 1;
	if (byte_at(text, place) == '\'' || byte_at(text, place) == '[')
		place++;
	struct redact_address a;
	struct span name = {text.at + at, end - at};
	size_t hex = place;
	while (hex < text.len && (is_digit(text.at[hex]) || ((unsigned char)(text.at[hex] | 0x20) >= 'a' && (unsigned char)(text.at[hex] | 0x20) <= 'f')))
		hex++;
	bool object = span_find_byte(name, '.') >= 0 && !is_alnum(byte_at(text, hex)) && hex > place;
	bool there = is_letter(byte_at(text, place)) || byte_at(text, place) == '%' || byte_at(text, place) == '_' || redact_address_at(text, place, &a);
	if (!there || object || said_is_nobody(name) || is_placeholder(text, at, name.len) || (byte_at(text, place) == 's' && span_starts(span_from(text, place), SPAN("sha256:"))))
		return false;
	add(s, at, name.len, REDACT_USER, true);
	return s->n > 0;
}

/* "://NAME:PASSWORD@host". `at`: behind "://". */
static bool user_information(struct span text, size_t at, struct said *s)
{
	size_t end = at, sign = SIZE_MAX, colon = SIZE_MAX;
	for (; end < text.len && end - at < 1024 && (unsigned char)text.at[end] > ' ' && !strchr("/?#\"'<>", text.at[end]); end++) {
		if (text.at[end] == '@')
			sign = end;
		if (text.at[end] == ':' && colon == SIZE_MAX)
			colon = end;
	}
	if (sign == SIZE_MAX)
		return false;
	size_t name = (colon < sign ? colon : sign) - at;
	if (!said_is_nobody((struct span){text.at + at, name}) && !is_placeholder(text, at, name))
		add(s, at, name, REDACT_USER, true);
	if (colon < sign && !said_is_nobody((struct span){text.at + colon + 1, sign - colon - 1}) && !is_placeholder(text, colon + 1, sign - colon - 1))
		add(s, colon + 1, sign - colon - 1, REDACT_SECRET, true);
	return s->n > 0;
}

/* The third column of an access log: "ADDRESS - NAME [22/Nov/2026:...". */
static bool third_column(struct span text, size_t at, struct said *s)
{
	if (at < 3 || text.at[at - 1] != ' ' || text.at[at - 2] != '-' || text.at[at - 3] != ' ')
		return false;
	for (size_t i = at; i + 3 < text.len && i - at < SAID_NAME_BYTES; i++)
		if (text.at[i] == ' ' && text.at[i + 1] == '[' && is_digit(text.at[i + 2]) && is_digit(text.at[i + 3]) && byte_at(text, i + 4) == '/') {
			struct token t;
			struct span name = {text.at + at, i - at};
			bool other = token_at(text, at, &t) && t.len >= name.len;
			if (!other && !said_is_nobody(name) && !is_placeholder(text, at, name.len))
				add(s, at, name.len, REDACT_USER, true);
			return s->n > 0;
		}
	return false;
}

/* The second column of PostgreSQL's csvlog, behind a time: "2026-03-11 10:00:00.000 UTC,NAME,database,...". */
static bool second_column(struct span text, size_t at, struct said *s)
{
	size_t quoted = at > 1 && text.at[at - 1] == '"', head = at - quoted;
	if (head < 20 || head > 48 || text.at[head - 1] != ',' || !is_digit(text.at[0]) || span_find_byte(text, ',') != (ptrdiff_t)head - 1)
		return false;
	for (size_t i = 0; i < 19; i++)
		if (i == 4 || i == 7 ? text.at[i] != '-' : i == 10 ? text.at[i] != ' ' : i == 13 || i == 16 ? text.at[i] != ':' : !is_digit(text.at[i]))
			return false;
	add_user(text, head, s, true, true);
	return s->n > 0;
}

/* "@name" in what people write to each other, "<@U024BE7LH>", and "DOMAIN\\name". */
static bool mentioned(struct span text, size_t at, struct said *s)
{
	static const char *const all[] = {"here", "channel", "everyone", "all", "media", "import", "param", "return"};
	size_t end = at, back = at;
	while (end < text.len && is_name_byte(text.at[end]))
		end++;
	while (end > at && strchr(".-", text.at[end - 1]))
		end--;
	struct span name = {text.at + at, end - at};
	char after = byte_at(text, end);
	if (name.len < 2 || name.len > SAID_NAME_BYTES || is_placeholder(text, at, name.len) || said_is_nobody(name))
		return false;
	if (at && text.at[at - 1] == '@') {
		char sign = at > 1 ? text.at[at - 2] : ' ';
		bool slack = sign == '<' && after == '>', lower = (unsigned char)name.at[0] >= 'a' && name.at[0] <= 'z';
		if (sign == '"' && at > 2 && is_alnum(text.at[at - 3]))
			return false;
		if (!slack && (!strchr(" (,;\"", sign) || !lower || (after && strchr("/(:@", after)) || AMONG(name, all)))
			return false;
		add(s, at, name.len, REDACT_USER, true);
		return s->n > 0;
	}
	/* Two such signs in JSON. */
	while (back && at - back < 2 && text.at[back - 1] == '\\')
		back--;
	size_t capitals = back;
	while (capitals && back - capitals < 16 && ((text.at[capitals - 1] >= 'A' && text.at[capitals - 1] <= 'Z') || is_digit(text.at[capitals - 1])))
		capitals--;
	bool path = (capitals && (is_word_byte(text.at[capitals - 1]) || strchr("\\:/.", text.at[capitals - 1]))) || after == '\\' || after == ':';
	/* "ERROR\nretry": an end of line or a tab in a string. */
	if (back == at || back - capitals < 2 || path || strchr("nrt", name.at[0]))
		return false;
	add(s, at, name.len, REDACT_USER, true);
	return s->n > 0;
}

/* "/home/NAME/", "/Users/NAME/", and in our own body of a stated event ", line 12, by NAME". */
static bool placed(struct span text, size_t at, struct said *s)
{
	/* Of the last two "/users/login" is no one's; what has a digit is. */
	static const char *const homes[] = {"/home/", "/Users/", "\\Users\\", "/users/", "/user/"};
	for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
		size_t len = strlen(homes[i]);
		if (at < len || !span_equal((struct span){text.at + at - len, len}, span_of(homes[i])))
			continue;
		bool endpoint = homes[i][1] == 'u';
		size_t end = at;
		while (end < text.len && is_name_byte(text.at[end]))
			end++;
		struct span name = {text.at + at, end - at};
		bool goes_on = byte_at(text, end) == '/' || byte_at(text, end) == '\\', letters = false, digits = false;
		for (size_t k = 0; k < name.len; k++) {
			letters |= is_letter(name.at[k]);
			digits |= is_digit(name.at[k]);
		}
		bool is = endpoint ? letters && digits && name.len > 3 : goes_on;
		struct token t;
		if (is && !said_is_nobody(name) && !vocabulary_has(name) && !is_placeholder(text, at, name.len) && !(endpoint && token_at(text, at, &t)))
			add(s, at, name.len, REDACT_USER, true);
		return s->n > 0;
	}
	size_t i = at;
	if (i < 12 || !span_equal((struct span){text.at + at - 5, 5}, SPAN(", by ")))
		return false;
	for (i -= 5; i && is_digit(text.at[i - 1]); i--)
		;
	if (i + 5 == at || i < 7 || !span_equal((struct span){text.at + i - 7, 7}, SPAN(", line ")))
		return false;
	size_t end = at;
	while (end < text.len && text.at[end] != ';')
		end++;
	struct token t;
	struct span name = {text.at + at, end - at};
	bool other = token_at(text, at, &t) && t.len >= name.len;
	if (!other && name.len <= SAID_NAME_BYTES && !said_is_nobody(name) && !is_placeholder(text, at, name.len))
		add(s, at, name.len, REDACT_USER, true);
	return s->n > 0;
}

bool said_at(struct span text, size_t at, struct said *s)
{
	s->n = 0;
	if (byte_at(text, at) == ':')
		return span_starts(span_from(text, at), SPAN("://")) && user_information(text, at + 3, s);
	char before = at ? text.at[at - 1] : ' ';
	if (!is_alnum(byte_at(text, at)) && byte_at(text, at) != '_')
		return false;
	if (is_word_byte(before) && before != '-')
		return false;
	if (before == '-' && !(at > 1 && (text.at[at - 2] == ' ' || text.at[at - 2] == '-')))
		return false;
	struct span word = {text.at + at, word_end(text, at) - at};
	return third_column(text, at, s) || second_column(text, at, s) || placed(text, at, s) || mentioned(text, at, s) || (word.len <= 64 && assigned(text, word, at, s)) ||
	       (word.len <= 64 && told(text, word, at, s)) || at_place(text, at, s);
}
