/* example: onset as a library: two folders of logs, scanned apart, become one draft.
 *
 *     cc -Iinclude tests/api/example.c build/release/libonset.a -lpcre2-8 -ljansson -lz -pthread -o example
 *     ./example nginx/ postgresql/ > timeline.json
 *
 * Takes  two folders (or logs, or tallies).
 * Gives  the draft on standard output: the bytes that `onset draft` gives of both; messages on standard error; its status.
 * Holds  nothing.
 * Never  includes anything of onset but its one header.
 */
#include <onset/onset.h>
#include <stdio.h>

static void tell(struct onset_scan *scan)
{
	static const char *const words[] = {"note", "note", "warning", "error"};
	const struct onset_message *m;
	for (size_t i = 0; (m = onset_message(scan, i)); i++)
		if (m->level != ONSET_NOTE)
			fprintf(stderr, "%s: %s\n", words[m->level], m->text);
}

/* What a host would send: the tally of what it has. */
static int tally_of(const char *path, void **bytes, size_t *len)
{
	struct onset_scan *scan = onset_open();
	int status = onset_add(scan, path);
	if (status == ONSET_COMPLETE)
		status = onset_read(scan);
	if (status <= ONSET_INCOMPLETE)
		status = onset_save(scan, bytes, len);
	tell(scan);
	onset_close(scan);
	return status;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: example FOLDER FOLDER\n");
		return ONSET_USAGE;
	}
	struct onset_scan *both = onset_open(), *second = onset_open();
	void *tally = NULL;
	char *json = NULL;
	size_t tally_len = 0, json_len = 0;
	int worst = tally_of(argv[1], &tally, &tally_len), status = worst;
	if (status <= ONSET_INCOMPLETE)
		status = onset_load(both, tally, tally_len);
	worst = status > worst ? status : worst;
	if (worst <= ONSET_INCOMPLETE)
		status = onset_add(second, argv[2]);
	if (status <= ONSET_INCOMPLETE)
		status = onset_read(second);
	worst = status > worst ? status : worst;
	if (worst <= ONSET_INCOMPLETE)
		status = onset_merge(both, second);
	if (status <= ONSET_INCOMPLETE)
		status = onset_draft(both, &json, &json_len);
	worst = status > worst ? status : worst;
	if (json && fwrite(json, 1, json_len, stdout) != json_len)
		worst = ONSET_NOTHING;
	tell(second);
	tell(both);
	onset_free(tally);
	onset_free(json);
	onset_close(second);
	onset_close(both);
	return fflush(stdout) ? ONSET_NOTHING : worst;
}
