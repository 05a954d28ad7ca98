#include "tally/mask.h"

#include "base/memory.h"
#include "tally/sqlverb.h"

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}
static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}
static bool is_word(char c)
{
	return is_digit(c) || is_upper(c) || is_lower(c) || c == '_' || c == '-';
}
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
static char lower(char c)
{
	return is_upper(c) ? (char)(c + 32) : c;
}

/* Does `s`, in lower case and without '_' and '-', contain `what`? */
static bool name_contains(struct span s, const char *what)
{
	for (size_t i = 0; i < s.len; i++) {
		if (lower(s.at[i]) != *what)
			continue;
		size_t at = i;
		const char *w = what;
		while (*w && at < s.len) {
			if (s.at[at] == '_' || s.at[at] == '-') {
				at++;
				continue;
			}
			if (lower(s.at[at]) != *w)
				break;
			at++;
			w++;
		}
		if (!*w)
			return true;
	}
	return false;
}

/* Names whose value is a secret, and the letters that each has: few other names have all of them. */
enum {
	A = 1 << 1, B = 1 << 2, C = 1 << 3, D = 1 << 4, E = 1 << 5, G = 1 << 7, H = 1 << 8, I = 1 << 9, J = 1 << 10,
	K = 1 << 11, L = 1 << 12, M = 1 << 13, N = 1 << 14, O = 1 << 15, P = 1 << 16, R = 1 << 18, S = 1 << 19,
	T = 1 << 20, U = 1 << 21, V = 1 << 22, W = 1 << 23, Y = 1 << 25, Z = 1 << 26,
};
static const char *const secret_names[] = {
	"password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "privatekey", "authorization", "cookie",
	"sessionid", "sessid", "credential", "jwt", "cardnumber", "cvv", "cvc", "signature", "otp"};
static const uint32_t secret_letters[] = {
	P | A | S | W | O | R | D, P | A | S | W | D, P | A | S | H | R | E, S | E | C | R | T, T | O | K | E | N,
	A | P | I | K | E | Y, A | C | E | S | K | Y, P | R | I | V | A | T | E | K | Y, A | U | T | H | O | R | I | Z | N,
	C | O | K | I | E, S | E | I | O | N | D, S | E | I | D, C | R | E | D | N | T | I | A | L, J | W | T,
	C | A | R | D | N | U | M | B | E, C | V, C | V, S | I | G | N | A | T | U | R | E, O | T | P};
_Static_assert(sizeof secret_names / sizeof *secret_names == sizeof secret_letters / sizeof *secret_letters, "");

/* The letters of `s`, whatever their case; digits and others count as some letter, too. */
static uint32_t letters_of(struct span s)
{
	uint32_t letters = 0;
	for (size_t i = 0; i < s.len; i++)
		letters |= UINT32_C(1) << (s.at[i] & 31);
	return letters;
}

bool mask_is_secret_name(struct span name)
{
	enum { WHOLE_BYTES = 4, NAMES = sizeof secret_names / sizeof *secret_names }; /* of the longest of `whole` */
	static const char *const whole[] = {"pwd", "pass", "pw",   "auth", "sid",  "pin",
					    "ssn", "sig",  "card", "pan",  "iban", "key"};
	/* DB_PASS, MYSQL_PWD: the last part of a variable's name. */
	static const char *const ends[] = {"_pass", "_pwd", "_PASS", "_PWD", "-pass", "-pwd"};
	if (name.len > 64)
		name = span_from(name, name.len - 64);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (span_ends(name, span_of(ends[i])))
			return true;
	const uint32_t missing = ~letters_of(name);
	bool any = false;
	for (size_t i = 0; i < NAMES; i++)
		any |= !(secret_letters[i] & missing);
	for (size_t i = 0; any && i < NAMES; i++)
		if (!(secret_letters[i] & missing) && name_contains(name, secret_names[i]))
			return true;
	for (size_t i = 0; name.len <= WHOLE_BYTES && i < sizeof whole / sizeof *whole; i++)
		if (name.len && lower(name.at[0]) == whole[i][0] && span_equal_nocase(name, span_of(whole[i])))
			return true;
	return false;
}

