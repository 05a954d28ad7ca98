/* Third parties' lines that do and do not mean that connections ran out (../shared/conformance/connections). Each line is taken
 * as it would arrive: split by the format that it is of, else by the header of its server, else whole as a message without a
 * level. Data that is not in this checkout: where it is absent the test says so and passes. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "parse/format.h"
#include "parse/signal.h"
#include "unit.h"

#define FOLDER "../shared/conformance/connections/"

/* What stands before the message: group 1 is the level. */
static const struct header {
	enum tier tier;
	const char *regex;
} headers[] = {
	{TIER_UNKNOWN, "^[\\w.-]{1,60}[ ]{1,3}\\|[ ]()"},
	{TIER_DB, "^\\d{4}-\\d\\d-\\d\\d[ ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?[ ]\\w+[ ]\\[\\d+(?:-\\d+)?\\][ ](?:\\S+@\\S+[ ])?(\\w+):[ ]+"},
	{TIER_DB, "^\\[\\d+\\]:(FATAL|ERROR|LOG):[ ]+"},
	{TIER_DB, "^(FATAL|ERROR|LOG):[ ][ ]"},
	{TIER_POOL, "^\\d{4}-\\d\\d-\\d\\d[ ]\\d\\d:\\d\\d:\\d\\d\\.\\d+[ ](?:\\+?\\w+[ ])?\\[?\\d+\\]?[ ](LOG|WARNING|ERROR|FATAL|DEBUG)[ ]"},
	{TIER_WEB, "^\\d{4}/\\d\\d/\\d\\d[ ]\\d\\d:\\d\\d:\\d\\d[ ]\\[(\\w+)\\][ ]\\d+\\#\\d+:[ ](?:\\*\\d+[ ])?"},
	{TIER_LB, "^\\[(\\w+)\\][ ]+\\(\\d+\\)[ ]:[ ]"},
	{TIER_APP, "^[\\d:, .-]{19,30}\\[[\\w-]+\\][ ](DEBUG|INFO|WARN|ERROR)[ ]"},
	{TIER_APP, "^\\(sqlalchemy[\\w.]*\\):[ ][\\d:, -]+[ ](DEBUG|INFO|WARNING|ERROR)[ ]"},
};
enum { HEADERS = sizeof headers / sizeof *headers };

struct bench {
	struct signal_set *set;
	struct format_set formats;
	struct format_scratch *lines;
	struct detection found; /* of the line before */
	struct regex *header[HEADERS];
	struct regex_scratch *scratch;
};

/* True when one of our formats is sure of the line. */
static bool split_by_format(struct bench *b, struct span raw, struct record *r, enum tier *tier)
{
	format_free(b->found.own);
	b->found = (struct detection){0};
	format_detect(&b->formats, raw, b->lines, &b->found);
	if (!b->found.format || format_parse(b->found.format, raw, b->lines, r) != PARSE_OK)
		return false;
	*tier = b->found.format->tier;
	return true;
}

static const char *split(struct bench *b, struct span raw, struct record *r, enum tier *tier)
{
	record_clear(r);
	if (split_by_format(b, raw, r, tier))
		return b->found.format->name;
	record_clear(r);
	*tier = TIER_UNKNOWN;
	r->raw = raw;
	const char *how = "-";
	for (size_t i = 0; i < HEADERS; i++) {
		if (regex_match(b->header[i], raw, b->scratch) != REGEX_MATCH)
			continue;
		struct span whole = regex_group(b->header[i], raw, b->scratch, 0);
		struct span level = regex_group(b->header[i], raw, b->scratch, 1);
		*tier = headers[i].tier;
		r->severity = severity_of(level);
		raw = span_from(raw, whole.len);
		how = "header";
	}
	record_set(r, FIELD_MESSAGE, raw);
	return how;
}

