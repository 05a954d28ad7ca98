/* sameanswer: whether steps and PCRE2 give one answer of a regex and a subject.
 *
 * Takes  sources of regexes; subjects of any bytes.
 * Gives  both matchers of a source; the first group in which they differ.
 * Holds  nothing beside them.
 * Never  compares where PCRE2 hit a limit: then it has no answer. Nor asks its optimized code: that of 10.42 finds no "a" by
 *        (?=a+?)1*?a$, its machine code no ".b" by (?>[^a]+?)$.
 */
#ifndef ONSET_SAMEANSWER_H
#define ONSET_SAMEANSWER_H

#include "line/regex.h"

struct two_matchers {
	struct regex *steps, *pcre2; /* NULL: the source is no regex, or not of the steps' class */
	struct regex_scratch *a, *b;
};

static inline bool two_matchers_init(struct two_matchers *two, struct span source)
{
	struct diag d = {0};
	*two = (struct two_matchers){regex_new(source, &d), regex_new_plain(source), regex_scratch_new(), regex_scratch_new()};
	regex_scratch_interprets(two->b, true);
	return two->steps && regex_has_steps(two->steps);
}

static inline void two_matchers_release(struct two_matchers *two)
{
	regex_free(two->steps);
	regex_free(two->pcre2);
	regex_scratch_free(two->a);
	regex_scratch_free(two->b);
}

static inline bool same_groups(struct two_matchers *two, struct span subject)
{
	uint64_t took_a, took_b;
	const size_t *a = regex_ends(two->a, &took_a), *b = regex_ends(two->b, &took_b);
	for (unsigned i = 0; i <= REGEX_MAX_GROUPS; i++)
		if ((took_a >> i & 1) != (took_b >> i & 1) || ((took_a >> i & 1) && (a[2 * i] != b[2 * i] || a[2 * i + 1] != b[2 * i + 1] || a[2 * i + 1] > subject.len)))
			return false;
	return true;
}

static inline bool same_answer(struct two_matchers *two, struct span subject)
{
	enum regex_result wanted = regex_match(two->pcre2, subject, two->b), got = regex_match(two->steps, subject, two->a);
	return wanted == REGEX_LIMIT || (got == wanted && (got != REGEX_MATCH || same_groups(two, subject)));
}

static inline bool same_names(const struct two_matchers *two)
{
	bool same = regex_groups(two->steps) == regex_groups(two->pcre2);
	for (unsigned i = 0; same && i <= regex_groups(two->steps); i++)
		same = span_equal(regex_group_name(two->steps, i), regex_group_name(two->pcre2, i));
	return same;
}

#endif
