#include "tally/event.h"

#include "base/limits.h"
#include "base/memory.h"
#include "tally/mask.h"

/* The next word of `*s`: parted by blanks and by brackets, quotes, commas, semicolons and colons around it. */
static struct span next_word(struct span *s)
{
	static const char trim[] = " \t\r\n\"'()[]{},;:";
	size_t i = 0;
	while (i < s->len && s->at[i] && strchr(trim, s->at[i]))
		i++;
	size_t end = i;
	while (end < s->len && (!s->at[end] || !strchr(" \t\r\n\"'()[]{},;", s->at[end])))
		end++;
	struct span word = {s->at + i, end - i};
	*s = span_from(*s, end);
	while (word.len && (word.at[word.len - 1] == ':' || word.at[word.len - 1] == '.'))
		word.len--;
	return word;
}

/* "1.4.3", "v2.0", "15.18-rc1"; not an IPv4 address (four numbers) and nothing with a port behind it. */
static bool is_version(struct span word)
{
	if (word.len > 1 && (word.at[0] == 'v' || word.at[0] == 'V'))
		word = span_from(word, 1);
	if (word.len < 3 || word.len > 40 || !is_digit(word.at[0]))
		return false;
	size_t dots = 0, i = 0;
	for (; i < word.len && (is_digit(word.at[i]) || word.at[i] == '.'); i++) {
		if (word.at[i] != '.')
			continue;
		if (i + 1 == word.len || !is_digit(word.at[i + 1]))
			return false;
		dots++;
	}
	if (!dots || (dots == 3 && i == word.len))
		return false;
	if (i < word.len && word.at[i] != '-' && word.at[i] != '+' && !is_letter(word.at[i]))
		return false;
	for (; i < word.len; i++)
		if (!is_digit(word.at[i]) && !is_letter(word.at[i]) && !strchr(".-+~_", word.at[i] ? word.at[i] : ' '))
			return false;
	/* "28.0ms", "1.5s", "2.5kB" are measures */
	size_t digits_end = word.len;
	while (digits_end && is_letter(word.at[digits_end - 1]))
		digits_end--;
	return dots != 1 || digits_end == word.len || digits_end == 0 || !is_digit(word.at[digits_end - 1]) ||
	       word.len - digits_end > 3 || span_ends(word, SPAN("rc")) || span_ends(word, SPAN("b"));
}

static bool is_name(struct span word)
{
	return word.len && word.len <= 64 && is_letter(word.at[0]) && span_find_byte(word, '=') < 0;
}

/* Words of the sentence around a version, which name no service: "shutting down (version 3.4.1)", "rolling back to 1.4.2". */
static bool is_plain_word(struct span word)
{
	static const char *const plain[] = {"as", "at", "deploy", "deployed", "deploying", "deployment", "down", "exiting", "from", "is",
					    "of", "on", "received", "release", "released", "releasing", "rolling", "running", "started",
					    "starting", "stopped", "stopping", "to", "up", "using", "with"};
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (span_equal_nocase(word, span_of(plain[i])))
			return true;
	return false;
}

static struct span value_of(struct span message, struct span name)
{
	for (struct span rest = message; rest.len;) {
		struct span word = next_word(&rest);
		if (span_starts(word, name))
			return span_from(word, name.len);
	}
	return SPAN_NONE;
}

void event_version(struct span message, struct span *service, struct span *version)
{
	*service = SPAN_NONE;
	*version = value_of(message, SPAN("version="));
	struct span before = SPAN_NONE, named = SPAN_NONE;
	for (struct span rest = message; rest.len;) {
		struct span word = next_word(&rest);
		if (span_equal_nocase(before, SPAN("starting")) && is_name(word) && !named.len)
			named = word;
		if (!version->len) {
			ptrdiff_t slash = span_find_byte(word, '/');
			if (slash > 0 && is_version(span_from(word, (size_t)slash + 1))) {
				*service = span_head(word, (size_t)slash);
				*version = span_from(word, (size_t)slash + 1);
			} else if (is_version(word)) {
				*service = is_name(before) && !is_plain_word(before) ? before : SPAN_NONE;
				*version = word;
			}
		}
		if (!span_equal_nocase(word, SPAN("version")))
			before = word;
	}
	if (!service->len)
		*service = named;
	if (version->len > 1 && version->at[0] == 'v' && is_digit(version->at[1]))
		*version = span_from(*version, 1);
}

static char *clean_copy(struct span s)
{
	struct text t = {0};
	text_append_utf8(&t, span_head(s, 128));
	return t.at ? t.at : span_copy(SPAN(""));
}

void events_add(struct events *e, const struct signal_kind *kind, const struct place *p, int64_t at_us,
		const struct record *r)
{
	if (e->n >= (size_t)LIMIT_EVENTS >> e->share) {
		e->more++;
		return;
	}
	struct span message = record_get(r, FIELD_MESSAGE), service, version;
	message = span_head(message, 1024);
	event_version(message, &service, &version);
	struct span host = record_get(r, FIELD_HOST), pid = record_get(r, FIELD_PID);
	if (record_get(r, FIELD_SERVICE).len)
		service = record_get(r, FIELD_SERVICE);
	if (record_get(r, FIELD_VERSION).len)
		version = record_get(r, FIELD_VERSION);
	struct text text = {0};
	mask_excerpt(r->raw, &text);
	e->items = memory_grow(e->items, &e->cap, e->n + 1, sizeof *e->items);
	struct event *made = &e->items[e->n++];
	*made = (struct event){.signal = span_copy(span_of(kind->signal->name)),
			       .class = span_copy(span_of(kind->class)),
			       .at_us = at_us,
			       .line = p->line,
			       .length = p->length,
			       .offset = p->offset,
			       .service = clean_copy(service),
			       .version = clean_copy(version),
			       .host = clean_copy(host.len ? host : value_of(message, SPAN("host="))),
			       .pid = -1,
			       .text = span_copy(text_span(&text))};
	if (!span_to_int(pid.len ? pid : value_of(message, SPAN("pid=")), &made->pid) || made->pid < 0 ||
	    made->pid == INT64_MAX)
		made->pid = -1;
	text_release(&text);
}

static void event_release(struct event *v)
{
	memory_free(v->signal);
	memory_free(v->class);
	memory_free(v->service);
	memory_free(v->version);
	memory_free(v->host);
	memory_free(v->text);
}

void events_keep(struct events *e, uint32_t from_s, uint32_t to_s)
{
	size_t to = 0;
	for (size_t i = 0; i < e->n; i++) {
		int64_t second = e->items[i].at_us / SECOND_US;
		if (second < from_s || second > to_s)
			event_release(&e->items[i]);
		else
			e->items[to++] = e->items[i];
	}
	e->n = to;
	/* Writers that share a part take turns: a record that waited for its last line comes behind a later one. They are few, and
	 * nearly in order. */
	for (size_t i = 1; i < e->n; i++) {
		struct event moved = e->items[i];
		size_t at = i;
		for (; at && e->items[at - 1].offset > moved.offset; at--)
			e->items[at] = e->items[at - 1];
		e->items[at] = moved;
	}
}

void events_release(struct events *e)
{
	for (size_t i = 0; i < e->n; i++)
		event_release(&e->items[i]);
	memory_free(e->items);
	*e = (struct events){0};
}
