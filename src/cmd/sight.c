#include "cmd/sight.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "tally/tally.h"
#include "cmd/conffiles.h"

/* Hashes that were met: open addressing, 0 is an empty slot. */
struct met {
	uint64_t *slots;
	size_t n, cap;
};

/* One search. */
struct hunt {
	const struct claims *claims;
	struct sights *sights;
	const atomic_bool *stop;
	_Atomic int64_t *progress;
	bool *wanted;
	size_t left;  /* contents that are wanted */
	size_t least; /* the shortest content that is wanted */
	uint64_t *keys; /* hashes of the source keys of the contents' paths, ascending; of their base names */
	uint64_t *names;
	size_t keys_n;
	struct met paths, folders;
};

static void met_grow(struct met *m)
{
	struct met old = *m;
	m->cap = old.cap ? 2 * old.cap : 64;
	m->slots = memory_new(m->cap, sizeof *m->slots);
	for (size_t i = 0; i < old.cap; i++) {
		size_t at = (size_t)old.slots[i] & (m->cap - 1);
		while (old.slots[i] && m->slots[at])
			at = (at + 1) & (m->cap - 1);
		if (old.slots[i])
			m->slots[at] = old.slots[i];
	}
	memory_free(old.slots);
}

/* False when it was met before. */
static bool meet(struct met *m, struct span name)
{
	uint64_t hash = hash_bytes(name) | 1;
	if (2 * m->n >= m->cap)
		met_grow(m);
	size_t at = (size_t)hash & (m->cap - 1);
	for (; m->slots[at]; at = (at + 1) & (m->cap - 1))
		if (m->slots[at] == hash)
			return false;
	m->slots[at] = hash;
	m->n++;
	return true;
}

static struct span base_name(const char *path)
{
	return span_from(span_of(path), conffiles_folder(path).len);
}

static uint64_t key_hash(const char *path)
{
	char *key = tally_source_key(NULL, path);
	uint64_t hash = hash_bytes(base_name(key));
	memory_free(key);
	return hash;
}

static bool has(const uint64_t *hashes, size_t n, uint64_t hash)
{
	return n && bsearch(&hash, hashes, n, sizeof hash, hash_order);
}

bool sight_open(struct input *in, const char *path, const atomic_bool *stop, _Atomic int64_t *progress, struct diag *d)
{
	if (!input_open(in, path, d))
		return false;
	in->stop = stop;
	in->progress = progress;
	if (in->size < 0)
		diag_set(d, "\"%s\" cannot be read twice: it is no regular file", path);
	else if (tally_is(input_peek(in)))
		diag_set(d, "\"%s\" is a tally, no log", path);
	else if (packed_is_read(input_peek(in), path, d))
		return true;
	input_close(in);
	return false;
}

/* Plain bytes that are fewer than the smallest content hold none of them. Compressed ones may be more than they seem. */
static bool is_too_short(struct hunt *h, struct input *in)
{
	struct span head = input_peek(in);
	bool packed = packed_of(head) || (head.len > 1 && (unsigned char)head.at[0] == 0x1F && (unsigned char)head.at[1] == 0x8B);
	while (!h->wanted[h->least]) /* there is one: left() */
		h->least++;
	return !packed && (uint64_t)in->size < h->claims->contents[h->least].bytes;
}

static void take(struct hunt *h, const char *path, const struct search_hits *hits)
{
	for (size_t i = 0; i < hits->n; i++) {
		const struct search_hit *hit = &hits->items[i];
		struct sight *sight = &h->sights->items[hit->content];
		if (sight->path)
			continue;
		*sight = (struct sight){path, hit->start, hit->more};
		h->wanted[hit->content] = false;
		h->sights->found++;
		h->left--;
	}
}

static void look_into(struct hunt *h, const char *path, struct diag_list *trouble)
{
	struct input in;
	struct diag d = {0};
	struct search_hits hits = {0};
	if (!h->left || *h->stop || !meet(&h->paths, span_of(path)))
		return;
	if (!sight_open(&in, path, h->stop, h->progress, &d)) {
		if (trouble)
			diag_add(trouble, DIAG_WARNING, d.hint[0] ? d.hint : NULL, "%s", d.what);
		return;
	}
	h->sights->looked++;
	if (!is_too_short(h, &in) && search_file(&in, h->claims, h->wanted, &hits))
		take(h, path, &hits);
	memory_free(hits.items);
	input_close(&in);
}

