/* mask: secrets out of an excerpt.
 *
 * Takes  the bytes of a record as they stand in the file.
 * Gives  at most LIMIT_EXCERPT_BYTES of valid UTF-8 on one line, or a whole text, in which secrets are replaced by "***".
 * Holds  nothing.
 * Never  lets through more than it must: where it cannot tell, it masks.
 *
 * Masked: passwords in URLs (user:***@); values of query parameters; values of names that mean a secret (password,
 * token, api key, secret, cookie, authorization, session id, ...), quoted, after '=' or ':'; what follows Bearer,
 * Basic; JWTs; e-mail addresses; card numbers (13 to 19 digits that begin with 2 to 6 and pass the Luhn check); long
 * random tokens (24 bytes with upper case, lower case and digits; well-known key prefixes); in SQL: quoted and
 * dollar-quoted strings, numbers; PostgreSQL's "Key (...)=(...)".
 * Kept: addresses, user names, request ids, identifiers: the story needs them (DESIGN: tallies get mode 0600).
 */
#ifndef ONSET_MASK_H
#define ONSET_MASK_H

#include "base/limits.h"
#include "base/text.h"

enum { MASK_RAW_BYTES = 4 * LIMIT_EXCERPT_BYTES }; /* masking shortens; more than this of a record is never looked at */

/* Writes the bytes of a record that its excerpt is made of; returns how many (at most the record's length). A record
 * whose `focus` (its message, borrowed from `raw`, or unescaped from it) lies behind the first 160 bytes is its
 * beginning, " ... ", and what follows from the focus on: the end of a traceback, the error in a long JSON object.
 * `out` holds the smaller of raw.len and MASK_RAW_BYTES. */
size_t mask_essence(struct span raw, struct span focus, char *out);
/* Replaces what is in `out`. The same bytes give the same excerpt, so that evidence can be proved against the file. */
void mask_excerpt(struct span raw, struct text *out);
/* The whole of a text, masked by the same rules; blanks and line ends stay, bytes that are no UTF-8 too. Replaces
 * what is in `out`. Time and memory are in proportion to the length. */
void mask_text(struct span raw, struct text *out);
/* "password", "access_token", "X-Api-Key", "Cookie", ...: names whose value is a secret. */
bool mask_is_secret_name(struct span name);
/* "Bearer", "Basic", "Digest", "Negotiate": what stands between Authorization and its secret. */
bool mask_is_scheme(struct span word);

#endif
