/* figure: lanes as SVG inside a page, and each with its numbers as a table.
 *
 * Takes  lanes; where an incident begins and ends.
 * Gives  one drawing a tier: curves one below the other over one axis of time, lines through all of them at onset, end and
 *        marks, the doubt about an instant as the width of a band, gaps hatched; below it a table that says the same.
 * Holds  nothing.
 * Never  needs a script, a font or a colour of its own: classes are coloured by the page's sheet.
 *
 * Why drawn here and not by a library. Those that draw in the browser (uPlot, Chart.js, D3, Vega) need scripts, which the
 * page forbids, and show nothing on paper or where scripts are off. Those that draw beforehand (gnuplot's svg terminal,
 * cairo, matplotlib, plotutils) are a program to run or a large library to link; they write colours and fonts into the
 * picture, so that it cannot follow light and dark, put text in as they get it, so that what is hostile would have to be
 * escaped for their language too, know neither title nor description for screen readers, and their bytes differ from
 * version to version, while a report is a pure function of its input. What is needed here (steps, bands, ticks) is little.
 */
#ifndef ONSET_FIGURE_H
#define ONSET_FIGURE_H

#include "report/lanes.h"

/* The instants that run through all drawings; INSTANT_NONE where there is none. */
struct figure_span {
	int64_t onset_us, lower_us, upper_us, end_us;
	bool ongoing;
};

/* Where the numbers of marks, onset and end stand, over the axis of time. `id`: of the elements, unique in the page. */
void figure_marks(struct text *out, const struct lanes *l, const struct figure_span *s, const char *id);
/* The panels [first, first + n) of one tier. */
void figure_panels(struct text *out, const struct lanes *l, size_t first, size_t n, const struct figure_span *s, const char *id);
/* The numbers of a panel, in at most some forty rows. */
void figure_table(struct text *out, const struct panel *p);
/* "Requests a second", "haproxy.time.response of be_nginx, ms" as plain text that is not escaped. */
void figure_title(struct text *out, const struct panel *p);
/* A bar of `width` units for a stretch of time inside [from, to]; `state` is a class. */
void figure_bar(struct text *out, const struct lanes *l, int64_t from_us, int64_t to_us, const char *state);

#endif
