#include "verify/claims.h"

#include "unit.h"

static const char draft[] =
	"{\"sources\": [{\"id\": \"aa\", \"key\": \"web1:logs/a.log#cart\", \"stream\": \"cart\", \"paths\": [\"logs/a.log\"], \"fingerprints\": [\"10-0000beef\"],"
	" \"files\": [{\"path\": \"logs/a.log\", \"fingerprint\": \"10-0000beef\", \"mtime\": \"2026-11-22T00:00:00.000000Z\"}],"
	" \"samples\": [{\"path\": \"logs/a.log\", \"line\": 2, \"offset\": 4, \"excerpt\": \"?\"}]},"
	"{\"id\": \"bb\", \"key\": \"web1:logs/a.log\", \"stream\": null, \"paths\": [\"logs/a.log\"], \"fingerprints\": [\"10-0000beef\", \"7-00000001\"],"
	" \"files\": [{\"path\": \"logs/a.log\", \"fingerprint\": \"10-0000beef\", \"mtime\": null}, {\"path\": \"b\", \"fingerprint\": \"7-00000001\", \"mtime\": null}],"
	" \"samples\": []}],"
	"\"events\": [{\"id\": \"ee\", \"path\": \"e.jsonl\", \"fingerprint\": \"99-ffffffff\"}],"
	"\"x\": [%s]}";

struct read {
	struct json_t *root;
	struct claims claims;
	struct result result;
};

static void read_with(struct read *r, const char *evidence)
{
	struct diag d = {0};
	struct text json = {0};
	*r = (struct read){0};
	text_format(&json, draft, evidence);
	r->root = value_read(text_span(&json), "t.json", &d);
	claims_read(&r->claims, r->root, &r->result);
	text_release(&json);
}

static void read_release(struct read *r)
{
	claims_release(&r->claims);
	result_release(&r->result);
	value_free(r->root);
}

/* What is wrong with one piece of evidence; "": it was taken. */
static const char *wrong_with(const char *evidence)
{
	static struct text out;
	struct read r;
	text_clear(&out);
	read_with(&r, evidence);
	text_format(&out, "%s", r.result.notes_n ? r.result.notes[0].text : r.claims.lines_n == 2 ? "" : "not seen");
	read_release(&r);
	return out.at;
}

static void test_whole(void)
{
	struct read r;
	read_with(&r, "{\"e\": {\"source\": \"bb\", \"path\": \"b\", \"fingerprint\": \"7-00000001\", \"line\": 1, \"offset\": 0, \"length\": 3, \"excerpt\": null}}");
	const struct claims *c = &r.claims;
	FACT(c->contents_n == 3 && c->contents[0].bytes == 7 && c->contents[1].crc == 0xbeef && c->contents[2].crc == 0xffffffff,
	     "each content once, by its length, those of events too");
	FACT(c->files_known && c->files_n == 3 && c->files[1].content == 1 && !strcmp(c->files[1].path, "logs/a.log") && !strcmp(c->files[1].key, "web1:logs/a.log"),
	     "the streams of a file are of one file; its key is that without the stream");
	FACT(c->files_n == 3 && !c->files[2].key, "a file of events is no source's");
	FACT(c->lines_n == 2 && c->lines[0].content == 0 && !strcmp(c->lines[0].place, "x[0].e") && c->lines[1].content == 1 && !c->lines[1].has_length,
	     "evidence wherever it stands, and samples");
	claims_keep(&r.claims, value_at(value_get(r.root, "sources"), 1));
	FACT(c->lines_n == 2 && c->lines[0].line == 1 && !c->lines[0].offset && c->lines[1].line == 1, "of a source without samples the first line of each file");
	claims_keep(&r.claims, value_at(value_get(r.root, "x"), 0));
	FACT(c->lines_n == 1 && c->lines[0].length == 3, "of an item its evidence");
	read_release(&r);
}