bool mask_is_scheme(struct span word)
{
	char first = word.len < 5 || word.len > 9 ? ' ' : lower(word.at[0]);
	if (first != 'b' && first != 'd' && first != 'n')
		return false;
	return span_equal_nocase(word, SPAN("bearer")) || span_equal_nocase(word, SPAN("basic")) ||
	       span_equal_nocase(word, SPAN("digest")) || span_equal_nocase(word, SPAN("negotiate"));
}

/* Of an e-mail address (RFC 5321 section 4.5.3.1.3): so that no byte is looked at more often. */
enum { MAX_ADDRESS_BYTES = 256 };

/* A text while it is written. */
struct masker {
	struct span in;
	size_t i;
	char *out;
	size_t len, cap;
	bool whole; /* `out` grows and blanks stay as they are; else `cap` bytes on one line */
	bool sql; /* an SQL verb was seen: quoted strings and numbers are literals */
	bool url; /* inside a URL or path that has a query: name=value pairs are its parameters */
};

static void put(struct masker *m, struct span what)
{
	if (m->whole && m->len + what.len >= m->cap)
		m->out = memory_grow(m->out, &m->cap, m->len + what.len + 1, 1);
	if (!m->whole)
		what = span_head(what, m->cap - m->len);
	for (size_t i = 0; i < what.len; i++)
		m->out[m->len++] = is_blank(what.at[i]) && !m->whole ? ' ' : what.at[i];
}

static void put_stars(struct masker *m)
{
	put(m, SPAN("***"));
}

static char at(const struct masker *m, size_t i)
{
	return i < m->in.len ? m->in.at[i] : '\0';
}

/* Masks up to `end` (exclusive) and goes on there. */
static void mask_to(struct masker *m, size_t end)
{
	if (end > m->i)
		put_stars(m);
	m->i = end;
}

/* End of a value that begins at `i`: its closing quote, or the first blank or delimiter. */
static size_t value_end(const struct masker *m, size_t i, const char *delimiters)
{
	while (i < m->in.len && !is_blank(m->in.at[i]) && !strchr(delimiters, m->in.at[i] ? m->in.at[i] : ' '))
		i++;
	return i;
}

static size_t quote_end(const struct masker *m, size_t i, char quote)
{
	while (i < m->in.len && m->in.at[i] != quote)
		i += m->in.at[i] == '\\' ? 2 : 1;
	return i < m->in.len ? i : m->in.len;
}

/* The value of a secret, at its first byte: a quoted text, the rest of a header line, or a word. */
static void mask_value(struct masker *m, bool header)
{
	char c = at(m, m->i);
	bool escaped = c == '\\' && (at(m, m->i + 1) == '"' || at(m, m->i + 1) == '\'');
	if (escaped) { /* a quoted text inside a JSON string ends at the next backslash and quote */
		char quote = at(m, m->i + 1);
		put(m, (struct span){m->in.at + m->i, 2});
		m->i += 2;
		size_t end = m->i;
		while (end < m->in.len && !(at(m, end) == '\\' && at(m, end + 1) == quote))
			end++;
		mask_to(m, end);
	} else if (c == '"' || c == '\'') {
		put(m, (struct span){&c, 1});
		m->i++;
		mask_to(m, quote_end(m, m->i, c));
	} else if (header) {
		size_t end = m->i;
		while (end < m->in.len && at(m, end) != '"' && at(m, end) != '\n')
			end++;
		mask_to(m, end);
	} else {
		size_t end = value_end(m, m->i, "&,;\"'<>)}]");
		if (mask_is_scheme((struct span){m->in.at + m->i, end - m->i}) && at(m, end) == ' ')
			end = value_end(m, end + 1, ",;\"'<>)}]");
		mask_to(m, end);
	}
}

static bool luhn(struct span s, size_t digits)
{
	unsigned sum = 0;
	size_t k = 0;
	for (size_t i = s.len; i-- > 0;) {
		if (!is_digit(s.at[i]))
			continue;
		unsigned d = (unsigned)(s.at[i] - '0');
		if (k++ & 1)
			d = d > 4 ? 2 * d - 9 : 2 * d;
		sum += d;
	}
	return k == digits && sum % 10 == 0;
}

/* Length of a card number at `i`, 0 when none is there. Groups may be parted by one blank or '-'. Numbers that begin
 * with 1 are left alone: epoch milliseconds have 13 digits and pass Luhn one time in ten. */