/* The class is one that says that something ran out or nobody answers. */
static bool is_of_the_table(const char *class)
{
	static const char *const classes[] = {
		"db.max_connections", "db.role_limit", "db.database_limit", "db.walsenders", "db.replication_slots", "db.fork_failed",
		"os.limit", "pooler.client_limit", "pool.wait_timeout", "pool.reject", "web.worker_limit", "backend.queue_full",
		"lb.queue_timeout", "lb.no_backend", "backend.down", "backend.slow", "web.limit_conn"};
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		if (!strcmp(class, classes[i]))
			return true;
	}
	return false;
}

static const char *field(const json_t *line, const char *name)
{
	const char *text = json_string_value(json_object_get(line, name));
	return text ? text : "";
}

/* A line whose label cannot hold. CL03 is the rule of PostgreSQL's JDBC driver, labelled db.max_connections; but what its line
 * quotes is the limit of WAL senders, whose own class the same data gives in pos-014: replication is refused, users are not. */
static const char *disputed_class(const char *id)
{
	return !strcmp(id, "pos-022") ? "db.walsenders" : NULL;
}

static void judge(struct bench *b, const json_t *line, bool positive)
{
	struct record r;
	enum tier tier;
	memset(&r, 0, sizeof r);
	const char *how = split(b, span_of(field(line, "raw")), &r, &tier);
	uint16_t kinds[SIGNAL_MAX];
	size_t n = signal_match(b->set, tier, &r, b->scratch, kinds);
	const char *wanted = positive ? field(line, "class") : "";
	if (disputed_class(field(line, "id")))
		wanted = disputed_class(field(line, "id"));
	struct text got = {0};
	bool ok = !positive;
	size_t of_table = 0;
	for (size_t i = 0; i < n; i++) {
		const struct signal_kind *k = signal_kind(b->set, kinds[i]);
		of_table += is_of_the_table(k->class);
		ok |= positive && !strcmp(k->class, wanted);
		text_format(&got, "%s%s/%s", i ? " " : "", k->signal->name, k->class);
	}
	ok &= of_table == (positive ? 1 : 0);
	printf("%-4s %-7s %-5s %-20s %-13s %-44s %.50s\n", ok ? "ok" : "FAIL", field(line, "id"), field(line, "expect_rule"), wanted,
	       how, got.at ? got.at : "-", field(line, "raw"));
	struct text name = {0};
	text_format(&name, "%s is %s", field(line, "id"), positive ? wanted : "nothing");
	FACT(ok, name.at);
	text_release(&name);
	text_release(&got);
}

static void run(struct bench *b, const char *path, bool positive)
{
	FILE *file = fopen(path, "r");
	static char bytes[65536];
	if (!file) {
		printf("skipped: no %s\n", path);
		return;
	}
	while (fgets(bytes, sizeof bytes, file)) {
		json_t *line = json_loads(bytes, 0, NULL);
		if (line)
			judge(b, line, positive);
		json_decref(line);
	}
	fclose(file);
}

int main(void)
{
	struct bench b = {.set = signal_set_new(), .scratch = regex_scratch_new(), .lines = format_scratch_new()};
	struct diag d = {0};
	for (size_t i = 0; i < pattern_builtins_n; i++) {
		struct pattern_file file;
		struct span bytes = {pattern_builtins[i].bytes, pattern_builtins[i].len};
		bool signal = !strncmp(pattern_builtins[i].path, "signals/", 8);
		if (!pattern_file_parse(&file, pattern_builtins[i].path, bytes, &d) ||
		    !(signal ? signal_set_add(b.set, &file, &d) : format_set_add(&b.formats, &file, &d)))
			printf("%s\n", d.what);
	}
	FACT(signal_set_finish(b.set, &d), "the built-in patterns load");
	for (size_t i = 0; i < HEADERS; i++)
		b.header[i] = regex_new(span_of(headers[i].regex), &d);
	FACT(!d.set, "the headers compile");
	run(&b, FOLDER "positive.ndjson", true);
	run(&b, FOLDER "near_miss.ndjson", false);
	for (size_t i = 0; i < HEADERS; i++)
		regex_free(b.header[i]);
	format_free(b.found.own);
	format_scratch_free(b.lines);
	format_set_release(&b.formats);
	regex_scratch_free(b.scratch);
	signal_set_free(b.set);
	return unit_done();
}
