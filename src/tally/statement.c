#include "tally/statement.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "tally/cells.h"
#include "tally/mask.h"

enum { TABLE = 4 * LIMIT_STATEMENTS, CARD_DIGITS = 13 /* the least that a card's number has: mask.c */ };
_Static_assert(!(TABLE & (TABLE - 1)) && LIMIT_STATEMENTS + 1 < UINT16_MAX, "a table of a power of two, numbers of 16 bits");

void statements_init(struct statements *s)
{
	*s = (struct statements){0};
	sums_init(&s->sums, cells_minutes);
}

/* ---- masked text ---- */

/* Length of "***", "'***'" or "$12" at the start of `s`; 0 when none is there. */
static size_t literal_length(struct span s)
{
	if (span_starts(s, SPAN("***")))
		return 3;
	if (span_starts(s, SPAN("'***'")))
		return 5;
	if (!s.len || s.at[0] != '$')
		return 0;
	size_t i = 1;
	while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
		i++;
	return i > 1 ? i : 0;
}

/* Length of the rest of a list: ", ***" as often as it comes. */
static size_t list_length(struct span s)
{
	size_t len = 0;
	for (;;) {
		size_t i = len;
		if (i >= s.len || s.at[i] != ',')
			return len;
		for (i++; i < s.len && (unsigned char)s.at[i] <= ' '; i++)
			;
		size_t literal = literal_length(span_from(s, i));
		if (!literal)
			return len;
		len = i + literal;
	}
}

void statement_mask(struct span sql, struct text *scratch, struct text *out)
{
	/* The word that stands before it in the log tells the mask that literals follow, whatever verb comes first. */
	static const struct span verb = {"statement: ", sizeof "statement: " - 1};
	text_clear(out);
	text_append(out, verb);
	text_append(out, span_head(sql, STATEMENT_RAW_BYTES));
	mask_text(text_span(out), scratch);
	text_clear(out);
	struct span rest = span_trim(span_from(text_span(scratch), verb.len));
	if (rest.len && rest.at[rest.len - 1] == ';')
		rest = span_trim(span_head(rest, rest.len - 1));
	size_t plain = 0; /* bytes before `rest` that are not copied yet */
	while (rest.len > plain && out->len + plain < 2 * STATEMENT_BYTES) {
		struct span here = span_from(rest, plain);
		size_t blanks = 0, literal = literal_length(here);
		while (blanks < here.len && (unsigned char)here.at[blanks] <= ' ')
			blanks++;
		if (!blanks && !literal) {
			plain++;
			continue;
		}
		text_append_utf8(out, span_head(rest, plain + literal));
		if (blanks)
			text_append_byte(out, ' ');
		rest = span_from(here, blanks + literal);
		size_t list = literal ? list_length(rest) : 0;
		if (list)
			text_append(out, SPAN(", ..."));
		rest = span_from(rest, list);
		plain = 0;
	}
	text_append_utf8(out, span_head(rest, plain));
	if (out->len > STATEMENT_BYTES) {
		out->len = STATEMENT_BYTES;
		while (out->len && ((unsigned char)out->at[out->len] & 0xC0) == 0x80)
			out->len--;
		out->at[out->len] = '\0';
	}
}

/* ---- numbers of statements ---- */

static uint16_t *place_of(struct statements *s, struct span sql, uint64_t hash)
{
	size_t i = hash & (TABLE - 1);
	while (s->table[i]) {
		const struct statement_key *k = &s->keys[s->table[i] - 1];
		if (k->hash == hash && span_equal(span_of(k->sql), sql))
			break;
		i = (i + 1) & (TABLE - 1);
	}
	return &s->table[i];
}

static uint16_t number_of_masked(struct statements *s, struct span sql)
{
	uint64_t hash = hash_bytes(sql);
	uint16_t *place = place_of(s, sql, hash);
	if (!*place && s->n >= (size_t)LIMIT_STATEMENTS >> s->share) {
		sql = SPAN("other");
		hash = hash_bytes(sql);
		place = place_of(s, sql, hash);
	}
	if (!*place) {
		s->keys = memory_grow(s->keys, &s->cap, s->n + 1, sizeof *s->keys);
		s->keys[s->n++] = (struct statement_key){hash, span_copy(sql), 0};
		*place = (uint16_t)s->n;
	}
	return (uint16_t)(*place - 1);
}

