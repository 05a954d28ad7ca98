#include "split/postgresql.h"

#include "line/hop.h"
#include "split/postgresqlnumber.h"

struct word {
	const char *text;
	enum severity severity;
	enum field field; /* FIELD_IGNORED for a severity */
};

#define LEVEL(severity, text) {text, SEVERITY_##severity, FIELD_IGNORED}
#define ATTACHED(field, text) {text, SEVERITY_UNKNOWN, FIELD_##field}

/* From postgres-15.mo of each language. elog.c writes the word, a colon and two blanks; French writes a blank (or no-break
 * space) before the colon of attachments. */
static const struct word words[] = {
	LEVEL(INFO, "LOG"), LEVEL(FATAL, "FATAL"), LEVEL(ERROR, "ERROR"), LEVEL(WARN, "WARNING"), LEVEL(PANIC, "PANIC"),
	LEVEL(NOTICE, "NOTICE"), LEVEL(INFO, "INFO"), LEVEL(DEBUG, "DEBUG"), LEVEL(DEBUG, "DEBUG1"),
	LEVEL(DEBUG, "DEBUG2"), LEVEL(DEBUG, "DEBUG3"), LEVEL(DEBUG, "DEBUG4"), LEVEL(DEBUG, "DEBUG5"),
	ATTACHED(DETAIL, "DETAIL"), ATTACHED(HINT, "HINT"), ATTACHED(STATEMENT, "STATEMENT"),
	ATTACHED(CONTEXT, "CONTEXT"), ATTACHED(STATEMENT, "QUERY"), ATTACHED(CONTEXT, "LOCATION"), ATTACHED(CONTEXT, "BACKTRACE"),
	/* de */
	LEVEL(ERROR, "FEHLER"), LEVEL(WARN, "WARNUNG"), LEVEL(PANIC, "PANIK"), LEVEL(NOTICE, "HINWEIS"),
	ATTACHED(HINT, "TIPP"), ATTACHED(STATEMENT, "ANWEISUNG"), ATTACHED(CONTEXT, "ZUSAMMENHANG"),
	ATTACHED(STATEMENT, "ANFRAGE"), ATTACHED(CONTEXT, "ORT"),
	/* es */
	ATTACHED(DETAIL, "DETALLE"), ATTACHED(STATEMENT, "SENTENCIA"), ATTACHED(CONTEXT, "CONTEXTO"),
	ATTACHED(STATEMENT, "CONSULTA"), ATTACHED(CONTEXT, "UBICACIÓN"),
	/* fr */
	LEVEL(ERROR, "ERREUR"), LEVEL(WARN, "ATTENTION"), ATTACHED(DETAIL, "DÉTAIL"), ATTACHED(HINT, "ASTUCE"),
	ATTACHED(STATEMENT, "INSTRUCTION"), ATTACHED(CONTEXT, "CONTEXTE"), ATTACHED(STATEMENT, "REQUÊTE"),
	ATTACHED(CONTEXT, "EMPLACEMENT"),
	/* it */
	LEVEL(FATAL, "FATALE"), LEVEL(ERROR, "ERRORE"), LEVEL(WARN, "ATTENZIONE"), LEVEL(PANIC, "PANICO"),
	LEVEL(NOTICE, "NOTIFICA"), ATTACHED(DETAIL, "DETTAGLI"), ATTACHED(HINT, "SUGGERIMENTO"),
	ATTACHED(STATEMENT, "ISTRUZIONE"), ATTACHED(CONTEXT, "CONTESTO"),
	/* ja */
	ATTACHED(DETAIL, "詳細"), ATTACHED(HINT, "ヒント"), ATTACHED(STATEMENT, "文"), ATTACHED(CONTEXT, "文脈"),
	ATTACHED(STATEMENT, "問い合わせ"),
	/* ka: one word for WARNING and NOTICE, the worse one holds */
	LEVEL(FATAL, "ფატალური"), LEVEL(ERROR, "შეცდომა"), LEVEL(INFO, "ჟურნალი"), LEVEL(WARN, "გაფრთხილება"),
	LEVEL(PANIC, "პანიკა"), LEVEL(INFO, "ინფორმაცია"), LEVEL(DEBUG, "გამართვა"), ATTACHED(DETAIL, "დეტალები"),
	ATTACHED(HINT, "მინიშნება"), ATTACHED(STATEMENT, "ოპერატორი"), ATTACHED(CONTEXT, "კონტექსტი"),
	ATTACHED(STATEMENT, "მოთხოვნა"),
	/* ko */
	LEVEL(FATAL, "치명적오류"), LEVEL(ERROR, "오류"), LEVEL(INFO, "로그"), LEVEL(WARN, "경고"), LEVEL(PANIC, "손상"),
	LEVEL(NOTICE, "알림"), LEVEL(INFO, "정보"), LEVEL(DEBUG, "디버그"), ATTACHED(DETAIL, "상세정보"),
	ATTACHED(HINT, "힌트"), ATTACHED(STATEMENT, "명령 구문"), ATTACHED(CONTEXT, "내용"), ATTACHED(STATEMENT, "쿼리"),
	/* pl, pt_BR, tr: of servers before 15, too */
	LEVEL(FATAL, "KATASTROFALNY"), LEVEL(ERROR, "BŁĄD"), LEVEL(WARN, "OSTRZEŻENIE"), LEVEL(PANIC, "PANIKA"), LEVEL(NOTICE, "UWAGA"),
	LEVEL(INFO, "DZIENNIK"), ATTACHED(DETAIL, "SZCZEGÓŁY"), ATTACHED(HINT, "PODPOWIEDŹ"), ATTACHED(STATEMENT, "WYRAŻENIE"),
	ATTACHED(CONTEXT, "KONTEKST"), ATTACHED(STATEMENT, "ZAPYTANIE"),
	LEVEL(ERROR, "ERRO"), LEVEL(WARN, "AVISO"), LEVEL(PANIC, "PÂNICO"), LEVEL(NOTICE, "NOTA"), LEVEL(DEBUG, "DEPURAÇÃO"),
	ATTACHED(DETAIL, "DETALHE"), ATTACHED(HINT, "DICA"), ATTACHED(STATEMENT, "COMANDO"), ATTACHED(CONTEXT, "LOCAL"),
	LEVEL(FATAL, "ÖLÜMCÜL"), LEVEL(ERROR, "HATA"), LEVEL(WARN, "UYARI"), LEVEL(PANIC, "PANİK"), LEVEL(INFO, "BİLGİ"),
	ATTACHED(DETAIL, "DETAY"), ATTACHED(HINT, "İPUCU"), ATTACHED(STATEMENT, "İFADE"), ATTACHED(STATEMENT, "KOMUT"), ATTACHED(STATEMENT, "SORGU"),
	/* ru */
	LEVEL(FATAL, "ВАЖНО"), LEVEL(ERROR, "ОШИБКА"), LEVEL(INFO, "СООБЩЕНИЕ"), LEVEL(WARN, "ПРЕДУПРЕЖДЕНИЕ"),
	LEVEL(PANIC, "ПАНИКА"), LEVEL(NOTICE, "ЗАМЕЧАНИЕ"), LEVEL(INFO, "ИНФОРМАЦИЯ"), LEVEL(DEBUG, "ОТЛАДКА"),
	ATTACHED(DETAIL, "ПОДРОБНОСТИ"), ATTACHED(HINT, "ПОДСКАЗКА"), ATTACHED(STATEMENT, "ОПЕРАТОР"),
	ATTACHED(CONTEXT, "КОНТЕКСТ"), ATTACHED(STATEMENT, "ЗАПРОС"), ATTACHED(CONTEXT, "ПОЛОЖЕНИЕ"),
	/* sv */
	LEVEL(FATAL, "FATALT"), LEVEL(ERROR, "FEL"), LEVEL(INFO, "LOGG"), LEVEL(WARN, "VARNING"),
	LEVEL(NOTICE, "NOTIS"),
	ATTACHED(DETAIL, "DETALJ"), ATTACHED(HINT, "TIPS"), ATTACHED(STATEMENT, "SATS"), ATTACHED(CONTEXT, "KONTEXT"),
	ATTACHED(STATEMENT, "FRÅGA"), ATTACHED(CONTEXT, "PLATS"),
	/* uk */
	LEVEL(FATAL, "ФАТАЛЬНО"), LEVEL(ERROR, "ПОМИЛКА"), LEVEL(INFO, "ЗАПИСУВАННЯ"), LEVEL(WARN, "ПОПЕРЕДЖЕННЯ"),
	LEVEL(PANIC, "ПАНІКА"), LEVEL(NOTICE, "ПОВІДОМЛЕННЯ"), LEVEL(INFO, "ІНФОРМАЦІЯ"), LEVEL(DEBUG, "НАЛАГОДЖЕННЯ"),
	ATTACHED(DETAIL, "ВІДОМОСТІ"), ATTACHED(HINT, "УКАЗІВКА"), ATTACHED(STATEMENT, "ІНСТРУКЦІЯ"),
	ATTACHED(STATEMENT, "ЗАПИТ"),
	/* zh_CN, zh_TW */
	LEVEL(FATAL, "致命错误"), LEVEL(ERROR, "错误"), LEVEL(INFO, "日志"), LEVEL(WARN, "警告"), LEVEL(PANIC, "灾难性错误"),
	LEVEL(NOTICE, "注意"), LEVEL(INFO, "信息"), LEVEL(DEBUG, "调试"), ATTACHED(DETAIL, "详情"), ATTACHED(HINT, "提示"),
	ATTACHED(STATEMENT, "语句"), ATTACHED(CONTEXT, "上下文"), ATTACHED(STATEMENT, "查询"),
	LEVEL(FATAL, "致命錯誤"), LEVEL(ERROR, "錯誤"), LEVEL(INFO, "日誌"), LEVEL(PANIC, "嚴重錯誤"), LEVEL(INFO, "資訊"),
	LEVEL(DEBUG, "除錯"), ATTACHED(DETAIL, "詳情"), ATTACHED(STATEMENT, "陳述式"), ATTACHED(STATEMENT, "查詢"),
};

