#include "tally/shape.h"

#include "base/hash.h"
#include "base/memory.h"

enum { NO_SLOT = UINT32_MAX };

/* ---- the tree ---- */

static void tree_clear(struct shape_tree *t)
{
	t->nodes_n = 1;
	t->texts_n = 0;
	t->top = 0;
	t->nodes[0] = (struct shape_node){.slot = NO_SLOT};
	memset(t->turns, 0, sizeof t->turns);
}

static inline uint32_t turn_of(uint32_t node, char byte)
{
	return (node << 8 | (unsigned char)byte) + 1;
}

/* A turn, or the place where it belongs. */
static inline size_t turn_place(const struct shape_tree *t, uint32_t turn)
{
	size_t i = (turn * UINT32_C(0x9E3779B1)) >> SHAPE_TURN_SHIFT;
	while (t->turns[i].from && t->turns[i].from != turn)
		i = (i + 1) % SHAPE_TURNS;
	return i;
}

/* As memcmp(): most pieces are short. Of `a` `room` bytes may be read, of `b` eight more than `n`. */
static inline bool is_same(const char *a, size_t room, const char *b, size_t n)
{
	if (n > room)
		return false;
	if (n >= 8) {
		for (size_t at = 0; at + 8 < n; at += 8)
			if (hash_load8(a + at) != hash_load8(b + at))
				return false;
		return hash_load8(a + n - 8) == hash_load8(b + n - 8);
	}
	if (!n || room < 8)
		return !n || !memcmp(a, b, n);
	return (hash_load8(a) ^ hash_load8(b)) << (64 - 8 * n) == 0;
}

/* Stands the token in single quotes, as one? */
static inline bool is_quoted(struct span message, size_t start, size_t end)
{
	return start && end < message.len && message.at[start - 1] == '\'' && message.at[end] == '\'';
}

/* The slot of a message that goes down the tree to an end; NO_SLOT when it leaves the tree. A token that varies is never part of a
 * piece, so there is one way down. */
static uint32_t tree_find(const struct shape_tree *t, struct marks *m)
{
	const struct span message = m->text;
	const struct shape_node *node = &t->nodes[t->top];
	for (size_t at = 0; is_same(message.at + at, message.len - at, t->texts + node->text, node->len);) {
		at += node->len;
		if (at == message.len)
			return node->slot;
		if (node->behind) {
			struct marks_token has = marks_token(m, at);
			struct span token = {message.at + at, has.end - at};
			if (token.len && (message_token_varies(token, has) || is_quoted(message, at, has.end))) {
				node = &t->nodes[node->behind];
				at = has.end;
				continue;
			}
		}
		size_t turn = turn_place(t, turn_of((uint32_t)(node - t->nodes), message.at[at]));
		if (!t->turns[turn].from)
			break;
		node = &t->nodes[t->turns[turn].to];
	}
	return NO_SLOT;
}

static uint32_t add_node(struct shape_tree *t, uint32_t text, size_t len)
{
	t->nodes[t->nodes_n] = (struct shape_node){.text = text, .len = (uint32_t)len, .slot = NO_SLOT};
	return t->nodes_n++;
}

/* What leads from a node to the next at a byte: 0 when it is new. */
static uint32_t *turn_link(struct shape_tree *t, uint32_t node, char byte)
{
	struct shape_turn *turn = &t->turns[turn_place(t, turn_of(node, byte))];
	turn->from = turn_of(node, byte);
	return &turn->to;
}

/* Parts the node that is linked behind its first `n` bytes; these are a new one. */
static void split_node(struct shape_tree *t, uint32_t *link, uint32_t n)
{
	struct shape_node *rest = &t->nodes[*link];
	uint32_t first = add_node(t, rest->text, n);
	rest->text += n;
	rest->len -= n;
	*turn_link(t, first, t->texts[rest->text]) = *link;
	*link = first;
}

static uint32_t common_bytes(const struct shape_tree *t, const struct shape_node *node, struct span piece)
{
	uint32_t n = 0;
	while (n < node->len && n < piece.len && t->texts[node->text + n] == piece.at[n])
		n++;
	return n;
}

/* Follows a link by the bytes of a piece of a message, and makes what is missing; returns the node that ends with it. */
static struct shape_node *add_piece(struct shape_tree *t, uint32_t *link, struct span piece)
{
	while (*link) {
		uint32_t common = common_bytes(t, &t->nodes[*link], piece);
		if (common < t->nodes[*link].len)
			split_node(t, link, common);
		piece = span_from(piece, common);
		if (!piece.len)
			return &t->nodes[*link];
		link = turn_link(t, *link, piece.at[0]);
	}
	*link = add_node(t, t->texts_n, piece.len);
	if (piece.len)
		memcpy(t->texts + t->texts_n, piece.at, piece.len);
	t->texts_n += (uint32_t)piece.len;
	return &t->nodes[*link];
}

static void tree_add(struct shape_tree *t, struct span message, const struct message_holes *holes, uint32_t slot)
{
	uint32_t *link = &t->top;
	size_t from = 0;
	for (unsigned i = 0; i < holes->n; i++) {
		link = &add_piece(t, link, (struct span){message.at + from, holes->start[i] - from})->behind;
		from = holes->end[i];
	}
	add_piece(t, link, span_from(message, from))->slot = slot;
}

/* ---- the shapes ---- */

/* Where most messages differ in words, to compare is in vain: then one in SKIPPED is. */
enum { MISSED_MOST = 32, SKIPPED = 32 };

static unsigned char *missed_of(struct shapes *s, struct span message)
{
	uint64_t word = message.len >= 8 ? hash_load8(message.at) : 0;
	return &s->missed[hash_mix(word, UINT64_C(0x9E3779B97F4A7C15)) % SHAPE_BEGINNINGS];
}

bool shapes_find(struct shapes *s, struct marks *m, size_t len, uint32_t *slot)
{
	if (!s->tree || len > m->text.len)
		return false;
	unsigned char *missed = missed_of(s, m->text);
	s->skips = *missed == MISSED_MOST && ++s->skipped % SKIPPED;
	if (s->skips)
		return false;
	*slot = tree_find(s->tree, m);
	if (*slot != NO_SLOT)
		*missed = (unsigned char)(*missed - (*missed > 0));
	else
		*missed = (unsigned char)(*missed + (*missed < MISSED_MOST));
	return *slot != NO_SLOT;
}

void shapes_learn(struct shapes *s, struct marks *m, const struct message_holes *holes, uint32_t slot)
{
	const struct span message = m->text; /* whole, else not all holes are known */
	if (!holes->known || s->skips || message.len > SHAPE_BYTES)
		return;
	if (!s->tree) {
		s->tree = memory_new(1, sizeof *s->tree);
		tree_clear(s->tree);
	}
	/* A piece adds two nodes at most: one that is parted, and its own. */
	if (s->tree->nodes_n + 2 * (holes->n + 1) > SHAPE_NODES || s->tree->texts_n + message.len > SHAPE_TEXT)
		tree_clear(s->tree);
	tree_add(s->tree, message, holes, slot);
}

void shapes_release(struct shapes *s)
{
	memory_free(s->tree);
	*s = (struct shapes){0};
}
