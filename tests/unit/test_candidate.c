#include "incident/candidate.h"

#include "made.h"

/* Candidates, a word each: rank, incident (- for none), @ and the time, the id (Z: of an onset). What is chosen: ids in the order told. */
struct choice {
	const char *fact, *candidates;
	size_t most, outside;
	const char *chosen;
	size_t left_out;
};

static const struct choice choices[] = {
	{"nothing of nothing", "", 5, 5, "", 0},
	{"few are told all, in the order of time", "30@9c 10@5b 20@1a", 5, 5, "a b c", 0},
	{"of many the best ranks are told", "50@1a 10@2b 30@3c 20@4d", 2, 5, "b d", 2},
	{"of one rank the earliest", "30@3c 30@1a 30@2b", 2, 5, "a b", 1},
	{"of one time the smallest id", "30@1c 30@1a 30@1b", 2, 5, "a b", 1},
	{"but an incident begins before what is told of it", "30@1a 00@1Z", 2, 5, "Z a", 0},
	{"what frames the story is told always", "00@9c 00@1a 00@5b 20@2d", 1, 0, "a b c", 1},
	{"and counts for the number", "00@9c 20@2d 30@3e", 2, 0, "d c", 1},
	{"each incident has its own number", "10@1a 10@2b 11@1c 11@2d", 1, 0, "a c", 2},
	{"what belongs to none has another", "10@1a 10@2b 1-@1c 1-@2d 1-@3e", 1, 2, "a c d", 2},
	{"none of those when it is 0", "10@1a 1-@1c", 1, 0, "a", 1},
	{"frames outside are told even so", "0-@1c", 0, 0, "c", 0},
	{"one thing near two incidents is told once", "10@1a 11@1a 11@2b", 5, 5, "a b", 0},
	{"one id at two times is two things", "10@1a 11@2a", 5, 5, "a a", 0},
	{"two ids at one time too", "10@1a 11@1b", 5, 5, "a b", 0},
};

static void add(struct candidate_list *list, struct span word)
{
	size_t incident = word.at[1] == '-' ? SIZE_MAX : (size_t)(word.at[1] - '0');
	struct entry *e = candidate_add(list, (enum rank)(word.at[0] - '0'), incident);
	e->at_us = word.at[3] - '0';
	e->id = span_copy(span_from(word, 4));
	e->kind = made_string(*e->id == 'Z' ? "onset" : "symptom");
	e->summary = made_string("s");
	candidate_link(e, "incident", "i");
}

static void release(struct entry *entries, size_t n)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->timeline = entries;
	d->timeline_n = n;
	draft_free(d);
}

static void table(void)
{
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		const struct choice *c = &choices[i];
		/* Forwards and backwards: the order in which they were found does not show. */
		for (int backwards = 0; backwards < 2; backwards++) {
			struct candidate_list list = {0};
			struct span words[16], rest = span_of(c->candidates);
			size_t n = 0, told;
			while (rest.len)
				words[n++] = span_cut(&rest, ' ');
			for (size_t k = 0; k < n; k++)
				add(&list, words[backwards ? n - 1 - k : k]);
			struct entry *out;
			size_t left_out = candidate_choose(&list, c->most, c->outside, &out, &told);
			struct text t = {0};
			for (size_t k = 0; k < told; k++)
				text_format(&t, "%s%s", k ? " " : "", out[k].id);
			const char *got = t.at ? t.at : "";
			if (!FACT(!strcmp(got, c->chosen) && left_out == c->left_out, c->fact))
				printf("got \"%s\" and %zu left out\n", got, left_out);
			FACT(!list.items && !list.n, "the list is handed over");
			text_release(&t);
			release(out, told);
		}
	}
}

static bool of_incident_one(const void *context, const struct candidate *c)
{
	return c->incident == *(const size_t *)context;
}

/* One candidate of each (at, id) is left, and of these those that the filter wants: rank, incident, time and id of what is left. */
static void filtered(void)
{
	static const struct {
		const char *fact, *candidates, *left;
		size_t dropped;
	} cases[] = {
		{"what is not wanted is dropped", "11@1a 12@2b 1-@3c", "11@1a", 2},
		{"of one thing the best ranked is left", "31@1a 11@1a 21@1a", "11@1a", 0},
		{"of equals that of the first incident", "32@1a 31@1a", "31@1a", 0},
		{"wanted is a thing of which one is wanted; what is left does not depend on it", "31@1a 12@1a", "12@1a", 0},
		{"one that nobody wants is dropped once", "32@1a 13@1a", "", 1},
		{"another time is another thing", "11@1a 12@2a", "11@1a", 1},
	};
	const size_t one = 1;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int backwards = 0; backwards < 2; backwards++) {
			struct candidate_list list = {0};
			struct span words[8], rest = span_of(cases[i].candidates);
			struct text left = {0};
			size_t n = 0;
			while (rest.len)
				words[n++] = span_cut(&rest, ' ');
			for (size_t k = 0; k < n; k++)
				add(&list, words[backwards ? n - 1 - k : k]);
			size_t dropped = candidate_filter(&list, of_incident_one, &one);
			for (size_t k = 0; k < list.n; k++)
				text_format(&left, "%s%d%zu@%d%s", k ? " " : "", (int)list.items[k].rank, list.items[k].incident,
					    (int)list.items[k].entry.at_us, list.items[k].entry.id);
			TEXT_IS(left.at, cases[i].left, cases[i].fact);
			FACT(dropped == cases[i].dropped, cases[i].fact);
			text_release(&left);
			struct entry *told;
			size_t told_n;
			candidate_choose(&list, 9, 9, &told, &told_n);
			release(told, told_n);
		}
}

int main(void)
{
	filtered();
	struct candidate_list list = {0};
	struct entry *e = candidate_add(&list, RANK_SIGNAL, 3);
	FACT(e->end_us == INSTANT_NONE && e->at_source_us == INSTANT_NONE && !e->count.known && !e->links_n && !e->id,
	     "a new entry is a point without a count");
	FACT(list.items[0].rank == RANK_SIGNAL && list.items[0].incident == 3, "of its rank and incident");
	e->id = made_string("x");
	char rel[] = "burst", id[] = "b1";
	candidate_link(e, rel, id);
	candidate_link(e, "incident", "i1");
	rel[0] = id[0] = '?';
	FACT(e->links_n == 2 && !strcmp(e->links[0].rel, "burst") && !strcmp(e->links[0].id, "b1") &&
		     !strcmp(e->links[1].id, "i1"),
	     "links are kept in order, as copies");
	struct entry *out;
	size_t n;
	candidate_choose(&list, 1, 1, &out, &n);
	release(out, n);
	table();
	return unit_done();
}
