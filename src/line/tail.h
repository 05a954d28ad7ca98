/* tail: what people add behind the combined access format.
 *
 * Takes  the bytes behind $body_bytes_sent or any later variable.
 * Gives  the referer and user agent (the first two quoted strings, when asked for), key=value pairs in any order
 * (values bare or quoted), bare timings (the first decimal is $request_time, the second $upstream_response_time), a
 * bare upstream address and a bare request id; further quoted strings and unknown keys are passed over. Of
 * lists of upstreams the last is given (access.h). Holds  per
 * thread, the keys of the last line in their order: a guess that is verified byte by byte, so that the result depends
 * on the line alone. Never  allocates; never fails but on a quote that does not close.
 */
#ifndef ONSET_TAIL_H
#define ONSET_TAIL_H

#include "line/access.h"
#include "line/hop.h"

enum { TAIL_KEYS = 16, TAIL_KEY_BYTES = 24 };

struct tail_key {
	char text[TAIL_KEY_BYTES]; /* the key and '=' */
	size_t len;
	struct hop_text head;
	struct access_meaning meaning;
};
struct tail_guess {
	struct tail_key keys[TAIL_KEYS];
	size_t n;
};

/* `agents`: the first two quoted strings are referer and user agent. False when a quote does not close. */
bool tail_scan(struct span tail, bool agents, struct tail_guess *guess, struct access_scratch *s, struct record *r);

/* The end of a bare value that starts at `at`: a blank, but not one inside a list. nginx prints several upstreams as
 * "a, b" after a retry and as "a : b" after an internal redirect (ngx_http_upstream_module, $upstream_addr). */
static inline const char *tail_bare(const char *at, const char *end)
{
	for (;;) {
		const char *blank = hop_to(at, end, ' ');
		if (!blank)
			return end;
		if (end - blank >= 3 && blank[1] == ':' && blank[2] == ' ')
			at = blank + 3;
		else if (end - blank >= 2 && blank > at && blank[-1] == ',')
			at = blank + 1;
		else
			return blank;
	}
}

/* The end of a quoted value that starts at `at`: the next '"' that no backslash escapes (Apache and JSON write \";
 * nginx writes \x22); NULL when there is none. */
static inline const char *tail_quote(const char *at, const char *end)
{
	for (const char *from = at; from < end;) {
		const char *quote = hop_to(from, end, '"');
		if (!quote)
			return NULL;
		if (quote == at || quote[-1] != '\\')
			return quote;
		const char *slash = quote;
		while (slash > at && slash[-1] == '\\')
			slash--;
		if ((quote - slash) % 2 == 0)
			return quote;
		from = quote + 1;
	}
	return NULL;
}

#endif
