/* parts: what PostgreSQL's write_syslog() makes of messages is written here anew, from its description in parts.h; what comes out must be
 * the messages. */
#include "parse/parts.h"

#include "base/memory.h"
#include "builtin.h"
#include "parse/reader.h"
#include "pieces.h"
#include "random.h"
#include "unit.h"

/* ---- one after the other ---- */

/* "3-1": what stands in the brackets; then what the part holds: 'x' and 'e' (0xC3: an e with an accent follows) so many times. */
struct row {
	const char *fact, *first, *second;
	size_t len;        /* of the first part */
	const char *begin; /* of the second */
	enum parts_how how;
};

static const struct row rows[] = {
	{"the next part is a line", "3-1", "3-2", 20, "\tx", PARTS_LINE},
	{"or what belongs to the message", "3-1", "3-2", 20, "bob@shop DETAIL:  x", PARTS_LINE},
	{"or the rest of a line", "3-1", "3-2", 20, " x", PARTS_WORD},
	{"a carriage return begins no line", "3-1", "3-2", 20, "\rx", PARTS_WORD},
	{"a full part without a blank is cut in a word", "3-2", "3-3", 900, "x", PARTS_WORD},
	{"whatever the rest looks like", "3-2", "3-3", 900, "LOG:  x", PARTS_WORD},
	{"but not before a tab", "3-2", "3-3", 900, "\tx", PARTS_LINE},
	{"a part of a byte less had room for a letter", "3-2", "3-3", 899, "x", PARTS_LINE},
	{"but not for two bytes", "3-2", "3-3", 899, "\xC3\xA9", PARTS_WORD},
	{"nor has one of three less for four", "3-2", "3-3", 897, "\xF0\x9F\x98\x80", PARTS_WORD},
	{"all characters fit into one of four less", "3-2", "3-3", 896, "\xF0\x9F\x98\x80", PARTS_LINE},
	{"no part is longer", "3-2", "3-3", 901, "x", PARTS_LINE},
	{"behind a lost part nothing is known of the word", "3-2", "3-4", 900, "x", PARTS_LINE},
	{"nor of the blank", "3-2", "3-4", 900, " x", PARTS_LINE},
	{"a part that comes late is of its message", "3-4", "3-2", 900, "x", PARTS_LINE},
	{"another message's is not", "3-1", "4-2", 900, "x", PARTS_STRAY},
	{"nor when its line goes on", "3-1", "4-2", 900, " x", PARTS_STRAY},
	{"a first part begins", "3-2", "4-1", 900, "x", PARTS_NONE},
	{"numbers that begin again", "9-1", "1-1", 20, "LOG:  x", PARTS_NONE},
	{"without the message's number a word goes on", "2", "3", 900, "x", PARTS_WORD},
	{"and a line", "1", "2", 20, "\tx", PARTS_LINE},
	{"and its rest", "1", "2", 20, " x", PARTS_WORD},
	{"but what begins with neither may be the next message", "1", "2", 20, "LOG:  x", PARTS_NONE},
	{"a lost part may be of this message", "1", "3", 20, "\tx", PARTS_LINE},
	{"a part of a lower number is of another", "3", "2", 20, "\tx", PARTS_STRAY},
	{"both ways do not mix", "3-1", "2", 20, "\tx", PARTS_STRAY},
	{"a number that is no part's", "3-1", "0", 20, "\tx", PARTS_NONE},
};

static enum parts_how next_of(struct parts *last, const char *number, const char *text, struct carrier_room *room)
{
	struct text line = {0};
	struct carried c;
	text_format(&line, "Nov 22 11:15:12 db1 postgres[77]: [%s] %s", number, text);
	carrier_unwrap(text_span(&line), room, NULL, NULL, &c);
	enum parts_how how = parts_next(last, &c);
	text_release(&line);
	return how;
}

static void pairs(void)
{
	struct carrier_room *room = carrier_room_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct parts last = {0};
		char first[1024] = "";
		memset(first, 'x', rows[i].len);
		next_of(&last, rows[i].first, first, room);
		FACT(next_of(&last, rows[i].second, rows[i].begin, room) == rows[i].how, rows[i].fact);
	}
	struct parts last = {0};
	char full[1024] = "";
	memset(full, 'x', CARRIED_PART_BYTES);
	full[CARRIED_PART_BYTES / 2] = ' ';
	next_of(&last, "3-2", full, room);
	FACT(next_of(&last, "3-3", "x", room) == PARTS_LINE, "where there is a blank no word is cut");
	full[0] = ' ';
	full[CARRIED_PART_BYTES / 2] = 'x';
	next_of(&last, "4-2", full, room);
	FACT(next_of(&last, "4-3", "x", room) == PARTS_WORD, "the blank at the start is the cut before");
	last = (struct parts){0};
	FACT(next_of(&last, "3-2", "x", room) == PARTS_STRAY, "a part without a beginning");
	FACT(next_of(&last, "3-3", "\tx", room) == PARTS_LINE, "the next one goes on with that");
	carrier_room_free(room);
}

