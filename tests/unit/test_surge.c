/* surge: more requests, by when they rose beside the first failure (1000 s). Strengths are sums of the table's. */
#include "cause/surge.h"

#include "stage.h"

#define MS(ms) ((int64_t)(ms) * 1000)

static const struct {
	const char *fact;
	int64_t rise_us, half_us; /* after the onset, known to +- half */
	int64_t before, risen, seconds_before; /* requests a second */
	int64_t surge, storm; /* strengths; -1: ruled out */
} cases[] = {
	/* before 500, doubled 150 */
	{"ten seconds before, and proved: no storm", -10 * SECOND_US, MS(500), 10, 40, 40, 650, -1},
	/* around 350, doubled 150, late -200; follows 350, as usual before 200 */
	{"in the same second: either", 0, SECOND_US, 10, 40, 10, 300, 550},
	/* 350 + 150; perhaps 200 + usual 200 */
	{"two seconds before, the order not proved: a storm perhaps", -2 * SECOND_US, 3 * SECOND_US, 10, 40, 10, 500, 400},
	{"six seconds before, the order not proved: too early for a storm", -6 * SECOND_US, 7 * SECOND_US, 10, 40, 10, 500, -1},
	/* follows 350 + usual 200 */
	{"ten seconds behind: no cause of it", 10 * SECOND_US, MS(500), 10, 40, 10, -1, 550},
	/* 500 - slight 300 */
	{"by less than half: little speaks for it", -10 * SECOND_US, MS(500), 10, 13, 13, 200, -1},
	{"a storm by less than half likewise", 10 * SECOND_US, MS(500), 10, 13, 10, -1, 250},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stage x = {0};
		made_init(&x.m);
		struct part *p = made_log(&x.m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 2000);
		made_run(p, "http.requests", "", 0, 2000, 10, 0, 900000);
		stage_set(&x, 1000, 1060);
		stage_burst(&x, "access.log", "http.server_error", "http.500", 1000, 1060, 90);
		stage_flat(&x, cases[i].before);
		int64_t at = made_us(1000, cases[i].rise_us);
		x.load.rose = true;
		x.load.rise = (struct moment){at, at - cases[i].half_us, at + cases[i].half_us, NULL};
		x.load.risen_ppm = cases[i].risen * 1000000;
		x.load.seconds_before_ppm = cases[i].seconds_before * 1000000;
		surge_find(&x.s, &x.found);
		const struct hypothesis *surge = stage_found(&x, "traffic_surge"), *storm = stage_found(&x, "retry_storm");
		FACT((surge->ruled_out ? -1 : surge->strength) == cases[i].surge, cases[i].fact);
		FACT((storm->ruled_out ? -1 : storm->strength) == cases[i].storm, "and what it is beside that");
		stage_release(&x);
	}

	/* Little's law, when durations are known. */
	static const struct {
		const char *fact;
		int64_t requests_ppm, strength;
	} shares[] = {{"more requests explain all of what is in flight", 1000000, 950}, /* + 300 */
		      {"more than seven tenths", 800000, 800},			       /* + 150 */
		      {"half says nothing", 500000, 650},
		      {"slower answers do", 200000, 500}}; /* - 150 */
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
		struct stage x = {0};
		made_init(&x.m);
		made_run(made_log(&x.m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 2000), "http.requests", "", 0, 2000, 10, 0, 900000);
		stage_set(&x, 1000, 1060);
		stage_flat(&x, 10);
		x.load.no_flight = NULL;
		x.load.rose = x.load.grew = true;
		x.load.rise = (struct moment){made_us(990, 0), made_us(989, 0), made_us(991, 0), NULL};
		x.load.risen_ppm = 40000000;
		x.load.seconds_before_ppm = 40000000;
		x.load.requests_share_ppm = shares[i].requests_ppm;
		x.load.duration_share_ppm = 1000000 - shares[i].requests_ppm;
		surge_find(&x.s, &x.found);
		FACT(stage_found(&x, "traffic_surge")->strength == shares[i].strength, shares[i].fact);
		stage_release(&x);
	}

	/* Two phases, 1000 to 1030 and 1100 to 1130; ten requests a second, forty from 1095 on. */
	static const struct {
		const char *fact;
		int64_t rise_s, second_s;
		bool phase;
	} later[] = {{"what came for the second phase is its cause", 1095, 1100, true},
		     {"none came: it has none", 3000, 1100, false},
		     {"twenty seconds behind the first it is the same phase", 1045, 1050, false}};
	for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
		struct stage x = {0};
		made_init(&x.m);
		struct part *p = made_log(&x.m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 2000);
		for (int64_t s = 0; s < 2000; s++)
			made_second(p, "http.requests", "", FACET_NONE, "", s, s >= later[i].rise_s ? 40 : 10, 0, 900000);
		stage_set(&x, 1000, 1130);
		stage_burst(&x, "access.log", "http.server_error", "http.500", 1000, 1030, 90);
		stage_burst(&x, "access.log", "http.server_error", "http.500", later[i].second_s, 1130, 90);
		stage_flat(&x, 10);
		surge_find(&x.s, &x.found);
		const struct hypothesis *h = stage_found(&x, "traffic_surge");
		FACT(!h->ruled_out == later[i].phase, later[i].fact);
		FACT(h->ruled_out || (h->phase.at_us == made_us(1100, 0) && h->at.at_us == made_us(1095, 0) && h->strength == 650),
		     "by its own first symptom, with all tests");
		FACT(h->ruled_out || stage_says(h, false, "for the phase from 11:18:20 to 11:18:50: requests rose from 10.0/s to 40.0/s"), "and says which phase");
		score_all(&x.s, &x.found);
		FACT(h->ruled_out || stage_found(&x, "traffic_surge")->in_order, "it came before its phase, though behind the onset");
		stage_release(&x);
	}

	struct stage x = {0};
	made_init(&x.m);
	made_log(&x.m, "access.log", TIER_WEB, "nginx_access", 1000, 0, 2000);
	stage_set(&x, 1000, 1060);
	stage_flat(&x, 10);
	surge_find(&x.s, &x.found);
	FACT(!stage_stands(&x, "traffic_surge") && strstr(stage_found(&x, "traffic_surge")->ruled_out, "10.0/s is usual"), "no rise, no surge");
	x.load.unknown = "no log with access records";
	hypothesis_release(&x.found);
	surge_find(&x.s, &x.found);
	FACT(strstr(stage_found(&x, "traffic_surge")->ruled_out, "not known: no log with access records"), "unknown is not none");
	stage_release(&x);
	return unit_done();
}
