#include "redact/vocabulary.h"

/* What logs say of users and roles without naming one: "user not found", "user preferences". */
static const char *const others[] = {
	"account",  "accounts", "admin",    "agent",	"api",	    "attempt",	"auth",	    "authenticated", "authentication", "authorized", "batch",
	"bad",	    "blocked",	"browser",  "cache",	"cancelled", "canceled", "credentials", "data",	     "default",	       "deleted",    "denied",
	"disabled", "email",	"exists",   "experience", "expired", "facing",	"feedback", "field",	     "found",	       "group",	     "has",
	"http",	    "https",	"info",	    "input",	"interface", "invalid",	"list",	    "local",	     "locked",	       "logged",     "login",
	"logout",	"management", "member",	"message",  "missing",	"mode",	    "must",	     "object",	       "password",   "permission",
	"permissions", "preferences", "principal", "profile", "profiles", "query", "record", "registered", "registration", "report", "reports",
	"required", "role",	"roles",    "root",	"service",  "session",	"settings", "signup",	     "space",	       "storage",    "store",
	"system",   "table",	"test",	    "token",	"type",	    "unknown",	"updated",  "user",	     "username",       "users",	     "valid",
	"visible",  "web",	"worker",   "workers",  "www",
	"button",   "customer", "customers", "endpoint", "endpoints", "flow", "form",    "forms",	    "page",	       "pages",	     "people",
	"request",  "requests", "screen",   "slow",	"timeouts", "traffic",
};

static bool is(struct span word, const char *lower)
{
	return span_equal_nocase(word, span_of(lower));
}

bool vocabulary_has(struct span word)
{
	char lower[VOCABULARY_WORD_BYTES];
	if (word.len < 2 || word.len >= sizeof lower)
		return word.len < 2;
	for (size_t i = 0; i < word.len; i++)
		lower[i] = is_letter(word.at[i]) ? (char)(word.at[i] | 0x20) : word.at[i];
	struct span wanted = {lower, word.len};
	size_t low = 0, high = vocabulary_words_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = span_compare(span_of(vocabulary_words[middle]), wanted);
		if (!order)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (is(word, others[i]))
			return true;
	return false;
}
