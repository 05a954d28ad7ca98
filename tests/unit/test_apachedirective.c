#include "split/apachedirective.h"

#include "base/memory.h"
#include "unit.h"

static struct apachedirectives *read(const char *text, bool *fine)
{
	struct apachedirectives *items = memory_new(1, sizeof *items);
	struct diag d = {0};
	size_t column;
	*fine = apachedirective_read(span_of(text), items, &d, &column);
	return items;
}

/* mod_log_config.c, parse_log_item(): modifiers may stand in any order. */
static void test_modifiers(void)
{
	static const char *const spellings[] = {"%200>{x}i", "%>200{x}i", "%{x}>200i", "%{x}200,304>i", "%!200{x}>i", "%<>!200,{x}i"};
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		bool fine;
		struct apachedirectives *items = read(spellings[i], &fine);
		FACT(fine && items->n == 1 && items->list[0].letter == 'i' && items->list[0].conditional && items->list[0].want == '>' &&
			     span_equal(items->list[0].argument, SPAN("x")),
		     spellings[i]);
		memory_free(items);
	}
	bool fine;
	struct apachedirectives *items = read("a%%b%s%%", &fine);
	FACT(fine && items->n == 3 && !items->list[0].letter && items->list[1].letter == 's' && !items->list[2].letter, "texts and directives");
	memory_free(items);
}

/* Of directives that say the same the one that counts. */
static void test_choice(void)
{
	static const struct {
		const char *text;
		int status, duration, client; /* places in the text's directives, -1: none */
	} cases[] = {
		{"%<s%s%>s", 2, -1, -1}, {"%>s%s%<s", 0, -1, -1}, {"%404s", -1, -1, -1}, {"%T%D%{ms}T", -1, 1, -1}, {"%{S}T%{MS}T", -1, 1, -1},
		{"%200D%T", -1, 1, -1}, {"%{x}T", -1, -1, -1}, {"%h%a", -1, -1, 1}, {"%{X-Real-IP}i%h", -1, -1, 1}, {"%{x-forwarded-for}i%{c}a", -1, -1, 1},
		{"%a%{client}n", -1, -1, 1}, {"%404a%h", -1, -1, 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool fine;
		struct apachedirectives *items = read(cases[i].text, &fine);
		struct apachechoice c;
		apachedirective_choose(items, &c);
		FACT(fine && (c.status ? c.status - items->list : -1) == cases[i].status && (c.duration ? c.duration - items->list : -1) == cases[i].duration &&
			     (c.client ? c.client - items->list : -1) == cases[i].client,
		     cases[i].text);
		memory_free(items);
	}
}

static void test_names(void)
{
	static const struct {
		const char *text, *name;
	} cases[] = {{"%l", "http.ident"}, {"%{X-Test}i", "http.request.header.x-test"}, {"%{ETag}o", "http.response.header.etag"},
		     {"%{SSL_CIPHER}x", "SSL_CIPHER"}, {"%{router}n", "router"}, {"%{word}n", ""}, {"%{number}n", ""}, {"%D", ""}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool fine;
		struct text name = {0};
		struct apachedirectives *items = read(cases[i].text, &fine);
		apachedirective_name(&items->list[0], &name);
		TEXT_IS(name.at, cases[i].name, cases[i].text);
		text_release(&name);
		memory_free(items);
	}
	FACT(apachedirective_note(SPAN("error.code")).field == FIELD_ERROR_CODE && apachedirective_note(SPAN("timestamp")).what == ACCESS_STAMP &&
		     apachedirective_note(SPAN("x")).what == ACCESS_IGNORED && apachedirective_note(SPAN("upstream")).what == ACCESS_UPSTREAM,
	     "notes that are fields");
}

int main(void)
{
	test_modifiers();
	test_choice();
	test_names();
	return unit_done();
}