enum severity postgresql_severity(struct span word)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].field == FIELD_IGNORED && span_equal(word, span_of(words[i].text)))
			return words[i].severity;
	}
	return SEVERITY_UNKNOWN;
}

/* What stands behind the word: ":" and a blank, with French's blank or U+00A0 before the colon. Bytes up to the text
 * behind it, 0 when that is not so. At most two blanks belong to it: a message may begin with blanks. */
static size_t colon_len(struct span s)
{
	size_t n = 0;
	if (span_starts(s, SPAN(" :")))
		n = 1;
	else if (span_starts(s, SPAN("\xC2\xA0:")))
		n = 2;
	if (n >= s.len || s.at[n] != ':')
		return 0;
	n++;
	if (n == s.len)
		return n;
	if (s.at[n] != ' ')
		return 0;
	return n + (n + 1 < s.len && s.at[n + 1] == ' ' ? 2 : 1);
}

static bool matches(struct span s, const struct word *w, struct postgresql_word *out)
{
	struct span word = span_of(w->text);
	size_t colon = span_starts(s, word) ? colon_len(span_from(s, word.len)) : 0;
	if (!colon)
		return false;
	*out = (struct postgresql_word){span_head(s, word.len), w->severity, w->field != FIELD_IGNORED, w->field,
					word.len + colon};
	return true;
}