static size_t card_length(const struct masker *m, size_t i)
{
	size_t start = i, digits = 0, best = 0;
	if (at(m, i) < '2' || at(m, i) > '6')
		return 0;
	for (; i < m->in.len && digits < 19; i++) {
		char c = m->in.at[i];
		if ((c == ' ' || c == '-') && is_digit(at(m, i + 1)) && is_digit(m->in.at[i - 1]))
			continue;
		if (!is_digit(c))
			break;
		digits++;
		bool ends = !is_word(at(m, i + 1)) || at(m, i + 1) == '-';
		if (digits >= 13 && ends && luhn((struct span){m->in.at + start, i + 1 - start}, digits))
			best = i + 1 - start;
	}
	return best;
}

/* Length of an e-mail address whose local part begins at `i`, 0 when none is there. "user@host" needs a domain of
 * letters. */
static size_t email_length(const struct masker *m, size_t i)
{
	size_t start = i;
	while (i - start < MAX_ADDRESS_BYTES && (is_word(at(m, i)) || at(m, i) == '.' || at(m, i) == '+'))
		i++;
	if (i == start)
		return 0;
	if (at(m, i) == '@')
		i++;
	else if (at(m, i) == '%' && at(m, i + 1) == '4' && at(m, i + 2) == '0')
		i += 3;
	else
		return 0;
	size_t domain = i, last_dot = 0;
	for (; i - domain < MAX_ADDRESS_BYTES && (is_word(at(m, i)) || at(m, i) == '.'); i++)
		if (at(m, i) == '.' && (is_lower(lower(at(m, i + 1)))))
			last_dot = i;
	return last_dot > domain && i - last_dot > 2 ? i - start : 0;
}

/* A word that is a secret by its looks. */
static bool looks_secret(struct span word)
{
	static const char *const prefixes[] = {"AKIA",   "ASIA",     "ghp_",     "gho_",     "ghs_",     "github_pat_",
					       "glpat-", "sk_live_", "sk_test_", "rk_live_", "pk_live_", "xoxb-",
					       "xoxp-",  "xoxa-",    "AIza",     "SG.",      "npm_"};
	if (word.len >= 16)
		for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
			if (span_starts(word, span_of(prefixes[i])))
				return true;
	if (word.len < 24)
		return false;
	size_t uppers = 0, lowers = 0, digits = 0;
	for (size_t i = 0; i < word.len; i++) {
		uppers += is_upper(word.at[i]);
		lowers += is_lower(word.at[i]);
		digits += is_digit(word.at[i]);
	}
	return uppers > 1 && lowers > 1 && digits > 1;
}

/* "eyJ" is '{"' in base64: header, payload and signature parted by dots. */
static size_t jwt_length(const struct masker *m, size_t i)
{
	if (!span_starts(span_from(m->in, i), SPAN("eyJ")))
		return 0;
	size_t start = i;
	while (is_word(at(m, i)) || at(m, i) == '.' || at(m, i) == '=')
		i++;
	return i - start >= 16 ? i - start : 0;
}

/* Where the `:` or `=` behind the word that ends at m->i stands, perhaps behind its quote ("name": "value",
 * \"name\":\"value\"); 0 when there is none. */
static size_t assignment(const struct masker *m)
{
	size_t i = m->i;
	while (at(m, i) == '"' || at(m, i) == '\'' || at(m, i) == '\\')
		i++;
	while (at(m, i) == ' ')
		i++;
	return at(m, i) == '=' || at(m, i) == ':' ? i : 0;
}

/* Copies up to the value behind it. */
static void to_value(struct masker *m, size_t assigns)
{
	size_t i = assigns + 1;
	if (at(m, i) == '>') /* Ruby's "password"=>"x" */
		i++;
	while (at(m, i) == ' ')
		i++;
	put(m, (struct span){m->in.at + m->i, i - m->i});
	m->i = i;
}

