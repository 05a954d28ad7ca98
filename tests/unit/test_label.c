#include "story/label.h"

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

int main(void)
{
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
