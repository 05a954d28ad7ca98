/* postgresql: the words and messages of the server, in all its languages.
 *
 * Takes  log text at the place where the prefix ends; records whose message is the server's.
 * Gives  severity words (LOG, FATAL, ...) and the words of attachments (DETAIL, HINT, STATEMENT, ...), as
 * postgres-15.mo of every translation has them; fields that messages carry (durations, who connected). Holds  nothing
 * but constant tables. Never  takes a word for one that no colon follows; never reads text that a client chose as if
 * the server had said it.
 */
#ifndef ONSET_POSTGRESQL_H
#define ONSET_POSTGRESQL_H

#include "parse/record.h"

struct postgresql_word {
	struct span word;       /* borrowed from the text */
	enum severity severity; /* UNKNOWN for an attachment */
	bool attachment;
	enum field field;       /* of an attachment: where its text goes. QUERY is a statement, LOCATION context. */
	size_t len;             /* bytes to the text behind word, colon and blanks */
};

/* True when `s` starts with a word, a colon and a blank (or the end). */
bool postgresql_word_at(struct span s, struct postgresql_word *out);
/* The first such place in the first line of `s` that does not start inside a word; -1 when there is none. */
ptrdiff_t postgresql_word_find(struct span s, struct postgresql_word *out);
/* False for what the server prints where it has no value: empty and "[unknown]". */
static inline bool postgresql_is_value(struct span s)
{
	return s.len && !(s.len == 9 && !memcmp(s.at, "[unknown]", 9));
}
/* What "connection authorized: user=a database=b application_name=c SSL enabled (...)" and its like say. A name may
 * hold blanks: a value runs to the next key or " SSL enabled", which is all that can follow (postinit.c
 * PerformAuthentication, postgres.c log_disconnections). Empty what is not said. */
enum postgresql_said {
	POSTGRESQL_USER,
	POSTGRESQL_DATABASE,
	POSTGRESQL_APPLICATION,
	POSTGRESQL_HOST,
	POSTGRESQL_PORT,
	POSTGRESQL_SAID,
};
void postgresql_session(struct span message, struct span said[POSTGRESQL_SAID]);
/* Sets from FIELD_MESSAGE: duration_us and STATEMENT of duration and statement lines; USER, DATABASE, APPLICATION,
 * CLIENT, CLIENT_PORT of connection lines, where the prefix did not print them. */
void postgresql_message(struct record *r);

#endif
