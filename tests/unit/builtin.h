/* builtin: the built-in patterns, loaded for a test.
 *
 * Takes  nothing.
 * Gives  struct patterns; the number of a kind by its names.
 * Holds  nothing.
 * Never  goes on when a built-in pattern does not load.
 */
#ifndef ONSET_BUILTIN_H
#define ONSET_BUILTIN_H

#include <stdio.h>
#include <stdlib.h>

#include "tally/scan.h"

static inline void builtin_fail(const struct diag *d)
{
	printf("FAIL the built-in patterns do not load: %s\n", d->what);
	exit(1);
}

/* The signals alone; signal_set_free() gives them back. */
static inline struct signal_set *builtin_signals(void)
{
	struct signal_set *set = signal_set_new();
	struct diag d = {0};
	for (size_t i = 0; i < pattern_builtins_n; i++) {
		const struct pattern_builtin *b = &pattern_builtins[i];
		struct pattern_file file = {0};
		if (!span_ends(span_of(b->path), SPAN(".signal")))
			continue;
		if (!pattern_file_parse(&file, b->path, (struct span){b->bytes, b->len}, &d) || !signal_set_add(set, &file, &d))
			builtin_fail(&d);
	}
	if (!signal_set_finish(set, &d))
		builtin_fail(&d);
	return set;
}

static inline struct patterns builtin_load(void)
{
	struct patterns all = {.signals = builtin_signals()};
	struct diag d = {0};
	for (size_t i = 0; i < pattern_builtins_n; i++) {
		const struct pattern_builtin *b = &pattern_builtins[i];
		struct pattern_file file = {0};
		if (!span_ends(span_of(b->path), SPAN(".pattern")))
			continue;
		if (!pattern_file_parse(&file, b->path, (struct span){b->bytes, b->len}, &d) ||
		    !format_set_add(&all.formats, &file, &d))
			builtin_fail(&d);
	}
	return all;
}

static inline void builtin_release(struct patterns *all)
{
	signal_set_free(all->signals);
	format_set_release(&all->formats);
}

static inline uint16_t builtin_kind(const struct signal_set *set, const char *signal, const char *class)
{
	for (size_t i = 0; i < signal_kinds(set); i++)
		if (!strcmp(signal_kind(set, i)->signal->name, signal) && !strcmp(signal_kind(set, i)->class, class))
			return (uint16_t)i;
	printf("FAIL no kind %s/%s\n", signal, class);
	exit(1);
}

#endif
