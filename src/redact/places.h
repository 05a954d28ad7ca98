/* places: what the strings of a draft are, by where they stand.
 *
 * Takes  the key of a string, that of the object or array around it, and the object it stands in.
 * Gives  whether it stays, is one name or one address as a whole, or is text to be searched.
 * Holds  a table.
 * Never  leaves unsearched what it does not know: a key that is not in the table is text.
 */
#ifndef ONSET_REDACT_PLACES_H
#define ONSET_REDACT_PLACES_H

#include "base/text.h"

enum place {
	PLACE_TEXT,    /* searched for everything */
	PLACE_KEPT,    /* ids, times, words of the schema, names of programs and versions */
	PLACE_PROGRAM, /* a program's name: searched, but who is called so is no person */
	PLACE_PATH,    /* a file's: searched for addresses and e-mail addresses; the rest is how the file is found again */
	PLACE_USER,    /* the name of a user or role */
	PLACE_HOST,    /* a client's address or name */
	PLACE_SERVER,  /* a server's address, with or without a port */
};

struct json_t;
/* `around`: the key of the nearest object or array that has one ("evidence", "items"); "" at the root. */
enum place place_of(const struct json_t *object, const char *around, const char *key);

#endif
