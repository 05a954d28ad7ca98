#include "split/mysqlerror.h"

#include "split/mysqlstamp.h"
#include "split/stampfind.h"

static inline bool is_hex(char c)
{
	return is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 6;
}

static bool take(struct span *s, struct span prefix)
{
	if (!span_starts(*s, prefix))
		return false;
	*s = span_from(*s, prefix.len);
	return true;
}

static void skip_blanks(struct span *s)
{
	while (span_take_byte(s, ' '))
		;
}

/* "4711 ", "7f3ac1ffb700 ", "0x7f3ac1ffb700 ": a thread or a process, and the blanks behind it. */
static bool take_thread(struct span *s, struct span *thread)
{
	size_t n = span_starts(*s, SPAN("0x")) ? 2 : 0;
	while (n < s->len && n < 24 && is_hex(s->at[n]))
		n++;
	if (!n || n >= s->len || s->at[n] != ' ')
		return false;
	*thread = span_head(*s, n);
	*s = span_from(*s, n);
	skip_blanks(s);
	return true;
}

/* "[Note] ": the words of the servers, and blanks. MariaDB pads none; 5.6 wrote "[Warning] ". */
static bool take_level(struct span *s, struct span *level)
{
	static const char *const words[] = {"Note", "Warning", "ERROR", "System", "Error", "Information"};
	for (size_t i = 0; s->len && s->at[0] == '[' && i < sizeof words / sizeof *words; i++) {
		struct span rest = span_from(*s, 1), word = span_of(words[i]);
		if (!take(&rest, word) || !span_take_byte(&rest, ']') || (rest.len && rest.at[0] != ' ' && rest.at[0] != '\n'))
			continue;
		*level = (struct span){s->at + 1, word.len};
		skip_blanks(&rest);
		*s = rest;
		return true;
	}
	return false;
}

/* "Note] [Entrypoint]: ": the levels of the containers' script; what begins with "[Entrypoint]" is left. */
static bool entry_word(struct span *s, struct span *level)
{
	static const char *const words[] = {"Note", "Warn", "ERROR"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct span rest = *s;
		if (take(&rest, span_of(words[i])) && take(&rest, SPAN("] ")) && span_starts(rest, SPAN("[Entrypoint]: "))) {
			*level = span_head(*s, strlen(words[i]));
			*s = rest;
			return true;
		}
	}
	return false;
}

/* "[MY-010116] [Server] " of 8.0: the code and the subsystem. They stay in the message: people look for them. */
static void codes(struct span s, struct scanner_room *room, struct record *r)
{
	if (s.len < 12 || !take(&s, SPAN("[MY-")) || s.at[6] != ']')
		return;
	for (size_t i = 0; i < 6; i++) {
		if (!is_digit(s.at[i]))
			return;
	}
	record_set(r, FIELD_ERROR_CODE, (struct span){s.at - 3, 9});
	s = span_from(s, 7);
	if (!take(&s, SPAN(" [")))
		return;
	struct span subsystem = span_cut(&s, ']');
	if (subsystem.len < 24)
		extras_add(room->extras, SPAN("mysql.subsystem"), subsystem);
}

/* ---- what messages say ---- */

/* The text between "NAME: '" and the next "'"; empty when there is none. */
static struct span quoted(struct span s, struct span name)
{
	ptrdiff_t at = span_find(s, name);
	if (at < 0)
		return SPAN_NONE;
	struct span value = span_from(s, (size_t)at + name.len);
	ptrdiff_t end = span_find_byte(value, '\'');
	return end < 0 ? SPAN_NONE : span_head(value, (size_t)end);
}

/* `none`: what the server writes where it does not know. */
static void set_known(enum field field, struct span value, struct span none, struct record *r)
{
	if (value.len && !span_equal(value, none) && !record_has(r, field))
		record_set(r, field, value);
}

static void account(struct span s, struct record *r)
{
	struct span user = quoted(s, SPAN("for user '")), rest;
	if (!user.len)
		return;
	set_known(FIELD_USER, user, SPAN_NONE, r);
	rest = (struct span){user.at + user.len, (size_t)(s.at + s.len - user.at) - user.len};
	if (take(&rest, SPAN("'@'")))
		set_known(FIELD_CLIENT, span_cut(&rest, '\''), SPAN_NONE, r);
}

