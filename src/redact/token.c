#include "redact/token.h"

static char byte_at(struct span s, size_t i)
{
	return i < s.len ? s.at[i] : 0;
}

static bool is_word_byte(char c)
{
	return is_digit(c) || is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_hex(char c)
{
	char lower = (char)(c | 0x20);
	return is_digit(c) || (lower >= 'a' && lower <= 'f');
}

static size_t run(struct span s, size_t from, bool (*is)(char))
{
	size_t i = from;
	while (i < s.len && is(s.at[i]))
		i++;
	return i - from;
}

static bool is_alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

static bool is_base64url(char c)
{
	return is_alnum(c) || c == '-' || c == '_';
}

/* ---- words ---- */

/* Header and claims are JSON objects: "{\"" is "eyJ" in base64. The signature may be cut off. */
static size_t take_jwt(struct span s)
{
	size_t header = run(s, 0, is_base64url), claims = 0;
	if (!span_starts(s, SPAN("eyJ")) || header < 10 || byte_at(s, header) != '.')
		return 0;
	claims = run(s, header + 1, is_base64url);
	if (!claims)
		return 0;
	size_t end = header + 1 + claims;
	if (byte_at(s, end) == '.')
		end += 1 + run(s, end + 1, is_base64url);
	return end;
}

static size_t take_uuid(struct span s)
{
	static const unsigned char groups[] = {8, 4, 4, 4, 12};
	size_t i = 0;
	for (size_t g = 0; g < sizeof groups; g++) {
		if (g && byte_at(s, i++) != '-')
			return 0;
		for (size_t k = 0; k < groups[g]; k++)
			if (!is_hex(byte_at(s, i++)))
				return 0;
	}
	return is_word_byte(byte_at(s, i)) ? 0 : i;
}

/* HAProxy's usual unique-id-format: addresses, ports, time, counter, pid, all in hexadecimal: "7F000001:8296_7F00001E:1F90_4F7B0A69_0003:790E". */
static size_t take_haproxy_id(struct span s)
{
	static const char *const between = ":_:__:";
	size_t i = 0;
	for (size_t part = 0; part < 7; part++) {
		if (part && byte_at(s, i++) != between[part - 1])
			return 0;
		size_t n = run(s, i, is_hex);
		if (!n || ((part == 0 || part == 2) && n != 8 && n != 32))
			return 0;
		i += n;
	}
	return is_word_byte(byte_at(s, i)) ? 0 : i;
}

static size_t take_key(struct span s)
{
	static const char *const prefixes[] = {"AKIA", "ASIA", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "sk_live_", "sk_test_",
					       "pk_live_", "rk_live_", "xoxb-", "xoxp-", "xoxa-", "AIza", "sk-", "npm_", "dop_v1_", "SG."};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (span_starts(s, span_of(prefixes[i]))) {
			size_t n = strlen(prefixes[i]) + run(s, strlen(prefixes[i]), is_base64url);
			return n >= 20 ? n : 0;
		}
	return 0;
}

static bool mixes(struct span word)
{
	bool upper = false, lower = false, digit = false;
	for (size_t i = 0; i < word.len; i++) {
		digit |= is_digit(word.at[i]);
		upper |= word.at[i] >= 'A' && word.at[i] <= 'Z';
		lower |= word.at[i] >= 'a' && word.at[i] <= 'z';
	}
	return upper && lower && digit;
}

/* A revision is published, and its whole length is what a deploy is told by. */
static bool is_revision(struct span text, size_t at)
{
	static const char *const words[] = {"commit", "sha", "revision", "rev", "version", "build", "release", "image", "sha256", "deploy", "deployed", "of", "to"};
	size_t end = at;
	while (end && strchr(" =:\"@(", text.at[end - 1]))
		end--;
	size_t from = end;
	while (from && is_alnum(text.at[from - 1]))
		from--;
	for (size_t i = 0; end < at && i < sizeof words / sizeof *words; i++)
		if (span_equal_nocase((struct span){text.at + from, end - from}, span_of(words[i])))
			return true;
	return false;
}

/* The part of a path before the one at the place: "reset" in "/reset/x". */
static struct span part_before(struct span text, size_t at)
{
	size_t end = at ? at - 1 : 0, from = end;
	if (!end || text.at[end] != '/')
		return SPAN_NONE;
	while (from && is_base64url(text.at[from - 1]))
		from--;
	return from && text.at[from - 1] == '/' ? (struct span){text.at + from, end - from} : SPAN_NONE;
}

/* "/reset/a1b2c3": who has such a path may come in. */
static bool opens_a_door(struct span text, size_t at)
{
	static const char *const doors[] = {"reset", "password-reset", "reset-password", "password_reset", "reset_password", "invite", "invitation", "invitations",
					    "verify", "verification", "confirm", "confirmation", "activate", "activation", "unsubscribe", "magic", "token", "tokens",
					    "share", "shared", "session", "sessions", "secret"};
	struct span part = part_before(text, at);
	for (size_t i = 0; part.len && i < sizeof doors / sizeof *doors; i++)
		if (span_equal_nocase(part, span_of(doors[i])))
			return true;
	return false;
}

static bool holds_digit(struct span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (is_digit(word.at[i]))
			return true;
	return false;
}

static size_t take_random(struct span text, size_t at)
{
	struct span s = span_from(text, at);
	size_t hex = run(s, 0, is_hex), word = run(s, 0, is_base64url);
	if (hex == word && hex >= TOKEN_HEX) {
		bool letters = false, digits = false;
		for (size_t i = 0; i < hex; i++) {
			letters |= is_letter(s.at[i]);
			digits |= is_digit(s.at[i]);
		}
		return letters && digits && !((hex == 40 || hex == 64) && is_revision(text, at)) ? hex : 0;
	}
	while (word && s.at[word - 1] == '-')
		word--;
	/* Padding says that it is base64. */
	size_t padding = 0;
	while (byte_at(s, word + padding) == '=' && padding < 3)
		padding++;
	if (padding && padding < 3 && word + padding >= 16 && !((word + padding) % 4) && mixes(span_head(s, word)) && !is_word_byte(byte_at(s, word + padding)) &&
	    !strchr("\"'", byte_at(s, word + padding) ? byte_at(s, word + padding) : ' '))
		return word + padding;
	if (opens_a_door(text, at) && word >= 6 && holds_digit(span_head(s, word)))
		return word;
	/* base64's own "+" and "/" would take paths along: its longest run without them is enough to tell, and is what goes. */
	if (word < TOKEN_RANDOM || !mixes(span_head(s, word)))
		return 0;
	while (byte_at(s, word) == '=')
		word++;
	return word;
}

static bool is_local_byte(char c)
{
	return is_alnum(c) || (c && strchr("._%+-", c));
}

/* local@domain.tld; "%40" is "@" in a URL. */
static size_t take_email(struct span s)
{
	size_t i = run(s, 0, is_local_byte);
	size_t escaped = 0;
	for (size_t k = 0; k + 2 < i && !escaped; k++)
		escaped = k && s.at[k] == '%' && s.at[k + 1] == '4' && s.at[k + 2] == '0' ? k : 0;
	if (escaped)
		i = escaped + 3;
	else if (!i || byte_at(s, i++) != '@')
		return 0;
	size_t label = i, last = 0, dots = 0;
	for (; is_alnum(byte_at(s, i)) || byte_at(s, i) == '-' || byte_at(s, i) == '.'; i++)
		if (s.at[i] == '.') {
			if (i == label)
				break;
			label = i + 1;
			dots++;
		}
	while (i > label && s.at[i - 1] == '-')
		i--;
	if (i == label && dots) { /* "bob@example.com." */
		i--;
		dots--;
		for (label = i; label && s.at[label - 1] != '.' && s.at[label - 1] != '@';)
			label--;
	}
	last = i - label;
	for (size_t k = label; k < i; k++)
		if (!is_letter(s.at[k]))
			return 0;
	return dots && last >= 2 ? i : 0;
}

/* ---- numbers ---- */

static bool luhn(struct span s)
{
	unsigned sum = 0, n = 0;
	for (size_t i = s.len; i-- > 0;) {
		if (!is_digit(s.at[i]))
			continue;
		unsigned digit = (unsigned)(s.at[i] - '0');
		digit *= n++ & 1 ? 2 : 1;
		sum += digit > 9 ? digit - 9 : digit;
	}
	return sum % 10 == 0;
}

static size_t take_card(struct span s)
{
	size_t digits = 0, i = 0, end = 0;
	if (byte_at(s, 0) < '2' || byte_at(s, 0) > '6')
		return 0;
	for (; digits < 20; i++) {
		if (is_digit(byte_at(s, i))) {
			char after = byte_at(s, i + 1);
			bool ends = !is_word_byte(after) && !(after == '.' && is_digit(byte_at(s, i + 2)));
			if (++digits >= 13 && digits <= 19 && ends && luhn(span_head(s, i + 1)))
				end = i + 1;
		} else if ((byte_at(s, i) != ' ' && byte_at(s, i) != '-') || !is_digit(byte_at(s, i + 1)) || byte_at(s, i) == 0)
			break;
		else if (digits % 4 && digits != 10) /* groups of four; 4-6-5 */
			break;
	}
	return end;
}

/* "+49 30 1234567", "+1-202-555-0143": at least eight digits behind a plus. */
static size_t take_telephone(struct span text, size_t at)
{
	struct span s = span_from(text, at);
	size_t digits = 0, i = 1, end = 0;
	if (byte_at(s, 0) != '+' || !is_digit(byte_at(s, 1)))
		return 0;
	/* "13:40:04.575 +02 1234": an offset from UTC. */
	if (at > 1 && is_digit(text.at[at - 2]))
		return 0;
	for (; digits < 16; i++) {
		char c = byte_at(s, i);
		if (is_digit(c)) {
			digits++;
			end = i + 1;
		} else if (!c || !strchr(" -()./", c) || !(is_digit(byte_at(s, i + 1)) || byte_at(s, i + 1) == '(')) {
			break;
		}
	}
	return digits >= 8 && digits <= 15 && !is_word_byte(byte_at(s, end)) && byte_at(s, end) != ':' ? end : 0;
}

/* ISO 13616: the number, its first four behind the rest and letters as 10 to 35, is 1 modulo 97. */
static bool iban_checks(const char *compact, size_t n)
{
	unsigned rest = 0;
	for (size_t k = 0; k < n; k++) {
		char c = compact[(k + 4) % n];
		rest = is_digit(c) ? (rest * 10 + (unsigned)(c - '0')) % 97 : (rest * 100 + (unsigned)(c - 'A' + 10)) % 97;
	}
	return rest == 1;
}

/* Two letters, two check digits, 11 to 30 letters and digits, in one piece or in groups of four. */
static size_t take_iban(struct span s)
{
	enum { LEAST = 15, MOST = 34 };
	size_t n = 0, end = 0;
	char compact[MOST];
	if (!(byte_at(s, 0) >= 'A' && byte_at(s, 0) <= 'Z') || !(byte_at(s, 1) >= 'A' && byte_at(s, 1) <= 'Z') || !is_digit(byte_at(s, 2)))
		return 0;
	for (size_t i = 0; n < MOST; i++) {
		char c = byte_at(s, i);
		if (is_digit(c) || (c >= 'A' && c <= 'Z')) {
			compact[n++] = c;
			/* A word that follows may look like a group more. */
			if (n >= LEAST && !is_word_byte(byte_at(s, i + 1)) && iban_checks(compact, n))
				end = i + 1;
		} else if (c != ' ' || n % 4) {
			break;
		}
	}
	return end;
}

/* 078-05-1120 */
static size_t take_social(struct span s)
{
	static const char shape[] = "ddd-dd-dddd";
	for (size_t i = 0; i < sizeof shape - 1; i++)
		if (shape[i] == 'd' ? !is_digit(byte_at(s, i)) : byte_at(s, i) != '-')
			return 0;
	char after = byte_at(s, sizeof shape - 1);
	return is_word_byte(after) || after == '-' ? 0 : sizeof shape - 1;
}

/* Seconds, milli-, micro- or nanoseconds from 2010 to 2050. */
static bool is_stamp(struct span digits)
{
	if (digits.len != 10 && digits.len != 13 && digits.len != 16 && digits.len != 19)
		return false;
	struct span seconds = span_head(digits, 10);
	return span_compare(seconds, SPAN("1262304000")) >= 0 && span_compare(seconds, SPAN("2524608000")) < 0;
}

static bool ends_with_word(struct span name, const char *word)
{
	size_t len = strlen(word);
	if (name.len < len || !span_equal_nocase((struct span){name.at + name.len - len, len}, span_of(word)))
		return false;
	if (name.len == len)
		return true;
	char before = name.at[name.len - len - 1], first = name.at[name.len - len];
	return !is_letter(before) || (first >= 'A' && first <= 'Z' && before >= 'a');
}

bool token_is_id_name(struct span word)
{
	static const char *const names[] = {"id", "no", "nr", "number", "num", "account", "acct", "customer", "order", "invoice", "phone", "tel",
					    "mobile", "msisdn", "ssn", "iban", "passport", "card", "member", "contract", "booking", "ref", "reference",
					    "patient", "tax", "vat", "imei", "imsi", "serial", "uid", "subscriber", "payment", "transaction_id",
					    "user", "userid", "customerid", "accountid", "orderid"};
	static const char *const ours[] = {"pid", "tid", "thread_id", "threadid", "process_id", "processid", "session_line_num", "line_number", "port_number"};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (span_equal_nocase(word, span_of(ours[i])))
			return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (ends_with_word(word, names[i]))
			return true;
	return false;
}

/* The word before a number, over what parts a name from its value: " ", "=", ":", quotes, "#". */
static struct span name_before(struct span text, size_t at)
{
	size_t end = at, from;
	while (end && at - end < 6 && strchr(" =:\"'#\\", text.at[end - 1]))
		end--;
	if (end == at)
		return SPAN_NONE;
	for (from = end; from && is_base64url(text.at[from - 1]);)
		from--;
	return (struct span){text.at + from, end - from};
}

static bool is_measure(struct span name)
{
	static const char *const names[] = {"pid",    "process", "port",   "bytes", "size",     "line",     "offset", "oid",	 "relation", "database",
					    "tuple",  "xid",	 "length", "time",  "ts",	"duration", "took",   "count",	 "rows",     "thread",
					    "memory", "mem",	 "max",	   "total", "timestamp", "elapsed", "us",     "ns",	 "ms",       "of",
					    "by",     "limit",	 "lsn",	   "at",    "from",	"to",	    "after",  "page",	 "block",    "seconds",
					    "sent",   "received", "used",  "free",  "transaction", "nanoseconds", "transaction_id", "query_id", "queryid", "txid"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (ends_with_word(name, names[i]))
			return true;
	return false;
}

static bool has_unit(struct span after)
{
	static const char *const units[] = {"ms", "us", "ns", "s ", "B", "kB", "KB", "MB", "bytes", "rows", "requests", "events", "times"};
	after = byte_at(after, 0) == ' ' ? span_from(after, 1) : after;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (span_starts(after, span_of(units[i])))
			return true;
	return false;
}

/* "Gecko/20100101", "/backup/20261127" */
static bool is_date(struct span digits)
{
	return digits.len == 8 && span_compare(digits, SPAN("19900101")) >= 0 && span_compare(digits, SPAN("20501231")) <= 0 &&
	       span_compare(span_from(digits, 4), SPAN("0101")) >= 0 && span_compare(span_from(digits, 4), SPAN("1231")) <= 0 &&
	       span_compare(span_from(digits, 6), SPAN("01")) >= 0 && span_compare(span_from(digits, 6), SPAN("31")) <= 0;
}

static size_t take_id(struct span text, size_t at)
{
	struct span s = span_from(text, at);
	size_t n = run(s, 0, is_digit);
	char before = at ? text.at[at - 1] : ' ', after = byte_at(s, n);
	/* "/users/1234": the part before says whose number it is. */
	if (n >= TOKEN_ID_BEHIND && !is_word_byte(after) && after != '.' && !is_date(span_head(s, n))) {
		struct span part = part_before(text, at);
		if (part.len && part.at[part.len - 1] == 's' && token_is_id_name(span_head(part, part.len - 1)))
			return n;
	}
	if (n < TOKEN_ID_NAMED || is_word_byte(after))
		return 0;
	if (((after == '.' || after == ',') && is_digit(byte_at(s, n + 1))) || ((before == '.' || before == ',') && at > 1 && is_digit(text.at[at - 2])))
		return 0;
	struct span name = name_before(text, at);
	if (name.len && token_is_id_name(name))
		return n;
	/* "/orders/4711003", not "1/2/123456/3" of a proxy's timers, nor a date in a path. */
	bool path = before == '/' && at > 1 && (is_letter(text.at[at - 2]) || (unsigned char)text.at[at - 2] >= 0x80 || strchr("_-", text.at[at - 2]));
	if (path && n >= TOKEN_ID_PATH && after != '-' && !is_date(span_head(s, n)))
		return n;
	if (n < TOKEN_ID_ALONE || is_stamp(span_head(s, n)) || before == '/' || after == '/' || before == '*' || before == '[' || before == '-' || after == '-' ||
	    is_measure(name) || has_unit(span_from(s, n)))
		return 0;
	return n;
}

static bool found(struct token *t, size_t len, enum redact_kind kind)
{
	*t = (struct token){len, kind};
	return len > 0;
}

bool token_at(struct span text, size_t at, struct token *t)
{
	struct span s = span_from(text, at);
	char first = byte_at(s, 0), before = at ? text.at[at - 1] : ' ';
	if (is_word_byte(before))
		return false;
	if (first == '+')
		return found(t, take_telephone(text, at), REDACT_ID);
	if (!is_alnum(first) && !(first && strchr("._%-", first)))
		return false;
	/* A local part goes from its first byte on: "." and "-" before it are its own. */
	if (!(strchr(".-%+", before) && before) && found(t, take_email(s), REDACT_EMAIL))
		return true;
	if (!is_alnum(first))
		return false;
	return (before != '-' && found(t, take_jwt(s), REDACT_JWT)) || found(t, take_uuid(s), REDACT_TOKEN) || found(t, take_haproxy_id(s), REDACT_TOKEN) ||
	       found(t, take_key(s), REDACT_TOKEN) || (is_digit(first) && found(t, take_card(s), REDACT_CARD)) ||
	       found(t, take_iban(s), REDACT_ID) || (is_digit(first) && found(t, take_social(s), REDACT_ID)) ||
	       (before != '-' && found(t, take_random(text, at), REDACT_TOKEN)) || (is_digit(first) && found(t, take_id(text, at), REDACT_ID));
}
