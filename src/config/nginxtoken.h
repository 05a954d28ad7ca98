/* nginxtoken: the words of an nginx configuration, as ngx_conf_read_token() of nginx's ngx_conf_file.c reads them.
 *
 * Takes  the bytes of one file, and where to go on.
 * Gives  one token: a word (its raw bytes, escapes not undone), what ends a directive, or what is wrong.
 * Holds  nothing; spans point into the file.
 * Never  knows what a directive means; never reads behind the file.
 */
#ifndef ONSET_NGINXTOKEN_H
#define ONSET_NGINXTOKEN_H

#include <stdbool.h>

#include "base/text.h"

enum { NGINXTOKEN_WORD_BYTES = 64 << 10 }; /* of one word: nginx has 4096 */

enum nginxtoken {
	NGINXTOKEN_WORD,
	NGINXTOKEN_SEMICOLON,
	NGINXTOKEN_OPEN,
	NGINXTOKEN_CLOSE,
	NGINXTOKEN_END, /* of the file */
	NGINXTOKEN_BAD,
};

struct nginxtoken_place {
	size_t at;     /* byte in the file */
	unsigned line; /* from 1 */
};
#define NGINXTOKEN_START ((struct nginxtoken_place){0, 1})

struct nginxtoken_found {
	struct span raw;       /* of a word, without its quotes */
	unsigned line;         /* where a word begins, also a bad one */
	const char *bad, *hint; /* of NGINXTOKEN_BAD: what is wrong; literals */
	unsigned bad_line;
};

/* Reads a token and moves `place` behind it. `found` is set for words and what is bad. */
enum nginxtoken nginxtoken_next(struct span file, struct nginxtoken_place *place, struct nginxtoken_found *found);
/* Appends a raw word with its escapes undone. */
void nginxtoken_unescape(struct span raw, struct text *out);
static inline bool nginxtoken_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
/* A byte of a variable's name. */
static inline bool nginxtoken_is_name(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '_';
}

#endif
