#include "tally/message.h"

#include "tally/mask.h"

/* What a byte is: to a path, and whether it parts tokens of a message (marks.h). */
enum {
	DIGIT = 1,
	HEX = 2,      /* a-f, A-F, '-' */
	PIECE = 4,    /* '/' and '.' */
	END = 8,      /* of a path */
	SECRET = 16,  /* '@', '%' */
	SPLIT = 32,   /* of a message */
	FOREIGN = 64, /* not ASCII */
};

/* The same in two letters, for a table that reads beside one of ASCII. */
enum {
	DG = DIGIT,
	HX = HEX,
	PC = PIECE,
	EN = END,
	SE = SECRET,
	SP = SPLIT,
	ES = END | SPLIT,
	FO = FOREIGN,
};

static const unsigned char byte_class[256] = {
	ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, /* 00 */
	ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, ES, /* 10 */
	ES, 0,  SP, EN, 0,  SE, 0,  SP, SP, SP, 0,  0,  SP, HX, PC, PC, /* 20 */
	DG, DG, DG, DG, DG, DG, DG, DG, DG, DG, SP, ES, 0,  SP, 0,  EN, /* 30 */
	SE, HX, HX, HX, HX, HX, HX, 0,  0,  0,  0,  0,  0,  0,  0,  0, /* 40 */
	0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  SP, 0,  SP, 0,  0, /* 50 */
	0,  HX, HX, HX, HX, HX, HX, 0,  0,  0,  0,  0,  0,  0,  0,  0, /* 60 */
	0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  SP, SP, SP, 0,  ES, /* 70 */
	FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, /* 80 */
	FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, /* 90 */
	FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, /* A0 */
	FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, /* B0 */
	FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, /* C0 */
	FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, /* D0 */
	FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, /* E0 */
	FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, FO, /* F0 */
};

static unsigned class_of(char c)
{
	return byte_class[(unsigned char)c];
}

static struct span without_host(struct span path)
{
	if (path.len && path.at[0] != '/') {
		ptrdiff_t scheme = span_find(span_head(path, 16), SPAN("://"));
		if (scheme > 0) {
			ptrdiff_t slash = span_find_byte(span_from(path, (size_t)scheme + 3), '/');
			path = slash < 0 ? SPAN("/") : span_from(path, (size_t)(scheme + 3 + slash));
		}
	}
	return path;
}

size_t message_path(struct span path, char out[MESSAGE_PATH_BYTES])
{
	path = without_host(path);
	size_t to = 0, i = 0;
	while (i < path.len && to < MESSAGE_PATH_BYTES) {
		unsigned class = class_of(path.at[i]);
		if (class & END)
			break;
		if (class & PIECE) {
			out[to++] = path.at[i++];
			continue;
		}
		size_t start = i, digits = 0;
		unsigned all = 0, other = 0;
		do {
			all |= class;
			other |= class ? 0 : 1;
			digits += class & DIGIT;
			if (++i == path.len)
				break;
			class = class_of(path.at[i]);
		} while (!(class & (PIECE | END)));
		size_t len = i - start;
		bool hex = digits && len >= 6 && !other && !(all & ~(unsigned)(DIGIT | HEX));
		bool masked = digits == len || hex || digits >= 4 || (all & (SECRET | FOREIGN)) || len > 40;
		struct span piece = masked ? SPAN("<*>") : (struct span){path.at + start, len};
		if (piece.len > MESSAGE_PATH_BYTES - to)
			break; /* a piece that does not fit whole is left out */
		memcpy(out + to, piece.at, piece.len);
		to += piece.len;
	}
	if (!to) {
		memcpy(out, "(none)", 6);
		to = 6;
	}
	return to;
}

/* A signature while it is written. */
struct signature {
	char *out;
	size_t len;
	size_t masked_end; /* just behind the last "<*>", SIZE_MAX when something else followed */
	bool gap;          /* only blanks, commas and colons since then */
	bool secret;       /* the next token is the value of a secret */
	struct message_holes *holes;
};

static void put(struct signature *s, struct span what)
{
	if (what.len > MESSAGE_SIGNATURE_BYTES - s->len)
		return;
	memcpy(s->out + s->len, what.at, what.len);
	s->len += what.len;
}

