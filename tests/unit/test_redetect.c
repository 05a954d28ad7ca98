/* redetect: when another look for a format is due, and what it changes; a detection made for the test stands in. */
#include "parse/redetect.h"

#include "base/limits.h"
#include "base/memory.h"
#include "unit.h"

static const struct format one = {.name = (char *)"one", .starts_known = true, .starts = {['1'] = true}}, two = {.name = (char *)"two"};

/* The first byte says it: 1, 2, or L for a format that is learned. */
void format_detect(const struct format_set *set, struct span head, struct format_scratch *s, struct detection *d)
{
	(void)set, (void)s;
	char byte = head.len ? head.at[0] : 0;
	*d = (struct detection){.format = byte == '1' ? &one : byte == '2' ? &two : NULL};
	if (byte == 'L') {
		d->format = d->own = memory_new(1, sizeof(*d->own));
		d->own->name = (char *)"learned";
		d->own->layout = (char *)"layout";
	}
}

void format_detect_layout(const struct format *stated, struct span head, struct format_scratch *s, struct detection *d)
{
	(void)head, (void)s;
	*d = (struct detection){.format = stated};
}

void format_free(struct format *f)
{
	memory_free(f);
}

static bool due_after(struct redetect *d, unsigned misses, uint64_t offset)
{
	for (unsigned i = 0; i < misses; i++)
		redetect_miss(d, offset);
	return d->due;
}

static void test_when(void)
{
	struct redetect d;
	redetect_init(&d, NULL, NULL, SPAN("1"), NULL);
	FACT(redetect_format(&d) == &one && d.detection.format == &one, "the start of the file says the format");
	FACT(!due_after(&d, LIMIT_DETECT_AGAIN - 1, 5), "49 lines that do not parse are borne");
	redetect_hit(&d);
	FACT(!due_after(&d, LIMIT_DETECT_AGAIN - 1, 5) && due_after(&d, 1, 5), "50 in a row are not");
	redetect_look(&d, SPAN("1"), 6, NULL);
	FACT(!d.due && redetect_format(&d) == &one && !due_after(&d, 1000, 7), "nothing new there: not again before the next bytes");
	FACT(due_after(&d, 1, 1 << 20), "but then");
	redetect_look(&d, SPAN("2"), 1 << 20, NULL);
	FACT(redetect_format(&d) == &two && d.detection.format == &one, "another format is in force; the file is what it was");
	FACT(due_after(&d, LIMIT_DETECT_AGAIN, 1 << 20), "a new format may miss, too");
	redetect_release(&d);

	redetect_init(&d, NULL, &two, SPAN("1"), NULL);
	FACT(redetect_format(&d) == &two && !due_after(&d, 1000, 1 << 20), "a stated format stays");
	redetect_release(&d);

	redetect_init(&d, NULL, NULL, SPAN("?"), NULL);
	FACT(!redetect_format(&d) && !due_after(&d, 1, 100) && due_after(&d, 1, 100 << 10), "where none is known, one line is enough");
	redetect_look(&d, SPAN("2"), 100 << 10, NULL);
	FACT(d.detection.format == &two, "the first known format is the file's");
	redetect_release(&d);
}

static void test_changes(void)
{
	struct redetect d;
	unsigned looks = 0;
	redetect_init(&d, NULL, NULL, SPAN("L"), NULL);
	const struct format *learned = redetect_format(&d);
	redetect_look(&d, SPAN("L"), 0, NULL);
	FACT(redetect_format(&d) == learned && d.owned_n == 1, "a format that is learned again is not kept twice");
	for (; looks < 1000 && due_after(&d, 1000, (uint64_t)(looks + 1) << 20); looks++)
		redetect_look(&d, looks % 2 ? SPAN("L") : SPAN("1"), (uint64_t)(looks + 1) << 20, NULL);
	FACT(looks == REDETECT_FORMATS - 1 && d.owned_n <= REDETECT_FORMATS, "a file cannot change its format without end");
	redetect_release(&d);
}

int main(void)
{
	test_when();
	test_changes();
	return unit_done();
}