void mysqlerror_message(struct span message, struct record *r)
{
	struct span line = span_cut(&message, '\n');
	if (span_find(line, SPAN("Aborted connection ")) >= 0) {
		set_known(FIELD_DATABASE, quoted(line, SPAN("to db: '")), SPAN("unconnected"), r);
		set_known(FIELD_USER, quoted(line, SPAN("user: '")), SPAN("unauthenticated"), r);
		set_known(FIELD_CLIENT, quoted(line, SPAN("host: '")), SPAN("connecting host"), r);
	} else if (span_find(line, SPAN("Forcing close of thread ")) >= 0) {
		set_known(FIELD_USER, quoted(line, SPAN("user: '")), SPAN_NONE, r);
	} else if (span_find(line, SPAN("Access denied for user '")) >= 0) {
		account(line, r);
	} else if (span_find(line, SPAN("Server socket created on IP: '")) >= 0) {
		set_known(FIELD_SERVER, quoted(line, SPAN("on IP: '")), SPAN_NONE, r);
	}
}

/* ---- the entry ---- */

/* Behind the stamp: what it says of thread and level is taken off `s`. False: none of these servers wrote that. */
static bool lead(struct span *s, bool is_short, bool is_iso, struct record *r)
{
	struct span thread, level, rest = *s;
	if (take_thread(&rest, &thread)) {
		bool monitor = span_starts(rest, SPAN("INNODB MONITOR OUTPUT"));
		bool leveled = !monitor && take_level(&rest, &level);
		if (monitor || leveled || span_starts(rest, SPAN("InnoDB: "))) {
			record_set(r, FIELD_THREAD_ID, thread);
			if (leveled)
				record_set(r, FIELD_SEVERITY, level);
			*s = rest;
			return true;
		}
		rest = *s;
	}
	if (span_starts(rest, SPAN("mysqld_safe ")) || span_starts(rest, SPAN("mysqld_multi ")) || span_starts(rest, SPAN("mariadbd-safe ")))
		return true;
	struct span word = rest;
	if (span_take_byte(&word, '[') && entry_word(&word, &level)) {
		record_set(r, FIELD_SEVERITY, level);
		*s = word;
		return true;
	}
	if (is_iso && take(&rest, SPAN("UTC "))) { /* behind "Z " */
		*s = rest;
		return span_starts(rest, SPAN("- mysqld got ")) || span_starts(rest, SPAN("- mariadbd got "));
	}
	if (!is_short)
		return false;
	if (take_level(&rest, &level)) {
		record_set(r, FIELD_SEVERITY, level);
		*s = rest;
		return true;
	}
	/* "161209 14:18:50" is a stamp of little else, but a general query log's: there a number comes, and a command. */
	return rest.len && !is_digit(rest.at[0]) && rest.at[0] != '\t';
}

bool mysqlerror_scan(struct span entry, struct scanner_room *room, struct record *r)
{
	struct stamp stamp;
	size_t len = mysqlstamp_scan(entry, &room->stamps, &stamp);
	if (!len || len >= entry.len || entry.at[len] != ' ')
		return false;
	struct span s = span_from(entry, len);
	skip_blanks(&s);
	if (!lead(&s, entry.at[6] == ' ', entry.at[10] == 'T', r)) {
		record_clear(r);
		return false;
	}
	stamp_apply(&stamp, r);
	record_set(r, FIELD_TIMESTAMP, span_head(entry, len));
	s = span_trim(s);
	record_set(r, FIELD_MESSAGE, s);
	codes(s, room, r);
	if (!record_has(r, FIELD_SEVERITY) && (span_starts(s, SPAN("- mysqld got ")) || span_starts(s, SPAN("- mariadbd got "))))
		r->severity = SEVERITY_FATAL;
	mysqlerror_message(s, r);
	return true;
}

bool mysqlerror_goes_on(struct span line)
{
	struct stamp_cache stamps = {0};
	struct stampfind found;
	/* An entry begins with its stamp; a line that has one elsewhere in its head begins another program's. */
	return line.len && !is_digit(line.at[0]) && stampfind_scan(line, DATE_ORDER_UNKNOWN, &stamps, &found) != STAMPFIND_FOUND;
}
