#include "unit.h"

#include "cmd/remarks.h"

static bool says(const struct diag_list *list, size_t i, enum diag_level level, const char *what)
{
	return i < list->n && list->items[i].level == level && !strcmp(list->items[i].what, what);
}

/* A file of one stream. */
static void add(struct remarks *r, const char *path, bool has_format, enum format_rank rank, uint64_t lines, uint64_t records)
{
	struct remarks_streams s = {0};
	remarks_stream(&s, has_format, rank, lines, records);
	remarks_file(r, path, &s);
}

static void test_names(void)
{
	struct remarks r = {0};
	struct diag_list trouble = {0};
	add(&r, "e", false, RANK_KNOWN, 0, 0);
	FACT(r.content == CONTENT_EMPTY, "an empty file has no content");
	add(&r, "u", false, RANK_KNOWN, 3, 0);
	FACT(r.content == CONTENT_UNKNOWN, "lines of no known format are unknown content");
	add(&r, "k", true, RANK_KNOWN, 3, 3);
	add(&r, "e2", false, RANK_KNOWN, 0, 0);
	FACT(r.content == CONTENT_KNOWN, "the most that was seen counts");
	remarks_finish(&r, &trouble);
	FACT(trouble.n == 2 && says(&trouble, 0, DIAG_WARNING, "\"u\" has no known format") &&
		     says(&trouble, 1, DIAG_NOTE, "\"e\" and \"e2\" are empty"),
	     "each file is named under what it is, one that was read is not");
	FACT(!trouble.incomplete, "none of it makes the result incomplete");
	diag_release(&trouble);
}

static void test_streams(void)
{
	struct remarks r = {0};
	struct diag_list trouble = {0};
	struct remarks_streams syslog = {0};
	add(&r, "s", true, RANK_STAMPED, 3, 3);
	add(&r, "c", true, RANK_CARRIED, 3, 3);
	FACT(r.content == CONTENT_KNOWN, "what is read by its stamps, or by what carries it, is read");
	remarks_stream(&syslog, true, RANK_CARRIED, 9, 9);
	remarks_stream(&syslog, true, RANK_KNOWN, 3, 3);
	remarks_file(&r, "k", &syslog);
	remarks_finish(&r, &trouble);
	FACT(trouble.n == 2 && says(&trouble, 0, DIAG_WARNING, "\"s\" has no known format: only its time stamps are read") &&
		     says(&trouble, 1, DIAG_WARNING, "\"c\" carries no line of a known format: only what carries them is read"),
	     "it is never silent, but where a known program writes among others");
	diag_release(&trouble);
}

static void test_many(void)
{
	struct remarks r = {0};
	struct diag_list trouble = {0};
	const char *const names[] = {"d", "b", "e", "a", "c"};
	for (size_t i = 0; i < 5; i++)
		add(&r, names[i], true, RANK_KNOWN, 1, 0);
	remarks_finish(&r, &trouble);
	FACT(trouble.n == 1 && says(&trouble, 0, DIAG_WARNING,
				    "\"a\", \"b\", \"c\" and 2 more have no record of their format"),
	     "of many files the three that stand first in the alphabet are named, the rest is counted");
	diag_release(&trouble);
}

static void test_damage(void)
{
	struct diag_list trouble = {0};
	remarks_damage("p", &(struct damage_report){DAMAGE_NONE, 0, 0, 0}, &trouble);
	FACT(!trouble.n, "no damage is no message");
	remarks_damage("p", &(struct damage_report){DAMAGE_TRAILING, 7, 9, 0}, &trouble);
	FACT(trouble.n == 1 && trouble.incomplete, "what follows the data may have been a log: it makes the result incomplete");
	remarks_damage("p", &(struct damage_report){DAMAGE_TRUNCATED, 7, 9, 1}, &trouble);
	FACT(says(&trouble, 1, DIAG_WARNING, "\"p\": compressed data ends early; read 9 bytes before the break") &&
		     trouble.incomplete && trouble.items[1].hint,
	     "a break makes the result incomplete, and more damage is hinted at");
	diag_release(&trouble);
}

int main(void)
{
	test_names();
	test_streams();
	test_many();
	test_damage();
	return unit_done();
}
