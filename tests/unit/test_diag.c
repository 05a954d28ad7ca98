#include "base/diag.h"

#include <string.h>

#include "base/text.h"
#include "unit.h"

static void test_one(void)
{
	struct diag d = {0};
	diag_set(&d, "could not open \"%s\": %s", "app.log", "No such file or directory");
	diag_set(&d, "something later");
	diag_hint(&d, "The %s hint.", "first");
	diag_hint(&d, "A later hint.");
	FACT(d.set && !strcmp(d.what, "could not open \"app.log\": No such file or directory"), "the first failure wins");
	FACT(!strcmp(d.hint, "The first hint."), "the first hint wins");

	static char path[5000];
	memset(path, 'p', sizeof path - 1);
	d = (struct diag){0};
	diag_set(&d, "could not open \"%s\": File name too long", path);
	FACT(strlen(d.what) == sizeof d.what - 1 && !memcmp(d.what, "...ppp", 6) &&
		     span_ends(span_of(d.what), SPAN("pp\": File name too long")),
	     "a long text keeps its tail");
	for (size_t len = sizeof d.what - 3; len < sizeof d.what + 3; len++) {
		d = (struct diag){0};
		diag_set(&d, "%.*s", (int)len, path);
		size_t want = len < sizeof d.what - 1 ? len : sizeof d.what - 1;
		FACT(strlen(d.what) == want && (d.what[0] == '.') == (len >= sizeof d.what), "a text at the border of the space");
	}
	d = (struct diag){0};
	diag_set(&d, "%s", "");
	FACT(d.set && !d.what[0], "an empty failure is a failure");
}

static void test_list(void)
{
	struct diag_list a = {0}, b = {0};
	diag_sort(&a);
	diag_add(&a, DIAG_NOTE, NULL, "b %d", 2);
	diag_add(&a, DIAG_WARNING, "Do this.", "a");
	diag_add(&b, DIAG_ERROR, NULL, "c");
	diag_add(&b, DIAG_WARNING, "Do this.", "a");
	diag_add(&b, DIAG_WARNING, "Do that.", "a");
	b.incomplete = true;
	diag_merge(&a, &b);
	FACT(a.n == 5 && !b.n && !b.items && a.incomplete, "merging moves everything and keeps \"incomplete\"");
	diag_sort(&a);
	FACT(a.n == 4, "exact repeats are dropped, the same text with another hint is not");
	FACT(a.items[0].level == DIAG_ERROR && !strcmp(a.items[1].hint, "Do that.") && !strcmp(a.items[2].hint, "Do this.") &&
		     a.items[3].level == DIAG_NOTE && !strcmp(a.items[3].what, "b 2"),
	     "errors stand first, then by text and hint");
	diag_merge(&a, &b);
	FACT(a.n == 4 && a.incomplete, "merging nothing changes nothing");
	diag_release(&a);
	diag_release(&a);
	diag_release(&b);
	FACT(!a.n && !a.items && !a.incomplete, "releasing twice is fine");
}

int main(void)
{
	test_one();
	test_list();
	return unit_done();
}
