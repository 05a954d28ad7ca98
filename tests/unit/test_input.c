#include "read/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "unit.h"

static void must(int status, const char *what)
{
	if (status >= 0)
		return;
	perror(what);
	exit(1);
}

/* The test works inside a folder of its own and names everything relative to it. */
static void write_file(const char *path, const char *content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	must(fd, path);
	must(write(fd, content, strlen(content)) == (ssize_t)strlen(content) ? 0 : -1, path);
	close(fd);
}

/* The paths of a walk, one a line; then its troubles with their level. */
static struct text walked(const char *path, bool *incomplete)
{
	struct input_list list = {0};
	struct diag_list trouble = {0};
	struct text t = {0};
	input_walk(path, &list, &trouble);
	for (size_t i = 0; i < list.n; i++)
		text_format(&t, "%s %lld\n", list.files[i].path, (long long)list.files[i].size);
	for (size_t i = 0; i < trouble.n; i++)
		text_format(&t, "%s %s\n", trouble.items[i].level == DIAG_ERROR ? "error" : "note", trouble.items[i].what);
	*incomplete = trouble.incomplete;
	input_list_release(&list);
	diag_release(&trouble);
	return t;
}

static void check_walk(const char *path, const char *want, bool want_incomplete, const char *name)
{
	bool incomplete;
	struct text t = walked(path, &incomplete);
	if (!FACT(span_equal(text_span(&t), span_of(want)) && incomplete == want_incomplete, name))
		printf("got:\n%s", t.at);
	text_release(&t);
}

static void test_walk(void)
{
	must(mkdir("logs", 0700), "logs");
	must(mkdir("logs/nginx", 0700), "nginx");
	must(mkdir("logs/nginx/old", 0700), "old");
	must(mkdir("logs/empty", 0700), "empty");
	must(mkdir("logs/.git", 0700), ".git");
	write_file("logs/.git/config", "x");
	write_file("logs/.hidden", "x");
	write_file("logs/b.log", "four");
	write_file("logs/B.log", "");
	write_file("logs/a b\n.log", "1");
	write_file("logs/nginx/access.log.10.gz", "12");
	write_file("logs/nginx/access.log.2.gz", "123");
	write_file("logs/nginx/old/access.log", "12345");
	write_file("logs/\xC3\xA9.log", "1");
	check_walk("logs",
		   "logs/B.log 0\nlogs/a b\n.log 1\nlogs/b.log 4\nlogs/nginx/access.log.10.gz 2\nlogs/nginx/access.log.2.gz 3\n"
		   "logs/nginx/old/access.log 5\nlogs/\xC3\xA9.log 1\nnote skipped 2 hidden entries in \"logs\"\n",
		   false, "a folder is walked in byte order, hidden entries are skipped with a note");
	check_walk("logs/nginx/", "logs/nginx/access.log.10.gz 2\nlogs/nginx/access.log.2.gz 3\nlogs/nginx/old/access.log 5\n", false,
		   "a slash at the end is not doubled");
	check_walk("logs/.hidden", "logs/.hidden 1\n", false, "a hidden file that is named is read");
	check_walk("logs/empty", "", false, "an empty folder has no files");
	check_walk("absent", "error could not open \"absent\": No such file or directory\n", true, "a missing path is an error");
}

