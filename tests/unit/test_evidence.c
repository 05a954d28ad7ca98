#include "fold/evidence.h"

#include "made.h"

static void copies(void)
{
	struct evidence_list from = {0}, to = {0};
	struct evidence items[] = {{.source = made_string("s"),
				    .path = made_string("a.log"),
				    .bytes = 10,
				    .crc = 7,
				    .line = 1,
				    .offset = 2,
				    .length = 3,
				    .excerpt = made_string("kept")},
				   {.source = made_string("s"),
				    .path = made_string("b.log"),
				    .line = 4,
				    .reason = made_string("not kept")}};
	from.items = memory_new(2, sizeof *from.items);
	memcpy(from.items, items, sizeof items);
	from.n = from.cap = 2;
	evidence_copy(&from, 0, &to);
	FACT(to.n == 0, "none of it");
	evidence_copy(&from, 1, &to);
	FACT(to.n == 1 && !strcmp(to.items[0].path, "a.log"), "the first of it");
	evidence_copy(&from, SIZE_MAX, &to);
	FACT(to.n == 3 && !strcmp(to.items[1].path, "a.log") && !strcmp(to.items[2].path, "b.log"),
	     "all of it, behind what is there");
	FACT(to.items[1].bytes == 10 && to.items[1].crc == 7 && to.items[1].line == 1 && to.items[1].offset == 2 &&
		     to.items[1].length == 3,
	     "with its place");
	FACT(to.items[2].excerpt == NULL && !strcmp(to.items[2].reason, "not kept") && !to.items[1].reason,
	     "what is null stays null");
	evidence_release(&from);
	FACT(!from.items && !from.n && !strcmp(to.items[0].excerpt, "kept") && !strcmp(to.items[2].path, "b.log"),
	     "a copy outlives what it was copied from");
	evidence_copy(&from, SIZE_MAX, &to);
	FACT(to.n == 3, "nothing of an empty list");
	evidence_release(&to);
}

/* Two files of one source: a bin's first event in one, its last in the other. */
static void places(void)
{
	struct made m;
	made_init(&m);
	struct part *old = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 100);
	struct part *new = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 100, 200);
	made_event(new, "db.restart", "db.starting", 150 * SECOND_US, "", "");
	struct fold *f = made_fold(&m);
	struct fold_bin bin = {.bin = {.first_line = 11,
				       .first_offset = 1100,
				       .first_length = 70,
				       .last_line = 22,
				       .last_offset = 2200,
				       .last_length = 80},
			       .first_part = 0,
			       .last_part = 1};
	struct evidence_list list = {0};
	evidence_bin(f, 0, &bin, false, &list);
	evidence_bin(f, 0, &bin, true, &list);
	FACT(list.n == 2 && list.items[0].line == 11 && list.items[0].offset == 1100 && list.items[0].length == 70 &&
		     list.items[0].crc == old->crc,
	     "the first event of a bin, in its own file");
	FACT(list.items[1].line == 22 && list.items[1].offset == 2200 && list.items[1].length == 80 &&
		     list.items[1].crc == new->crc,
	     "the last one in its own");
	evidence_event(f, 0, 1, &new->events[0], &list);
	FACT(list.n == 3 && list.items[2].line == new->events[0].line &&list.items[2].offset ==
				    new->events[0].offset &&list.items[2].length ==
				    new->events[0].length &&list.items[2].bytes == new->bytes,
	     "an event's place");
	FACT(list.items[2].excerpt && !strcmp(list.items[2].excerpt, "as logged") && !list.items[2].reason &&
		     list.items[0].reason,
	     "its text was kept; of the others it is said that it was not");
	bin.first_part = 2;
	evidence_bin(f, 0, &bin, false, &list);
	evidence_event(f, 1, 0, &new->events[0], &list);
	FACT(list.n == 3, "a file or a source that does not exist is no evidence");
	evidence_release(&list);
	made_release(&m);
}

int main(void)
{
	copies();
	places();
	return unit_done();
}
