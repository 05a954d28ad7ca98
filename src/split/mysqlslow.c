#include "split/mysqlslow.h"

#include "split/mysqlstamp.h"

enum {
	HEAD_BYTES = 16 << 10, /* of a block before its time is known: explained joins of dozens of tables are shorter */
	COLUMN_BYTES = 40,     /* of a column's name */
};

static const char column_prefix[] = "mysql.slowlog.";

struct block {
	struct scanner_room *room;
	struct record *r;
	bool has_time, has_epoch, has_user, has_duration;
	bool mariadb;             /* its times are starts */
	struct stamp time, epoch; /* "# Time", SET timestamp */
	struct span time_text, epoch_text;
	const char *statement;    /* where it begins; NULL: not yet */
	const char *end;          /* of its last line */
	char *names;              /* room for the next column's name */
};

static inline bool is_name(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || is_digit(c) || c == '_';
}

static bool take(struct span *s, struct span prefix)
{
	if (!span_starts(*s, prefix))
		return false;
	*s = span_from(*s, prefix.len);
	return true;
}

/* ---- columns ---- */

/* The name of an extra: in small letters behind the prefix. Columns are more than the names' room only where LIMIT_EXTRAS is reached. */
static struct span extra_name(struct block *b, struct span column)
{
	static const struct {
		const char *column, *name;
	} others[] = {{"innodb_trx_id", "transaction_id"}, {"qc_hit", "query_cache_hit"}};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (span_equal_nocase(column, span_of(others[i].column)))
			column = span_of(others[i].name);
	}
	size_t prefix = sizeof column_prefix - 1;
	struct span name = {b->names, prefix + column.len};
	memcpy(b->names, column_prefix, prefix);
	for (size_t i = 0; i < column.len; i++)
		b->names[prefix + i] = (char)(column.at[i] | ((unsigned char)(column.at[i] - 'A') < 26 ? 0x20 : 0));
	b->names += name.len;
	return name;
}

static void note(struct block *b, struct span column, struct span value)
{
	struct extras *extras = b->room->extras;
	struct text *names = &b->room->text;
	if (!extras || column.len > COLUMN_BYTES || extras->n >= LIMIT_EXTRAS) {
		extras_add(extras, SPAN_NONE, SPAN_NONE);
		return;
	}
	if (!b->names) {
		text_clear(names);
		while (names->len < LIMIT_EXTRAS * (sizeof column_prefix + COLUMN_BYTES))
			text_append(names, SPAN("................"));
		b->names = names->at;
	}
	extras_add(extras, extra_name(b, column), value);
}

static void set_text(struct block *b, enum field field, struct span value)
{
	if (value.len && !record_has(b->r, field))
		record_set(b->r, field, value);
}

static void set_duration(struct block *b, struct span value)
{
	int64_t us;
	if (b->has_duration || !span_to_duration(value, SECOND_US, &us))
		return;
	b->has_duration = true;
	b->r->duration_us = us;
	record_set(b->r, FIELD_DURATION, value);
}

static void column(struct block *b, struct span name, struct span value)
{
	note(b, name, value);
	if (span_equal(name, SPAN("Query_time")))
		set_duration(b, value);
	else if (span_equal(name, SPAN("Thread_id")) || span_equal(name, SPAN("Id")))
		set_text(b, FIELD_THREAD_ID, value);
	else if (span_equal(name, SPAN("Schema")))
		set_text(b, FIELD_DATABASE, value);
	else if ((span_equal(name, SPAN("Last_errno")) || span_equal(name, SPAN("Errno"))) && !span_equal(value, SPAN("0")))
		set_text(b, FIELD_ERROR_CODE, value);
	else if (span_equal(name, SPAN("QC_hit"))) /* Percona's is QC_Hit */
		b->mariadb = true;
}

