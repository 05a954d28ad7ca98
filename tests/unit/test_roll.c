#include "cause/roll.h"

#include "made.h"

/* Steps of one service, a word each: the instance, + start or - stop, its version, @ and the second. What comes out, a
 * word each: kind, (from>version), @ and its second, ~ and the second of its end, / and how many pieces of evidence. */
struct story {
	const char *fact, *steps, *changes;
};

static const struct story stories[] = {
	{"nothing happened", "", ""},
	{"the first start of a capture is a start", "a+1.0@0", "start(>1.0)@0/1"},
	{"ten seconds into the log it still is", "a+1.0@10", "start(>1.0)@10/1"},
	{"later it is a restart: the service ran before", "a+1.0@11", "restart(>1.0)@11/1"},
	{"a second start is one, however early", "a+1@0 a+1@3", "start(>1)@0/1 restart(>1)@3/1"},
	{"a stop alone is a stop", "a-1.0@5", "stop(>)@5/1"},
	{"stop and start of one version is a restart", "a-1.0@5 a+1.0@7", "restart(>1.0)@5~7/2"},
	{"of another version a deploy", "a-1.0@5 a+1.1@7", "deploy(1.0>1.1)@5~7/2"},
	{"also when only the starts tell their version", "a+1.0@0 a-@1000 a+1.1@1002",
	 "start(>1.0)@0/1 deploy(1.0>1.1)@1000~1002/2"},
	{"or only the first of them", "a-1@500 a+2@501 b+@502", "deploy(1>2)@500~502/2"},
	{"versions that nobody tells make no deploy", "a+@0 a-@1000 a+@1002", "start(>)@0/1 restart(>)@1000~1002/2"},
	{"instances that go one by one are one change, to the last start", "a-1@500 a+2@501 b-1@700 b+2@702",
	 "deploy(1>2)@500~702/2"},
	{"so do those that start together and stop later", "b+2@500 a+2@501 b-@510 a-@511",
	 "restart(>2)@500~501/2 stop(>)@510/2"},
	{"evidence: the first step, the first stop and the last start; a stop that no start follows stands alone",
	 "b+2@500 a-1@510 a+2@511 c-1@520", "deploy(1>2)@500~511/3 stop(>)@520/1"},
	{"instances that take turns, and the run's end", "a+2@500 b+2@500 a+2@510 b+2@510 a-@525 b-@525",
	 "restart(>2)@500~500/2 restart(>2)@510~510/2 stop(>)@525/2"},
	{"an instance that starts again begins another one", "a-1@500 a+2@501 a-2@520 a+3@521",
	 "deploy(1>2)@500~501/2 deploy(2>3)@520~521/2"},
	{"five minutes apart is still one", "a-1@500 a+2@501 b-1@801 b+2@802", "deploy(1>2)@500~802/2"},
	{"more than that is two", "a-1@500 a+2@501 b-1@802 b+2@803", "deploy(1>2)@500~501/2 restart(>2)@802~803/2"},
	{"five minutes count from step to step, not from the first", "a+2@500 b+2@800 c+2@1100 d+2@1400",
	 "restart(>2)@500~1400/2"},
	{"a start of a third version is a change of its own", "a+2@500 b+3@501", "restart(>2)@500/1 deploy(2>3)@501/1"},
	{"a version that comes back is a rollback", "a+2@0 a+3@500 a+2@900",
	 "start(>2)@0/1 deploy(2>3)@500/1 rollback(3>2)@900/1"},
	{"so is a smaller number, whatever was seen before", "a+1.10.0@0 a+1.9.12@500", "start(>1.10.0)@0/1 rollback(1.10.0>1.9.12)@500/1"},
	{"a larger number is none", "a+1.9.12@0 a+1.10@500", "start(>1.9.12)@0/1 deploy(1.9.12>1.10)@500/1"},
	{"what is no number with dots has no order", "a+9b@0 a+1c@500", "start(>9b)@0/1 deploy(9b>1c)@500/1"},
	{"an instance that had stayed and starts again is not taken back", "a+2@0 b+2@0 a+3@500 b-2@900 b+2@901",
	 "start(>2)@0~0/2 deploy(2>3)@500/1 restart(>2)@900~901/2"},
	{"the second half of a deploy is one", "a+2@0 b+2@0 a+3@500 b+3@900",
	 "start(>2)@0~0/2 deploy(2>3)@500/1 deploy(2>3)@900/1"},
	{"a crash loop is many restarts", "a+1@100 a+1@103 a+1@106",
	 "restart(>1)@100/1 restart(>1)@103/1 restart(>1)@106/1"},
	{"a stop that is logged twice is one", "a-1@500 a-1@501 a+1@502", "restart(>1)@500~502/2"},
};

