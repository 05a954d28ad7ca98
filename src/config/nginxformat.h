/* nginxformat: nginx's log_format as steps: a variable and the text behind it, and again.
 *
 * Takes  the text of a log_format: bare ("$remote_addr - $remote_user [$time_local] ..."; ${name} too), or as
 *        nginx.conf has it: "escape=json " in front, pieces in single quotes, all of "log_format NAME ...;"; the name
 *        "combined". The variable $tail is ours: whatever follows (tail.h).
 * Gives  the steps; how values are escaped; whether the lines tell of stream sessions.
 * Holds  a copy of the text; immutable once compiled.
 * Never  looks at a line (template.h does).
 *
 * A format is a stream's when it has $protocol, $session_time or $bytes_received, which http does not have, or when
 * the caller says so. Two variables without text between them are told apart by their shape (access.h); when both may
 * hold anything that is an error, unless neither makes a field.
 */
#ifndef ONSET_NGINXFORMAT_H
#define ONSET_NGINXFORMAT_H

#include "base/diag.h"
#include "line/access.h"
#include "line/hop.h"

enum { NGINXFORMAT_STEPS = 128 };

/* A variable and the text behind it. The first step may have text only. */
struct nginxformat_step {
	struct access_meaning meaning;
	bool is_text;          /* no variable: the text stands here */
	bool no_blank;         /* an address, a host name or a number, not in quotes */
	bool is_list;          /* of upstreams, not in quotes: its blanks are not the one behind it */
	bool in_quotes;        /* the text begins with '"', one stands before the value, and quotes inside are escaped */
	bool agents;           /* of ACCESS_TAIL: referer and user agent are still to come */
	bool padded;           /* the value may begin with a blank */
	bool strict;           /* a value that does not have its shape is none */
	bool to_blank;         /* $tail follows at once: the value ends at a blank or at the end of the line */
	const char *after;     /* the text behind the value; borrowed from nginxformat.text */
	size_t after_len;
	struct hop_text after_head;
};

struct nginxformat {
	struct nginxformat_step steps[NGINXFORMAT_STEPS];
	size_t n;
	struct span extras[NGINXFORMAT_STEPS]; /* what values that are no fields are called: nginxformat_extra() */
	char *text;   /* owned; without quotes and escape= */
	bool escaped; /* values are escaped: escape=default or json, which are told apart by what they write */
	bool stream;
	bool loose;   /* a value may hold the text behind it: only the shapes of the next ones tell where it ends */
};

/* False with `d`; `*column` is where in `text` (bytes from 0) the error is. `f` is released either way by
 * nginxformat_release(). */
bool nginxformat_compile(struct nginxformat *f, struct span text, bool stream, struct diag *d, size_t *column);
void nginxformat_release(struct nginxformat *f);
/* A variable as the format writes it: what stands between the texts before and behind it. */
struct span nginxformat_name(const struct nginxformat *f, size_t index);

/* What a value that makes no field is called among the extras (extras.h); empty: it is not told. */
struct span nginxformat_extra(const struct nginxformat *f, size_t index);

#endif