bool postgresql_word_at(struct span s, struct postgresql_word *out)
{
	/* Nearly every line of nearly every server. */
	if (s.len > 5 && !memcmp(s.at, "LOG:  ", 6)) {
		*out = (struct postgresql_word){{s.at, 3}, SEVERITY_INFO, false, FIELD_IGNORED, 6};
		return true;
	}
	if (!s.len || !((unsigned char)(s.at[0] - 'A') < 26 || (unsigned char)s.at[0] >= 0x80))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].text[0] == s.at[0] && matches(s, &words[i], out))
			return true;
	}
	return false;
}

/* A letter or a byte of UTF-8 before the word would make it the end of another one; "5LOG:" is a prefix that ends in
 * %l. */
static bool inside_word(struct span s, size_t at)
{
	unsigned char before = at ? (unsigned char)s.at[at - 1] : ' ';
	return (unsigned char)((before | 0x20) - 'a') < 26 || before >= 0x80 || before == '_';
}

ptrdiff_t postgresql_word_find(struct span s, struct postgresql_word *out)
{
	ptrdiff_t newline = span_find_byte(s, '\n');
	if (newline >= 0)
		s.len = (size_t)newline;
	for (size_t at = 0; at < s.len; at++) {
		unsigned char c = (unsigned char)s.at[at];
		if (((unsigned char)(c - 'A') < 26 || c >= 0xC0) && !inside_word(s, at) &&
		    postgresql_word_at(span_from(s, at), out))
			return (ptrdiff_t)at;
	}
	return -1;
}