static void test_links(void)
{
	must(mkdir("links", 0700), "links");
	must(mkdir("links/real", 0700), "real");
	write_file("links/real/x.log", "x");
	must(symlink("..", "links/real/up"), "up");
	must(symlink("real", "links/zlink"), "zlink");
	must(symlink("real/x.log", "links/file.log"), "file.log");
	must(symlink("gone", "links/dangling"), "dangling");
	must(symlink("self", "links/self"), "self");
	check_walk("links",
		   "links/file.log 1\nlinks/real/x.log 1\nerror could not open \"links/dangling\": No such file or directory\n"
		   "note skipped \"links/real/up\": it leads back to \"links\"\n"
		   "note skipped \"links/self\": its symbolic link leads back to itself\n"
		   "note skipped \"links/zlink\": the same folder was read under another name\n",
		   true, "links are followed, loops end, what is missing is told and the rest is read");
	/* Twelve folders that all link to each other have 12! paths. */
	must(mkdir("web", 0700), "web");
	for (char a = 'a'; a < 'm'; a++) {
		char folder[] = {'w', 'e', 'b', '/', a, 0};
		must(mkdir(folder, 0700), folder);
		for (char b = 'a'; b < 'm'; b++) {
			char link[] = {'w', 'e', 'b', '/', a, '/', b, 0}, target[] = {'.', '.', '/', b, 0};
			must(symlink(target, link), link);
		}
	}
	bool incomplete;
	struct text t = walked("web", &incomplete);
	FACT(t.len < 100000 && !incomplete, "folders that link to each other are walked once");
	text_release(&t);
}