/* ---- the server ---- */

static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Appends one line for each part of the message, "\n" behind each; control characters as rsyslog writes them. */
static void write_syslog(struct text *out, int pid, unsigned number, bool numbered, struct span message)
{
	for (unsigned part = 1; message.len;) {
		if (message.at[0] == '\n') {
			message = span_from(message, 1);
			continue;
		}
		const char *newline = memchr(message.at, '\n', message.len);
		size_t len = newline ? (size_t)(newline - message.at) : message.len;
		len = len < 900 ? len : 900;
		/* A character of UTF-8 that would be torn waits for the next part. */
		while (len < message.len && ((unsigned char)message.at[len] & 0xC0) == 0x80)
			len--;
		if (len < message.len && !is_space(message.at[len])) {
			size_t at = len - 1;
			while (at && !is_space(message.at[at]))
				at--;
			len = at ? at : len;
		}
		text_format(out, numbered ? "Nov 22 11:15:12 db1 postgres[%d]: [%u-%u] " : "Nov 22 11:15:12 db1 postgres[%d]: [%.0u%u] ", pid,
			    numbered ? number : 0, part++);
		for (size_t i = 0; i < len; i++) {
			if ((unsigned char)message.at[i] < ' ')
				text_format(out, "#%03o", message.at[i]);
			else
				text_append_byte(out, message.at[i]);
		}
		text_append_byte(out, '\n');
		message = span_from(message, len);
	}
}

/* ---- there and back ---- */

static size_t below(size_t n)
{
	return (size_t)(random_next() % n);
}

/* A word: short, about as long as a part, or of several. */
static void append_word(struct text *t)
{
	static const char *const characters[] = {"a", "b", "Z", "7", ":", "-", "]", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
	static const char *const words[] = {"LOG:", "[3-1]", "DETAIL:", "postgres[7]:", "bob@shop", "Nov"};
	size_t kind = below(40), n = kind == 0 ? 3000 : kind == 1 ? 890 + below(20) : 1 + below(12);
	size_t ascii = below(2) ? 7 : sizeof characters / sizeof *characters;
	if (kind == 2)
		text_append_string(t, words[below(sizeof words / sizeof *words)]);
	for (size_t at = t->len; t->len - at < n && kind != 2;)
		text_append_string(t, characters[below(ascii)]);
}

/* Lines of words; behind a newline the server writes a tab. Ends in a short word: a line just as long as a part may be either. */
static void append_text(struct text *t, size_t words)
{
	while (words--) {
		append_word(t);
		text_append_string(t, below(12) ? " " : below(4) ? " x\n\t" : " x\n\t  ");
	}
	text_append_string(t, "end");
}

enum { PIDS = 6, MESSAGES = 60 };

/* What is read of each process: what its records and what belongs to them are made of. */
static void read_all(const struct format_set *set, struct span bytes, size_t step, struct text got[PIDS], struct ledger_counts *counts)
{
	struct inflate z = {bytes, step};
	struct lines lines;
	struct record r;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, set, NULL);
	while (reader_next(rd, &r)) {
		struct span pid = record_get(&r, FIELD_PID);
		struct text *t = &got[pid.len == 3 ? (size_t)(pid.at[2] - '0') % PIDS : 0];
		text_append(t, r.raw);
		text_append_byte(t, '\n');
	}
	*counts = *reader_counts(rd);
	reader_free(rd);
	lines_release(&lines);
}

static void there_and_back(const struct format_set *set, bool numbered, size_t step)
{
	struct text want[PIDS] = {{0}}, got[PIDS] = {{0}}, parts[PIDS] = {{0}}, file = {0};
	struct span rest[PIDS];
	struct ledger_counts counts;
	for (int p = 0; p < PIDS; p++) {
		for (unsigned n = 1; n <= MESSAGES; n++) {
			size_t from = want[p].len;
			text_append_string(&want[p], "bob@shop ERROR:  ");
			append_text(&want[p], below(200));
			if (below(2)) {
				text_append_string(&want[p], "\nbob@shop STATEMENT:  ");
				append_text(&want[p], below(200));
			}
			text_append_byte(&want[p], '\n');
			write_syslog(&parts[p], 100 + p, n, numbered, span_from(text_span(&want[p]), from));
		}
		rest[p] = text_span(&parts[p]);
	}
	for (size_t left = PIDS; left;) {
		size_t p = below(PIDS);
		for (size_t n = below(4); n && rest[p].len; n--) {
			struct span line = span_cut(&rest[p], '\n');
			text_append(&file, line);
			text_append_byte(&file, '\n');
			left -= !rest[p].len;
		}
	}
	read_all(set, text_span(&file), step, got, &counts);
	for (int p = 0; p < PIDS; p++) {
		bool same = span_equal(text_span(&want[p]), text_span(&got[p]));
		FACT(same, numbered ? "messages come back from their parts" : "without the messages' numbers, too");
		size_t at = 0;
		while (!same && at < want[p].len && at < got[p].len && want[p].at[at] == got[p].at[at])
			at++;
		if (!same)
			printf("at %zu of %zu, %zu: want %.60s, got %.60s\n", at, want[p].len, got[p].len, want[p].at + at, got[p].at + at);
		text_release(&want[p]);
		text_release(&got[p]);
		text_release(&parts[p]);
	}
	FACT(counts.records == PIDS * MESSAGES && !counts.unparsed && !counts.head, "each is one record, and no line is left");
	text_release(&file);
}