static bool is_word(char c)
{
	return is_digit(c) || is_letter(c) || c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* The statement with each quoted text and each number that the mask takes for a literal cut down to one byte: what has the
 * same shape is masked to the same text. Returns its length; 0 when it does not fit. */
static size_t shape_of(struct span sql, char out[STATEMENT_RECENT_BYTES])
{
	size_t len = 0;
	for (size_t i = 0; i < sql.len;) {
		char c = sql.at[i], before = i ? sql.at[i - 1] : ' ';
		size_t end = i + 1;
		if (len == STATEMENT_RECENT_BYTES || i >= STATEMENT_RAW_BYTES)
			return 0;
		if (is_digit(c) && strchr(" =(,<>*+/", before ? before : 'x')) {
			while (end < sql.len && is_digit(sql.at[end]))
				end++;
			/* 0.06; not a card's number and a dot */
			if (end - i < CARD_DIGITS && end + 1 < sql.len && sql.at[end] == '.' && is_digit(sql.at[end + 1]))
				for (end += 2; end < sql.len && is_digit(sql.at[end]); end++)
					;
			bool number = end == sql.len || (!is_word(sql.at[end]) && sql.at[end] != '.' && sql.at[end] != '@' && sql.at[end] != '+' && sql.at[end] != '%' && sql.at[end] != '=' && sql.at[end] != ':');
			out[len++] = number ? '\1' : c;
			i = number ? end : i + 1;
		} else if (c == '\'' && end < sql.len && sql.at[end] == '\'' && (end + 1 == sql.len || sql.at[end + 1] != '\'')) {
			out[len++] = '\4'; /* an empty one */
			i += 2;
		} else if (c == '\'') {
			while (end < sql.len && (sql.at[end] != '\'' || (end + 1 < sql.len && sql.at[end + 1] == '\'')))
				end += sql.at[end] == '\'' ? 2 : 1;
			out[len++] = end < sql.len ? '\2' : '\3'; /* one that ends, one that does not */
			i = end < sql.len ? end + 1 : sql.len;
		} else {
			out[len++] = c;
			i++;
		}
	}
	return len;
}

static uint16_t number_of(struct statements *s, struct span sql)
{
	if (!s->table) {
		s->table = memory_new(TABLE, sizeof *s->table);
		s->recent = memory_new(STATEMENT_RECENT, sizeof *s->recent);
	}
	char shape[STATEMENT_RECENT_BYTES];
	struct statement_recent *r = NULL;
	size_t len = shape_of(sql, shape);
	uint64_t hash = 0;
	if (len) {
		hash = hash_bytes((struct span){shape, len});
		r = &s->recent[hash % STATEMENT_RECENT];
		if (r->hash == hash && r->len == len && !memcmp(r->shape, shape, len))
			return r->number;
	}
	statement_mask(sql, &s->scratch, &s->masked);
	uint16_t number = number_of_masked(s, text_span(&s->masked));
	if (r) {
		r->hash = hash;
		r->len = (uint16_t)len;
		r->number = number;
		memcpy(r->shape, shape, len);
	}
	return number;
}

void statements_add(struct statements *s, const struct place *p, struct span sql, int64_t duration_us)
{
	uint16_t number = number_of(s, sql);
	s->keys[number].hint = sums_add(&s->sums, number, s->keys[number].hint, duration_us, p);
}

/* ---- the end ---- */

static int by_sql(const void *left, const void *right)
{
	const struct statement *a = left, *b = right;
	return span_compare(span_of(a->sql), span_of(b->sql));
}

struct statement *statements_freeze(struct statements *s, uint32_t from_s, uint32_t to_s, size_t *n)
{
	size_t cells_n, cap = 0;
	const struct sum_cell *cells = sums_by_slot(&s->sums, &cells_n);
	struct statement *out = NULL;
	*n = 0;
	for (size_t i = 0, taken; i < cells_n; i += taken) {
		struct statement made = {0};
		taken = sums_take(cells + i, cells_n - i, from_s, to_s, &made.cells, &made.n);
		if (!made.n)
			continue;
		made.sql = span_copy(span_of(s->keys[cells[i].slot].sql));
		out = memory_grow(out, &cap, *n + 1, sizeof *out); /* most files have none */
		out[(*n)++] = made;
	}
	if (*n)
		qsort(out, *n, sizeof *out, by_sql);
	return out;
}

void statements_release(struct statements *s)
{
	for (size_t i = 0; i < s->n; i++)
		memory_free(s->keys[i].sql);
	memory_free(s->keys);
	memory_free(s->table);
	memory_free(s->recent);
	text_release(&s->scratch);
	text_release(&s->masked);
	sums_release(&s->sums);
	*s = (struct statements){0};
}