/* "Name: value  Name: value ...": a value is a word, or nothing. */
static void columns(struct block *b, struct span s)
{
	while (s.len) {
		size_t n = 0;
		s = span_trim(s);
		while (n < s.len && is_name(s.at[n]))
			n++;
		if (!n || n >= s.len || s.at[n] != ':') { /* "No InnoDB statistics available for this query" */
			span_cut(&s, ' ');
			continue;
		}
		struct span name = span_head(s, n), rest = span_trim(span_from(s, n + 1)), after = rest;
		struct span value = span_cut(&after, ' ');
		if (value.len > 1 && value.at[value.len - 1] == ':' && is_name(value.at[0])) {
			value.len = 0; /* the next name */
			after = rest;
		}
		column(b, name, value);
		s = after;
	}
}

/* "app[app] @ web1 [10.0.0.7]  Id:    14". The account that was granted, then the one that was asked for. */
static void user_and_host(struct block *b, struct span s)
{
	ptrdiff_t at = span_find(s, SPAN(" @ "));
	if (at < 0)
		return;
	struct span account = span_head(s, (size_t)at), rest = span_from(s, (size_t)at + 3);
	struct span user = span_cut(&account, '[');
	if (!user.len)
		user = span_cut(&account, ']');
	set_text(b, FIELD_USER, span_trim(user));
	ptrdiff_t open = span_find_byte(rest, '[');
	if (open < 0)
		return;
	struct span host = span_trim(span_head(rest, (size_t)open));
	rest = span_from(rest, (size_t)open + 1);
	struct span address = span_cut(&rest, ']');
	set_text(b, FIELD_CLIENT, address.len ? address : host);
	if (host.len)
		note(b, SPAN("host"), host);
	b->has_user = true;
	columns(b, rest);
}

/* ---- lines ---- */

static void take_time(struct block *b, struct span text)
{
	struct stamp stamp;
	text = span_trim(text);
	if (b->has_time || !text.len || mysqlstamp_scan(text, &b->room->stamps, &stamp) != text.len)
		return;
	b->has_time = true;
	b->time = stamp;
	b->time_text = text;
}

/* "SET timestamp=1476901800;", "SET last_insert_id=2,insert_id=5,timestamp=1476901800.123456;". */
static bool take_epoch(struct block *b, struct span s)
{
	int64_t us;
	if (!take(&s, SPAN("SET ")) || !span_ends(s, SPAN(";")))
		return false;
	s.len--;
	while (s.len) {
		struct span set = span_cut(&s, ','), name = span_cut(&set, '=');
		if (span_equal(name, SPAN("timestamp")) && set.len >= 9 && set.len <= 24 && span_to_duration(set, SECOND_US, &us)) {
			b->has_epoch = true;
			b->epoch = (struct stamp){.time_us = us, .resolution_us = SECOND_US, .zone = STAMP_EXPLICIT};
			b->epoch_text = set;
			for (size_t i = 11; span_find_byte(set, '.') == 10 && i < set.len && b->epoch.resolution_us > 1; i++)
				b->epoch.resolution_us /= 10;
			return true;
		}
		if (!span_equal(name, SPAN("last_insert_id")) && !span_equal(name, SPAN("insert_id")))
			return false;
	}
	return true;
}

/* "use shop;": what stands between the words, without backticks. */
static bool take_use(struct block *b, struct span s)
{
	if (!take(&s, SPAN("use ")) || !span_ends(s, SPAN(";")) || s.len > 200)
		return false;
	s = span_trim(span_head(s, s.len - 1));
	if (s.len > 2 && s.at[0] == '`' && s.at[s.len - 1] == '`')
		s = (struct span){s.at + 1, s.len - 2};
	if (!s.len || span_find_byte(s, ' ') >= 0)
		return false;
	set_text(b, FIELD_DATABASE, s);
	return true;
}

/* What the server writes when it opens the file. */
static bool is_banner(struct span line)
{
	if (span_starts(line, SPAN("Tcp port: ")))
		return span_find(line, SPAN("Unix socket: ")) > 0 || span_find(line, SPAN("Named Pipe: ")) > 0;
	if (span_starts(line, SPAN("Time ")) || span_starts(line, SPAN("Time\t")))
		return span_find(line, SPAN(" Id Command")) > 0;
	return span_ends(line, SPAN("started with:")) && span_find(line, SPAN(", Version: ")) > 0;
}

