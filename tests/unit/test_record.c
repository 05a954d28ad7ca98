/* record: level words of every system, tiers and field names. */
#include "line/record.h"

#include "unit.h"

struct level {
	const char *word;
	enum severity severity;
};

static const struct level levels[] = {
	/* PostgreSQL, English; LOG is INFO */
	{"LOG", SEVERITY_INFO}, {"INFO", SEVERITY_INFO}, {"NOTICE", SEVERITY_NOTICE}, {"WARNING", SEVERITY_WARN},
	{"ERROR", SEVERITY_ERROR}, {"FATAL", SEVERITY_FATAL}, {"PANIC", SEVERITY_PANIC}, {"DEBUG1", SEVERITY_DEBUG},
	{"DEBUG5", SEVERITY_DEBUG},
	/* nginx and syslog */
	{"debug", SEVERITY_DEBUG}, {"info", SEVERITY_INFO}, {"notice", SEVERITY_NOTICE}, {"warn", SEVERITY_WARN},
	{"error", SEVERITY_ERROR}, {"crit", SEVERITY_CRITICAL}, {"alert", SEVERITY_ALERT}, {"emerg", SEVERITY_FATAL},
	{"err", SEVERITY_ERROR}, {"warning", SEVERITY_WARN}, {"Emergency", SEVERITY_FATAL},
	/* applications */
	{"CRITICAL", SEVERITY_CRITICAL}, {"Trace", SEVERITY_TRACE}, {"SEVERE", SEVERITY_ERROR}, {"FINE", SEVERITY_DEBUG},
	{"FINEST", SEVERITY_TRACE}, {"fatal", SEVERITY_FATAL}, {"dpanic", SEVERITY_FATAL}, {"Information", SEVERITY_INFO},
	{"E", SEVERITY_ERROR}, {"W", SEVERITY_WARN}, {"I", SEVERITY_INFO}, {"F", SEVERITY_FATAL}, {"d", SEVERITY_DEBUG},
	/* OpenTelemetry's steps */
	{"INFO2", (enum severity)10}, {"ERROR3", SEVERITY_ALERT}, {"FATAL4", SEVERITY_PANIC}, {"trace4", (enum severity)4},
	/* PostgreSQL's translations, facts/connection_messages.md */
	{"FEHLER", SEVERITY_ERROR}, {"WARNUNG", SEVERITY_WARN}, {"PANIK", SEVERITY_PANIC}, {"HINWEIS", SEVERITY_NOTICE},
	{"ERREUR", SEVERITY_ERROR}, {"ATTENTION", SEVERITY_WARN},
	{"FATALE", SEVERITY_FATAL}, {"ERRORE", SEVERITY_ERROR}, {"ATTENZIONE", SEVERITY_WARN}, {"PANICO", SEVERITY_PANIC},
	{"NOTIFICA", SEVERITY_NOTICE},
	{"ფატალური", SEVERITY_FATAL}, {"შეცდომა", SEVERITY_ERROR}, {"ჟურნალი", SEVERITY_INFO}, {"გაფრთხილება", SEVERITY_WARN},
	{"პანიკა", SEVERITY_PANIC}, {"ინფორმაცია", SEVERITY_INFO}, {"გამართვა", SEVERITY_DEBUG},
	{"치명적오류", SEVERITY_FATAL}, {"오류", SEVERITY_ERROR}, {"로그", SEVERITY_INFO}, {"경고", SEVERITY_WARN},
	{"손상", SEVERITY_PANIC}, {"알림", SEVERITY_NOTICE}, {"정보", SEVERITY_INFO}, {"디버그", SEVERITY_DEBUG},
	{"ВАЖНО", SEVERITY_FATAL}, {"ОШИБКА", SEVERITY_ERROR}, {"СООБЩЕНИЕ", SEVERITY_INFO}, {"ПРЕДУПРЕЖДЕНИЕ", SEVERITY_WARN},
	{"ПАНИКА", SEVERITY_PANIC}, {"ЗАМЕЧАНИЕ", SEVERITY_NOTICE}, {"ИНФОРМАЦИЯ", SEVERITY_INFO}, {"ОТЛАДКА", SEVERITY_DEBUG},
	{"FATALT", SEVERITY_FATAL}, {"FEL", SEVERITY_ERROR}, {"LOGG", SEVERITY_INFO}, {"VARNING", SEVERITY_WARN},
	{"NOTIS", SEVERITY_NOTICE},
	{"ФАТАЛЬНО", SEVERITY_FATAL}, {"ПОМИЛКА", SEVERITY_ERROR}, {"ЗАПИСУВАННЯ", SEVERITY_INFO},
	{"ПОПЕРЕДЖЕННЯ", SEVERITY_WARN}, {"ПАНІКА", SEVERITY_PANIC}, {"ПОВІДОМЛЕННЯ", SEVERITY_NOTICE},
	{"ІНФОРМАЦІЯ", SEVERITY_INFO}, {"НАЛАГОДЖЕННЯ", SEVERITY_DEBUG},
	{"致命错误", SEVERITY_FATAL}, {"错误", SEVERITY_ERROR}, {"日志", SEVERITY_INFO}, {"警告", SEVERITY_WARN},
	{"灾难性错误", SEVERITY_PANIC}, {"注意", SEVERITY_NOTICE}, {"信息", SEVERITY_INFO}, {"调试", SEVERITY_DEBUG},
	{"致命錯誤", SEVERITY_FATAL}, {"錯誤", SEVERITY_ERROR}, {"日誌", SEVERITY_INFO}, {"嚴重錯誤", SEVERITY_PANIC},
	{"資訊", SEVERITY_INFO}, {"除錯", SEVERITY_DEBUG},
	/* none */
	{"", SEVERITY_UNKNOWN}, {"30", SEVERITY_UNKNOWN}, {"INFO5", SEVERITY_UNKNOWN}, {"ERRORS", SEVERITY_UNKNOWN},
	{"DETAIL", SEVERITY_UNKNOWN}, {"STATEMENT", SEVERITY_UNKNOWN}, {"\xff", SEVERITY_UNKNOWN}, {"4", SEVERITY_UNKNOWN},
	{"a word much longer than any level word is", SEVERITY_UNKNOWN},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		FACT(severity_of(span_of(levels[i].word)) == levels[i].severity, levels[i].word);
	FACT(severity_of(SPAN_NONE) == SEVERITY_UNKNOWN, "no word is no level");
	FACT(!strcmp(severity_name(SEVERITY_NOTICE), "INFO2") && !strcmp(severity_name(SEVERITY_WARN), "WARN") &&
		     !strcmp(severity_name(SEVERITY_PANIC), "FATAL4") && !strcmp(severity_name(SEVERITY_UNKNOWN), ""),
	     "levels have OpenTelemetry's short names");
	for (int i = SEVERITY_TRACE; i <= SEVERITY_PANIC; i++) {
		/* But PostgreSQL's DEBUG2 to DEBUG4 tell more than its DEBUG1, OpenTelemetry's tell less. */
		int means = i > SEVERITY_DEBUG && i < SEVERITY_INFO ? SEVERITY_DEBUG : i;
		FACT((int)severity_of(span_of(severity_name((enum severity)i))) == means, "a level's name means the level");
	}
	FACT(!strcmp(severity_name((enum severity)25), ""), "a number beyond the levels has no name");

	for (int i = TIER_LB; i < TIER_COUNT; i++) {
		enum tier tier = TIER_UNKNOWN;
		FACT(tier_of(span_of(tier_name((enum tier)i)), &tier) && (int)tier == i, "a tier's name means the tier");
	}
	enum tier tier = TIER_DB;
	FACT(!tier_of(SPAN("unknown"), &tier) && !tier_of(SPAN("DB"), &tier) && tier == TIER_DB, "other words are no tier");
	FACT(!strcmp(tier_name(TIER_UNKNOWN), "unknown") && !strcmp(tier_name(TIER_COUNT), "unknown"), "no tier is \"unknown\"");

	for (int i = 0; i < FIELD_COUNT; i++) {
		enum field field;
		FACT(field_of(span_of(field_name((enum field)i)), &field) && (int)field == i, "a field's name means the field");
	}
	enum field field = FIELD_PATH;
	FACT(!field_of(SPAN("Message"), &field) && !field_of(SPAN(""), &field) && field == FIELD_PATH, "other words are no field");
	FACT(!strcmp(field_name(FIELD_SQLSTATE), "db.response.status_code"), "SQLSTATE has OpenTelemetry's name");
	FACT(FIELD_COUNT <= 64, "a bit for each field fits into 64");

	struct record r = {0};
	record_set(&r, FIELD_MESSAGE, SPAN("x"));
	FACT(record_has(&r, FIELD_MESSAGE) && !record_has(&r, FIELD_PATH) && !record_get(&r, FIELD_PATH).len, "a field is set or empty");
	record_clear(&r);
	FACT(!record_has(&r, FIELD_MESSAGE) && r.duration_us == -1 && r.lines == 1, "a cleared record has no fields");
	return unit_done();
}
