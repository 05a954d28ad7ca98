/* literals: which of many fixed texts occur in a text, in one pass.
 *
 * Takes  literals of at least LITERALS_MIN bytes, each with a number of the caller's; then texts of any bytes.
 * Gives  every occurrence: the literal's number and where it begins, in the order of one window inside it.
 * Holds  for each literal one window of four bytes, by hash: a table of 16,384 buckets with a byte for each that is not empty.
 *        Immutable after literals_finish(), shared by all threads.
 * Never  allocates while it scans, reads past the text, or folds case.
 */
#ifndef ONSET_LITERALS_H
#define ONSET_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { LITERALS_MIN = 4 };

struct literals;
struct literals *literals_new(void);
/* `literal` is borrowed: it must live as long as the set. Shorter than LITERALS_MIN: false, not added. */
bool literals_add(struct literals *set, struct span literal, unsigned number);
/* Builds the table; call once after the last add. */
void literals_finish(struct literals *set);
void literals_free(struct literals *set);
size_t literals_count(const struct literals *set);

/* Called for each occurrence. */
typedef void literals_found(void *context, unsigned number, size_t at);
/* Calls `found` for each occurrence in `text`. Window positions ascend; occurrences of one literal ascend. */
void literals_scan(const struct literals *set, struct span text, literals_found *found, void *context);

#endif