/* A line that can only be a column where a statement has begun: then that one was cut off. */
static bool is_certain(struct span line)
{
	return span_starts(line, SPAN("# Query_time: ")) || span_starts(line, SPAN("# User@Host: "));
}

static void take_line(struct block *b, struct span line)
{
	struct span s = line, command;
	if (b->statement && is_certain(line))
		b->statement = NULL;
	if (!b->statement && span_take_byte(&s, '#')) {
		s = span_trim(s);
		command = s;
		if (take(&command, SPAN("administrator command: "))) {
			b->statement = s.at;
			b->end = s.at + s.len;
		} else if (take(&s, SPAN("Time: "))) {
			take_time(b, s);
		} else if (take(&s, SPAN("User@Host: "))) {
			user_and_host(b, s);
		} else if (!span_starts(s, SPAN("explain:"))) {
			if (span_starts(s, SPAN("Query_time: ")))
				record_set(b->r, FIELD_MESSAGE, s);
			columns(b, s);
		}
	} else if (take_use(b, line) || take_epoch(b, line)) {
		b->statement = NULL; /* what stood before was cut off; "use" itself may be all */
	} else if (!is_banner(line) && line.len) {
		if (!b->statement)
			b->statement = line.at;
		b->end = line.at + line.len;
	}
}

/* ---- the block ---- */

static void set_time(struct block *b)
{
	bool from_time = b->has_time && (b->time.zone == STAMP_EXPLICIT || !b->has_epoch);
	struct stamp stamp = from_time ? b->time : b->epoch;
	if (b->mariadb && b->has_duration && stamp.time_us < INT64_MAX / 4 && b->r->duration_us < INT64_MAX / 4)
		stamp.time_us += b->r->duration_us;
	stamp_apply(&stamp, b->r);
	record_set(b->r, FIELD_TIMESTAMP, from_time ? b->time_text : b->epoch_text);
}

static void set_statement(struct block *b, struct span use)
{
	struct span text = b->statement ? (struct span){b->statement, (size_t)(b->end - b->statement)} : use;
	text = span_trim(text);
	while (text.len && text.at[text.len - 1] == ';')
		text = span_trim(span_head(text, text.len - 1));
	if (text.len)
		record_set(b->r, FIELD_STATEMENT, text);
}

bool mysqlslow_scan(struct span entry, struct scanner_room *room, struct record *r)
{
	struct block b = {.room = room, .r = r};
	struct span rest = entry, use = SPAN_NONE;
	if (!mysqlslow_begins(entry))
		return false;
	for (size_t lines = 0; rest.len; lines++) {
		struct span line = span_cut(&rest, '\n');
		bool begins = mysqlslow_begins(line);
		/* "# Time" and "# User@Host" are one beginning; a second one is of another block. */
		if (begins && lines && (b.has_user || span_starts(line, SPAN("# Time: "))))
			break;
		if (span_starts(line, SPAN("use ")))
			use = line;
		take_line(&b, line);
	}
	if (!(b.has_time || b.has_epoch) || !(b.has_user || b.has_duration || b.has_epoch)) {
		record_clear(r);
		extras_clear(room->extras);
		return false;
	}
	set_time(&b);
	set_statement(&b, use);
	return true;
}

bool mysqlslow_columns(struct span line, struct scanner_room *room, struct record *r)
{
	struct block b = {.room = room, .r = r};
	if (!is_certain(line))
		return false;
	take_line(&b, line);
	return true;
}

bool mysqlslow_begins(struct span line)
{
	if (span_starts(line, SPAN("# Time: ")))
		return line.len > 8;
	return span_starts(line, SPAN("# User@Host: ")) && span_find(span_head(line, 512), SPAN(" @ ")) > 0;
}

bool mysqlslow_goes_on(struct span line)
{
	return !mysqlslow_begins(line);
}

bool mysqlslow_unfinished(struct span entry)
{
	size_t users = 0;
	struct span rest = entry;
	if (entry.len > HEAD_BYTES || !mysqlslow_begins(entry))
		return false;
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		users += span_starts(line, SPAN("# User@Host: "));
		if (users > 1 || (line.at != entry.at && span_starts(line, SPAN("# Time: "))))
			return false;
	}
	return true;
}
