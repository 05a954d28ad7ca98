/* json: a draft as JSON text, after include/onset/timeline.schema.json.
 *
 * Takes  a draft, and the version of the program.
 * Gives  the bytes of one JSON object, indented by 2, with a final newline; equal drafts give equal bytes, everywhere.
 * Holds  nothing.
 * Never  writes a real number, a float, invalid UTF-8, or keys in another order than the structs in fold/draft.h.
 *
 * From struct to JSON:
 *   char *           string, null when NULL; bytes that are not UTF-8 become U+FFFD (value.h)
 *   NAME_us instant  NAME: RFC 3339 UTC with six decimals, null when INSTANT_NONE
 *   NAME_us duration NAME_us: integer, microseconds
 *   struct known     NAME: integer or null; beside a null stands NAME_reason
 *   struct moment    {at, lower, upper} and `reason` when there is one; always when `at` is null
 *   bytes and crc    fingerprint: "BYTES-CRC32", the CRC in eight hexadecimal digits
 */
#ifndef ONSET_JSON_H
#define ONSET_JSON_H

#include "fold/draft.h"

struct json_t;

/* The value of the key `schema`, and `$id` of the schema. */
#define JSON_SCHEMA "urn:onset:timeline:1"

/* The tree (value_free()); `version` is the program's. `redaction` is null: nobody has looked (redact/redact.h). */
struct json_t *json_tree(const struct draft *d, const char *version);
/* The same as text, appended to `out`. */
void json_from_draft(const struct draft *d, const char *version, struct text *out);
#endif
