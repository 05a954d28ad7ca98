#include "split/prefixlearn.h"

#include "base/memory.h"

enum {
	MAX_TOKENS = 32,
	MAX_TRIED = 12, /* lines of different shapes from which a prefix is made */
	MAX_PREFIX_BYTES = 300,
	MAX_PASSED = 3, /* user, database, application without names; more words are prose */
};

/* A prefix in pieces, so that %q can be tried between them. */
struct draft {
	struct text pieces[MAX_TOKENS];
	size_t n;
	bool after_separator; /* the last piece is made of separators: the next one belongs to it */
	unsigned seen; /* bit per escape letter that is used once only, and SEEN_SESSION */
	bool pidless;  /* a number may be an SQL state, but no pid */
	unsigned passed; /* words whose meaning does not show */
};

enum once { ONCE_STAMP = 1, ONCE_PID = 2, ONCE_USER = 4, ONCE_CLIENT = 8, ONCE_SQLSTATE = 16, SEEN_SESSION = 32 };

static bool add(struct draft *d, const char *escape)
{
	if (d->n == MAX_TOKENS)
		return false;
	text_append_string(&d->pieces[d->n++], escape);
	d->after_separator = false;
	return true;
}

static bool add_literal(struct draft *d, struct span s)
{
	bool separator = s.len == 1;
	bool joins = separator && d->after_separator;
	if (!joins && d->n == MAX_TOKENS)
		return false;
	d->after_separator = separator;
	struct text *piece = &d->pieces[joins ? d->n - 1 : d->n++];
	for (size_t i = 0; i < s.len; i++) {
		text_append_byte(piece, s.at[i]);
		if (s.at[i] == '%')
			text_append_byte(piece, '%');
	}
	return true;
}

static bool once(struct draft *d, enum once what)
{
	bool first = !(d->seen & (unsigned)what);
	d->seen |= (unsigned)what;
	return first;
}

static size_t run_of(struct span s, const char *set)
{
	size_t n = 0;
	while (n < s.len && strchr(set, s.at[n]) && s.at[n])
		n++;
	return n;
}

static bool is_digits(struct span s)
{
	return s.len && run_of(s, "0123456789") == s.len;
}

