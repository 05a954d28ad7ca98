#include "parse/rule.h"

#include <string.h>

#include "base/memory.h"
#include "line/literals.h"

static const enum field text_fields[] = {FIELD_MESSAGE, FIELD_ERROR_MESSAGE, FIELD_ERROR_TYPE, FIELD_STACK};
enum { TEXT_FIELDS = sizeof text_fields / sizeof *text_fields };

static void span_list_add(struct span_list *list, struct span s)
{
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	list->items[list->n++] = s;
}

void rule_release(struct rule *rule)
{
	memory_free(rule->codes.items);
	memory_free(rule->servers.items);
	memory_free(rule->starts.items);
	memory_free(rule->ends.items);
	memory_free(rule->contains.items);
	memory_free(rule->except.items);
	regex_free(rule->regex);
	text_release(&rule->literal);
	*rule = (struct rule){0};
}

/* ---- reading ---- */

struct reading {
	struct rule *rule;
	const struct pattern_file *file;
	const struct pattern_entry *entry;
	struct diag *d;
};

static bool bad(struct reading *rd, struct span where, const char *what, const char *hint)
{
	size_t column = where.at && where.at >= rd->entry->value.at ? (size_t)(where.at - rd->entry->value.at) : 0;
	pattern_error(rd->file, rd->entry, column, rd->d, what, hint);
	return false;
}

/* The next word of a value that is a list of words; empty at the end. */
static struct span next_word(struct span *rest)
{
	*rest = span_trim(*rest);
	size_t len = 0;
	while (len < rest->len && rest->at[len] != ' ' && rest->at[len] != '\t' && rest->at[len] != '\n')
		len++;
	struct span word = span_head(*rest, len);
	*rest = span_from(*rest, len);
	return word;
}

static bool read_tiers(struct reading *rd)
{
	struct span rest = rd->entry->value, word;
	while ((word = next_word(&rest)).len) {
		enum tier tier;
		if (!tier_of(word, &tier))
			return bad(rd, word, "no such tier", "Tiers are lb, web, app, pool, db, change and human.");
		rd->rule->tiers |= 1u << tier;
	}
	return true;
}

static bool read_severity(struct reading *rd)
{
	struct span value = span_trim(rd->entry->value);
	if (span_equal(value, SPAN("any")))
		rd->rule->gate = GATE_ANY;
	else if (span_equal(value, SPAN("failing")))
		rd->rule->gate = GATE_FAILING;
	else {
		rd->rule->gate = GATE_LEVEL;
		rd->rule->least = severity_of(value);
		if (rd->rule->least == SEVERITY_UNKNOWN)
			return bad(rd, value, "no such severity", "Write any, failing, or a level like ERROR.");
	}
	return true;
}

static bool read_statuses(struct reading *rd)
{
	struct rule *rule = rd->rule;
	struct span rest = rd->entry->value, word;
	while ((word = next_word(&rest)).len) {
		struct span high = word;
		struct span low = span_cut(&high, '-');
		int64_t from, to;
		if (!span_to_int(low, &from) || !span_to_int(low.len == word.len ? low : high, &to) || from < 100 || to > 999 ||
		    from > to)
			return bad(rd, word, "no HTTP status or range of them", "Write 502, or 500-599; 100 to 999.");
		if (rule->status_n == RULE_STATUS_RANGES)
			return bad(rd, word, "too many ranges", "A rule takes at most eight; write a second rule of the same class.");
		rule->status_low[rule->status_n] = (int)from;
		rule->status_high[rule->status_n++] = (int)to;
	}
	return true;
}

static bool read_duration(struct reading *rd)
{
	struct span value = span_trim(rd->entry->value);
	int64_t unit_us = 0;
	struct span number = value;
	if (span_ends(value, SPAN("ms")))
		unit_us = 1000, number.len -= 2;
	else if (span_ends(value, SPAN("us")))
		unit_us = 1, number.len -= 2;
	else if (span_ends(value, SPAN("s")))
		unit_us = 1000000, number.len -= 1;
	if (!unit_us || !span_to_duration(number, unit_us, &rd->rule->duration_us))
		return bad(rd, value, "no duration", "Write 1s, 2.5s or 300ms.");
	return true;
}

