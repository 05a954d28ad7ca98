#include "parse/signalcheck.h"

#include <string.h>

#include "parse/rule_sample.h"

struct check {
	const struct signal_set *set;
	const struct pattern_file *file; /* of the rule in question */
	const struct rule *rule;
	size_t kind;
	struct regex_scratch *scratch;
	struct diag_list *failures;
};

static void fail(const struct check *c, const struct pattern_entry *where, const char *what, const char *hint)
{
	struct diag d = {0};
	pattern_error(c->file, where, 0, &d, what, hint);
	diag_add(c->failures, DIAG_ERROR, d.hint, "%s", d.what);
}

static void check_sample(const struct check *c, const struct pattern_entry *where, const struct rule_sample *sample)
{
	uint16_t kinds[SIGNAL_MAX], plainly[SIGNAL_MAX];
	size_t n = signal_match(c->set, sample->tier, &sample->record, c->scratch, kinds);
	size_t plain_n = signal_match_plainly(c->set, sample->tier, &sample->record, c->scratch, plainly);
	bool held = false;
	for (size_t i = 0; i < n; i++)
		held |= kinds[i] == c->kind;
	if (!rule_matches(c->rule, sample->tier, &sample->record, c->scratch))
		fail(c, where, "the rule does not match this sample of it",
		     "Compare the text with starts, contains and regex, and the level with severity (WARN or worse by default).");
	else if (!held)
		fail(c, where, "a rule before this one takes the sample for another class",
		     "The first rule in the file that matches gives the class: put the narrower rule first.");
	if (n != plain_n || memcmp(kinds, plainly, n * sizeof *kinds))
		fail(c, where, "the tables and the rules disagree on this sample", "This is a bug of the program: please report it.");
}

static void check_entry(const struct check *c, const struct pattern_entry *where)
{
	bool near = span_equal(where->key, SPAN("near"));
	struct rule_sample sample;
	struct diag d = {0};
	if (!rule_sample_read(&sample, c->file, where, &d))
		diag_add(c->failures, DIAG_ERROR, d.hint, "%s", d.what);
	else if (!near)
		check_sample(c, where, &sample);
	else if (rule_matches(c->rule, sample.tier, &sample.record, c->scratch))
		fail(c, where, "the rule matches this near miss", "Make the text longer, or add `except` or a regex.");
}

size_t signal_check(const struct signal_set *set, struct diag_list *failures)
{
	size_t run = 0;
	struct regex_scratch *scratch = regex_scratch_new();
	struct check c = {.set = set, .scratch = scratch, .failures = failures};
	for (size_t i = 0; (c.rule = signal_rule(set, i, &c.kind)); i++) {
		c.file = &signal_kind(set, c.kind)->signal->file;
		size_t samples = 0;
		for (size_t e = c.rule->entry + 1; e < c.rule->entries; e++) {
			const struct pattern_entry *where = &c.file->entries[e];
			bool sample = span_equal(where->key, SPAN("sample"));
			if (!sample && !span_equal(where->key, SPAN("near")))
				continue;
			samples += sample;
			run++;
			check_entry(&c, where);
		}
		if (!samples)
			fail(&c, &c.file->entries[c.rule->entry], "this rule has no sample",
			     "Add a `sample` of what it is for, and a `near` of what it must leave alone.");
	}
	regex_scratch_free(scratch);
	return run;
}
