/* dialled: the network address that a message names as the one that was dialled, or as the one where its writer listens.
 *
 * Takes  the message of an application's record: text that users may have a part in.
 * Gives  host and port, as printed.
 * Holds  nothing.
 * Never  allocates; takes an address for dialled because it stands in the message: only behind the words that client libraries put
 *        before it (libpq, Go, Node, Java, Python, MySQL's clients, Npgsql); looks up a name.
 */
#ifndef ONSET_DIALLED_H
#define ONSET_DIALLED_H

#include "base/text.h"

struct dialled {
	struct span host; /* "10.0.0.5", "2001:db8::5", "db"; a socket: the path of its folder or file, from '/'; "" where only a port is named */
	struct span port; /* "5432"; "" unknown */
};

/* The server that the message says was called; of a name and its address the address. False when it names none. */
bool dialled_upstream(struct span message, struct dialled *out);
/* The address where the writer says that it listens: the message is a start's. */
bool dialled_listening(struct span message, struct dialled *out);

#endif
