#include "cause/statedchange.h"
#include "cause/roll.h"

#include "made.h"

static struct stated_event event(enum event_kind kind, int64_t at_s, const char *text, const char *service)
{
	return (struct stated_event){.kind = kind, .at_us = made_us(at_s, 0), .resolution_us = SECOND_US, .text = made_string(text),
				     .service = made_string(service), .version = made_string(""), .by = made_string(""),
				     .raw = made_string("{}"), .line = 1, .length = 2};
}

static const struct {
	const char *name;
	enum event_kind kind;
	const char *text, *service;
	const char *change; /* NULL: none */
	int64_t early_s;
	enum tier tier;
} cases[] = {
	{"a deploy is one", EVENT_DEPLOY, "shop-api 2.4.1", "", "deploy", 0, TIER_CHANGE},
	{"of a service whose log was read it is of that tier", EVENT_DEPLOY, "2.4.1", "shop-api", "deploy", 0, TIER_APP},
	{"of another service of which nothing is known", EVENT_DEPLOY, "2.4.1", "shop", "deploy", 0, TIER_CHANGE},
	{"what is taken back is a rollback", EVENT_DEPLOY, "Rolled back to 2.4.0", "", "rollback", 0, TIER_CHANGE},
	{"whoever calls it a mitigation", EVENT_MITIGATION, "revert of 2.4.1", "", "rollback", 0, TIER_CHANGE},
	{"a mitigation is one", EVENT_MITIGATION, "pool raised to 50", "", "mitigation", 0, TIER_CHANGE},
	{"what is finished began before", EVENT_DEPLOY, "Deployment finished", "", "deploy", 1800, TIER_CHANGE},
	{"a restart", EVENT_RESTART, "PostgreSQL", "", "restart", 0, TIER_CHANGE},
	{"a setting", EVENT_CONFIG, "flag on", "", "config", 0, TIER_CHANGE},
	{"an alert changes nothing", EVENT_ALERT, "it burns", "", NULL, 0, TIER_CHANGE},
	{"neither does a note", EVENT_NOTE, "deploy at noon", "", NULL, 0, TIER_CHANGE},
};

static void table(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made m;
		made_init(&m);
		made_log(&m, "shop-api-1.log", TIER_APP, "app_json", 1000, 0, 5000);
		struct event_file file = {.path = made_string("ops.jsonl"), .items = memory_new(1, sizeof *file.items), .n = 1, .cap = 1};
		file.items[0] = event(cases[i].kind, 100, cases[i].text, cases[i].service);
		m.options.events = &file;
		m.options.events_n = 1;
		struct change_list out = {0};
		statedchange_find(made_fold(&m), &out);
		FACT(out.n == (cases[i].change != NULL), cases[i].name);
		if (out.n) {
			const struct change *c = &out.items[0];
			TEXT_IS(c->kind, cases[i].change, cases[i].name);
			FACT(c->at.at_us == made_us(100, 0) && c->at.at_us - c->begun_us == cases[i].early_s * SECOND_US && c->tier == cases[i].tier &&
				     c->stated == &file.items[0] && c->source_index == SIZE_MAX && c->evidence.n == 1,
			     cases[i].name);
		}
		changelist_release(&out);
		made_release(&m);
		eventfile_release(&file);
	}
}

/* A log that shows the service start tells which of its instances were changed. */
static void instances(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "shop-api-1.log", TIER_APP, "app_json", 1000, 0, 5000);
	made_event(p, "process.start", "process.start", 130 * SECOND_US, "shop-api", "2.4.1");
	struct event_file file = {.path = made_string("ops.jsonl"), .items = memory_new(2, sizeof *file.items), .n = 2, .cap = 2};
	file.items[0] = event(EVENT_DEPLOY, 100, "2.4.1", "shop-api");
	file.items[1] = event(EVENT_DEPLOY, 100 + 3600, "2.4.2", "shop-api");
	m.options.events = &file;
	m.options.events_n = 1;
	struct fold *f = made_fold(&m);
	struct change_list out = {0};
	struct step step = {&p->events[0], 0, 0, made_us(130, 0), true, "shop-api"};
	roll_changes(f, &step, 1, &out);
	statedchange_find(f, &out);
	FACT(out.n == 3 && out.items[1].instances_n == 1 && out.items[1].instances[0].at_us == made_us(130, 0), "half a minute later it starts");
	FACT(out.n == 3 && !out.items[2].instances_n, "an hour later nothing starts");
	changelist_release(&out);
	made_release(&m);
	eventfile_release(&file);
}

int main(void)
{
	table();
	instances();
	return unit_done();
}
