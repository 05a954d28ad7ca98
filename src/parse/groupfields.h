/* groupfields: which field each named group of a format's regex is.
 *
 * Takes  the regex, once a line is to be read with it.
 * Gives  for each group the number of its field.
 * Holds  the table, made when it is first asked for; any thread may be the first.
 * Never  asks before that: of most formats no run reads a line, and to compile all regexes costs a quarter of a start.
 */
#ifndef ONSET_GROUPFIELDS_H
#define ONSET_GROUPFIELDS_H

#include "line/record.h"
#include "line/regex.h"

/* A field by its OpenTelemetry name, by that name with '_' for '.' (a regex group), or by nginx's name of the thing. */
bool field_named(struct span name, enum field *field);

struct group_fields;
struct group_fields *group_fields_new(void);
void group_fields_free(struct group_fields *g);
/* By the number of the group: the enum field, FIELD_IGNORED where it has no name. As many as the regex has groups, and one. */
const unsigned char *group_fields_of(const struct group_fields *g, const struct regex *re);

#endif
