/* names: what is taken out of a document, and the words that stand in its place.
 *
 * Takes  a word, or text with placeholders in it.
 * Gives  the kinds by their names (--redact LIST), the placeholder of a thing, and where in a text one stands.
 * Holds  nothing.
 * Never  knows what a placeholder stands for.
 *
 * A placeholder is WORD-NUMBER: "client-7", "user-3". One value has one placeholder everywhere in a document, and no two have
 * the same one; numbers go from 1 for each word, by the first place in the document. Ports, paths, times and the text around stay.
 * "***" is older: what tally/mask.h took out when the log was read, which no document ever held.
 */
#ifndef ONSET_REDACT_NAMES_H
#define ONSET_REDACT_NAMES_H

#include "base/text.h"

/* Kind, its name in --redact and in `redaction`, the word of its placeholders. */
#define REDACT_KINDS(X)                                                                                               \
	X(ADDRESS, "address", "client") /* IPv4, IPv6, names of client hosts; a server's: REDACT_SERVER_WORD */         \
	X(EMAIL, "email", "email")                                                                                     \
	X(USER, "user", "user")       /* users and roles */                                                             \
	X(TOKEN, "token", "token")    /* UUIDs, hexadecimal and base64 tokens, keys */                                 \
	X(COOKIE, "cookie", "cookie")                                                                                  \
	X(CARD, "card", "card")       /* 13 to 19 digits that pass the Luhn check */                                    \
	X(ID, "id", "id")             /* numbers that look like an account's, an order's, a telephone's */              \
	X(QUERY, "query", "query")    /* what stands behind "?" in a URL */                                            \
	X(SQL, "sql", "literal")      /* literals in statements */                                                     \
	X(JWT, "jwt", "jwt")                                                                                           \
	X(SECRET, "secret", "secret") /* passwords in URLs, values of headers and names that mean a secret */

enum redact_kind {
#define X(kind, name, word) REDACT_##kind,
	REDACT_KINDS(X)
#undef X
	REDACT_KIND_COUNT
};

/* Of an address that the document shows to be that of a server. Also of kind address. */
#define REDACT_SERVER_WORD "server"

enum { REDACT_PLACEHOLDER_BYTES = 32 }; /* the longest, with its NUL */

/* A set of kinds: bit `1 << kind`. */
#define REDACT_ALL ((1u << REDACT_KIND_COUNT) - 1)

/* "address"; static. */
const char *redact_kind_name(enum redact_kind kind);
/* A kind by its name; false: there is none. */
bool redact_kind_named(struct span name, enum redact_kind *kind);
/* "client"; static. */
const char *redact_kind_word(enum redact_kind kind);

/* A placeholder in a text. */
struct redact_placeholder {
	size_t len; /* of it all */
	enum redact_kind kind;
	bool server;
	uint32_t number;
};
/* True when a placeholder begins at text[at]: not within a longer word, nor the beginning of one. */
bool redact_placeholder_at(struct span text, size_t at, struct redact_placeholder *p);

#endif
