/* origin: where a message of no known format says that it comes from: a place in a program, or one address to another.
 *
 * Takes  the message; extras, when somebody asks for them.
 * Gives  code.file.path, code.line.number, code.function of what stands at its begin: "(runner.go:309 in work) | ...", "[app.py:12] ...",
 *        "main.c:12: ..."; source.address, source.port, destination.address, destination.port of "192.0.2.1:9 -> 198.51.100.2:53".
 * Holds  nothing; spans lie in the message.
 * Never  takes part in a scan; takes for a file what has no ending and no line, for an address what has no three dots or two colons.
 */
#ifndef ONSET_ORIGIN_H
#define ONSET_ORIGIN_H

#include "line/extras.h"

void origin_extras(struct span message, struct extras *extras);

#endif