static bool read_texts(struct reading *rd, struct span_list *list, size_t least)
{
	struct span rest = rd->entry->value;
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		if (line.len < least)
			return bad(rd, line, "this text is too short", "Four bytes or more; a `regex` can say the rest.");
		if (line.len)
			span_list_add(list, line);
	}
	return true;
}

/* One element of a regex: a literal byte (>= 0), or END_RUN for anything else. */
enum { END_RUN = -1, GIVE_UP = -2 };

/* Skips a bracketed class that begins at `i`; returns one behind its "]". */
static size_t skip_class(struct span s, size_t i)
{
	i++;
	if (i < s.len && s.at[i] == '^')
		i++;
	if (i < s.len && s.at[i] == ']')
		i++;
	for (; i < s.len && s.at[i] != ']'; i++) {
		if (s.at[i] == '\\')
			i++;
	}
	return i + 1;
}

static size_t skip_group(struct span s, size_t i)
{
	size_t depth = 0;
	while (i < s.len) {
		char c = s.at[i];
		if (c == '\\') {
			i += 2;
		} else if (c == '[') {
			i = skip_class(s, i);
		} else {
			depth += c == '(';
			depth -= c == ')';
			i++;
			if (!depth)
				break;
		}
	}
	return i;
}

static int element(struct span s, size_t *i)
{
	char c = s.at[*i];
	if (c == '\\') {
		char next = *i + 1 < s.len ? s.at[*i + 1] : 'b';
		*i += 2;
		bool word = (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
		/* \Q...\E would need another reading of all that follows. */
		return next == 'Q' ? GIVE_UP : word ? END_RUN : (unsigned char)next;
	}
	if (c == '[') {
		bool single = *i + 2 < s.len && s.at[*i + 2] == ']' && s.at[*i + 1] != '^' && s.at[*i + 1] != '\\';
		int byte = single ? (unsigned char)s.at[*i + 1] : END_RUN;
		*i = single ? *i + 3 : skip_class(s, *i);
		return byte;
	}
	if (c == '(') {
		/* Flags inside "(?" may fold case from there on; lookarounds and plain groups only end the run. */
		bool flags = *i + 2 < s.len && s.at[*i + 1] == '?' && s.at[*i + 2] >= 'a' && s.at[*i + 2] <= 'z';
		*i = skip_group(s, *i);
		return flags ? GIVE_UP : END_RUN;
	}
	*i += 1;
	if (c == '|')
		return GIVE_UP;
	return c == '.' || c == '^' || c == '$' ? END_RUN : (unsigned char)c;
}

/* The longest run of bytes that every match of the regex contains: what stands outside of groups and alternatives and is not
 * optional. Empty when there is none. */
static void required_literal(struct span source, struct text *longest)
{
	struct text run = {0};
	for (size_t i = 0; i < source.len;) {
		char c = source.at[i];
		if (c == ' ' || c == '\t' || c == '\n') {
			i++;
			continue;
		}
		if (c == '#') {
			while (i < source.len && source.at[i] != '\n')
				i++;
			continue;
		}
		bool optional = c == '?' || c == '*' || c == '{';
		int byte = optional || c == '+' ? END_RUN : element(source, &i);
		if (byte == GIVE_UP) {
			text_clear(longest);
			break;
		}
		if (byte >= 0) {
			text_append_byte(&run, (char)byte);
		} else if (optional) {
			run.len -= run.len > 0;
			while (i < source.len && source.at[i] != '}' && c == '{')
				i++;
			i++;
		} else if (c == '+') {
			i++;
		}
		if (byte < 0 || i >= source.len) {
			if (run.len > longest->len) {
				text_clear(longest);
				text_append(longest, text_span(&run));
			}
			text_clear(&run);
		}
	}
	text_release(&run);
}

static bool read_entry(struct reading *rd)
{
	struct rule *rule = rd->rule;
	struct span key = rd->entry->key;
	if (span_equal(key, SPAN("class"))) {
		rule->class = span_trim(rd->entry->value);
		return true;
	}
	if (span_equal(key, SPAN("tier")))
		return read_tiers(rd);
	if (span_equal(key, SPAN("severity")))
		return read_severity(rd);
	if (span_equal(key, SPAN("status")))
		return read_statuses(rd);
	if (span_equal(key, SPAN("duration")))
		return read_duration(rd);
	if (span_equal(key, SPAN("code")))
		return read_texts(rd, &rule->codes, 0);
	if (span_equal(key, SPAN("server")))
		return read_texts(rd, &rule->servers, 0);
	if (span_equal(key, SPAN("starts")))
		return read_texts(rd, &rule->starts, 1);
	if (span_equal(key, SPAN("ends")))
		return read_texts(rd, &rule->ends, 1);
	if (span_equal(key, SPAN("contains")))
		return read_texts(rd, &rule->contains, LITERALS_MIN);
	if (span_equal(key, SPAN("except")))
		return read_texts(rd, &rule->except, 0);
	if (span_equal(key, SPAN("regex"))) {
		if (rule->regex)
			return bad(rd, SPAN_NONE, "a rule has one regex", "Join them with |, or write a second rule of the same class.");
		rule->regex = pattern_regex(rd->file, rd->entry, rd->entry->value, rd->d);
		if (rule->regex)
			required_literal(rd->entry->value, &rule->literal);
		return rule->regex != NULL;
	}
	if (span_equal(key, SPAN("sample")) || span_equal(key, SPAN("near")))
		return true;
	pattern_key_error(rd->file, rd->entry, 0, rd->d, "unknown key",
			  "A rule has class, tier, severity, status, duration, code, server, starts, ends, contains, except, regex, sample and near.");
	return false;
}

static bool complete(struct reading *rd)
{
	struct rule *rule = rd->rule;
	rd->entry = &rd->file->entries[rule->entry];
	if (!rule->class.len)
		return bad(rd, SPAN_NONE, "this rule has no class", "Add a line \"class = NAME\" below it.");
	bool text = rule->starts.n || rule->ends.n || rule->contains.n;
	if (rule->regex && !text && rule->literal.len < LITERALS_MIN)
		return bad(rd, SPAN_NONE, "this rule's regex has no fixed text of four bytes",
			   "Add `contains` with a text that every match has, so that most records are passed over quickly.");
	if (!text && !rule->regex && !rule->codes.n && !rule->status_n && rule->duration_us < 0)
		return bad(rd, SPAN_NONE, "this rule has no condition",
			   "Add status, duration, code, starts, ends, contains or regex.");
	return true;
}

bool rule_read(struct rule *rule, const struct pattern_file *file, size_t first, struct diag *d)
{
	*rule = (struct rule){.duration_us = -1, .entry = first};
	struct reading rd = {rule, file, &file->entries[first], d};
	rule->id = span_trim(rd.entry->value);
	bool ok = rule->id.len || bad(&rd, SPAN_NONE, "this rule has no name", "Write \"rule = NAME\".");
	size_t i = first + 1;
	for (; ok && i < file->n && !span_equal(file->entries[i].key, SPAN("rule")); i++) {
		rd.entry = &file->entries[i];
		ok = read_entry(&rd);
	}
	rule->entries = i;
	ok = ok && complete(&rd);
	if (!ok)
		rule_release(rule);
	return ok;
}

enum rule_trigger rule_trigger(const struct rule *rule)
{
	if (rule->starts.n || rule->ends.n)
		return TRIGGER_EDGE;
	if (rule->contains.n || rule->regex)
		return TRIGGER_CONTAINS;
	if (rule->status_n)
		return TRIGGER_STATUS;
	return rule->codes.n ? TRIGGER_CODE : TRIGGER_DURATION;
}

/* ---- matching ---- */

bool rule_admits(const struct rule *rule, enum severity severity)
{
	switch (rule->gate) {
	case GATE_ANY:
		return true;
	case GATE_FAILING:
		return severity_is_failing(severity);
	default:
		return severity >= rule->least;
	}
}

static bool code_is(const struct rule *rule, struct span code)
{
	for (size_t i = 0; code.len && i < rule->codes.n; i++) {
		struct span wanted = rule->codes.items[i];
		bool prefix = wanted.at[wanted.len - 1] == '*';
		if (prefix ? span_starts(code, span_head(wanted, wanted.len - 1)) : span_equal(code, wanted))
			return true;
	}
	return false;
}

static bool status_is(const struct rule *rule, int status)
{
	for (size_t i = 0; i < rule->status_n; i++) {
		if (status >= rule->status_low[i] && status <= rule->status_high[i])
			return true;
	}
	return false;
}

/* "NAME": the record's server, if it names one; "!NAME": it names another one. */
static bool server_is(const struct rule *rule, const struct record *r)
{
	struct span server = record_get(r, FIELD_BACKEND_SERVER);
	for (size_t i = 0; i < rule->servers.n; i++) {
		struct span wanted = rule->servers.items[i];
		bool other = wanted.at[0] == '!';
		if (other ? server.len && !span_equal(server, span_from(wanted, 1)) : !server.len || span_equal(server, wanted))
			return true;
	}
	return !rule->servers.n;
}

bool rule_holds(const struct rule *rule, enum tier tier, const struct record *r)
{
	if (rule->tiers && tier != TIER_UNKNOWN && !(rule->tiers >> tier & 1))
		return false;
	/* An HTTP status says itself whether it failed: access logs have no level, applications log 500 at any. */
	if (!rule_admits(rule, r->severity) && rule_trigger(rule) >= TRIGGER_CODE)
		return false;
	if (rule->status_n && !status_is(rule, r->status))
		return false;
	if (rule->duration_us >= 0 && r->duration_us < rule->duration_us)
		return false;
	if (!server_is(rule, r))
		return false;
	return !rule->codes.n || code_is(rule, record_get(r, FIELD_SQLSTATE)) || code_is(rule, record_get(r, FIELD_ERROR_CODE));
}

bool rule_holds_on(const struct rule *rule, struct span subject, size_t from, struct regex_scratch *scratch)
{
	bool found = !rule->contains.n;
	for (size_t i = 0; !found && i < rule->contains.n; i++)
		found = span_starts(span_from(subject, from), rule->contains.items[i]);
	for (size_t i = 0; !found && i < rule->contains.n; i++)
		found = span_find(subject, rule->contains.items[i]) >= 0;
	/* What ends as the rule asks seldom says more of what it asks: its fixed text is sooner looked for than its regex tried. */
	if (found && rule->regex && rule->ends.n)
		found = span_find(subject, text_span(&rule->literal)) >= 0;
	return found && (!rule->regex || regex_match(rule->regex, subject, scratch) == REGEX_MATCH);
}

bool rule_not_excepted(const struct rule *rule, const struct record *r)
{
	for (size_t i = 0; i < rule->except.n; i++) {
		for (size_t f = 0; f < TEXT_FIELDS; f++) {
			if (span_find(record_get(r, text_fields[f]), rule->except.items[i]) >= 0)
				return false;
		}
	}
	return true;
}

struct span subject_cut(struct span *rest)
{
	struct span line = span_cut(rest, '\n');
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return span_head(line, RULE_LINE_BYTES);
}

static bool edge_holds(const struct rule *rule, struct span line, bool is_message)
{
	for (size_t i = 0; i < rule->starts.n; i++) {
		if (span_starts(line, rule->starts.items[i]))
			return true;
	}
	for (size_t i = 0; is_message && i < rule->ends.n; i++) {
		if (span_ends(line, rule->ends.items[i]))
			return true;
	}
	return false;
}

bool rule_matches(const struct rule *rule, enum tier tier, const struct record *r, struct regex_scratch *scratch)
{
	if (!rule_holds(rule, tier, r) || !rule_not_excepted(rule, r))
		return false;
	enum rule_trigger trigger = rule_trigger(rule);
	if (trigger < TRIGGER_EDGE)
		return true;
	for (size_t f = 0; f < TEXT_FIELDS; f++) {
		struct span rest = record_get(r, text_fields[f]);
		if (trigger == TRIGGER_EDGE) {
			struct span line = subject_cut(&rest);
			bool is_message = text_fields[f] == FIELD_MESSAGE;
			if ((is_message || text_fields[f] == FIELD_ERROR_MESSAGE) && edge_holds(rule, line, is_message) &&
			    rule_holds_on(rule, line, 0, scratch))
				return true;
			continue;
		}
		while (rest.len) {
			if (rule_holds_on(rule, subject_cut(&rest), 0, scratch))
				return true;
		}
	}
	return false;
}
