#include "line/record.h"

static const char *const tier_names[TIER_COUNT] = {
	[TIER_UNKNOWN] = "unknown", [TIER_LB] = "lb", [TIER_WEB] = "web",       [TIER_APP] = "app",
	[TIER_POOL] = "pool",       [TIER_DB] = "db", [TIER_CHANGE] = "change", [TIER_HUMAN] = "human",
};

const char *tier_name(enum tier tier)
{
	return (unsigned)tier < TIER_COUNT ? tier_names[tier] : tier_names[TIER_UNKNOWN];
}

bool tier_of(struct span name, enum tier *tier)
{
	for (int i = TIER_LB; i < TIER_COUNT; i++) {
		if (span_equal(name, span_of(tier_names[i]))) {
			*tier = (enum tier)i;
			return true;
		}
	}
	return false;
}

struct level_word {
	unsigned char len;
	unsigned char severity;
	char word[14]; /* in lower case */
};

#define WORD(severity, text) {sizeof(text) - 1, SEVERITY_##severity, text}

/* ASCII words, compared without case. The first dozen is what most lines say. Mapping: OpenTelemetry log data model,
 * appendix "Example mappings": syslog emerg is FATAL, alert ERROR3, crit ERROR2; java.util.logging's CONFIG and FINE are
 * DEBUG, FINER and FINEST TRACE. PostgreSQL's PANIC is above its FATAL. */
static const struct level_word ascii_words[] = {
	WORD(INFO, "info"), WORD(INFO, "log"), WORD(ERROR, "error"), WORD(WARN, "warn"), WORD(WARN, "warning"),
	WORD(FATAL, "fatal"), WORD(DEBUG, "debug"), WORD(NOTICE, "notice"), WORD(CRITICAL, "crit"), WORD(ERROR, "err"),
	WORD(CRITICAL, "critical"), WORD(ALERT, "alert"), WORD(TRACE, "trace"), WORD(PANIC, "panic"),
	WORD(FATAL, "emerg"),
	/* single letters: klog, glog, Android, MongoDB, Ruby's Logger */
	WORD(INFO, "i"), WORD(WARN, "w"), WORD(ERROR, "e"), WORD(FATAL, "f"), WORD(DEBUG, "d"), WORD(TRACE, "t"),
	WORD(TRACE, "v"), WORD(NOTICE, "n"), WORD(CRITICAL, "c"), WORD(ALERT, "a"), WORD(PANIC, "p"),
	/* long and short forms of other systems */
	WORD(FATAL, "emergency"), WORD(INFO, "information"), WORD(INFO, "informational"), WORD(INFO, "inf"),
	WORD(INFO, "system"), WORD(INFO, "dflt"), WORD(INFO, "default"), WORD(NOTICE, "note"), WORD(NOTICE, "notc"),
	WORD(WARN, "wrn"), WORD(WARN, "warni"), WORD(ERROR, "eror"), WORD(ERROR, "erro"), WORD(ERROR, "fail"),
	WORD(ERROR, "severe"), WORD(FATAL, "ftl"), WORD(FATAL, "fatl"), WORD(FATAL, "dpanic"), WORD(DEBUG, "dbg"),
	WORD(DEBUG, "dbug"), WORD(DEBUG, "debg"), WORD(DEBUG, "fine"), WORD(DEBUG, "config"), WORD(DEBUG, "debug1"),
	WORD(DEBUG, "debug2"), WORD(DEBUG, "debug3"), WORD(DEBUG, "debug4"), WORD(DEBUG, "debug5"), WORD(TRACE, "trc"),
	WORD(TRACE, "trce"), WORD(TRACE, "verbose"), WORD(TRACE, "verb"), WORD(TRACE, "finer"), WORD(TRACE, "finest"),
	WORD(TRACE, "silly"), WORD(TRACE, "noise"), WORD(TRACE, "trace1"), WORD(TRACE, "trace5"), WORD(TRACE, "trace6"),
	WORD(TRACE, "trace7"), WORD(TRACE, "trace8"),
	/* PostgreSQL's lc_messages: de, fr, it, sv (facts/connection_messages.md, from postgres-15.mo) */
	WORD(ERROR, "fehler"), WORD(WARN, "warnung"), WORD(PANIC, "panik"), WORD(NOTICE, "hinweis"), WORD(ERROR, "erreur"),
	WORD(WARN, "attention"), WORD(FATAL, "fatale"), WORD(ERROR, "errore"), WORD(WARN, "attenzione"),
	WORD(PANIC, "panico"), WORD(NOTICE, "notifica"), WORD(FATAL, "fatalt"), WORD(ERROR, "fel"), WORD(INFO, "logg"),
	WORD(WARN, "varning"), WORD(NOTICE, "notis"),
};

/* PostgreSQL's lc_messages in other scripts, compared as they are: it prints them in one form only. Georgian has one word
 * for WARNING and NOTICE: the worse one holds. */
