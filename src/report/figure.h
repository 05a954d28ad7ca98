/* figure: lanes as SVG inside a page, and each with its numbers as a table.
 *
 * Takes  lanes; where an incident begins and ends.
 * Gives  one drawing a tier: curves one below the other over one axis of time, lines through all of them at onset, end and
 *        marks, the doubt about an instant as the width of a band, gaps hatched; below it a table that says the same.
 * Holds  nothing.
 * Never  needs a script, a font or a colour of its own: classes are coloured by the page's sheet.
 *
 * Why drawn here and not by a library. Those that draw in the browser (uPlot, Chart.js, D3, Vega, ECharts) need scripts, which
 * the page forbids, and show nothing on paper or where scripts are off; Vega and ECharts can write SVG on a server, but that is
 * node with hundreds of packages beside a program of C. Those that draw beforehand (gnuplot's svg terminal, cairo, matplotlib,
 * plotutils) are a program to run or a large library to link; they write colours and fonts into the picture (cairo even the
 * letters, as outlines that no one can select or search), so that it cannot follow light and dark, know neither title nor
 * description for screen readers, and their bytes differ from version to version, while a report is a pure function of its
 * input. gnuplot's and plotutils' text has a markup of its own: what is hostile would have to be escaped for that, too. Asked
 * for here are steps, bands, ticks and hatches: some four hundred lines.
 *
 * Scales. Counts begin at zero and are linear: their height is what they are, and a surge is to look like one. Durations go
 * over several powers of ten in an outage; where the largest is LANES_PEAK times the smallest and more, the axis is logarithmic
 * and says so, for else the 50 ms of all others would lie on the base line below one 30 s timeout. Percentiles are lines, not
 * areas: an area stands for an amount. No peak is cut: it would not be believed.
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
