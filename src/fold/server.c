#include "fold/server.h"

#include "fold/clock.h"

static const struct server {
	const char *error;  /* format of its error log */
	const char *access; /* what the name of its access log's format begins with */
} servers[] = {
	{"nginx_error", "nginx_"},
	{"apache_error", "apache_access"},
	{"apache_error", "nginx_access"}, /* "combined" is Apache's own, and looks the same */
};

/* All files of the source that have records are of that format, or of one whose name begins so. */
static bool written_as(const struct fold_source *s, const struct tally *tally, const char *format, bool begins)
{
	size_t n = 0;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		if (p->first_us == INSTANT_NONE)
			continue;
		if (begins ? strncmp(p->format, format, strlen(format)) : strcmp(p->format, format))
			return false;
		n++;
	}
	return n;
}

/* One server writes such an error log and such an access log. */
static bool of_one_server(const struct fold_source *error, const struct fold_source *access, const struct tally *tally)
{
	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
		if (written_as(error, tally, servers[i].error, false) && written_as(access, tally, servers[i].access, true) &&
		    !written_as(access, tally, servers[i].error, false))
			return true;
	return false;
}

/* Of a key without a folder: the name that --source gave it. */
static size_t folder_len(const char *key)
{
	const char *end = strrchr(key, '/');
	end = end ? end : strrchr(key, ':');
	return end ? (size_t)(end - key) + 1 : 0;
}

/* In one folder of one source, each a file of its own. */
static bool beside(const struct fold_source *a, const struct fold_source *b)
{
	size_t len = folder_len(a->key);
	bool whole = !(a->stream && *a->stream) && !(b->stream && *b->stream);
	return whole && len == folder_len(b->key) && !strncmp(a->key, b->key, len);
}

/* "shop.error.log" is more like "shop.access.log" than like "blog.access.log": bytes at their begin and end that are the same. */
static size_t likeness(const char *a, const char *b)
{
	size_t len_a = strlen(a), len_b = strlen(b), shorter = len_a < len_b ? len_a : len_b, head = 0, tail = 0;
	while (head < shorter && a[head] == b[head])
		head++;
	while (tail < shorter - head && a[len_a - 1 - tail] == b[len_b - 1 - tail])
		tail++;
	return head + tail;
}

ptrdiff_t server_beside(const struct fold_source *sources, size_t n, const struct tally *tally, size_t source, int64_t *zone_us)
{
	const struct fold_source *own = &sources[source];
	ptrdiff_t best = -1;
	if (own->zone_printed || own->zone)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct fold_source *s = &sources[i];
		int64_t offset_us;
		if (i == source || !s->zone_printed || !beside(own, s) || !of_one_server(own, s, tally))
			continue;
		if (!clock_printed_offset(s, tally, &offset_us))
			continue;
		if (best >= 0 && offset_us != *zone_us)
			return -1;
		*zone_us = offset_us;
		if (best < 0 || likeness(own->key, s->key) > likeness(own->key, sources[best].key))
			best = (ptrdiff_t)i;
	}
	return best;
}