/* A word at m->i: masked, or copied; then the value that its name calls for. */
static void do_word(struct masker *m)
{
	size_t start = m->i, special;
	if ((special = jwt_length(m, start)) || (special = email_length(m, start)) ||
	    (special = card_length(m, start))) {
		mask_to(m, start + special);
		return;
	}
	size_t end = start;
	while (is_word(at(m, end)))
		end++;
	struct span word = {m->in.at + start, end - start};
	bool number = true;
	for (size_t i = word.len > 1 && word.at[0] == '-'; i < word.len; i++)
		number = number && is_digit(word.at[i]);
	/* literals of SQL; a number behind '$' is a parameter's name, one behind ':' part of a stamp or an address */
	char before = start ? m->in.at[start - 1] : ' ';
	bool literal = m->sql && number && strchr(" =(,<>*+/", before);
	if (literal && at(m, end) == ':' && is_digit(at(m, end + 1))) /* 13:43 */
		literal = false;
	while (literal && at(m, end) == '.' && is_digit(at(m, end + 1))) /* 0.06, 10.0.0.5 */
		for (end++; is_digit(at(m, end)); end++)
			;
	if (literal || looks_secret(word)) {
		mask_to(m, end);
		return;
	}
	put(m, word);
	m->i = end;
	size_t assigns = assignment(m);
	if (assigns && mask_is_secret_name(word)) {
		bool header = assigns == end && at(m, assigns) == ':' &&
			      (name_contains(word, "cookie") || name_contains(word, "authorization"));
		to_value(m, assigns);
		mask_value(m, header);
	} else if (mask_is_scheme(word) && at(m, m->i) == ' ' && value_end(m, m->i + 1, ",;\"'<>)}]") - m->i > 8) {
		put(m, SPAN(" "));
		m->i++;
		mask_value(m, false);
	} else if (!m->sql && sqlverb_begins(m->in, start)) {
		m->sql = true;
	} else if (m->url && at(m, end) == '=') {
		put(m, SPAN("="));
		m->i++;
		mask_to(m, value_end(m, m->i, "&\"'<>#"));
	}
}

/* "://user:password@host": masks the password. At the first byte behind "://". */
static void do_userinfo(struct masker *m)
{
	size_t end = m->i, colon = 0, sign = 0;
	for (; end < m->in.len && !is_blank(at(m, end)) && !strchr("/?#\"'<>", at(m, end) ? at(m, end) : ' '); end++) {
		if (at(m, end) == ':' && !colon)
			colon = end;
		if (at(m, end) == '@')
			sign = end;
	}
	if (!sign || !colon || colon > sign)
		return;
	put(m, (struct span){m->in.at + m->i, colon + 1 - m->i});
	m->i = colon + 1;
	mask_to(m, sign);
}

/* '...' in SQL, with '' inside; $$...$$ and $tag$...$tag$. True when something was masked. */
static bool do_sql_literal(struct masker *m)
{
	char c = at(m, m->i);
	size_t end = m->i + 1;
	if (c == '\'') {
		/* E'it\'s'; MySQL has it without the E: a text goes on behind the quote, a statement does not. */
		bool escapes = m->i && lower(at(m, m->i - 1)) == 'e' && (m->i == 1 || !is_word(at(m, m->i - 2)));
		while (end < m->in.len && (at(m, end) != '\'' || at(m, end + 1) == '\''))
			end += at(m, end) == '\'' ? 2 : at(m, end) == '\\' && (escapes || (at(m, end + 1) == '\'' && is_word(at(m, end + 2)))) ? 2 : 1;
		put(m, SPAN("'"));
		m->i++;
		if (end > m->in.len)
			end = m->in.len;
		mask_to(m, end);
		if (m->i < m->in.len) {
			put(m, SPAN("'"));
			m->i++;
		}
		return true;
	}
	if (c == '"') { /* MySQL's = "text"; PostgreSQL's = "t"."column" is a name */
		size_t back = m->i;
		while (back && is_blank(at(m, back - 1)))
			back--;
		end = quote_end(m, m->i + 1, '"');
		if (!back || at(m, back - 1) != '=' || end >= m->in.len || at(m, end + 1) == '.')
			return false;
		put(m, SPAN("\""));
		m->i++;
		mask_to(m, end);
		return true;
	}
	while (is_lower(lower(at(m, end))) || at(m, end) == '_')
		end++;
	if (c != '$' || at(m, end) != '$')
		return false;
	struct span tag = {m->in.at + m->i, end + 1 - m->i};
	put(m, tag);
	m->i = end + 1;
	ptrdiff_t close = span_find(span_from(m->in, m->i), tag);
	mask_to(m, close < 0 ? m->in.len : m->i + (size_t)close);
	return true;
}

