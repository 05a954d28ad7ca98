/* part: any bytes. A part that is taken can be told, and is the same part when it is written and read again. */
#include "parse/pattern.h"
#include "parse/signal.h"
#include "promise.h"
#include "story/story.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The built-in signals; made once, for the whole run. */
static const struct signal_set *builtin_signals(void)
{
	static struct signal_set *set;
	if (set)
		return set;
	set = signal_set_new();
	struct diag d = {0};
	for (size_t i = 0; i < pattern_builtins_n; i++) {
		struct pattern_file file = {.n = 0};
		const struct pattern_builtin *b = &pattern_builtins[i];
		if (!strncmp(b->path, "signals/", 8))
			must(pattern_file_parse(&file, b->path, (struct span){b->bytes, b->len}, &d) && signal_set_add(set, &file, &d));
	}
	must(signal_set_finish(set, &d));
	return set;
}

static void tell(const struct signal_set *signals, struct part *part)
{
	struct tally tally;
	struct diag_list trouble = {0};
	struct story_options options = {.zones = NULL};
	char path[] = "a.log";
	const struct location where = {.key = path, .path = path};
	tally_init(&tally, 0);
	tally_add(&tally, part, &where, &trouble);
	draft_free(story_tell(&tally, signals, &options, &trouble));
	tally_release(&tally);
	diag_release(&trouble);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag d = {0};
	struct part *part = part_decode((struct span){(const char *)data, size}, &d);
	must((part == NULL) == d.set);
	if (!part)
		return 0;
	struct text once = {.len = 0}, twice = {.len = 0};
	part_encode(part, &once);
	struct part *again = part_decode((struct span){once.at, once.len}, &d);
	must(again != NULL);
	part_encode(again, &twice);
	must(once.len == twice.len && !memcmp(once.at, twice.at, once.len));
	text_release(&once);
	text_release(&twice);
	part_free(again);
	tell(builtin_signals(), part);
	return 0;
}