/* Five capitals and digits, as 53300 or 00000 or 42P01 (errcodes.txt: a class of two, then three). */
static bool is_sqlstate(struct span s)
{
	return s.len == 5 && run_of(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5 &&
	       run_of(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") < 3;
}

static bool is_session(struct span s)
{
	size_t n = run_of(s, "0123456789abcdef");
	return n == 8 && s.len > 9 && s.at[8] == '.' && run_of(span_from(s, 9), "0123456789abcdef") == s.len - 9;
}

static bool is_virtual(struct span s)
{
	size_t n = run_of(s, "0123456789");
	return n && n < s.len && s.at[n] == '/' && is_digits(span_from(s, n + 1));
}

/* 53300 may be either; no pid begins with a zero. */
static bool is_pid(const struct draft *d, struct span s)
{
	return is_digits(s) && s.len <= 10 && s.at[0] != '0' && !(d->pidless && is_sqlstate(s));
}

/* What the server prints in brackets in the place of a name or an address: its bytes at the start of `s`. */
static size_t placeholder_len(struct span s)
{
	return span_starts(s, SPAN("[unknown]")) ? 9 : span_starts(s, SPAN("[local]")) ? 7 : 0;
}

static bool is_address(struct span s)
{
	if (span_equal(s, SPAN("[local]")))
		return true;
	size_t dots = 0, colons = 0;
	for (size_t i = 0; i < s.len; i++) {
		dots += s.at[i] == '.';
		colons += s.at[i] == ':';
	}
	bool v4 = dots == 3 && run_of(s, "0123456789.") == s.len;
	return v4 || (colons >= 2 && run_of(s, "0123456789abcdef:.") == s.len);
}

/* Bytes of the address at the start of `s`; 0 when there is none. ":2001:db8::1" has a separator before it, and "::" alone is
 * nobody's. */
static size_t address_len(struct span s)
{
	size_t n = run_of(s, "0123456789abcdef:.");
	if (n && s.at[0] == ':' && (n < 3 || s.at[1] != ':' || s.at[2] == ':'))
		return 0;
	return is_address(span_head(s, n)) ? n : 0;
}

/* "host(port)" */
static bool is_remote(struct span s)
{
	ptrdiff_t open = span_find_byte(s, '(');
	return open > 0 && span_ends(s, SPAN(")")) &&
	       is_digits((struct span){s.at + open + 1, s.len - (size_t)open - 2});
}

/* The escape that the name before '=' asks for; NULL when it says nothing. */
static const char *escape_of_key(struct span key, struct span value)
{
	static const struct {
		const char *name, *escape;
	} known[] = {
		{"user", "%u"},        {"usr", "%u"},
		{"u", "%u"},           {"role", "%u"},
		{"database", "%d"},    {"db", "%d"},
		{"d", "%d"},           {"app", "%a"},
		{"application", "%a"}, {"application_name", "%a"},
		{"a", "%a"},           {"appname", "%a"},
		{"pid", "%p"},         {"p", "%p"},
		{"line", "%l"},        {"l", "%l"},
		{"session", "%c"},     {"sid", "%c"},
		{"c", "%c"},           {"tx", "%x"},
		{"txid", "%x"},        {"xid", "%x"},
		{"vxid", "%v"},        {"vtx", "%v"},
		{"state", "%e"},       {"sqlstate", "%e"},
		{"e", "%e"},           {"err", "%e"},
		{"backend", "%b"},     {"b", "%b"},
		{"cmd", "%i"},         {"tag", "%i"},
		{"query_id", "%Q"},    {"queryid", "%Q"},
		{"qid", "%Q"},
	};
	static const char *const clients[] = {"client", "host", "h", "remote", "r", "ip", "addr", "from"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (span_equal_nocase(key, span_of(known[i].name)))
			return known[i].escape;
	}
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
		if (span_equal_nocase(key, span_of(clients[i])))
			return is_remote(value) ? "%r" : "%h";
	}
	return NULL;
}

/* A run of bytes between separators: what its bytes show. */
static bool add_word(struct draft *d, struct span word)
{
	if (is_session(word) || is_virtual(word)) {
		d->seen |= SEEN_SESSION;
		return add(d, is_session(word) ? "%c" : "%v");
	}
	if (is_remote(word))
		return add(d, once(d, ONCE_CLIENT) ? "%r" : "%0i");
	if (is_address(word))
		return add(d, once(d, ONCE_CLIENT) ? "%h" : "%0L");
	if (is_pid(d, word) && once(d, ONCE_PID))
		return add(d, "%p");
	if (is_sqlstate(word) && once(d, ONCE_SQLSTATE))
		return add(d, "%e");
	if (is_digits(word))
		return add(d, "%0l");
	ptrdiff_t at = span_find_byte(word, '@');
	if (at >= 0 && once(d, ONCE_USER)) {
		ptrdiff_t slash = span_find_byte(span_from(word, (size_t)at), '/');
		return add(d, "%u") && add_literal(d, SPAN("@")) && add(d, "%d") &&
		       (slash < 0 || (add_literal(d, SPAN("/")) && add(d, "%a")));
	}
	d->passed++;
	return add(d, "%0i");
}

/* "key=" at the start of `s`: bytes of the key, 0 when none. */
static size_t key_len(struct span s)
{
	size_t n = run_of(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
	return n && n < s.len && s.at[n] == '=' ? n : 0;
}

static const char separators[] = " \t,;|<>[]{}\"'";

/* Bytes by which the word at the start of `s` is longer than `len`: "[unknown]@[unknown]" is one. */
static size_t word_goes_on(struct span s, size_t len, size_t address)
{
	if (len >= s.len)
		return 0;
	size_t placeholder = !len || s.at[len - 1] == '@' || s.at[len - 1] == '/' ? placeholder_len(span_from(s, len)) : 0;
	if (placeholder)
		return placeholder;
	return !strchr(separators, s.at[len]) && (s.at[len] != ':' || len < address);
}

/* Bytes of one piece at the start of `rest`, added to the draft; 0 when it does not fit. */
static size_t add_piece(struct draft *d, struct span rest)
{
	struct stamp stamp;
	size_t n = stamp_scan(rest, NULL, &stamp);
	/* The server always prints a zone: that tells its log from others that write "ERROR: ". */
	if (n && !stamp.zone_text.len)
		return 0;
	if (n) {
		bool first = once(d, ONCE_STAMP);
		return add(d, !first ? "%s" : stamp.resolution_us < SECOND_US ? "%m" : "%t") ? n : 0;
	}
	size_t digits = run_of(rest, "0123456789");
	if (digits == 10 && digits + 4 <= rest.len && rest.at[10] == '.' && is_digits((struct span){rest.at + 11, 3}) &&
	    once(d, ONCE_STAMP))
		return add(d, "%n") ? 14 : 0;
	size_t behind = digits && digits < rest.len && rest.at[digits] == '-' ?
				run_of(span_from(rest, digits + 1), "0123456789") : 0;
	if (behind) {
		/* "[3053-3]" is pid and line; "[3-1]" behind the pid is what syslog and pgBadger's manual write:
		 * "%l-1". */
		bool pid = once(d, ONCE_PID);
		struct span second = {rest.at + digits + 1, behind};
		bool line = !pid && span_equal(second, SPAN("1"));
		bool fits = add(d, pid ? "%p" : line ? "%l" : "%0l") && add_literal(d, SPAN("-")) &&
			    (line ? add_literal(d, second) : add(d, pid ? "%l" : "%0l"));
		return fits ? digits + 1 + behind : 0;
	}
	if (run_of(rest, separators) && !placeholder_len(rest))
		return add_literal(d, span_head(rest, 1)) ? 1 : 0;
	size_t key = key_len(rest);
	struct span word = span_from(rest, key ? key + 1 : 0);
	/* RDS: "UTC:host(port):user@db:[pid]:": ':' separates where it does not stand inside an IPv6 address. */
	size_t len = 0, address = address_len(word), more;
	while ((more = word_goes_on(word, len, address)))
		len += more;
	word.len = len;
	if (key) {
		struct span name = span_head(rest, key);
		const char *escape = escape_of_key(name, word);
		return add_literal(d, span_head(rest, key + 1)) && add(d, escape ? escape : "%0i") ? key + 1 + len : 0;
	}
	/* strchr() finds a NUL among the separators, but no server prints one. */
	if (!len)
		return *word.at && add_literal(d, span_head(rest, 1)) ? 1 : 0;
	return add_word(d, word) ? len : 0;
}

/* What client libraries say of a server's error ends in the server's words, too: "psycopg2.OperationalError: FATAL:  ", "... connection to
 * server at "10.0.2.10", port 5432 failed: FATAL:  ". Without a time a prefix has something that a server prints, and no prose. */
static bool is_of_server(const struct draft *d)
{
	return d->seen & ONCE_STAMP || (d->passed <= MAX_PASSED && (!d->passed || d->seen));
}

static bool draft_of(struct draft *d, struct span prefix)
{
	while (prefix.len) {
		size_t n = add_piece(d, prefix);
		if (!n || n > prefix.len)
			return false;
		prefix = span_from(prefix, n);
	}
	return true;
}

static void draft_release(struct draft *d)
{
	for (size_t i = 0; i < d->n; i++)
		text_release(&d->pieces[i]);
	*d = (struct draft){0};
}

/* The draft's text with %q before piece `quit`; none when it is beyond the end. */
static void draft_text(const struct draft *d, size_t quit, struct text *out)
{
	text_clear(out);
	for (size_t i = 0; i < d->n; i++) {
		if (i == quit)
			text_append_string(out, "%q");
		text_append(out, text_span(&d->pieces[i]));
	}
}

size_t prefix_taken(const struct prefix *p, const struct span *lines, size_t n)
{
	size_t taken = 0;
	for (size_t i = 0; i < n; i++) {
		struct record r;
		record_clear(&r);
		enum prefix_result result = prefix_scan(p, lines[i], NULL, &r);
		taken += result == PREFIX_OK || (result == PREFIX_NOT_TIME && !prefix_is_timed(p));
	}
	return taken;
}

static size_t layout_taken(struct span layout, const struct span *lines, size_t n)
{
	struct diag d = {0};
	size_t column;
	struct prefix *p = prefix_new(layout, &d, &column);
	size_t taken = p ? prefix_taken(p, lines, n) : 0;
	prefix_free(p);
	return taken;
}

/* Tries the draft without and with %q at each place; keeps the best text. The first of equals: without %q. */
static void keep_best(const struct draft *d, const struct span *lines, size_t n, size_t *best, struct text *layout)
{
	struct text text = {0};
	for (size_t i = 0; i <= d->n; i++) {
		size_t quit = i ? i : d->n;
		draft_text(d, quit, &text);
		size_t taken = layout_taken(text_span(&text), lines, n);
		if (taken > *best) {
			*best = taken;
			text_clear(layout);
			text_append(layout, text_span(&text));
		}
	}
	text_release(&text);
}

/* The best prefix of those with a time, or of those without one. Returns how many lines it takes. */
static size_t learn(const struct span *lines, size_t n, bool timed, bool pidless, struct text *layout)
{
	size_t best = 0;
	unsigned tried = 0;
	text_clear(layout);
	for (size_t i = 0; i < n && tried < MAX_TRIED && best < n; i++) {
		struct draft d = {.pidless = pidless};
		struct postgresql_word word;
		ptrdiff_t at = postgresql_word_find(span_head(lines[i], MAX_PREFIX_BYTES), &word);
		/* Only the server writes two blanks behind the colon; without a time little else says that it is PostgreSQL's. */
		if (at < 0 || (!timed && !span_ends(span_head(lines[i], (size_t)at + word.len), SPAN("  "))))
			continue;
		/* A line that the best so far takes would give the same draft again. */
		if (best && layout_taken(text_span(layout), &lines[i], 1))
			continue;
		tried++;
		if (draft_of(&d, span_head(lines[i], (size_t)at)) && timed == !!(d.seen & ONCE_STAMP) && is_of_server(&d))
			keep_best(&d, lines, n, &best, layout);
		draft_release(&d);
	}
	return best;
}

/* The line has the pid before its severity. */
static bool prints_pid(struct span line, struct span pid)
{
	struct postgresql_word word;
	ptrdiff_t at = postgresql_word_find(span_head(line, MAX_PREFIX_BYTES), &word);
	return at >= 0 && span_find(span_head(line, (size_t)at), pid) >= 0;
}

bool prefix_learn(const struct span *lines, size_t n, struct span pid, struct text *layout)
{
	bool pidless = n && pid.len && !prints_pid(lines[0], pid);
	size_t best = learn(lines, n, true, false, layout);
	/* A name in a prefix without a time would take a printed time for a part of it. */
	if (!best || best < n - best)
		best = learn(lines, n, false, pidless, layout);
	return best && best >= n - best;
}