/* "Starting billing", then "listening": one start; by pid, else by what they say. */
static void said_twice(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "app.log", TIER_APP, "app_python", 1000, 0, 5000);
	struct fold *f = made_fold(&m);
	struct event starting = {.class = (char *)"process.starting", .host = (char *)"", .version = (char *)"1", .text = (char *)"", .pid = -1};
	struct event listens = {.class = (char *)"process.start", .host = (char *)"", .version = (char *)"", .text = (char *)"", .pid = -1};
	starting.at_us = made_us(0, 0);
	listens.at_us = made_us(3, 0);
	struct step steps[] = {{&starting, 0, 0, starting.at_us, true, "billing"}, {&listens, 0, 0, listens.at_us, true, "billing"}};
	struct change_list out = {0};
	roll_changes(f, steps, 2, &out);
	FACT(out.n == 1 && !strcmp(out.items[0].kind, "start"), "a service that starts and then listens has started once");
	changelist_release(&out);
	starting.pid = 7;
	listens.pid = 8;
	roll_changes(f, steps, 2, &out);
	FACT(out.n == 2, "two process ids are two starts");
	changelist_release(&out);
	listens.pid = 7;
	listens.class = starting.class;
	roll_changes(f, steps, 2, &out);
	FACT(out.n == 1, "one process id is one start");
	changelist_release(&out);
	made_release(&m);
}

static size_t parse_steps(const char *text, struct step *steps, struct event *events, char (*words)[64])
{
	size_t n = 0;
	struct span rest = span_of(text);
	while (rest.len) {
		struct span word = span_cut(&rest, ' ');
		snprintf(words[n], sizeof words[n], "%.*s", (int)word.len, word.at);
		char *at = strchr(words[n], '@');
		*at = 0;
		bool start = words[n][1] == '+';
		words[n][1] = 0;
		int64_t at_us = (MADE_T0 + atoll(at + 1)) * SECOND_US;
		events[n] = (struct event){.class = (char *)"process.start",
					   .host = words[n],
					   .version = words[n] + 2,
					   .at_us = at_us,
					   .text = words[n],
					   .line = (uint32_t)n};
		steps[n] = (struct step){&events[n], 0, 0, at_us, start, "shop"};
		n++;
	}
	return n;
}

static long long second_of(int64_t us)
{
	return us / SECOND_US - MADE_T0;
}

static void table(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, 5000);
	struct fold *f = made_fold(&m);
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		struct step steps[16];
		struct event events[16];
		char words[16][64];
		size_t n = parse_steps(stories[i].steps, steps, events, words);
		struct change_list out = {0};
		roll_changes(f, steps, n, &out);
		struct text t = {0};
		for (size_t k = 0; k < out.n; k++) {
			const struct change *c = &out.items[k];
			text_format(&t, "%s%s(%s>%s)@%lld", k ? " " : "", c->kind,
				    c->from_version ? c->from_version : "", c->version ? c->version : "",
				    second_of(c->at.at_us));
			if (c->end_us != INSTANT_NONE)
				text_format(&t, "~%lld", second_of(c->end_us));
			text_format(&t, "/%zu", c->evidence.n);
		}
		TEXT_IS(t.at, stories[i].changes, stories[i].fact);
		text_release(&t);
		changelist_release(&out);
	}
	made_release(&m);
}

/* Two logs whose instances have the same host name are two instances all the same. */
static void sources(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "app-1.log", TIER_APP, "app_json", 1000, 0, 5000);
	made_log(&m, "app-2.log", TIER_APP, "app_json", 1000, 0, 5000);
	struct fold *f = made_fold(&m);
	struct step steps[2];
	struct event events[2];
	char words[2][64];
	size_t n = parse_steps("a+1@100 a+1@101", steps, events, words);
	steps[1].source = steps[1].part = 1;
	struct change_list out = {0};
	roll_changes(f, steps, n, &out);
	FACT(out.n == 1 && strstr(out.items[0].summary, "2 instances"),
	     "one host name in two logs: two instances of one roll");
	FACT(out.items[0].evidence.n == 2 && out.items[0].evidence.items[1].crc == m.tally.entries[1].part->crc,
	     "evidence of the second comes from its own log");
	FACT(strstr(out.items[0].summary, "restart of shop (1)") && strstr(out.items[0].summary, "no stop was logged"),
	     "a start without a stop says so");
	changelist_release(&out);
	made_release(&m);
}

int main(void)
{
	table();
	said_twice();
	sources();
	return unit_done();
}
