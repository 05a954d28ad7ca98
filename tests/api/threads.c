/* threads: what onset.h promises: two scans in two threads at once; calls that come too late; stopping; nothing printed.
 *
 * Takes  a log, a draft of it that the program wrote, a FIFO that nobody writes to.
 * Gives  a line for each promise that is not kept; last line "N passed, N failed".
 * Holds  counters.
 * Never  includes anything of onset but its one header.
 */
#include <onset/onset.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned passed, failed;

static void fact(int holds, const char *name)
{
	passed += holds != 0;
	failed += holds == 0;
	if (!holds)
		printf("FAIL %s\n", name);
}

static char *whole(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *bytes = malloc(1 << 24);
	*len = f && bytes ? fread(bytes, 1, 1 << 24, f) : 0;
	if (f)
		fclose(f);
	return bytes;
}

struct job {
	const char *path;
	char *json;
	size_t len;
};

static void *draft(void *shared)
{
	struct job *job = shared;
	struct onset_scan *scan = onset_open();
	onset_add(scan, job->path);
	if (onset_read(scan) == ONSET_COMPLETE)
		onset_draft(scan, &job->json, &job->len);
	onset_close(scan);
	return NULL;
}

static void at_once(const char *log, const char *wanted, size_t wanted_len)
{
	enum { ROUNDS = 8, THREADS = 4 };
	int same = 1;
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t threads[THREADS];
		struct job jobs[THREADS] = {{0}};
		for (int i = 0; i < THREADS; i++) {
			jobs[i].path = log;
			pthread_create(&threads[i], NULL, draft, &jobs[i]);
		}
		for (int i = 0; i < THREADS; i++) {
			pthread_join(threads[i], NULL);
			same &= jobs[i].len == wanted_len && !memcmp(jobs[i].json, wanted, wanted_len);
			onset_free(jobs[i].json);
		}
	}
	fact(same, "scans in several threads give what the program gives");
}

static int said(struct onset_scan *scan, const char *text)
{
	const struct onset_message *m;
	for (size_t i = 0; (m = onset_message(scan, i)); i++)
		if (strstr(m->text, text))
			return 1;
	return 0;
}

static void options(const char *log)
{
	char *json, *text;
	size_t len;
	void *bytes;
	struct onset_scan *scan = onset_open();
	fact(onset_set(scan, "zoen", "*=UTC") == ONSET_USAGE && said(scan, "unknown option"), "an unknown option");
	fact(!strcmp(onset_message(scan, 0)->hint, "Did you mean zone?"), "with a hint");
	fact(onset_set(scan, "zone", "*") == ONSET_USAGE, "a value that makes no sense");
	fact(onset_add(scan, "") == ONSET_USAGE, "an empty path");
	fact(onset_digest(scan, 80, &text) == ONSET_NOTHING && !text, "no digest without a draft");
	onset_close(scan);
	scan = onset_open();
	fact(onset_set(scan, "zone", "*=Mars/Olympus") == ONSET_COMPLETE && onset_prepare(scan) == ONSET_USAGE &&
		     said(scan, "unknown zone"),
	     "what takes knowledge of zones is told when the scan is prepared");
	fact(onset_read(scan) == ONSET_USAGE && onset_draft(scan, &json, &len) == ONSET_USAGE && !json && !len,
	     "and whatever is called then says so");
	onset_close(scan);
	scan = onset_open();
	fact(onset_draft(scan, &json, &len) == ONSET_NOTHING && said(scan, "no line"), "there is no draft of nothing");
	fact(onset_save(scan, &bytes, &len) == ONSET_COMPLETE && len, "but a tally");
	onset_close(scan);
	struct onset_scan *other = onset_open();
	fact(onset_load(other, bytes, len) == ONSET_COMPLETE, "which can be loaded");
	fact(onset_load(other, bytes, len - 1) == ONSET_NOTHING, "unless it is cut");
	fact(onset_load(other, "x", 1) == ONSET_NOTHING && said(other, "is no tally"), "or is none");
	fact(onset_load(other, NULL, 0) == ONSET_NOTHING, "or nothing at all");
	onset_free(bytes);
	fact(onset_merge(other, other) == ONSET_COMPLETE, "a scan merged with itself stays as it is");
	onset_close(other);
	scan = onset_open();
	onset_add(scan, log);
	fact(onset_read(scan) == ONSET_COMPLETE && onset_read(scan) == ONSET_USAGE, "a scan is read once");
	fact(onset_add(scan, log) == ONSET_USAGE && onset_set(scan, "jobs", "1") == ONSET_USAGE, "what comes too late");
	fact(onset_draft(scan, &json, &len) == ONSET_COMPLETE && strlen(json) == len && json[len - 1] == '\n',
	     "a draft ends in a newline, and a NUL behind it");
	fact(onset_digest(scan, 80, &text) == ONSET_COMPLETE && strlen(text) > 100, "its digest");
	onset_free(json);
	onset_free(text);
	onset_close(scan);
	onset_close(NULL);
	onset_free(NULL);
}

static int stop_at_third(void *context, int64_t done, int64_t total)
{
	(void)done;
	int *looks = context;
	if (total != -1)
		*looks += 100;
	return ++*looks == 3;
}

static volatile sig_atomic_t alarms;

static void count_alarm(int number)
{
	(void)number;
	alarms++;
}

static void stopped(const char *fifo)
{
	struct onset_scan *scan = onset_open();
	int looks = 0;
	signal(SIGUSR1, count_alarm);
	onset_watch(scan, stop_at_third, &looks);
	onset_add(scan, fifo);
	fact(onset_read(scan) == ONSET_NOTHING && said(scan, "interrupted"), "a scan that waits for a pipe is stopped");
	fact(looks == 3, "by who looks; that the size of a pipe is not known is said");
	raise(SIGUSR1);
	fact(alarms == 1, "signals are the caller's, before, during and after");
	onset_close(scan);
}

int main(int argc, char **argv)
{
	size_t len;
	if (argc != 4)
		return 2;
	char *wanted = whole(argv[2], &len);
	fact(len > 1000, "the program's draft is there");
	at_once(argv[1], wanted, len);
	options(argv[1]);
	stopped(argv[3]);
	fact(!strcmp(onset_version(), "0.1.0"), "the version");
	free(wanted);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