/* auto_explain's "plan:" holds the statement: as JSON, or as text down to its parameters or to the plan's first node. A string with
 * escapes is left alone: nobody unescapes it here. */
static struct span plan_statement(struct span plan)
{
	static const struct span json = {"\"Query Text\": \"", 15}, text = {"Query Text: ", 12};
	ptrdiff_t at = span_find(plan, json);
	if (at >= 0) {
		struct span string = span_from(plan, (size_t)at + json.len);
		size_t n = 0;
		while (n < string.len && string.at[n] != '"' && string.at[n] != '\\')
			n++;
		return n < string.len && string.at[n] == '"' ? span_head(string, n) : SPAN_NONE;
	}
	at = span_find(plan, text);
	if (at < 0)
		return SPAN_NONE;
	struct span statement = span_from(plan, (size_t)at + text.len), rest = statement;
	span_cut(&rest, '\n');
	while (rest.len) {
		struct span after = rest, line = span_cut(&after, '\n');
		if (span_find(line, SPAN("  (cost=")) >= 0 || span_starts(span_trim(line), SPAN("Query Parameters: ")))
			break;
		rest = after;
	}
	if (!rest.len)
		return SPAN_NONE;
	statement.len = (size_t)(rest.at - statement.at);
	while (statement.len && strchr(" \t\n", statement.at[statement.len - 1]))
		statement.len--;
	return statement;
}

/* "duration: 112.337 ms", then nothing or "  execute S_59: SELECT ...", "  statement: ...", "  plan:\n...". */
static void duration_line(struct span message, struct record *r)
{
	struct span rest = span_from(message, sizeof "duration: " - 1);
	struct span number = span_cut(&rest, ' ');
	int64_t us;
	if (!span_starts(rest, SPAN("ms")) || !span_to_duration(number, 1000, &us))
		return;
	r->duration_us = us;
	record_set(r, FIELD_DURATION, number);
	rest = span_trim(span_from(rest, 2));
	if (span_starts(rest, SPAN("plan:"))) {
		struct span planned = plan_statement(rest);
		if (planned.len && !record_has(r, FIELD_STATEMENT))
			record_set(r, FIELD_STATEMENT, planned);
		return;
	}
	bool statement = span_starts(rest, SPAN("statement: ")) || span_starts(rest, SPAN("execute ")) ||
			 span_starts(rest, SPAN("parse ")) || span_starts(rest, SPAN("bind "));
	ptrdiff_t colon = statement ? span_find(rest, SPAN(": ")) : -1;
	if (colon >= 0)
		record_set(r, FIELD_STATEMENT, span_from(rest, (size_t)colon + 2));
}

/* The key that stands at `at`; POSTGRESQL_SAID when none does. */
static inline enum postgresql_said session_key_at(const char *at, const char *end, size_t *len)
{
	static const struct span keys[POSTGRESQL_SAID] = {
		[POSTGRESQL_USER] = {"user=", 5}, [POSTGRESQL_DATABASE] = {"database=", 9},
		[POSTGRESQL_HOST] = {"host=", 5}, [POSTGRESQL_APPLICATION] = {"application_name=", 17},
		[POSTGRESQL_PORT] = {"port=", 5},
	};
	enum postgresql_said key;
	switch (*at) {
	case 'u':
		key = POSTGRESQL_USER;
		break;
	case 'd':
		key = POSTGRESQL_DATABASE;
		break;
	case 'h':
		key = POSTGRESQL_HOST;
		break;
	case 'a':
		key = POSTGRESQL_APPLICATION;
		break;
	case 'p':
		key = POSTGRESQL_PORT;
		break;
	default:
		return POSTGRESQL_SAID;
	}
	if (!span_starts((struct span){at, (size_t)(end - at)}, keys[key]))
		return POSTGRESQL_SAID;
	*len = keys[key].len;
	return key;
}

