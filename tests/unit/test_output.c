#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/interrupt.h"
#include "cmd/output.h"

static bool holds(const char *path, const char *content)
{
	char got[64] = {0};
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(got, 1, sizeof got - 1, f) : 0;
	if (f)
		fclose(f);
	return f && n == strlen(content) && !strcmp(got, content);
}

static unsigned mode_of(const char *path)
{
	struct stat st;
	return stat(path, &st) ? 0 : st.st_mode & 0777;
}

/* Entries of the working folder, hidden ones too. */
static size_t entries(void)
{
	size_t n = 0;
	DIR *dir = opendir(".");
	for (struct dirent *e; dir && (e = readdir(dir));)
		n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	if (dir)
		closedir(dir);
	return n;
}

/* After test_files(): "new" holds "five". */
static void test_stream(void)
{
	struct diag d = {0};
	struct output_stream s;
	size_t before = entries();
	FACT(output_open(&s, "new", OUTPUT_PRIVATE, &d) && output_add(&s, SPAN("a"), &d) && output_add(&s, SPAN("b"), &d) &&
		     holds("new", "five"),
	     "a file that comes piece by piece is not seen before it is finished");
	FACT(output_finish(&s, NULL, &d) && holds("new", "ab") && mode_of("new") == 0600 && entries() == before,
	     "then it stands in its place");
	output_abandon(&s);
	FACT(holds("new", "ab"), "what is finished cannot be abandoned");
	FACT(output_open(&s, "new", OUTPUT_COMMON, &d) && output_add(&s, SPAN("c"), &d), "a second one is begun");
	output_abandon(&s);
	FACT(holds("new", "ab") && entries() == before, "an abandoned file leaves what was there, and nothing else");
	FACT(!d.set && !output_open(&s, "none/new", OUTPUT_COMMON, &d) && d.set, "a folder that is missing is told");
	output_abandon(&s);
}

static void test_files(void)
{
	struct diag d = {0};
	FACT(output_write("new", SPAN("one"), OUTPUT_COMMON, &d) && holds("new", "one"), "a new file is written");
	FACT(mode_of("new") == 0640, "a new file has the mode that umask leaves");
	FACT(output_write("new", SPAN("two"), OUTPUT_COMMON, &d) && holds("new", "two"), "a file is replaced");
	FACT(!chmod("new", 0444) && output_write("new", SPAN("three"), OUTPUT_COMMON, &d) && mode_of("new") == 0444,
	     "a replaced file keeps its mode");
	FACT(output_write("new", SPAN("four"), OUTPUT_PRIVATE, &d) && mode_of("new") == 0600,
	     "a private file is the owner's alone");
	FACT(output_write("empty", SPAN_NONE, OUTPUT_COMMON, &d) && holds("empty", ""), "an empty file is written");
	FACT(!symlink("new", "link") && output_write("link", SPAN("five"), OUTPUT_COMMON, &d) && holds("new", "five"),
	     "a link stays a link");
	struct stat st;
	FACT(!lstat("link", &st) && S_ISLNK(st.st_mode), "a link is not replaced");
	FACT(output_write("/dev/null", SPAN("x"), OUTPUT_COMMON, &d) && !stat("/dev/null", &st) && S_ISCHR(st.st_mode),
	     "a device is written to, not replaced");
	FACT(!d.set, "nothing failed");
	FACT(entries() == 3, "no temporary file is left");
	FACT(output_is_same("new", "./link") && !output_is_same("new", "empty") && !output_is_same("new", "none"),
	     "two names of one file are known");
}

static bool fails(const char *path, const char *what)
{
	struct diag ready = {0}, written = {0};
	bool refused = !output_ready(path, &ready) && strstr(ready.what, what);
	return refused && !output_write(path, SPAN("x"), OUTPUT_COMMON, &written) && written.set;
}

static void test_failures(void)
{
	FACT(fails("none/file", "could not write \"none/file\": No such file or directory"),
	     "a folder that is not there");
	FACT(fails(".", "cannot write \".\": it is a folder"), "a folder instead of a file");
	FACT(fails("new/file", "could not write \"new/file\": Not a directory"), "a file instead of a folder");
	struct diag d = {0};
	char name[400];
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = 0;
	FACT(!output_write(name, SPAN("x"), OUTPUT_COMMON, &d) && d.set, "a name that is too long");
	FACT(entries() == 3, "a failure leaves no temporary file");
	struct diag full = {0};
	if (!access("/dev/full", W_OK))
		FACT(!output_write("/dev/full", SPAN("x"), OUTPUT_COMMON, &full) && strstr(full.what, strerror(ENOSPC)),
		     "a full disk is told");
}

/* The signal waits from before output_write() until the temporary file is complete: output_write() must see it. */
static void test_interrupted(void)
{
	struct diag d = {0};
	struct interrupt held;
	FACT(output_write("kept", SPAN("before"), OUTPUT_COMMON, &d), "a file is there");
	interrupt_hold(&held);
	raise(SIGTERM);
	FACT(!output_write("kept", SPAN("after"), OUTPUT_COMMON, &d), "a signal stops the writing");
	FACT(strstr(d.what, "interrupted"), "it is said why");
	FACT(holds("kept", "before") && entries() == 4, "what was there is still there, and nothing else");
	FACT(!interrupt_came(&held), "the signal was taken");
	interrupt_release(&held);
	signal(SIGHUP, SIG_IGN);
	interrupt_hold(&held);
	raise(SIGHUP);
	FACT(!interrupt_came(&held), "a signal that was ignored from the start is still ignored");
	interrupt_release(&held);
}

int main(void)
{
	char folder[] = "/tmp/onset-output-XXXXXX";
	umask(027);
	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	test_files();
	test_stream();
	test_failures();
	test_interrupted();
	static const char *const names[] = {"new", "empty", "link", "kept"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(names[i]);
	FACT(!chdir("/") && !rmdir(folder), "the folder is empty in the end");
	return unit_done();
}