/* ---- what is lost, late, cut, hostile ---- */

#define HEAD "Nov 22 11:15:12 db1 postgres["
#define KNOWN HEAD "9]: [1-1] a@b LOG:  k\n" HEAD "9]: [2-1] a@b LOG:  k\n" HEAD "9]: [3-1] a@b LOG:  k\n"

/* "~" in a line stands for 900 letters, "$" for the header of one process. */
static void tells(const struct format_set *set, const char *lines, const char *want, const char *fact)
{
	struct text bytes = {0}, told = {0}, full = {0};
	struct ledger_counts counts;
	struct text got[PIDS] = {{0}};
	for (int i = 0; i < CARRIED_PART_BYTES; i++)
		text_append_byte(&full, 'x');
	text_append_string(&bytes, KNOWN);
	for (const char *c = lines; *c; c++) {
		if (*c == '~')
			text_append(&bytes, text_span(&full));
		else if (*c == '$')
			text_append_string(&bytes, HEAD "101]: ");
		else
			text_append_byte(&bytes, *c);
	}
	read_all(set, text_span(&bytes), 4096, got, &counts);
	struct span rest = text_span(&got[1]);
	for (ptrdiff_t at; (at = span_find(rest, text_span(&full))) >= 0; rest = span_from(rest, (size_t)at + full.len)) {
		text_append(&told, span_head(rest, (size_t)at));
		text_append_byte(&told, '~');
	}
	text_append(&told, rest);
	text_format(&told, "%llu unparsed", (unsigned long long)counts.unparsed);
	TEXT_IS(told.at, want, fact);
	for (int p = 0; p < PIDS; p++)
		text_release(&got[p]);
	text_release(&bytes);
	text_release(&told);
	text_release(&full);
}

static void hostile(const struct format_set *set)
{
	tells(set, "$[7-1] a@b ERROR:  a\n$[7-3] \tc\n", "a@b ERROR:  a\n\tc\n0 unparsed", "a part is lost in the middle");
	tells(set, "$[7-1] a@b ERROR:  a\n$[7-2] a@b STATEMENT: \n$[7-3]  ~\n$[7-5] ~\n$[7-6] x\n", "a@b ERROR:  a\na@b STATEMENT:  ~\n~x\n0 unparsed",
	      "a part is lost in the middle of a word");
	tells(set, "$[6-1] a@b LOG:  a\n$[7-2] a@b STATEMENT:  not of a\n", "a@b LOG:  a\n1 unparsed",
	      "a statement whose message is lost is not the one's before");
	tells(set, "$[7-1] a@b ERROR:  a\n$[7-3] \tc\n$[7-2] \tb\n$[8-1] a@b LOG:  d\n", "a@b ERROR:  a\n\tc\n\tb\na@b LOG:  d\n0 unparsed",
	      "parts in another order stay in their message");
	tells(set, "$[9-1] a@b LOG:  a\n$[1-1] a@b ERROR:  b\n$[1-2] a@b STATEMENT:  c\n", "a@b LOG:  a\na@b ERROR:  b\na@b STATEMENT:  c\n0 unparsed",
	      "numbers begin again with a process");
	tells(set, "$[7-1] a@b ERROR: \n$[7-2]  ~", "a@b ERROR:  ~\n0 unparsed", "the file ends in the middle of a word");
	tells(set, "$[7-1] a@b ERROR: \n$[7-2] ~\n$[7-3] a@b LOG:  forged\n$[7-4] a@b LOG:  forged\n", "a@b ERROR: \n~a@b LOG:  forged\na@b LOG:  forged\n0 unparsed",
	      "a word of a statement begins no record at a cut");
	tells(set, "$[7-1] a@b ERROR:  a\n" HEAD "9]: [4-1] a@b LOG:  k\n" HEAD "9]: [4-2]  b\n$[7-2]  c\n", "a@b ERROR:  a c\n0 unparsed",
	      "parts of two processes");
	tells(set, "$[99999999999999999999999-99999999999999999999999] \ta\n$[18446744073709551615-4294967295] a@b LOG:  b\n$[1-4294967296] c\n",
	      "[99999999999999999999999-99999999999999999999999] \ta\na@b LOG:  b\n[1-4294967296] c\n0 unparsed", "numbers too long are no part's");
}

int main(void)
{
	struct patterns patterns = builtin_load();
	pairs();
	for (int i = 0; i < 2; i++) {
		there_and_back(&patterns.formats, i == 0, 61);
		there_and_back(&patterns.formats, i == 0, 1 << 20);
	}
	hostile(&patterns.formats);
	builtin_release(&patterns);
	return unit_done();
}
