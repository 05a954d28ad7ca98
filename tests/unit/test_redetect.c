/* redetect: when another look for a format is due, and what it changes; a detection made for the test stands in. */
#include "parse/redetect.h"

#include "base/limits.h"
#include "base/memory.h"
#include "unit.h"

static const struct format one = {.name = (char *)"one", .starts_known = true, .starts = {['1'] = true}}, two = {.name = (char *)"two", .kind = FORMAT_JSON},
			   stamped = {.name = (char *)"stamped", .rank = RANK_STAMPED};

/* The first byte says it: 1, 2, or L for a format that is learned. */
size_t detect(const struct format_set *set, const struct candidates *c, unsigned ranks, struct format_scratch *s,
	      struct detection found[DETECT_FORMATS])
{
	(void)set, (void)s, (void)ranks;
	struct detection *d = &found[0];
	char byte = c->head.len ? c->head.at[0] : 0;
	*d = (struct detection){.format = byte == '1' ? &one : byte == '2' ? &two : byte == 'S' ? &stamped : NULL};
	if (byte == 'L') {
		d->format = d->own = memory_new(1, sizeof(*d->own));
		d->own->name = (char *)"learned";
		d->own->layout = (char *)"layout";
	}
	return d->format != NULL;
}

/* Half of the lines begin with 2. */
bool detect_another(const struct format_set *set, const struct candidates *c, const struct format *const *but, size_t n,
		    unsigned least, struct format_scratch *s, struct detection *found)
{
	size_t taken = 0;
	(void)set, (void)s, (void)but;
	for (size_t i = 0; i < c->n; i++)
		taken += c->lines[i].at[0] == '2';
	*found = (struct detection){.format = &two, .taken = (unsigned)taken, .lines = (unsigned)c->n};
	return n == 1 && taken >= least && 2 * taken >= c->n;
}

void detect_layout(const struct format *stated, const struct candidates *c, struct format_scratch *s, struct detection *d)
{
	(void)c, (void)s;
	*d = (struct detection){.format = stated};
}

struct format *format_of_layout(const struct format *base, struct span layout, struct diag *d, size_t *column)
{
	(void)base, (void)layout, (void)d, (void)column;
	return NULL;
}

bool format_prefer_layout(struct format *f, struct span layout, struct diag *d, size_t *column)
{
	(void)f, (void)layout, (void)d, (void)column;
	return false;
}

/* The first byte is the first one of the name's number. */
enum parse_result format_parse(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	(void)s, (void)r;
	return entry.at[0] == (f == &one ? '1' : '2') ? PARSE_OK : PARSE_NO;
}