static void test_evidence(void)
{
	static const char *const bad = "x[0]: line, offset, length and excerpt are not as a draft has them";
	static const struct {
		const char *name, *evidence, *wrong;
	} rows[] = {
		{"evidence in a log", "{\"source\": \"aa\", \"path\": \"logs/a.log\", \"fingerprint\": \"10-0000beef\", \"line\": 1, \"offset\": 0, \"length\": 3, \"excerpt\": \"a\"}", ""},
		{"evidence in events", "{\"source\": \"ee\", \"path\": \"e.jsonl\", \"fingerprint\": \"99-ffffffff\", \"line\": 1, \"offset\": 0, \"length\": 3, \"excerpt\": \"a\"}", ""},
		{"an unknown source", "{\"source\": \"zz\", \"path\": \"logs/a.log\", \"fingerprint\": \"10-0000beef\", \"line\": 1, \"offset\": 0, \"length\": 3, \"excerpt\": \"a\"}",
		 "x[0]: its source has no file with its fingerprint"},
		{"another source's file", "{\"source\": \"aa\", \"path\": \"b\", \"fingerprint\": \"7-00000001\", \"line\": 1, \"offset\": 0, \"length\": 3, \"excerpt\": \"a\"}",
		 "x[0]: its source has no file with its fingerprint"},
		{"another path", "{\"source\": \"bb\", \"path\": \"b\", \"fingerprint\": \"10-0000beef\", \"line\": 1, \"offset\": 0, \"length\": 3, \"excerpt\": \"a\"}",
		 "x[0]: no file with its fingerprint had its path"},
		{"no path", "{\"source\": \"bb\", \"path\": 7, \"fingerprint\": \"10-0000beef\", \"line\": 1, \"offset\": 0, \"length\": 3, \"excerpt\": \"a\"}",
		 "x[0]: no file with its fingerprint had its path"},
		{"a fingerprint that is none", "{\"source\": \"bb\", \"path\": \"b\", \"fingerprint\": \"7-1\", \"line\": 1, \"offset\": 0, \"length\": 3, \"excerpt\": \"a\"}",
		 "x[0]: no source has a file with its fingerprint"},
		{"a line before the first", "{\"source\": \"bb\", \"path\": \"b\", \"fingerprint\": \"7-00000001\", \"line\": 0, \"offset\": 0, \"length\": 3, \"excerpt\": \"a\"}", bad},
		{"a negative offset", "{\"source\": \"bb\", \"path\": \"b\", \"fingerprint\": \"7-00000001\", \"line\": 1, \"offset\": -1, \"length\": 3, \"excerpt\": \"a\"}", bad},
		{"no length", "{\"source\": \"bb\", \"path\": \"b\", \"fingerprint\": \"7-00000001\", \"line\": 1, \"offset\": 0, \"excerpt\": \"a\"}", bad},
		{"an excerpt that is no text", "{\"source\": \"bb\", \"path\": \"b\", \"fingerprint\": \"7-00000001\", \"line\": 1, \"offset\": 0, \"length\": 1, \"excerpt\": 5}", bad},
		{"what has no fingerprint is no evidence", "{\"line\": 1, \"offset\": 0}", "not seen"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		TEXT_IS(wrong_with(rows[i].evidence), rows[i].wrong, rows[i].name);
}

static void test_fingerprints(void)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {{"0-00000000", true}, {"18204112-0000beef", true}, {"9223372036854775807-ffffffff", true}, {"9223372036854775808-ffffffff", false},
		    {"-1-00000000", false}, {"1-0000BEEF", false}, {"1-000000000", false}, {"-00000000", false}, {"1", false}, {"", false}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t bytes = 0;
		uint32_t crc = 0;
		FACT(claims_fingerprint(span_of(rows[i].text), &bytes, &crc) == rows[i].is, rows[i].text);
	}
}

int main(void)
{
	test_whole();
	test_evidence();
	test_fingerprints();
	return unit_done();
}
