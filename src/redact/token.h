/* token: words that only a machine makes, and numbers that name one thing or person, in text.
 *
 * Takes  text, and a place in it where a word begins.
 * Gives  what begins there: JWT, UUID, key, hexadecimal or base64 token, e-mail address, card, account, telephone number.
 * Holds  nothing.
 * Never  takes a time stamp, a duration, a count, a size, a version, a short hash or an id of ours (12 hexadecimal digits) for one.
 */
#ifndef ONSET_REDACT_TOKEN_H
#define ONSET_REDACT_TOKEN_H

#include "redact/names.h"

enum {
	/* Hexadecimal words from this length on are tokens: git abbreviates to 7 to 12, our own ids have 12, patterns' hash 16. */
	TOKEN_HEX = 20,
	TOKEN_RANDOM = 24, /* upper case, lower case and digits mixed, as tally/mask.h has it */
	/* Digits: of what its name or its place in a path says to be an id; of what stands alone. */
	TOKEN_ID_NAMED = 5,
	TOKEN_ID_BEHIND = 3, /* behind "/users/" */
	TOKEN_ID_PATH = 6,
	TOKEN_ID_ALONE = 9,
};

struct token {
	size_t len;
	enum redact_kind kind;
};
/* False: none begins at text[at]. */
bool token_at(struct span text, size_t at, struct token *t);
/* True when `word` (letters, digits, "_", "-") is the name of something whose value tells one from others: "order_id", "customerNo". */
bool token_is_id_name(struct span word);

#endif