void postgresql_session(struct span message, struct span said[POSTGRESQL_SAID])
{
	const char *at = message.at, *end = message.at + message.len, *start = at;
	enum postgresql_said open = POSTGRESQL_SAID;
	for (size_t i = 0; i < POSTGRESQL_SAID; i++)
		said[i] = SPAN_NONE;
	for (bool over = false; !over;) {
		size_t key_len = 0;
		enum postgresql_said key = at < end ? session_key_at(at, end, &key_len) : POSTGRESQL_SAID;
		bool encrypted = end - at > 4 && (!memcmp(at, "SSL ", 4) || !memcmp(at, "GSS ", 4));
		over = at >= end || encrypted;
		if (open != POSTGRESQL_SAID && (key != POSTGRESQL_SAID || over)) {
			struct span value = {start, (size_t)((at >= end ? end : at - 1) - start)};
			if (!said[open].len && postgresql_is_value(value))
				said[open] = value;
		}
		if (key != POSTGRESQL_SAID) {
			open = key;
			start = at + key_len;
		}
		const char *blank = over ? NULL : hop_to(at, end, ' ');
		at = blank ? blank + 1 : end;
	}
}

/* What the message says and the prefix did not. */
static void session_line(struct span message, struct record *r)
{
	static const enum field fields[POSTGRESQL_SAID] = {
		[POSTGRESQL_USER] = FIELD_USER,
		[POSTGRESQL_DATABASE] = FIELD_DATABASE,
		[POSTGRESQL_HOST] = FIELD_CLIENT,
		[POSTGRESQL_APPLICATION] = FIELD_APPLICATION,
		[POSTGRESQL_PORT] = FIELD_CLIENT_PORT,
	};
	struct span said[POSTGRESQL_SAID];
	postgresql_session(message, said);
	for (size_t i = 0; i < POSTGRESQL_SAID; i++)
		if (said[i].len && !record_has(r, fields[i]))
			record_set(r, fields[i], said[i]);
}

/* 'IPv4 address "127.0.0.1", port 5432', 'Unix socket "/tmp/.s.PGSQL.5432"' (pqcomm.c, StreamServerPort). */
static void listening_line(struct span s, struct record *r)
{
	ptrdiff_t open = span_find_byte(s, '"');
	struct span rest = span_from(s, (size_t)open + 1), address = span_cut(&rest, '"');
	if (open < 0 || !address.len)
		return;
	record_set(r, FIELD_LOCAL_ADDRESS, address);
	if (span_starts(rest, SPAN(", port ")))
		record_set(r, FIELD_LOCAL_PORT, span_from(rest, 7));
}

void postgresql_message(struct record *r)
{
	struct span m = record_get(r, FIELD_MESSAGE);
	if (record_has(r, FIELD_DETAIL))
		postgresqlnumber_detail(record_get(r, FIELD_DETAIL), r);
	if (m.len < 10)
		return;
	switch (m.at[0]) {
	case 'a':
	case 'h':
	case 't':
		postgresqlnumber_message(m, r);
		break;
	case 'd':
		if (span_starts(m, SPAN("duration: ")))
			duration_line(m, r);
		else if (span_starts(m, SPAN("disconnection: session time: ")))
			session_line(span_from(m, 29), r);
		break;
	case 'c':
		if (span_starts(m, SPAN("connection received: ")))
			session_line(span_from(m, 21), r);
		else if (span_starts(m, SPAN("connection authorized: ")))
			session_line(span_from(m, 23), r);
		else
			postgresqlnumber_message(m, r);
		break;
	case 'r':
		if (span_starts(m, SPAN("replication connection authorized: ")))
			session_line(span_from(m, 35), r);
		else
			postgresqlnumber_message(m, r);
		break;
	case 'l':
		if (span_starts(m, SPAN("listening on ")))
			listening_line(span_from(m, 13), r);
		break;
	case 's':
		if (span_starts(m, SPAN("statement: ")))
			record_set(r, FIELD_STATEMENT, span_from(m, 11));
		break;
	case 'e':
		if (span_starts(m, SPAN("execute ")) && span_find(m, SPAN(": ")) >= 0)
			record_set(r, FIELD_STATEMENT, span_from(m, (size_t)span_find(m, SPAN(": ")) + 2));
		break;
	}
}

/* ---- lock waits ---- */

/* %p pid, %m mode, %o object, %t time. The English ones from PostgreSQL 10 to 18 (proc.c, lmgr.c), the others from
 * postgres-15.mo of each language. A mode is never translated. */