static const struct {
	const char *word;
	enum severity severity;
} other_words[] = {
	{"ფატალური", SEVERITY_FATAL},   {"შეცდომა", SEVERITY_ERROR},    {"ჟურნალი", SEVERITY_INFO},
	{"გაფრთხილება", SEVERITY_WARN},  {"პანიკა", SEVERITY_PANIC},     {"ინფორმაცია", SEVERITY_INFO},
	{"გამართვა", SEVERITY_DEBUG},   {"치명적오류", SEVERITY_FATAL},   {"오류", SEVERITY_ERROR},
	{"로그", SEVERITY_INFO},         {"경고", SEVERITY_WARN},        {"손상", SEVERITY_PANIC},
	{"알림", SEVERITY_NOTICE},       {"정보", SEVERITY_INFO},        {"디버그", SEVERITY_DEBUG},
	{"ВАЖНО", SEVERITY_FATAL},      {"ОШИБКА", SEVERITY_ERROR},     {"СООБЩЕНИЕ", SEVERITY_INFO},
	{"ПРЕДУПРЕЖДЕНИЕ", SEVERITY_WARN}, {"ПАНИКА", SEVERITY_PANIC},   {"ЗАМЕЧАНИЕ", SEVERITY_NOTICE},
	{"ИНФОРМАЦИЯ", SEVERITY_INFO},  {"ОТЛАДКА", SEVERITY_DEBUG},    {"ФАТАЛЬНО", SEVERITY_FATAL},
	{"ПОМИЛКА", SEVERITY_ERROR},    {"ЗАПИСУВАННЯ", SEVERITY_INFO}, {"ПОПЕРЕДЖЕННЯ", SEVERITY_WARN},
	{"ПАНІКА", SEVERITY_PANIC},     {"ПОВІДОМЛЕННЯ", SEVERITY_NOTICE}, {"ІНФОРМАЦІЯ", SEVERITY_INFO},
	{"НАЛАГОДЖЕННЯ", SEVERITY_DEBUG}, {"致命错误", SEVERITY_FATAL},   {"错误", SEVERITY_ERROR},
	{"日志", SEVERITY_INFO},         {"警告", SEVERITY_WARN},        {"灾难性错误", SEVERITY_PANIC},
	{"注意", SEVERITY_NOTICE},       {"信息", SEVERITY_INFO},        {"调试", SEVERITY_DEBUG},
	{"致命錯誤", SEVERITY_FATAL},     {"錯誤", SEVERITY_ERROR},       {"日誌", SEVERITY_INFO},
	{"嚴重錯誤", SEVERITY_PANIC},     {"資訊", SEVERITY_INFO},        {"除錯", SEVERITY_DEBUG},
};

/* OpenTelemetry's own short names with a step: "INFO2", "ERROR3", "FATAL4". */
static enum severity stepped_severity(struct span word)
{
	char step = word.len ? word.at[word.len - 1] : 0;
	if (step < '2' || step > '4')
		return SEVERITY_UNKNOWN;
	struct span base = span_head(word, word.len - 1);
	for (int severity = SEVERITY_TRACE; severity <= SEVERITY_FATAL; severity += 4) {
		if (span_equal_nocase(base, span_of(severity_name((enum severity)severity))))
			return (enum severity)(severity + (step - '1'));
	}
	return SEVERITY_UNKNOWN;
}

enum severity severity_of(struct span word)
{
	if (!word.len)
		return SEVERITY_UNKNOWN;
	unsigned char first = (unsigned char)word.at[0];
	if (first >= 0x80) {
		for (size_t i = 0; i < sizeof(other_words) / sizeof(other_words[0]); i++) {
			if (span_equal(word, span_of(other_words[i].word)))
				return other_words[i].severity;
		}
		return SEVERITY_UNKNOWN;
	}
	for (size_t i = 0; i < sizeof(ascii_words) / sizeof(ascii_words[0]); i++) {
		const struct level_word *w = &ascii_words[i];
		if (w->len == word.len && w->word[0] == (char)(first | 0x20) &&
		    span_equal_nocase(word, (struct span){w->word, w->len}))
			return (enum severity)w->severity;
	}
	return stepped_severity(word);
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {
		"",      "TRACE", "TRACE2", "TRACE3", "TRACE4", "DEBUG",  "DEBUG2", "DEBUG3", "DEBUG4",
		"INFO",  "INFO2", "INFO3",  "INFO4",  "WARN",   "WARN2",  "WARN3",  "WARN4",  "ERROR",
		"ERROR2", "ERROR3", "ERROR4", "FATAL", "FATAL2", "FATAL3", "FATAL4",
	};
	return (unsigned)severity < sizeof(names) / sizeof(names[0]) ? names[severity] : "";
}

static const char *const field_names[FIELD_COUNT] = {
#define X(suffix, name) [FIELD_##suffix] = name,
	RECORD_FIELDS(X)
#undef X
};

const char *field_name(enum field field)
{
	return (unsigned)field < FIELD_COUNT ? field_names[field] : "";
}

bool field_of(struct span name, enum field *field)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		if (name.len && name.at[0] == field_names[i][0] && span_equal(name, span_of(field_names[i]))) {
			*field = (enum field)i;
			return true;
		}
	}
	return false;
}

static const struct {
	const char *name, *unit;
	enum field key;
} metrics[METRIC_COUNT] = {
#define X(suffix, name, unit, key) [METRIC_##suffix] = {name, unit, FIELD_##key},
	RECORD_METRICS(X)
#undef X
};
_Static_assert(METRIC_COUNT <= 32, "record.metrics has a bit for each");
_Static_assert(FIELD_COUNT <= 64, "record.has has a bit for each");

const char *metric_name(enum metric metric)
{
	return metrics[metric].name;
}

const char *metric_unit(enum metric metric)
{
	return metrics[metric].unit;
}

enum field metric_key(enum metric metric)
{
	return metrics[metric].key;
}

bool metric_of(struct span name, enum metric *metric)
{
	for (int i = 0; i < METRIC_COUNT; i++) {
		if (span_equal(name, span_of(metrics[i].name))) {
			*metric = (enum metric)i;
			return true;
		}
	}
	return false;
}
