#include "cause/changelist.h"

#include "fold/sentence.h"
#include "made.h"

int main(void)
{
	struct zone *zone = zone_fixed(SPAN("+02:00"));
	struct fold_source sources[] = {{.id = "0123456789ab",
					 .key = "app.log",
					 .tier = TIER_APP,
					 .zone = zone,
					 .resolution_us = 1000,
					 .uncertainty_us = 500000},
					{.id = "ba9876543210",
					 .key = "pg.log",
					 .tier = TIER_DB,
					 .zone_printed = true,
					 .resolution_us = SECOND_US}};
	struct fold f = {.sources = sources, .n = 2};
	struct change_list list = {0};

	struct change *c = changelist_add(&list, &f, 0, "deploy", 7200 * SECOND_US + 90 * SECOND_US);
	char *id = sentence_id("change", "deploy", "app.log", 90 * SECOND_US);
	FACT(c->at.at_us == 90 * SECOND_US, "a change is told in UTC, whatever clock the source keeps");
	FACT(c->at.lower_us == 90 * SECOND_US - 500000 && c->at.upper_us == 90 * SECOND_US + 1000 + 500000,
	     "as an interval of the clock's uncertainty and the stamp's resolution");
	FACT(!strcmp(c->id, id), "its id is made of kind, key and instant");
	FACT(!strcmp(c->verdict, "undetermined"), "nothing is concluded");
	FACT(c->after_onset_us == INSTANT_NONE && c->end_us == INSTANT_NONE && !c->reason && !c->summary &&
		     !c->evidence.n,
	     "what is not known yet is none");
	FACT(c->tier == TIER_APP && c->source_index == 0 && !strcmp(c->source, "0123456789ab"), "it knows its source");
	memory_free(id);

	c = changelist_add(&list, &f, 1, "restart", INSTANT_NONE);
	FACT(c->at.at_us == INSTANT_NONE && c->at.lower_us == INSTANT_NONE && *c->id,
	     "a change without a time has an id all the same");
	changelist_add(&list, &f, 1, "restart", 80 * SECOND_US);
	/* Of equal times the id decides: any order of adding, one order of the list. */
	static const char *const kinds[] = {"stop", "reload", "start", "crash", "restart"};
	for (size_t i = 0; i < 5; i++)
		changelist_add(&list, &f, 1, kinds[i], 95 * SECOND_US);
	changelist_sort(&list);
	bool ascending = list.n == 8;
	for (size_t i = 1; i < list.n; i++) {
		const struct change *a = &list.items[i - 1], *b = &list.items[i];
		ascending &= a->at.at_us < b->at.at_us || (a->at.at_us == b->at.at_us && strcmp(a->id, b->id) < 0);
	}
	FACT(ascending, "sorted by time, then by id");
	FACT(list.items[0].at.at_us == INSTANT_NONE && list.items[1].at.at_us == 80 * SECOND_US &&
		     list.items[2].at.at_us == 90 * SECOND_US,
	     "UTC decides, not what was printed; what has no time comes first");

	changelist_release(&list);
	FACT(!list.items && !list.n && !list.cap, "a released list is empty");
	changelist_sort(&list);
	changelist_release(&list);
	FACT(!list.n, "an empty list can be sorted and released");
	zone_free(zone);
	return unit_done();
}