static const struct lock_text {
	enum postgresql_lock_event event;
	const char *text;
} lock_texts[] = {
	{POSTGRESQL_LOCK_WAITING, "process %p still waiting for %m on %o after %t ms"},
	{POSTGRESQL_LOCK_ACQUIRED, "process %p acquired %m on %o after %t ms"},
	{POSTGRESQL_LOCK_DEADLOCK, "process %p detected deadlock while waiting for %m on %o after %t ms"},
	{POSTGRESQL_LOCK_AVOIDED, "process %p avoided deadlock for %m on %o by rearranging queue order after %t ms"},
	{POSTGRESQL_LOCK_FAILED, "process %p failed to acquire %m on %o after %t ms"},
	{POSTGRESQL_LOCK_FAILED, "process %p could not obtain %m on %o"},
	{POSTGRESQL_LOCK_WAITING, "Prozess %p wartet immer noch auf %m-Sperre auf %o nach %t ms"},
	{POSTGRESQL_LOCK_ACQUIRED, "Prozess %p erlangte %m-Sperre auf %o nach %t ms"},
	{POSTGRESQL_LOCK_WAITING, "el proceso %p aún espera %m en %o después de %t ms"},
	{POSTGRESQL_LOCK_ACQUIRED, "el proceso %p adquirió %m en %o después de %t ms"},
	{POSTGRESQL_LOCK_WAITING, "le processus %p est toujours en attente de %m sur %o après %t ms"},
	{POSTGRESQL_LOCK_ACQUIRED, "le processus %p a acquis %m sur %o après %t ms"},
	{POSTGRESQL_LOCK_WAITING, "il processo %p è ancora un attesa di %m su %o dopo %t ms"},
	{POSTGRESQL_LOCK_ACQUIRED, "il processo %p ha acquisito %m su %o dopo %t ms"},
	{POSTGRESQL_LOCK_WAITING, "プロセス%pは%mを%oで待機しています。%tミリ秒後"},
	{POSTGRESQL_LOCK_ACQUIRED, "プロセス%pは%t ms後に%o上の%mを獲得しました"},
	{POSTGRESQL_LOCK_WAITING, "%p PID 프로세스에서 여전히 %m(%o) 작업을 기다리고 있음(%tms 후)"},
	{POSTGRESQL_LOCK_ACQUIRED, "%p PID 프로세스가 %m(%o) 작업을 위해 잠금 취득함(%tms 후)"},
	{POSTGRESQL_LOCK_WAITING, "процесс %p продолжает ожидать в режиме %m блокировку \"%o\" в течение %t мс"},
	{POSTGRESQL_LOCK_ACQUIRED, "процесс %p получил в режиме %m блокировку \"%o\" через %t мс"},
	{POSTGRESQL_LOCK_WAITING, "process %p väntar fortfarande på %m för %o efter %t ms"},
	{POSTGRESQL_LOCK_ACQUIRED, "process %p fick %m på %o efter %t ms"},
	{POSTGRESQL_LOCK_WAITING, "процес %p все ще чекає в режимі %m блокування %o після %t мс"},
	{POSTGRESQL_LOCK_ACQUIRED, "процес %p отримав в режимі %m блокування %o після %t мс"},
	{POSTGRESQL_LOCK_WAITING, "进程%p在%t ms仍然等待在%o上的%m"},
	{POSTGRESQL_LOCK_ACQUIRED, "进程%p在%t ms后获取在%o上的%m"},
};

static size_t digits_len(struct span s)
{
	size_t n = 0;
	while (n < s.len && (unsigned char)(s.at[n] - '0') < 10)
		n++;
	return n;
}

/* "1000.153", German "1000,153". */
static size_t milliseconds(struct span s, int64_t *us)
{
	size_t whole = digits_len(s);
	struct span fraction = span_from(s, whole + 1);
	int64_t ms;
	if (!whole || digits_len(fraction) != 3 || (s.at[whole] != '.' && s.at[whole] != ',') ||
	    !span_to_duration(span_head(s, whole), 1000, &ms))
		return 0;
	*us = ms + (fraction.at[0] - '0') * 100 + (fraction.at[1] - '0') * 10 + (fraction.at[2] - '0');
	return whole + 4;
}

