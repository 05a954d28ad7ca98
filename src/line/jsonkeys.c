#include "line/jsonkeys.h"

#include "base/hash.h"
#include "base/memory.h"

enum { NODES_MAX = 4096 /* of a pattern file: far more than keys that mean something */ };

struct jsonkeys *jsonkeys_new(void)
{
	struct jsonkeys *keys = memory_new(1, sizeof(*keys));
	keys->nodes = memory_grow(keys->nodes, &keys->nodes_cap, 16, sizeof(*keys->nodes));
	keys->nodes[JSONKEYS_ROOT].uses = -1;
	keys->nodes[JSONKEYS_ROOT].deeper = true;
	keys->nodes_n = 1;
	keys->print = 1;
	return keys;
}

static uint16_t find(const struct jsonkeys *keys, struct span path)
{
	for (size_t i = 1; i < keys->nodes_n; i++) {
		if (span_equal(text_span(&keys->nodes[i].path), path))
			return (uint16_t)i;
	}
	return JSONKEYS_NONE;
}

static struct jsonkeys_node *node_of(struct jsonkeys *keys, struct span path)
{
	uint16_t found = find(keys, path);
	if (found != JSONKEYS_NONE)
		return &keys->nodes[found];
	keys->nodes = memory_grow(keys->nodes, &keys->nodes_cap, keys->nodes_n + 1, sizeof(*keys->nodes));
	struct jsonkeys_node *node = &keys->nodes[keys->nodes_n++];
	text_append(&node->path, path);
	node->uses = -1;
	if (path.len > keys->longest)
		keys->longest = path.len;
	return node;
}

/* The node of `path`, with nodes for each start of it; NULL for an empty path or when there are too many. */
static struct jsonkeys_node *path_node(struct jsonkeys *keys, struct span path)
{
	if (!path.len || keys->nodes_n + path.len > NODES_MAX)
		return NULL;
	for (size_t i = 1; i < path.len; i++) {
		if (path.at[i] == '.')
			node_of(keys, span_head(path, i))->deeper = true;
	}
	return node_of(keys, path);
}

void jsonkeys_add(struct jsonkeys *keys, enum field field, struct span path)
{
	struct jsonkeys_node *node = path_node(keys, path);
	if (!node)
		return;
	keys->uses = memory_grow(keys->uses, &keys->uses_cap, keys->uses_n + 1, sizeof(*keys->uses));
	keys->uses[keys->uses_n] = (struct jsonkeys_use){field, (unsigned)keys->uses_n, node->uses};
	node->uses = (int)keys->uses_n++;
	keys->print = hash_pair(keys->print, hash_pair((uint64_t)field, hash_bytes(path)));
}

void jsonkeys_require(struct jsonkeys *keys, struct span path)
{
	struct jsonkeys_node *node = path_node(keys, path);
	if (!node || node->required)
		return;
	node->required = true;
	keys->required_n++;
	keys->print = hash_pair(keys->print, hash_pair(FIELD_COUNT, hash_bytes(path)));
}

uint16_t jsonkeys_child(const struct jsonkeys *keys, uint16_t parent, struct span key)
{
	char joined[256];
	struct span path = text_span(&keys->nodes[parent].path);
	if (parent == JSONKEYS_ROOT)
		return key.len ? find(keys, key) : JSONKEYS_NONE;
	size_t len = path.len + 1 + key.len;
	if (len > keys->longest || len > sizeof(joined))
		return JSONKEYS_NONE;
	memcpy(joined, path.at, path.len);
	joined[path.len] = '.';
	memcpy(joined + path.len + 1, key.at, key.len);
	return find(keys, (struct span){joined, len});
}

void jsonkeys_free(struct jsonkeys *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < keys->nodes_n; i++)
		text_release(&keys->nodes[i].path);
	memory_free(keys->nodes);
	memory_free(keys->uses);
	memory_free(keys);
}