/* How near a file's name is to those that are looked for: its own name, one of its source, any other. */
static unsigned distance(const struct hunt *h, const char *path)
{
	return has(h->names, h->keys_n, hash_bytes(base_name(path))) ? 0 : has(h->keys, h->keys_n, key_hash(path)) ? 1 : 2;
}

static void look_into_all(struct hunt *h, size_t from, struct diag_list *trouble)
{
	const struct input_list *files = &h->sights->files;
	for (unsigned turn = 0; turn < 3; turn++)
		for (size_t i = from; i < files->n && h->left; i++)
			if (distance(h, files->files[i].path) == turn)
				look_into(h, files->files[i].path, trouble);
}

static void look_where_told(struct hunt *h)
{
	const struct claims *c = h->claims;
	for (size_t i = 0; i < c->files_n; i++)
		if (h->wanted[c->files[i].content] && strcmp(c->files[i].path, "-"))
			look_into(h, c->files[i].path, NULL);
}

/* The folders of what was not found, each once. */
static void look_in_folders(struct hunt *h)
{
	const struct claims *c = h->claims;
	struct diag_list ignored = {0};
	size_t from = h->sights->files.n;
	for (size_t i = 0; i < c->files_n; i++) {
		if (!h->wanted[c->files[i].content] || !strcmp(c->files[i].path, "-"))
			continue;
		struct span folder = conffiles_folder(c->files[i].path);
		if (!meet(&h->folders, folder))
			continue;
		char *name = span_copy(folder.len ? folder : SPAN("."));
		size_t first = h->sights->files.n;
		input_folder(name, &h->sights->files, &ignored);
		memory_free(name);
		for (size_t k = first; !folder.len && k < h->sights->files.n; k++) { /* "./app.log" is "app.log" */
			char *path = h->sights->files.files[k].path;
			memmove(path, path + 2, strlen(path) - 1);
		}
	}
	diag_release(&ignored);
	look_into_all(h, from, NULL);
}

static void hunt_names(struct hunt *h)
{
	const struct claims *c = h->claims;
	h->keys_n = c->files_n;
	h->keys = memory_new(c->files_n, sizeof *h->keys);
	h->names = memory_new(c->files_n, sizeof *h->names);
	for (size_t i = 0; i < c->files_n; i++) {
		h->keys[i] = key_hash(c->files[i].path);
		h->names[i] = hash_bytes(base_name(c->files[i].path));
	}
	if (!c->files_n)
		return;
	qsort(h->keys, h->keys_n, sizeof *h->keys, hash_order);
	qsort(h->names, h->keys_n, sizeof *h->names, hash_order);
}

bool sight_all(const struct claims *c, const bool *only, const char *const *logs, size_t logs_n, const atomic_bool *stop, _Atomic int64_t *progress,
	       struct sights *s, struct diag_list *trouble)
{
	struct hunt h = {.claims = c, .sights = s, .stop = stop, .progress = progress};
	*s = (struct sights){.items = memory_new(c->contents_n, sizeof *s->items)};
	h.wanted = memory_new(c->contents_n, sizeof *h.wanted);
	for (size_t i = 0; i < c->contents_n; i++) {
		/* No bytes are wherever one looks. */
		h.wanted[i] = c->contents[i].bytes && (!only || only[i]);
		h.left += h.wanted[i];
		s->items[i].path = c->contents[i].bytes ? NULL : "/dev/null";
		s->found_empty += !c->contents[i].bytes;
	}
	hunt_names(&h);
	for (size_t i = 0; i < logs_n; i++)
		input_walk(logs[i], &s->files, trouble);
	if (logs_n)
		look_into_all(&h, 0, trouble);
	else
		look_where_told(&h);
	if (!logs_n && h.left)
		look_in_folders(&h);
	memory_free(h.wanted);
	memory_free(h.keys);
	memory_free(h.names);
	memory_free(h.paths.slots);
	memory_free(h.folders.slots);
	return !*stop;
}

void sights_release(struct sights *s)
{
	memory_free(s->items);
	input_list_release(&s->files);
	*s = (struct sights){0};
}