static void put_mask(struct signature *s)
{
	if (s->gap) {
		s->len = s->masked_end; /* joined to the one before */
		return;
	}
	put(s, SPAN("<*>"));
	s->masked_end = s->len;
	s->gap = true;
}

static void put_separator(struct signature *s, char c)
{
	if (c == ' ' || (unsigned char)c < 32 || c == 127) {
		if (s->len && s->out[s->len - 1] != ' ')
			put(s, SPAN(" "));
		return;
	}
	if (c != ',' && c != ':') {
		s->gap = false;
	}
	put(s, (struct span){&c, 1});
}

/* psycopg2.OperationalError, java.lang.NullPointerException: the name of an error never varies. */
static bool is_error_name(struct span token)
{
	if (token.len > 80 ||
	    !(span_ends(token, SPAN("Error")) || span_ends(token, SPAN("Exception"))))
		return false;
	for (size_t i = 0; i < token.len; i++) {
		char c = token.at[i];
		if (!(class_of(c) & DIGIT) && !((c | 32) >= 'a' && (c | 32) <= 'z') && c != '.' && c != '_' && c != '$')
			return false;
	}
	return true;
}

/* Names of files and hosts: two pieces and more. */
static bool has_pieces(struct span token, uint64_t piece)
{
	unsigned dots = 0, slashes = 0;
	for (uint64_t ends = piece & ~(piece >> 1); ends; ends &= ends - 1) { /* the last of those that stand in a row */
		unsigned i = (unsigned)__builtin_ctzll(ends);
		bool inside = i + 1 < token.len;
		dots += token.at[i] == '.' && i && inside;
		slashes += token.at[i] == '/' && inside;
	}
	return dots >= 2 || slashes >= 2;
}

bool message_varies(struct span token, struct marks_token has)
{
	char last = token.at[token.len - 1];
	if ((last == 'r' || last == 'n') && is_error_name(token))
		return false;
	return token.len > 40 || has.varied || (has.piece && has_pieces(token, has.piece)) || (has.foreign && !span_is_utf8(token));
}

static inline void note_hole(struct message_holes *h, size_t start, size_t end, bool quoted)
{
	if (h->n == MESSAGE_HOLES) {
		h->known = false;
		return;
	}
	h->start[h->n] = start;
	h->end[h->n] = end;
	h->quoted[h->n++] = quoted;
}

/* A secret's value comes next. */
static inline bool names_secret(struct span token, struct span line, size_t end)
{
	while (end < line.len && (line.at[end] == '"' || line.at[end] == '\'' || line.at[end] == ' '))
		end++;
	return (end < line.len && (line.at[end] == '=' || line.at[end] == ':') && mask_is_secret_name(token)) ||
	       mask_is_scheme(token);
}

/* Notes what is to be noted of the token at `start`; true: it is masked. */
static inline __attribute__((always_inline)) bool take_token(struct signature *s, struct span line, size_t start, struct marks_token has)
{
	size_t end = has.end;
	struct span token = {line.at + start, end - start};
	bool quoted = start && end < line.len && line.at[start - 1] == '\'' && line.at[end] == '\'';
	if (s->secret || quoted || message_token_varies(token, has)) {
		note_hole(s->holes, start, end, quoted);
		/* "Authorization: Bearer xyz": the scheme is not the secret */
		s->secret = s->secret && mask_is_scheme(token);
		return true;
	}
	s->secret = names_secret(token, line, end);
	s->holes->known &= !s->secret;
	return false;
}

/* Piece by piece: one that does not fit is left out. */
static void put_pieces(struct signature *s, struct marks *m, struct span line)
{
	size_t i = 0;
	while (i < line.len && s->len < MESSAGE_SIGNATURE_BYTES) {
		if (class_of(line.at[i]) & SPLIT) {
			put_separator(s, line.at[i++]);
			continue;
		}
		struct marks_token has = marks_token(m, i);
		if (take_token(s, line, i, has)) {
			put_mask(s);
		} else {
			s->gap = false;
			put(s, (struct span){line.at + i, has.end - i});
		}
		i = has.end;
	}
	s->holes->known &= i == line.len;
}

static bool put_whole(struct signature *s, const char *at, size_t len)
{
	if (len >= MESSAGE_SIGNATURE_BYTES - s->len)
		return false;
	memcpy(s->out + s->len, at, len);
	s->len += len;
	return true;
}