void format_scratch_carried(struct format_scratch *s, const struct carried *carried)
{
	(void)s, (void)carried;
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

static void begin(struct redetect *d, const struct format *stated, struct span head)
{
	static struct candidates c;
	candidates_of(&c, head);
	redetect_init(d, NULL, stated, DETECT_KNOWN);
	redetect_first(d, &c, NULL);
}

static bool look(struct redetect *d, struct span head, uint64_t offset)
{
	static struct candidates c;
	candidates_of(&c, head);
	return redetect_look(d, &c, offset, NULL);
}

static void test_when(void)
{
	struct redetect d;
	begin(&d, NULL, SPAN("1"));
	FACT(redetect_format(&d) == &one && d.detection.format == &one, "the start of the file says the format");
	FACT(!due_after(&d, LIMIT_DETECT_AGAIN - 1, 5), "49 lines that do not parse are borne");
	redetect_hit(&d);
	FACT(!due_after(&d, LIMIT_DETECT_AGAIN - 1, 5) && due_after(&d, 1, 5), "50 in a row are not");
	look(&d, SPAN("1"), 6);
	FACT(!d.due && redetect_format(&d) == &one && !due_after(&d, 1000, 7), "nothing new there: not again before the next bytes");
	FACT(due_after(&d, 1, 1 << 20), "but then");
	look(&d, SPAN("2"), 1 << 20);
	FACT(redetect_format(&d) == &two && d.detection.format == &one, "another format is in force; the file is what it was");
	FACT(due_after(&d, LIMIT_DETECT_AGAIN, 1 << 20), "a new format may miss, too");
	redetect_release(&d);

	begin(&d, &two, SPAN("1"));
	FACT(redetect_format(&d) == &two && !due_after(&d, 1000, 1 << 20), "a stated format stays");
	redetect_release(&d);

	begin(&d, NULL, SPAN("?"));
	FACT(!redetect_format(&d) && !due_after(&d, 1, 100) && due_after(&d, 1, 100 << 10), "where none is known, one line is enough");
	look(&d, SPAN("2"), 100 << 10);
	FACT(d.detection.format == &two, "the first known format is the file's");
	redetect_release(&d);
}

static void test_changes(void)
{
	struct redetect d;
	unsigned looks = 0;
	begin(&d, NULL, SPAN("L"));
	const struct format *learned = redetect_format(&d);
	look(&d, SPAN("L"), 0);
	FACT(redetect_format(&d) == learned && d.owned_n == 1, "a format that is learned again is not kept twice");
	for (; looks < 1000 && due_after(&d, 1000, (uint64_t)(looks + 1) << 20); looks++)
		look(&d, looks % 2 ? SPAN("L") : SPAN("1"), (uint64_t)(looks + 1) << 20);
	FACT(looks == REDETECT_FORMATS - 1 && d.owned_n <= REDETECT_FORMATS, "a file cannot change its format without end");
	redetect_release(&d);
}

static void doubt(struct redetect *d, const char *line, int n)
{
	for (int i = 0; i < n; i++)
		redetect_doubt(d, span_of(line));
}

static void test_doubts(void)
{
	struct redetect d;
	begin(&d, NULL, SPAN("1"));
	doubt(&d, "2 a", 2);
	FACT(!d.doubtful, "two lines of another format may be chance");
	doubt(&d, "2 a", 1);
	FACT(d.doubtful && redetect_look_back(&d, NULL, NULL) && d.n == 2 && d.list[0] == &one && d.list[1] == &two && d.again == 1,
	     "three are not: it is in force beside the first");
	redetect_release(&d);

	begin(&d, NULL, SPAN("1"));
	doubt(&d, "zzz", 3);
	FACT(d.doubtful && !redetect_look_back(&d, NULL, NULL) && !d.doubtful && d.n == 1, "other lines are not");
	doubt(&d, "2", 8);
	FACT(!d.doubtful, "they are not looked at for each line");
	doubt(&d, "2", 1);
	FACT(d.doubtful && redetect_look_back(&d, NULL, NULL) && d.n == 2, "but again at the twelfth");
	redetect_release(&d);

	begin(&d, NULL, SPAN("1"));
	size_t looks = 0;
	for (int i = 0; i < 100000; i++) {
		doubt(&d, "zzz", 1);
		looks += d.doubtful;
		if (d.doubtful)
			redetect_look_back(&d, NULL, NULL);
	}
	FACT(looks == 8 && d.kept.len <= REDETECT_DOUBTS * 4, "a hundred thousand lines of no format are looked at eight times, the last 64 of them");
	redetect_release(&d);

	begin(&d, &one, SPAN("1"));
	doubt(&d, "2", 100);
	FACT(!d.doubtful, "a stated format stays alone");
	redetect_release(&d);
}

/* A line is held, asked for, and the lines behind it are looked at. */
static bool look_ahead(struct redetect *d, const char *line, const char *lines, bool joins)
{
	static struct candidates c;
	bool found = redetect_holds(d, span_of(line), 0, joins);
	candidates_of(&c, span_of(line));
	found = found && redetect_ask(d, &c, NULL);
	candidates_of(&c, span_of(lines));
	return found && redetect_look_ahead(d, &c, 100, NULL) && d->n == 2 && d->list[1] == &two;
}

static void test_ahead(void)
{
	static const struct {
		const char *claim, *line, *lines;
		bool joins, found;
	} cases[] = {
		{"the first of three lines of another format brings it in", "2 a", "2 a\n2 b\n2 c", false, true},
		{"so it does when it would go on with a record", "2 a", "2 a\n2 b\n2 c", true, true},
		{"chatter behind it does not hide it", "2 a", "2 a\nz\nz\nz\nz\nz\n2 b\nz\nz\n2 c", false, true},
		{"a line alone is of a format of a tier that is there", "2 a", "2 a", false, true},
		{"not when it would go on with a record", "2 a", "2 a", true, false},
		{"not when another line says otherwise", "2 a", "2 a\nz", false, false},
		{"two among chatter may be chance", "2 a", "2 a\nz\nz\nz\nz\n2 b", false, false},
		{"a line of no format is settled, whatever is behind it", "z", "z\n2 a\n2 b\n2 c\n2 d", false, false},
	};
	struct redetect d;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin(&d, NULL, SPAN("1"));
		FACT(look_ahead(&d, cases[i].line, cases[i].lines, cases[i].joins) == cases[i].found && !d.ahead, cases[i].claim);
		redetect_release(&d);
	}

	begin(&d, NULL, SPAN("1"));
	FACT(!look_ahead(&d, "z 17 words", "z", false) && !redetect_holds(&d, SPAN("z 18 strings"), 1 << 30, false),
	     "a line that begins like one that was refused is not asked for");
	FACT(redetect_holds(&d, SPAN("22 words"), 0, false), "another one is");
	redetect_release(&d);

	begin(&d, NULL, SPAN("1"));
	size_t asked = 0;
	for (uint64_t i = 0; i < 100000; i++) {
		static struct candidates c;
		char line[20] = "z";
		for (uint64_t k = 0; k < 17; k++)
			line[1 + k] = i >> k & 1 ? '#' : '+';
		if (!redetect_holds(&d, span_of(line), i * 100, false))
			continue;
		candidates_of(&c, span_of(line));
		redetect_ask(&d, &c, NULL);
		asked++;
	}
	FACT(asked > 100 && asked < 200, "of ten megabytes with a strange line of its own kind every hundred bytes, some 150 are asked for");
	redetect_release(&d);

	begin(&d, &one, SPAN("1"));
	FACT(!redetect_holds(&d, SPAN("2"), 0, false), "a stated format stays alone");
	redetect_release(&d);
}

static void test_weak(void)
{
	struct redetect d;
	unsigned looks = 0;
	begin(&d, NULL, SPAN("S"));
	redetect_weak(&d, 100);
	FACT(!d.due, "a format that is not known is enough for the start");
	for (uint64_t offset = 0; offset < UINT64_C(1) << 30; offset += 1000) {
		redetect_weak(&d, offset);
		if (d.due && ++looks)
			look(&d, SPAN("S"), offset);
	}
	FACT(looks > 10 && looks < 20, "a known one is looked for behind it, ever more rarely");
	FACT(look(&d, SPAN("1"), UINT64_C(1) << 30) && redetect_format(&d) == &one, "and taken when it comes");
	redetect_release(&d);
}

int main(void)
{
	test_when();
	test_doubts();
	test_ahead();
	test_weak();
	test_changes();
	return unit_done();
}
