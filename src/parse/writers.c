#include "parse/writers.h"

#include "base/hash.h"
#include "base/memory.h"

enum {
	INDEX = 4 * LIMIT_WRITERS,
	GATHER_PROCESSES = 32, /* told apart, more or less, where one writes parts of a line between another's */
};

void writers_init(struct writers *w, const struct format_set *set, const struct format *stated, struct outlets *outlets,
		  struct format_scratch *scratch)
{
	*w = (struct writers){.set = set, .stated = stated, .outlets = outlets, .scratch = scratch, .room = carrier_room_new()};
}

uint64_t writers_key(const struct carried *c)
{
	return hash_pair(hash_pair(hash_bytes(c->host), hash_bytes(c->process)), hash_pair(hash_bytes(c->container), hash_bytes(c->unit)));
}

struct writer *writers_find(const struct writers *w, uint64_t key)
{
	for (size_t i = key % INDEX; w->index[i]; i = (i + 1) % INDEX) {
		if (w->keys[w->index[i] - 1] == key)
			return w->all[w->index[i] - 1];
	}
	return w->n > LIMIT_WRITERS ? w->all[LIMIT_WRITERS] : NULL;
}

/* The last one stands for all that come after it. */
static struct writer *add(struct writers *w, uint64_t key, const struct carried *c)
{
	struct text name = {0};
	bool others = w->n == LIMIT_WRITERS;
	if (!others)
		carrier_writer(c, &name);
	struct writer *new = memory_new(1, sizeof *new);
	writer_init(new, text_span(&name), w->outlets);
	text_release(&name);
	carrier_chain(c, &new->carriers);
	/* A text without a carrier's time says its own, or nothing does. */
	redetect_init(&new->formats, w->set, w->stated, c->has_stamp ? DETECT_KNOWN : DETECT_KNOWN | DETECT_STAMPED);
	new->formats.among = new->fresh = true;
	w->keys[w->n] = key;
	w->all[w->n++] = new;
	if (others)
		return new;
	size_t i = key % INDEX;
	while (w->index[i])
		i = (i + 1) % INDEX;
	w->index[i] = (uint16_t)w->n;
	return new;
}

/* ---- looks ---- */

/* One writer's lines among the bytes at hand. */
struct gathered {
	struct writer *writer;
	struct text text, headed;
	struct gathered_line {
		size_t at, headed;
	} *lines;
	size_t n, cap;
	bool open;   /* the last line is not whole */
	struct parts parts[GATHER_PROCESSES];
	struct kept first;
};

static struct gathered *gather_for(struct gathered *list, size_t n, const struct writer *writer)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].writer == writer)
			return &list[i];
	}
	return NULL;
}

/* PostgreSQL's parts that begin nothing: of long statements there are many. */
static bool is_rest(struct gathered *g, const struct carried *c)
{
	enum parts_how how = parts_next(&g->parts[hash_bytes(c->pid) % GATHER_PROCESSES], c);
	return c->continues || c->cut || how == PARTS_WORD;
}

static void gather_line(struct gathered *g, const struct carried *c)
{
	if (g->n == CANDIDATES && !g->open)
		return;
	if (!g->n)
		keep(&g->first, c);
	if (!g->open) {
		g->lines = memory_grow(g->lines, &g->cap, g->n + 1, sizeof *g->lines);
		g->lines[g->n++] = (struct gathered_line){g->text.len, g->headed.len};
	}
	text_append(&g->text, c->text);
	text_append(&g->headed, c->headed);
	g->open = c->partial && g->text.len < LIMIT_DETECT_BYTES;
	if (g->open)
		return;
	text_append_byte(&g->text, '\n');
	text_append_byte(&g->headed, '\n');
}

