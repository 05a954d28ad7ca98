/* rotation: a record that a rotation cut in two: its first lines end one file, the others begin the next.
 *
 * Takes  the files of one source, with the record that each ends in and the lines that each begins with (part.h, file_edge).
 * Gives  what the joined records mean beside what their first halves were taken for: patches for source_merge(); how many lines
 *        found their record.
 * Holds  nothing.
 * Never  joins when it is not sure which file follows which; never looks at names or the order in which files were given.
 *
 * The lines that begin a file belong to the record of that file of the source whose last record is nearest before the file's first
 * record, at most ROTATION_US, when
 *  - that record was open: its text runs to the end of its file (or it is the last one of its stream, in a file of several
 *    writers), and the file is whole (not damaged);
 *  - both files are of one format, and one stated format, and the lines of one stream;
 *  - no other file is as near: of two with the same last stamp the one that began later, of two that began together neither;
 *  - no other file begins with lines that belong to it: the one that begins first, of two that begin together neither.
 * Sources whose files run side by side (two hosts) are not asked. What finds no record stays counted as head lines.
 *
 * The record is read again with all of its lines. A kind that it is now and was not is one event more at the record's place; one that
 * its first half was taken for by its text, and the whole is not, is one less. An address that it called and that only the other lines
 * name is kept with the source. Users and databases of it are not known. A record
 * over three files (one of them without any record) is not put together.
 */
#ifndef ONSET_ROTATION_H
#define ONSET_ROTATION_H

#include "fold/source.h"

#define ROTATION_US MINUTE_US

/* Fills s->joined_over_rotation and s->calls, and adds to `patches`. s->entries are there. */
void rotation_join(struct fold_source *s, const struct tally *tally, const struct signal_set *signals, struct source_patches *patches);

#endif