/* One value at the start of `s`; `after` stands behind it. Its bytes, 0 when it is not there. */
static size_t lock_value(char which, struct span s, struct span after, struct postgresql_lock *out)
{
	size_t n = 0;
	ptrdiff_t end;
	switch (which) {
	case 'p':
		n = digits_len(s);
		return span_to_int(span_head(s, n), &out->pid) ? n : 0;
	case 't':
		return milliseconds(s, &out->waited_us);
	case 'm':
		while (n < s.len && (unsigned char)((s.at[n] | 0x20) - 'a') < 26)
			n++;
		out->mode = span_head(s, n);
		return span_ends(out->mode, SPAN("Lock")) ? n : 0;
	default:
		end = after.len ? span_find(s, after) : span_find_byte(s, '\n');
		if (after.len && end < 0)
			return 0;
		out->object = span_head(s, end < 0 ? s.len : (size_t)end);
		return out->object.len;
	}
}

static bool lock_matches(struct span text, struct span s, struct postgresql_lock *out)
{
	while (text.len) {
		if (text.at[0] != '%') {
			struct span literal = text;
			ptrdiff_t next = span_find_byte(text, '%');
			literal.len = next < 0 ? text.len : (size_t)next;
			if (!span_starts(s, literal))
				return false;
			s = span_from(s, literal.len);
			text = span_from(text, literal.len);
			continue;
		}
		char which = text.at[1];
		text = span_from(text, 2);
		struct span after = text;
		ptrdiff_t next = span_find_byte(text, '%');
		after.len = next < 0 ? text.len : (size_t)next;
		size_t n = lock_value(which, s, after, out);
		if (!n)
			return false;
		s = span_from(s, n);
	}
	/* Behind it may stand " at character 61". */
	return !s.len || s.at[0] == ' ' || s.at[0] == '\n';
}

bool postgresql_lock(struct span message, struct postgresql_lock *out)
{
	if (!postgresql_may_be_lock(message))
		return false;
	bool digit = (unsigned char)(message.at[0] - '0') < 10;
	for (size_t i = 0; i < sizeof lock_texts / sizeof *lock_texts; i++) {
		const struct lock_text *t = &lock_texts[i];
		if (t->text[0] != (digit ? '%' : message.at[0]) || (!digit && t->text[3] != message.at[3]))
			continue;
		*out = (struct postgresql_lock){.event = t->event, .pid = -1, .waited_us = -1};
		if (lock_matches(span_of(t->text), message, out))
			return true;
	}
	return false;
}

int64_t postgresql_next_pid(struct span *pids)
{
	int64_t pid = -1;
	while (pids->len && (pids->at[0] == ' ' || pids->at[0] == ','))
		*pids = span_from(*pids, 1);
	size_t n = digits_len(*pids);
	if (!span_to_int(span_head(*pids, n), &pid))
		return -1;
	*pids = span_from(*pids, n);
	return pid;
}

/* The list of pids behind the next colon; `*s` moves behind it. False when there is no colon, or digits before it. */
static bool pid_list(struct span *s, struct span *list)
{
	size_t at = 0;
	while (at < s->len && s->at[at] != ':' && !span_starts(span_from(*s, at), SPAN("：")) && s->at[at] != '\n' &&
	       (unsigned char)(s->at[at] - '0') >= 10)
		at++;
	if (at == s->len || s->at[at] == '\n' || (unsigned char)(s->at[at] - '0') < 10)
		return false;
	*s = span_from(*s, at + (s->at[at] == ':' ? 1 : 3));
	while (s->len && s->at[0] == ' ')
		*s = span_from(*s, 1);
	size_t end = digits_len(*s);
	while (end && span_starts(span_from(*s, end), SPAN(", ")) && digits_len(span_from(*s, end + 2)))
		end += 2 + digits_len(span_from(*s, end + 2));
	*list = span_head(*s, end);
	*s = span_from(*s, end);
	return true;
}

static uint32_t count_pids(struct span pids)
{
	uint32_t n = 0;
	while (postgresql_next_pid(&pids) >= 0)
		n++;
	return n;
}

bool postgresql_lock_detail(struct span detail, struct postgresql_queue *out)
{
	struct span rest = detail;
	*out = (struct postgresql_queue){.holder = -1};
	if (!pid_list(&rest, &out->holder_pids) || !pid_list(&rest, &out->queue_pids))
		return false;
	struct span first = out->holder_pids;
	out->holder = postgresql_next_pid(&first);
	out->holders = count_pids(out->holder_pids);
	out->queue = count_pids(out->queue_pids);
	/* Behind them a full stop, in some languages one of three bytes. */
	return out->holders + out->queue > 0 && span_trim(rest).len <= 3;
}
