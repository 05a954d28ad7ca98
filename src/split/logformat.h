/* logformat: HAProxy's log-format, compiled to a list of steps.
 *
 * Takes  the text of a log-format ("%ci:%cp [%tr] %ft ..."; \ before a blank as in an unquoted configuration), or one of the
 *        names httplog, tcplog, httpslog, clf. The alias %tail is ours: whatever follows.
 * Gives  the steps: what each value is, how it is delimited, and the text behind it.
 * Holds  the compiled list; immutable, shared by threads.
 * Never  guesses where a value ends: two of unknown length without text between them are an error.
 *
 * HAProxy writes no blank twice in a row, and nothing at all for captures that are not configured: then the blank before them
 * stands for the one behind them too.
 * Source: doc/configuration.txt sections 8.2 to 8.8, src/log.c (sess_build_logline).
 */
#ifndef ONSET_LOGFORMAT_H
#define ONSET_LOGFORMAT_H

#include "base/diag.h"
#include "line/hop.h"
#include "line/record.h"

enum logformat_shape {
	LOGFORMAT_NUMBER,  /* [+-]digits, or "-" */
	LOGFORMAT_STAMP,   /* `len` bytes */
	LOGFORMAT_TEXT,    /* to the text behind it */
	LOGFORMAT_ADDRESS, /* an address whose port follows behind a colon: IPv6 has colons itself */
	LOGFORMAT_BRACES,  /* "{...}", or nothing */
	LOGFORMAT_LIST,    /* quoted values, or "-", with blanks between; or nothing */
	LOGFORMAT_TAIL,
};

enum logformat_means {
	LOGFORMAT_IGNORED,
	LOGFORMAT_FIELD,     /* which: enum field */
	LOGFORMAT_REQUEST,
	LOGFORMAT_QUERY,     /* goes on with the path */
	LOGFORMAT_VERSION,   /* "HTTP/1.1" or "1.1" */
	LOGFORMAT_STATUS,
	LOGFORMAT_BYTES,
	LOGFORMAT_BACKEND,
	LOGFORMAT_SERVER,
	LOGFORMAT_ACCEPTED,  /* stamps: when the connection was accepted, */
	LOGFORMAT_REQUESTED, /* when the request's first byte came, */
	LOGFORMAT_LOGGED,    /* when the line was made */
	LOGFORMAT_ACCEPTED_MS, /* three digits that go with ACCEPTED */
	LOGFORMAT_TIMER,     /* which: enum logformat_timer */
	LOGFORMAT_METRIC,    /* which: enum metric */
	LOGFORMAT_CAPTURES,
};

/* doc/configuration.txt section 8.4; milliseconds, -1: it did not come so far. */
enum logformat_timer {
	TIMER_TH, /* handshakes */
	TIMER_TI, /* idle before the request */
	TIMER_TR, /* first byte to full request: TR */
	TIMER_TQ, /* Th + Ti + TR */
	TIMER_TW, /* queues */
	TIMER_TC, /* connect */
	TIMER_RESPONSE, /* Tr */
	TIMER_TD, /* data */
	TIMER_TA, /* first byte to end */
	TIMER_TT, /* accept to end */
	TIMER_TU, /* Tt without Ti */
	TIMER_COUNT
};

struct logformat_step {
	unsigned char shape, means, which;
	unsigned char len;      /* of a STAMP */
	bool quoted, escaped;   /* flags Q and E are in force */
	bool epoch_ms;          /* %Ts%ms: the last three digits are milliseconds */
	bool plain;             /* a timer or metric, unquoted, one byte behind it and more values to come */
	bool blank_before;      /* a blank stands before the value */
	const char *after;      /* the text behind the value; borrowed from logformat.text */
	size_t after_len;
	struct hop_text after_head;
	size_t name, name_len;  /* of the alias, in logformat.source */
};

enum { LOGFORMAT_STEPS = 80 };

struct logformat {
	struct logformat_step steps[LOGFORMAT_STEPS];
	size_t n;
	size_t optional_from;   /* from this step on all values may be absent */
	struct span before;     /* the text before the first value */
	bool is_http;           /* it has something of a request */
	char *text, *source;    /* owned: texts between the values; as given */
};

/* NULL with `d`; `*column` is where in `text` (bytes from 0) the error is. */
struct logformat *logformat_new(struct span text, struct diag *d, size_t *column);
void logformat_free(struct logformat *lf);

#endif
