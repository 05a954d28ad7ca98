#include "fold/label.h"

#include "unit.h"

/* The keys of all sources; what the first one is called. */
struct naming {
	const char *fact, *keys[4], *label;
};

static const struct naming namings[] = {
	{"a source alone is called by its file", {"var/log/nginx/access.log"}, "access.log"},
	{"a key without a folder is the name", {"access.log", "logs/error.log"}, "access.log"},
	{"two files of one name are told apart by their folders",
	 {"web/access.log", "api/access.log"},
	 "web/access.log"},
	{"by as few folders as it takes", {"srv/a/logs/access.log", "srv/b/logs/access.log"}, "a/logs/access.log"},
	{"a longer file name is another name", {"logs/access.log", "logs/my-access.log"}, "access.log"},
	{"and the longer one does not need more either", {"logs/my-access.log", "logs/access.log"}, "my-access.log"},
	{"a name that is another key's whole tail takes its folder", {"logs/app.log", "app.log"}, "logs/app.log"},
	{"and what has no folder is left alone", {"app.log", "logs/app.log"}, "app.log"},
	{"hosts that --source named are not hidden",
	 {"web1:logs/access.log", "web2:logs/access.log"},
	 "web1:logs/access.log"},
	{"not even beside a file without a folder", {"web1:access.log", "web2:access.log"}, "web1:access.log"},
	{"a file beside a named host's one takes its folder",
	 {"logs/access.log", "web2:access.log"},
	 "logs/access.log"},
	{"a host's name that is not needed is left out", {"web1:logs/access.log", "web2:logs/error.log"}, "access.log"},
	{"of three the first two share a folder name", {"x/logs/a.log", "y/logs/a.log", "z/a.log"}, "x/logs/a.log"},
	{"absolute paths lose what is not needed", {"/srv/a/app.log", "/srv/b/app.log"}, "a/app.log"},
	{"a file in the root is called by its name", {"/app.log"}, "app.log"},
	{"a key that ends in a slash has no empty name", {"logs/"}, "logs/"},
	{"an empty key is itself", {""}, ""},
};

/* Keys with the names of the streams in them. */
struct of_streams {
	const char *fact, *keys[2], *streams[2], *label;
};

static const struct of_streams of_streams[] = {
	{"a stream's name stays at its file", {"logs/compose.log#web-1", "logs/compose.log#db-1"}, {"web-1", "db-1"}, "compose.log#web-1"},
	{"also one with a slash", {"logs/syslog#db1/postgres", NULL}, {"db1/postgres", NULL}, "syslog#db1/postgres"},
	{"what is left of a file is called by the file", {"logs/syslog", "logs/syslog#db1/postgres"}, {"", "db1/postgres"}, "syslog"},
	{"the same stream of two files is told apart by their folders",
	 {"a/syslog#postgres", "b/syslog#postgres"},
	 {"postgres", "postgres"},
	 "a/syslog#postgres"},
};

int main(void)
{
	for (size_t i = 0; i < sizeof of_streams / sizeof *of_streams; i++) {
		struct fold_source sources[2] = {0};
		struct fold f = {.sources = sources};
		for (; f.n < 2 && of_streams[i].keys[f.n]; f.n++)
			sources[f.n] = (struct fold_source){.key = of_streams[i].keys[f.n], .stream = of_streams[i].streams[f.n]};
		TEXT_IS(label_of(&f, 0), of_streams[i].label, of_streams[i].fact);
		label_all(&f);
		FACT(!strcmp(label_of(&f, 0), of_streams[i].label), "the same when all are found at once");
	}
	for (size_t i = 0; i < sizeof namings / sizeof *namings; i++) {
		struct fold_source sources[4] = {0};
		struct fold f = {.sources = sources};
		for (; f.n < 4 && namings[i].keys[f.n]; f.n++)
			sources[f.n].key = namings[i].keys[f.n];
		TEXT_IS(label_of(&f, 0), namings[i].label, namings[i].fact);
		label_all(&f);
		FACT(!strcmp(label_of(&f, 0), namings[i].label), "the same when all are found at once");
	}
	return unit_done();
}