static void test_special(void)
{
	must(mkdir("special", 0700), "special");
	must(mkfifo("special/fifo", 0600), "fifo");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	strcpy(address.sun_path, "special/socket");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	must(fd, "socket");
	must(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
	close(fd);
	write_file("special/x.log", "x");
	check_walk("special",
		   "special/x.log 1\nnote skipped \"special/fifo\": neither a file nor a folder\n"
		   "note skipped \"special/socket\": neither a file nor a folder\n",
		   false, "FIFOs and sockets inside a folder are skipped with a note");
	check_walk("special/fifo", "special/fifo -1\n", false, "a FIFO that is named is a file of unknown size");
	pid_t writer = fork();
	must(writer, "fork");
	if (!writer) {
		write_file("special/fifo", "through a fifo");
		_exit(0);
	}
	struct input in;
	struct diag d = {0};
	char buffer[64];
	FACT(input_open(&in, "special/fifo", &d) && in.size == -1, "a FIFO that is named is opened");
	FACT(input_read(&in, buffer, sizeof buffer) == 14 && !memcmp(buffer, "through a fifo", 14), "a FIFO that is named is read");
	FACT(!input_read(&in, buffer, sizeof buffer) && !in.failed.set, "a FIFO ends when its writer does");
	input_close(&in);
	waitpid(writer, NULL, 0);
	FACT(!input_open(&in, "special/socket", &d) && d.set, "a socket cannot be opened");
}

static void test_deep(void)
{
	/* Deeper than PATH_MAX allows: reported, not followed for ever. */
	int home = open(".", O_RDONLY);
	must(mkdir("deep", 0700), "deep");
	must(chdir("deep"), "deep");
	char name[201];
	memset(name, 'd', 200);
	name[200] = 0;
	for (int i = 0; i < 25; i++) {
		must(mkdir(name, 0700), "mkdir");
		must(chdir(name), "chdir");
	}
	must(fchdir(home), "fchdir");
	bool incomplete;
	struct text t = walked("deep", &incomplete);
	FACT(incomplete && span_find(text_span(&t), SPAN("File name too long")) > 0, "a path that is too long is an error");
	text_release(&t);
	must(chdir("deep"), "deep");
	int depth = 0;
	while (!chdir(name))
		depth++;
	FACT(depth == 25, "the folders are there");
	for (; depth >= 0 && !chdir(".."); depth--)
		rmdir(name);
	must(fchdir(home), "fchdir");
	close(home);
}

static void test_open(void)
{
	struct input in;
	struct diag d = {0};
	_Atomic int64_t progress = 0;
	char buffer[64];
	write_file("plain.log", "0123456789");
	FACT(input_open(&in, "plain.log", &d) && in.size == 10, "a file is opened with its size");
	in.progress = &progress;
	FACT(input_read(&in, buffer, 4) == 4 && !memcmp(buffer, "0123", 4), "bytes are given in order");
	int fd = open("plain.log", O_WRONLY | O_APPEND);
	must(write(fd, "later", 5) == 5 ? 0 : -1, "append");
	close(fd);
	FACT(input_read(&in, buffer, sizeof buffer) == 6 && in.position == 10, "what is appended later is not read");
	FACT(!input_read(&in, buffer, sizeof buffer) && !in.failed.set && progress == 10, "the end is no failure; progress is counted");
	input_close(&in);
	FACT(input_open(&in, "plain.log", &d), "a file is opened again");
	must(truncate("plain.log", 3), "truncate");
	FACT(input_read(&in, buffer, sizeof buffer) == 3 && !input_read(&in, buffer, sizeof buffer) && in.failed.set,
	     "a file that shrinks meanwhile ends early, and that is a failure");
	FACT(!strcmp(in.failed.what, "\"plain.log\" became shorter while it was read: it ended after 3 of 15 bytes"),
	     "it says how much is missing");
	input_close(&in);
	input_close(&in);
	FACT(in.fd == -1, "closing twice is fine");
	FACT(!input_open(&in, ".", &d) && d.set && !strcmp(d.what, "cannot read \".\": it is a folder"), "a folder is no file");
	d = (struct diag){0};
	FACT(!input_open(&in, "absent", &d) && !strcmp(d.what, "could not open \"absent\": No such file or directory"),
	     "the reason is the operating system's");
	in = (struct input){.fd = open("/", O_RDONLY), .path = "/", .size = -1};
	FACT(!input_read(&in, buffer, sizeof buffer) && in.failed.set &&
		     !strcmp(in.failed.what, "could not read \"/\" after 0 bytes: Is a directory"),
	     "a read error is kept with its place");
	input_close(&in);
}

static void test_standard_input(void)
{
	struct input in;
	struct diag d = {0};
	char buffer[64];
	write_file("stdin.log", "skipped, read");
	int kept = dup(STDIN_FILENO), fd = open("stdin.log", O_RDONLY);
	must(dup2(fd, STDIN_FILENO), "dup2");
	must((int)lseek(STDIN_FILENO, 9, SEEK_SET), "lseek");
	check_walk("-", "- 4\n", false, "- is standard input");
	FACT(input_open(&in, "-", &d) && in.size == 4 && input_read(&in, buffer, sizeof buffer) == 4 && !memcmp(buffer, "read", 4),
	     "a redirected standard input is read from where it stands");
	input_close(&in);
	FACT(fcntl(STDIN_FILENO, F_GETFD) >= 0, "standard input stays open");
	if (kept >= 0)
		dup2(kept, STDIN_FILENO);
	close(fd);
}

/* Removes the folder of the test: files and links first, folders when they are empty. */
static void remove_all(void)
{
	static const char *const folders[] = {"logs/nginx/old", "logs/nginx", "logs/empty", "logs/.git", "logs", "links/real", "links",
					      "special", "deep", "."};
	for (char a = 'a'; a <= 'm'; a++) {
		char folder[] = {'w', 'e', 'b', '/', a, 0};
		for (char b = 'a'; b < 'm' && a < 'm'; b++) {
			char link[] = {'w', 'e', 'b', '/', a, '/', b, 0};
			unlink(link);
		}
		rmdir(a < 'm' ? folder : "web");
	}
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		DIR *dir = opendir(folders[i]);
		if (!dir)
			continue;
		struct text path = {0};
		for (struct dirent *entry; (entry = readdir(dir));) {
			text_clear(&path);
			text_format(&path, "%s/%s", folders[i], entry->d_name);
			unlink(path.at);
		}
		text_release(&path);
		closedir(dir);
		rmdir(folders[i]);
	}
}

int main(void)
{
	char folder[] = "/tmp/onset-test-input-XXXXXX";
	must(mkdtemp(folder) ? 0 : -1, folder);
	must(chdir(folder), folder);
	test_walk();
	test_links();
	test_special();
	test_deep();
	test_open();
	test_standard_input();
	remove_all();
	must(chdir("/"), "/");
	FACT(!rmdir(folder), "the test leaves nothing behind");
	return unit_done();
}