/* The same of a line that fits: what stands between masks is put at once. False: it does not fit, what was put and noted is void. */
static bool put_runs(struct signature *s, struct marks *m, struct span line)
{
	size_t i = 0, from = 0; /* [from, i) is not put yet */
	while (i < line.len) {
		char c = line.at[i];
		unsigned class = class_of(c);
		if ((class & (SPLIT | END)) == SPLIT || c == ';') {
			s->gap = s->gap && (c == ',' || c == ':');
			i++;
			continue;
		}
		if (class & SPLIT) { /* a blank, or what becomes one */
			char before = i > from ? line.at[i - 1] : s->len ? s->out[s->len - 1] : ' ';
			if (c != ' ' || before == ' ') {
				if (!put_whole(s, line.at + from, i - from) || (before != ' ' && !put_whole(s, " ", 1)))
					return false;
				from = i + 1;
			}
			i++;
			continue;
		}
		struct marks_token has = marks_token(m, i);
		if (!take_token(s, line, i, has)) {
			s->gap = false;
			i = has.end;
			continue;
		}
		if (s->gap)
			s->len = s->masked_end; /* joined to the one before */
		else if (!put_whole(s, line.at + from, i - from) || !put_whole(s, "<*>", 3))
			return false;
		s->masked_end = s->len;
		s->gap = true;
		from = i = has.end;
	}
	return put_whole(s, line.at + from, i - from);
}

/* The first `len` bytes of what is marked: no token goes on behind them. */
static void put_line(struct signature *s, struct marks *m, size_t len)
{
	struct span line = span_head(m->text, len);
	struct signature before = *s;
	unsigned holes = s->holes->n;
	bool known = s->holes->known;
	if (line.len < MESSAGE_SIGNATURE_BYTES - s->len && put_runs(s, m, line))
		return;
	*s = before;
	s->holes->n = holes;
	s->holes->known = known;
	put_pieces(s, m, line);
}

/* The last line of `rest` that begins with something else than a blank. */
static struct span last_statement(struct span rest)
{
	struct span found = SPAN_NONE;
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		if (line.len && (unsigned char)line.at[0] > ' ')
			found = line;
	}
	return found;
}

struct span message_of(const struct record *r, struct text *scratch)
{
	struct span message = record_get(r, FIELD_MESSAGE), error = record_get(r, FIELD_ERROR_MESSAGE);
	if (!error.len || !message.len || span_equal(message, error))
		return message.len ? message : error;
	text_clear(scratch);
	text_append(scratch, span_head(message, MESSAGE_SIGNATURE_BYTES));
	text_append(scratch, SPAN(": "));
	text_append(scratch, span_head(error, 4 * MESSAGE_SIGNATURE_BYTES));
	return text_span(scratch);
}

size_t message_signature(struct marks *m, struct span message, char out[MESSAGE_SIGNATURE_BYTES], struct message_holes *holes)
{
	struct message_holes unwanted;
	struct marks own;
	struct signature s = {.out = out, .holes = holes ? holes : &unwanted};
	struct span rest = span_trim(message);
	struct span line = span_cut(&rest, '\n');
	s.holes->n = 0;
	s.holes->known = !rest.len && message.len <= MARKS_BYTES;
	if (line.at != m->text.at) {
		marks_init(&own, line);
		m = &own;
	}
	put_line(&s, m, line.len); /* more than is marked cannot fit unless it is nothing but blanks and masks */
	for (unsigned i = 0; i < s.holes->n; i++) {
		s.holes->start[i] += (size_t)(line.at - message.at);
		s.holes->end[i] += (size_t)(line.at - message.at);
	}
	if (rest.len) {
		/* an exception stands at the end; looking at the last 16 KiB keeps a long dump cheap */
		struct span last = last_statement(span_from(rest, rest.len > 16384 ? rest.len - 16384 : 0));
		if (last.len) {
			s.gap = s.secret = false;
			put(&s, SPAN(" | "));
			marks_init(&own, last);
			put_line(&s, &own, last.len);
		}
	}
	while (s.len && out[s.len - 1] == ' ')
		s.len--;
	return s.len;
}
