#include "fold/stated.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/memory.h"
#include "fold/sentence.h"
#include "tally/mask.h"

static bool take_time(const char *option, const char *word, int64_t *us, struct diag *d)
{
	const char *hint;
	int64_t resolution_us;
	if (instant_parse_stated(span_of(word), us, &resolution_us, &hint))
		return true;
	diag_set(d, "%s \"%s\": expected a date and a time", option, word);
	diag_hint(d, "%s", hint);
	return false;
}

static bool take_margin(const char *word, int64_t *us, struct diag *d)
{
	const char *hint;
	*us = STATED_MARGIN_US;
	if (!word || instant_parse_length(span_of(word), us, &hint))
		return true;
	diag_set(d, "--margin \"%s\": expected a length of time", word);
	diag_hint(d, "%s", hint);
	return false;
}

bool stated_window(const struct stated_words *words, struct story_window *window, struct diag *d)
{
	struct story_window w = {words->since || words->until || words->around, INSTANT_NONE, INSTANT_NONE};
	if (words->margin && !words->around) {
		diag_set(d, "--margin needs --around");
		diag_hint(d, "Such as: --around \"2026-11-22 11:20\" --margin 30m");
		return false;
	}
	if (words->around && (words->since || words->until)) {
		diag_set(d, "--around and --%s exclude each other", words->since ? "since" : "until");
		diag_hint(d, "--around T --margin D is --since T-D --until T+D.");
		return false;
	}
	if (words->around) {
		int64_t at_us, margin_us;
		if (!take_time("--around", words->around, &at_us, d) || !take_margin(words->margin, &margin_us, d))
			return false;
		w.since_us = at_us - margin_us;
		w.until_us = at_us + margin_us;
	}
	if ((words->since && !take_time("--since", words->since, &w.since_us, d)) ||
	    (words->until && !take_time("--until", words->until, &w.until_us, d)))
		return false;
	if (words->since && words->until && w.until_us <= w.since_us) {
		diag_set(d, "--until \"%s\" is not after --since \"%s\"", words->until, words->since);
		diag_hint(d, "Times are UTC unless they have an offset; a date alone means 00:00 of that day.");
		return false;
	}
	*window = w;
	return true;
}

void stated_id(const struct event_file *file, char id[13])
{
	snprintf(id, 13, "%012llx", (unsigned long long)(hash_pair(hash_bytes(SPAN("events")), hash_bytes(span_of(file->path))) >> 16));
}

void stated_evidence(const struct event_file *file, const struct stated_event *event, struct evidence_list *out)
{
	struct text excerpt = {0};
	char id[13];
	stated_id(file, id);
	mask_excerpt((struct span){event->raw, event->length}, &excerpt);
	out->items = memory_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
	out->items[out->n++] = (struct evidence){
		.source = sentence_copy(id),
		.path = sentence_copy(file->path),
		.bytes = file->bytes,
		.crc = file->crc,
		.line = event->line,
		.offset = event->offset,
		.length = event->length,
		.excerpt = sentence_take(&excerpt),
	};
}

char *stated_text(const char *text)
{
	struct text t = {0};
	if (!*text)
		return NULL;
	mask_text(span_of(text), &t);
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] == '\n' || t.at[i] == '\r' || t.at[i] == '\t')
			t.at[i] = ' ';
	return sentence_take(&t);
}