static size_t indentation(struct span line)
{
	size_t n = 0;
	while (n < line.len && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	return n;
}

/* The lines that are indented as deep as the first that is not empty, where `indented`; else those that are not. */
static void candidates_at(const struct gathered *g, bool indented, struct candidates *c)
{
	size_t depth = 0;
	for (size_t i = 0; i < g->n; i++) {
		const struct gathered_line *l = &g->lines[i];
		bool last = i + 1 == g->n;
		struct span line = span_head(span_from(c->head, l->at), (last ? g->text.len : l[1].at) - l->at);
		struct span headed = span_head(span_from(text_span(&g->headed), l->headed), (last ? g->headed.len : l[1].headed) - l->headed);
		line.len -= line.len && line.at[line.len - 1] == '\n';
		headed.len -= headed.len && headed.at[headed.len - 1] == '\n';
		size_t deep = indentation(line);
		if (!line.len || deep == line.len)
			continue;
		depth = indented && !depth ? deep : depth;
		if (deep != depth)
			continue;
		c->headed[c->n] = headed;
		c->lines[c->n++] = line;
	}
}

static void candidates_gathered(const struct gathered *g, struct candidates *c)
{
	c->head = text_span(&g->text);
	c->carried = &g->first.carried;
	c->n = 0;
	candidates_at(g, false, c);
	/* A writer whose every line is indented, as Heroku's log_line_prefix does: as a file (candidates.c). */
	if (!c->n)
		candidates_at(g, true, c);
}

/* The lines of those who want a look; `list` has room for all. Returns how many those are. */
static size_t gather(struct writers *w, struct span line, struct span behind, struct gathered *list)
{
	size_t n = 0;
	for (size_t i = 0; i < w->n; i++) {
		if (w->all[i]->formats.due)
			list[n++].writer = w->all[i];
	}
	for (bool first = true; first || behind.len; first = false) {
		struct carried c;
		struct span next = first ? line : span_cut(&behind, '\n');
		if (next.len && next.at[next.len - 1] == '\r')
			next.len--;
		carrier_unwrap(next, w->room, &w->stamps, NULL, &c);
		if (!c.depth)
			continue;
		uint64_t key = writers_key(&c);
		struct writer *writer = writers_find(w, key);
		if (!writer) {
			writer = add(w, key, &c);
			list[n++].writer = writer;
		}
		struct gathered *g = gather_for(list, n, writer);
		if (g && !is_rest(g, &c))
			gather_line(g, &c);
	}
	return n;
}

void writers_look(struct writers *w, struct span line, struct span behind, uint64_t offset)
{
	struct gathered *list = memory_new(LIMIT_WRITERS + 1, sizeof *list);
	struct candidates *c = memory_new(1, sizeof *c);
	size_t n = gather(w, line, behind, list);
	for (size_t i = 0; i < n; i++) {
		struct writer *writer = list[i].writer;
		bool found = true;
		candidates_gathered(&list[i], c);
		if (writer->fresh)
			redetect_first(&writer->formats, c, w->scratch);
		else
			found = redetect_look(&writer->formats, c, offset, w->scratch);
		writer->fresh = false;
		if (found)
			writer_found(writer);
	}
	for (size_t i = 0; i < n; i++) {
		text_release(&list[i].text);
		text_release(&list[i].headed);
		keep_release(&list[i].first);
		memory_free(list[i].lines);
	}
	memory_free(c);
	memory_free(list);
}

/* ---- ahead ---- */

bool writers_ask(struct writers *w, struct writer *writer, const struct pushed *held)
{
	struct candidates *c = memory_new(1, sizeof *c);
	/* A line that nobody carries, in such a file, is not worth it. */
	if (held->carried) {
		*c = (struct candidates){.head = held->line.text, .lines = {held->line.text}, .headed = {held->headed}, .n = 1};
		c->carried = held->carried;
	}
	bool is = redetect_ask(&writer->formats, c, w->scratch);
	memory_free(c);
	return is;
}

/* Forgets the last line when a format in force takes it. */
static void drop_taken(struct writers *w, struct gathered *g, const struct carried *c)
{
	const struct gathered_line *l = &g->lines[g->n - 1];
	struct span line = span_from(text_span(&g->text), l->at), headed = span_from(text_span(&g->headed), l->headed);
	line.len--;
	headed.len--;
	if (!redetect_takes(&g->writer->formats, line, headed, c, w->scratch))
		return;
	g->text.len = l->at;
	g->headed.len = l->headed;
	g->n--;
}

void writers_look_ahead(struct writers *w, struct writer *writer, const struct pushed *held, struct span line, struct span behind,
			uint64_t offset)
{
	struct gathered g = {.writer = writer};
	struct candidates *candidates = memory_new(1, sizeof *candidates);
	struct carried c = *held->carried;
	c.text = held->line.text;
	c.headed = held->headed;
	c.partial = false;
	gather_line(&g, &c);
	for (bool first = true; (first || behind.len) && g.n < CANDIDATES; first = false) {
		struct span next = first ? line : span_cut(&behind, '\n');
		if (next.len && next.at[next.len - 1] == '\r')
			next.len--;
		carrier_unwrap(next, w->room, &w->stamps, NULL, &c);
		if (!c.depth || writers_find(w, writers_key(&c)) != writer || is_rest(&g, &c))
			continue;
		gather_line(&g, &c);
		if (!g.open)
			drop_taken(w, &g, &c);
	}
	candidates_gathered(&g, candidates);
	if (redetect_look_ahead(&writer->formats, candidates, offset, w->scratch))
		writer_found(writer);
	text_release(&g.text);
	text_release(&g.headed);
	keep_release(&g.first);
	memory_free(g.lines);
	memory_free(candidates);
}

void writers_release(struct writers *w)
{
	for (size_t i = 0; i < w->n; i++) {
		writer_release(w->all[i]);
		memory_free(w->all[i]);
	}
	carrier_room_free(w->room);
	*w = (struct writers){0};
}
