#include "incident/slow.h"

#include "handmade.h"
#include "unit.h"

static const struct story_options nothing_stated;

static struct signal_set *signals(void)
{
	static const char *const files[][2] = {
		{"signals/http.server.slow.signal",
		 "signal = http.server.slow\ntitle = slow\nrole = symptom\nhealth = any\nvisible = yes\nstrength = states\n"
		 "sentence = slow\nmeasure = none\nrule = slow.1s\nclass = slow.1s\nduration = 1s\nsample = web - duration=1 |\n"},
		{"signals/http.server_error.signal",
		 "signal = http.server_error\ntitle = errors\nrole = symptom\nhealth = any\nvisible = yes\nstrength = states\n"
		 "sentence = errors\nmeasure = none\nrule = http.500\nclass = http.500\nstatus = 500\nsample = web - status=500 |\n"},
	};
	struct signal_set *set = signal_set_new();
	struct diag d = {0};
	for (size_t i = 0; i < 2; i++) {
		struct pattern_file file = {0};
		if (!pattern_file_parse(&file, files[i][0], span_of(files[i][1]), &d) || !signal_set_add(set, &file, &d))
			printf("%s\n", d.what);
	}
	FACT(signal_set_finish(set, &d) && signal_count(set) == 2, "the signals of this test load");
	return set;
}

/* An hour of ten requests a second; of each 1,000 `slow_1s` take 1 s and `slow_10s` take 10 s. */
static struct part *access_log(struct tally *t, const char *key, uint32_t seconds, uint32_t slow_1s, uint32_t slow_10s)
{
	struct part *p = handmade_part("nginx", TIER_WEB, 1000 + t->n, T0, T0 + seconds - 1);
	handmade_records(p, 100);
	size_t requests = p->series_n, one = requests + 1, ten = requests + 2;
	handmade_series(p, "http.requests", "", FACET_NONE, "", 1);
	handmade_series(p, "http.server.slow", "slow.1s", FACET_NONE, "", 1);
	handmade_series(p, "http.server.slow", "slow.10s", FACET_NONE, "", 1);
	for (uint32_t i = 0; i < seconds; i++) {
		handmade_bin(&p->series[requests], T0 + i, 10, 0, 900000);
		if (i % 100 < slow_1s)
			handmade_bin(&p->series[one], T0 + i, 1, 0, 900000);
		if (i % 100 < slow_10s)
			handmade_bin(&p->series[ten], T0 + i, 1, 0, 900000);
	}
	handmade_add(t, p, key, key);
	return p;
}

static const struct fold_source *source_of(const struct fold *f, const char *key)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->sources[i].key, key))
			return &f->sources[i];
	return NULL;
}

int main(void)
{
	struct signal_set *set = signals();
	struct tally t = {0};
	struct diag_list trouble = {0};
	access_log(&t, "fast", 3600, 5, 0);
	access_log(&t, "reports", 3600, 6, 2);
	access_log(&t, "long polls", 3600, 90, 60);
	access_log(&t, "short", 9, 1, 0);
	struct part *app = handmade_part("json", TIER_APP, 5000, T0, T0 + 3599);
	handmade_records(app, 10);
	handmade_add(&t, app, "app", "app");
	struct part *crisis = access_log(&t, "crisis", 3600, 0, 0);
	/* Ten minutes of failures in which everything takes 1 s, and the same for a minute on either side of them. */
	size_t failed = crisis->series_n;
	handmade_series(crisis, "http.server_error", "http.500", FACET_NONE, "", 1);
	for (size_t i = 0; i < crisis->series_n; i++)
		for (uint32_t s = 940; !strcmp(crisis->series[i].class, "slow.1s") && s < 1660; s++)
			handmade_bin(&crisis->series[i], T0 + s, 10, 0, 900000);
	for (uint32_t s = 1000; s < 1600; s++)
		handmade_bin(&crisis->series[failed], T0 + s, 9, 0, 900000);
	struct fold *f = fold_new(&t, set, &nothing_stated, &trouble);
	FACT(!slow_class(&f->sources[0]), "nothing is slow before it was chosen");
	slow_choose(f);
	const char *class = slow_class(source_of(f, "fast"));
	FACT(class && !strcmp(class, "slow.1s"), "5 of 1,000 requests of a second or more: a second is slow");
	class = slow_class(source_of(f, "reports"));
	FACT(class && !strcmp(class, "slow.10s"), "6 of 1,000: a second is usual there, ten are slow");
	FACT(!slow_class(source_of(f, "long polls")) && strstr(source_of(f, "long polls")->slow_reason, "0.5 %"),
	     "where ten seconds are usual nothing is slow, and it is said why");
	FACT(!slow_class(source_of(f, "short")) && strstr(source_of(f, "short")->slow_reason, "baseline"), "ninety requests are no baseline");
	FACT(!slow_class(source_of(f, "app")) && source_of(f, "app")->slow_reason, "a log without requests has no slow ones");
	class = slow_class(source_of(f, "crisis"));
	FACT(class && !strcmp(class, "slow.1s"), "what was slow within two minutes of failures is no baseline");
	fold_free(f);
	signal_set_free(set);
	handmade_release(&t);
	diag_release(&trouble);
	return unit_done();
}
