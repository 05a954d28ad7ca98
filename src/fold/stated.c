#include "fold/stated.h"

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