static void do_other(struct masker *m)
{
	char c = at(m, m->i);
	struct span here = span_from(m->in, m->i);
	if (m->sql && (c == '\'' || c == '"' || c == '$') && do_sql_literal(m))
		return;
	if (span_starts(here, SPAN("://"))) {
		put(m, SPAN("://"));
		m->i += 3;
		do_userinfo(m);
		return;
	}
	if (span_starts(here, SPAN(")=("))) { /* DETAIL: Key (email)=(...) already exists */
		put(m, SPAN(")=("));
		m->i += 3;
		mask_to(m, value_end(m, m->i, ")"));
		return;
	}
	if (c == '?' && m->i && !is_blank(at(m, m->i - 1)))
		m->url = true;
	if (is_blank(c) || c == '"')
		m->url = false;
	if (is_blank(c)) { /* a run of blanks is one, so that joined lines stay short */
		if (m->whole || (m->len && m->out[m->len - 1] != ' '))
			put(m, (struct span){&c, 1});
	} else {
		put(m, (struct span){&c, 1});
	}
	m->i++;
}

static void mask(struct masker *m)
{
	while (m->i < m->in.len && (m->whole || m->len < m->cap)) {
		if (is_word(m->in.at[m->i]))
			do_word(m);
		else
			do_other(m);
	}
}

/* Valid UTF-8, printable, and not cut in the middle of a character. */
static void finish(const struct masker *m, struct text *out)
{
	text_clear(out);
	text_append_printable(out, (struct span){m->out, m->len});
	if (out->len <= LIMIT_EXCERPT_BYTES)
		return;
	size_t len = LIMIT_EXCERPT_BYTES;
	while (len && ((unsigned char)out->at[len] & 0xC0) == 0x80)
		len--;
	out->len = len;
	out->at[len] = '\0';
}

/* Where `focus` begins in `raw`; raw.len when it is not there. */
static size_t focus_start(struct span raw, struct span focus)
{
	if (!focus.len)
		return raw.len;
	if ((uintptr_t)focus.at >= (uintptr_t)raw.at && (uintptr_t)focus.at < (uintptr_t)(raw.at + raw.len))
		return (size_t)(focus.at - raw.at);
	/* unescaped elsewhere: its first bytes up to an escaped one are in the record as they are */
	size_t len = 0;
	while (len < focus.len && len < 24 && (unsigned char)focus.at[len] >= ' ' && focus.at[len] != '"' &&
	       focus.at[len] != '\\')
		len++;
	ptrdiff_t at = len < 8 ? -1 : span_find(raw, span_head(focus, len));
	return at < 0 ? raw.len : (size_t)at;
}

size_t mask_essence(struct span raw, struct span focus, char *out)
{
	enum { NEAR = 160, HEAD = 100 };
	size_t start = raw.len > LIMIT_EXCERPT_BYTES ? focus_start(raw, focus) : 0;
	if (start <= NEAR || start >= raw.len) {
		struct span head = span_head(raw, MASK_RAW_BYTES);
		if (head.len < raw.len) { /* a secret that is cut in half might not be known as one: end at a blank */
			size_t blank = head.len;
			while (blank > head.len / 2 && !is_blank(raw.at[blank]))
				blank--;
			if (blank > head.len / 2)
				head.len = blank;
		}
		if (head.len)
			memcpy(out, head.at, head.len);
		return head.len;
	}
	size_t len = HEAD;
	while (len > HEAD / 2 && !is_blank(raw.at[len]) && raw.at[len] != ',' && raw.at[len] != '{')
		len--;
	for (size_t i = 0; i < len; i++) /* of several lines, the first */
		if (raw.at[i] == '\n')
			len = i;
	memcpy(out, raw.at, len);
	memcpy(out + len, " ... ", 5);
	struct span tail = span_head(span_from(raw, start), MASK_RAW_BYTES - len - 5);
	memcpy(out + len + 5, tail.at, tail.len);
	return len + 5 + tail.len;
}

void mask_excerpt(struct span raw, struct text *out)
{
	char essence[MASK_RAW_BYTES];
	char kept[LIMIT_EXCERPT_BYTES];
	struct masker m = {.in = {essence, mask_essence(raw, SPAN_NONE, essence)}, .out = kept, .cap = sizeof kept};
	mask(&m);
	finish(&m, out);
}

void mask_text(struct span raw, struct text *out)
{
	struct masker m = {.in = raw, .out = out->at, .cap = out->cap, .whole = true};
	mask(&m);
	*out = (struct text){m.out, m.len, m.cap};
	if (out->at)
		out->at[out->len] = '\0';
}
