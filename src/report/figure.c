#include "report/figure.h"

#include <stdlib.h>

#include "base/instant.h"
#include "fold/sentence.h"
#include "report/axis.h"
#include "report/escape.h"
#include "report/when.h"

/* Units of the drawing, which is as wide as the page's column. */
enum {
	WIDTH = 960,
	LEFT = 56,
	RIGHT = 12,
	INNER = WIDTH - LEFT - RIGHT,
	TITLE = 20,  /* above a panel's curves */
	CURVES = 60, /* height of a panel's curves */
	APART = 14,  /* between panels */
	AXIS = 22,   /* below the last one */
	MARK_ROW = 18,
	TABLE_ROWS = 40,
};

static struct axis time_axis(const struct lanes *l)
{
	return (struct axis){l->from_us, l->to_us, INNER * 10};
}

static void put_tenths(struct text *out, int64_t tenths)
{
	text_format(out, tenths % 10 ? "%d.%d" : "%d", (int)(tenths / 10), (int)(tenths % 10));
}

static int64_t x_of(const struct lanes *l, int64_t at_us)
{
	struct axis a = time_axis(l);
	return LEFT * 10 + axis_place(&a, at_us);
}

static void vertical(struct text *out, const char *class, int64_t x, int top, int bottom)
{
	text_format(out, "<line class=\"%s\" x1=\"", class);
	put_tenths(out, x);
	text_append_string(out, "\" x2=\"");
	put_tenths(out, x);
	text_format(out, "\" y1=\"%d\" y2=\"%d\"/>\n", top, bottom);
}

static void rectangle(struct text *out, const char *class, int64_t x, int64_t right, int top, int height)
{
	text_format(out, "<rect class=\"%s\" x=\"", class);
	put_tenths(out, x);
	text_append_string(out, "\" width=\"");
	put_tenths(out, right > x ? right - x : 1);
	text_format(out, "\" y=\"%d\" height=\"%d\"/>\n", top, height);
}

static bool is_inside(const struct lanes *l, int64_t at_us)
{
	return at_us != INSTANT_NONE && at_us >= l->from_us && at_us <= l->to_us;
}

/* Lines and words below the panels; thin lines through them. */
static void draw_time(struct text *out, const struct lanes *l, int top, int bottom)
{
	struct ticks t;
	axis_time_ticks(l->from_us, l->to_us, 9, &t);
	for (size_t i = 0; i < t.n; i++) {
		int64_t x = x_of(l, t.at[i]);
		vertical(out, "grid", x, top, bottom);
		/* Words near the edges would be cut. */
		const char *anchor = x < (LEFT + 24) * 10 ? "start" : x > (WIDTH - RIGHT - 24) * 10 ? "end" : "middle";
		text_append_string(out, "<text class=\"tick\" text-anchor=\"");
		text_format(out, "%s\" x=\"", anchor);
		put_tenths(out, x);
		text_format(out, "\" y=\"%d\">", bottom + 15);
		axis_append_time(out, t.at[i], t.step);
		text_append_string(out, "</text>\n");
	}
	text_format(out, "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%d\">UTC</text>\n", LEFT - 8, bottom + 15);
}

/* What runs through all panels. */
static void draw_span(struct text *out, const struct lanes *l, const struct figure_span *s, int top, int bottom)
{
	if (is_inside(l, s->onset_us)) {
		if (s->lower_us != INSTANT_NONE && s->upper_us != INSTANT_NONE && s->lower_us < s->upper_us)
			rectangle(out, "doubt", x_of(l, s->lower_us), x_of(l, s->upper_us), top, bottom - top);
		vertical(out, "onset", x_of(l, s->onset_us), top, bottom);
	}
	if (is_inside(l, s->end_us) && !s->ongoing)
		vertical(out, "end", x_of(l, s->end_us), top, bottom);
	for (size_t i = 0; i < l->marks_n; i++)
		vertical(out, "mark", x_of(l, l->marks[i].at_us), top, bottom);
}

static void open_drawing(struct text *out, const char *id, int height)
{
	text_format(out, "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-t %s-d\">\n<title id=\"%s-t\">", WIDTH, height,
		    id, id, id);
}

/* "from 13:38:15.633 to 13:42:55.308 UTC" */
static void put_range(struct text *out, const struct lanes *l)
{
	text_append_string(out, "from ");
	when_append(out, l->from_us);
	text_append_string(out, " to ");
	if (when_same_day(l->from_us, l->to_us))
		when_append_time(out, l->to_us);
	else
		when_append(out, l->to_us);
	text_append_string(out, " UTC");
}

/* The lowest row in which a mark does not touch the one before it. */
static size_t row_of(const struct lanes *l, size_t mark, const size_t *rows)
{
	enum { MOST_ROWS = 6, WIDE = 200 };
	for (size_t row = 0; row < MOST_ROWS; row++) {
		bool apart = true;
		for (size_t i = mark; i-- && apart;)
			apart = rows[i] != row || x_of(l, l->marks[mark].at_us) - x_of(l, l->marks[i].at_us) >= WIDE;
		if (apart)
			return row;
	}
	return MOST_ROWS - 1;
}

void figure_marks(struct text *out, const struct lanes *l, const struct figure_span *s, const char *id)
{
	size_t rows[LANES_MOST_MARKS] = {0}, rows_n = 0;
	for (size_t i = 0; i < l->marks_n; i++) {
		rows[i] = row_of(l, i, rows);
		rows_n = rows[i] + 1 > rows_n ? rows[i] + 1 : rows_n;
	}
	int bar = 24, bottom = bar + 16 + (int)rows_n * MARK_ROW + 4;
	open_drawing(out, id, bottom + AXIS);
	text_append_string(out, "Course of the incident</title>\n");
	text_format(out, "<desc id=\"%s-d\">A bar from onset to end, and the numbers of what is listed below, ", id);
	put_range(out, l);
	text_append_string(out, ".</desc>\n");
	draw_time(out, l, bar - 6, bottom);
	draw_span(out, l, s, bar - 6, bottom);
	if (s->onset_us != INSTANT_NONE) {
		int64_t x = x_of(l, s->onset_us), right = x_of(l, s->ongoing ? l->to_us : s->end_us);
		rectangle(out, "incident", x, right, bar, 8);
		bool late = x > (WIDTH - 260) * 10, apart = right - x > 1900;
		text_format(out, "<text class=\"word onset-word\" text-anchor=\"%s\" x=\"", late ? "end" : "start");
		put_tenths(out, x);
		text_append_string(out, "\" y=\"12\">onset ");
		when_append_time(out, s->onset_us);
		if (!apart && !s->ongoing) {
			text_append_string(out, ", end ");
			when_append_time(out, s->end_us);
		}
		text_append_string(out, "</text>\n");
		if (apart) {
			text_append_string(out, "<text class=\"word\" text-anchor=\"end\" x=\"");
			put_tenths(out, right);
			text_append_string(out, s->ongoing ? "\" y=\"12\">not over" : "\" y=\"12\">end ");
			if (!s->ongoing)
				when_append_time(out, s->end_us);
			text_append_string(out, "</text>\n");
		}
	}
	for (size_t i = 0; i < l->marks_n; i++) {
		int y = bar + 16 + (int)rows[i] * MARK_ROW + 6;
		int64_t x = x_of(l, l->marks[i].at_us), half = i >= 9 ? 100 : 80;
		int64_t lower = x_of(l, l->marks[i].lower_us), upper = x_of(l, l->marks[i].upper_us);
		if (upper - lower > 2 * half)
			rectangle(out, "doubt", lower, upper, y - 2, 5);
		text_append_string(out, "<rect class=\"badge\" rx=\"3\" x=\"");
		put_tenths(out, x - half);
		text_append_string(out, "\" width=\"");
		put_tenths(out, 2 * half);
		text_format(out, "\" y=\"%d\" height=\"15\"/>\n<text class=\"badge-word\" text-anchor=\"middle\" x=\"", y - 8);
		put_tenths(out, x);
		text_format(out, "\" y=\"%d\">%zu</text>\n", y + 4, i + 1);
	}
	text_append_string(out, "</svg>\n");
}

void figure_title(struct text *out, const struct panel *p)
{
	if (p->title)
		text_append_string(out, p->title);
	else
		text_append(out, span_head(p->name, 80));
	if (p->key.len) {
		text_append_string(out, p->title ? " " : " of ");
		text_append(out, span_head(p->key, 80));
	}
	if (p->unit)
		text_format(out, "%s %s", p->title && !p->key.len ? "" : ",", p->unit);
	if (p->is_logarithmic)
		text_append_string(out, ", logarithmic");
}

/* Thousandths of a millisecond are microseconds. */
static void put_value(struct text *out, const struct panel *p, int64_t milli)
{
	if (p->is_duration)
		sentence_duration(out, milli);
	else
		axis_append_value(out, milli);
}

/* The scale of a panel's values; its first and last tick are its ends. */
static void scale(const struct panel *p, struct ticks *t)
{
	if (p->is_logarithmic)
		axis_logarithmic_ticks(lanes_least_milli(p), lanes_top_milli(p), t);
	else
		axis_value_ticks(lanes_top_milli(p), t);
}

static int64_t y_of(const struct panel *p, const struct ticks *t, int top, int64_t milli)
{
	struct axis a = {t->at[0], t->at[t->n - 1], CURVES * 10};
	return (top + CURVES) * 10 - (p->is_logarithmic ? axis_place_logarithmic(&a, milli) : axis_place(&a, milli));
}

/* Steps from the base line and back to it, for each stretch without a hole. Percentiles and limits are lines: no area stands for
 * them. */
static void draw_curve(struct text *out, const struct lanes *l, const struct panel *panel, const struct curve *c, int top, const struct ticks *t)
{
	static const char *const classes[] = {[CURVE_USUAL] = "usual", [CURVE_BAD] = "bad", [CURVE_LIMIT] = "limit", [CURVE_UPPER] = "upper",
					      [CURVE_LOWER] = "lower"};
	bool area = c->kind == CURVE_BAD || (c->kind == CURVE_USUAL && !panel->is_duration);
	if (!c->n)
		return;
	text_format(out, "<path class=\"%s\" d=\"", c->kind == CURVE_USUAL && !area ? "upper" : classes[c->kind]);
	for (size_t i = 0; i < c->n; i++) {
		const struct lane_point *p = &c->points[i];
		bool begins = !i || c->points[i - 1].to_us < p->from_us, ends = i + 1 == c->n || p->to_us < c->points[i + 1].from_us;
		int64_t y = y_of(panel, t, top, p->milli);
		if (begins) {
			text_append_byte(out, 'M');
			put_tenths(out, x_of(l, p->from_us));
			text_append_byte(out, ' ');
			put_tenths(out, area ? (top + CURVES) * 10 : y);
		}
		if (area || !begins) {
			text_append_byte(out, 'V');
			put_tenths(out, y);
		}
		/* Equal neighbours are one step. */
		if (ends || c->points[i + 1].milli != p->milli) {
			text_append_byte(out, 'H');
			put_tenths(out, x_of(l, p->to_us));
		}
		if (ends && area) {
			text_append_byte(out, 'V');
			put_tenths(out, (top + CURVES) * 10);
		}
	}
	text_append_string(out, "\"/>\n");
}

static void draw_gaps(struct text *out, const struct lanes *l, const struct panel *p, int top, const char *id)
{
	for (size_t i = 0; i < p->gaps_n; i++) {
		int64_t x = x_of(l, p->gaps[i].from_us), right = x_of(l, p->gaps[i].to_us);
		text_append_string(out, "<rect x=\"");
		put_tenths(out, x);
		text_append_string(out, "\" width=\"");
		put_tenths(out, right > x ? right - x : 1);
		text_format(out, "\" y=\"%d\" height=\"%d\" fill=\"url(#%s-h)\"/>\n", top, CURVES, id);
	}
}

/* "largest 182" */
static void put_largest(struct text *out, const struct panel *p)
{
	text_append_string(out, "largest ");
	int64_t top = 0;
	for (size_t k = 0; k < p->curves_n; k++)
		for (size_t i = 0; i < p->curves[k].n && p->curves[k].kind != CURVE_LIMIT; i++)
			top = p->curves[k].points[i].milli > top ? p->curves[k].points[i].milli : top;
	put_value(out, p, top);
}

static void draw_panel(struct text *out, const struct lanes *l, const struct panel *p, int top, const char *id)
{
	struct ticks t;
	scale(p, &t);
	for (size_t i = 0; i < t.n; i++) {
		int64_t y = y_of(p, &t, top, t.at[i]);
		text_format(out, "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"", i ? "grid" : "base", LEFT, WIDTH - RIGHT);
		put_tenths(out, y);
		text_append_string(out, "\" y2=\"");
		put_tenths(out, y);
		text_append_string(out, "\"/>\n");
		/* The ends; of a logarithmic axis what lies a line's height off them, too. */
		if (i && i + 1 < t.n && !(p->is_logarithmic && y < (top + CURVES - 14) * 10 && y > (top + 14) * 10))
			continue;
		text_format(out, "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"", LEFT - 8);
		put_tenths(out, y + 40);
		text_append_string(out, "\">");
		if (p->is_duration)
			axis_append_duration(out, t.at[i]);
		else
			axis_append_value(out, t.at[i]);
		text_append_string(out, "</text>\n");
	}
	for (size_t k = 0; k < p->curves_n; k++)
		draw_curve(out, l, p, &p->curves[k], top, &t);
	draw_gaps(out, l, p, top, id);
}

/* Words stand on top of the lines that run through all panels. */
static void draw_title(struct text *out, const struct panel *p, int top)
{
	static const char *const swatches[] = {[CURVE_USUAL] = "usual-key", [CURVE_BAD] = "bad-key", [CURVE_LIMIT] = "limit-key",
					       [CURVE_UPPER] = "upper-key", [CURVE_LOWER] = "lower-key"};
	struct text title = {0};
	figure_title(&title, p);
	text_format(out, "<text class=\"panel\" x=\"%d\" y=\"%d\">", LEFT, top - 7);
	escape_append(out, ESCAPE_HTML, text_span(&title), ESCAPE_SHORT_BYTES);
	text_release(&title);
	for (size_t k = 0; p->curves_n > 1 && k < p->curves_n; k++)
		text_format(out, "<tspan class=\"%s\" dx=\"12\">%s</tspan>", swatches[p->curves[k].kind], p->curves[k].title);
	text_format(out, "</text>\n<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%d\">", WIDTH - RIGHT, top - 7);
	put_largest(out, p);
	text_append_string(out, "</text>\n");
}

void figure_panels(struct text *out, const struct lanes *l, size_t first, size_t n, const struct figure_span *s, const char *id)
{
	int height = (int)n * (TITLE + CURVES) + (int)(n - 1) * APART;
	bool gaps = false;
	open_drawing(out, id, height + AXIS);
	text_append_string(out, document_tier_title(l->panels[first].tier));
	text_format(out, " over time</title>\n<desc id=\"%s-d\">", id);
	for (size_t i = first; i < first + n; i++) {
		struct text title = {0};
		figure_title(&title, &l->panels[i]);
		escape_append(out, ESCAPE_HTML, text_span(&title), ESCAPE_SHORT_BYTES);
		text_append_string(out, ", ");
		put_largest(out, &l->panels[i]);
		text_append_string(out, "; ");
		text_release(&title);
		gaps |= l->panels[i].gaps_n > 0;
	}
	put_range(out, l);
	text_append_string(out, ". The tables below say the same.</desc>\n");
	if (gaps)
		text_format(out,
			    "<defs><pattern id=\"%s-h\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
			    "<path class=\"hatch\" d=\"M0 6L6 0\"/></pattern></defs>\n",
			    id);
	draw_time(out, l, TITLE, height);
	for (size_t i = 0; i < n; i++)
		draw_panel(out, l, &l->panels[first + i], TITLE + (int)i * (TITLE + CURVES + APART), id);
	draw_span(out, l, s, TITLE, height);
	for (size_t i = 0; i < n; i++)
		draw_title(out, &l->panels[first + i], TITLE + (int)i * (TITLE + CURVES + APART));
	text_append_string(out, "</svg>\n");
}

/* The largest value of a curve whose points begin in [from, to); false when there is none. */
static bool largest_between(const struct curve *c, int64_t from_us, int64_t to_us, int64_t *milli)
{
	bool any = false;
	for (size_t i = 0; i < c->n; i++)
		if (c->points[i].from_us >= from_us && c->points[i].from_us < to_us) {
			*milli = any && *milli > c->points[i].milli ? *milli : c->points[i].milli;
			any = true;
		}
	return any;
}

void figure_table(struct text *out, const struct panel *p)
{
	if (!p->curves_n || !p->curves[0].n)
		return;
	const struct curve *c = &p->curves[0];
	size_t together = (c->n + TABLE_ROWS - 1) / TABLE_ROWS;
	text_append_string(out, "<table class=\"numbers\"><caption>");
	struct text title = {0};
	figure_title(&title, p);
	escape_append(out, ESCAPE_HTML, text_span(&title), ESCAPE_SHORT_BYTES);
	text_release(&title);
	text_append_string(out, together > 1 ? ": the largest value from each time to the next" : "");
	text_append_string(out, "</caption>\n<thead><tr><th scope=\"col\">From (UTC)</th>");
	for (size_t k = 0; k < p->curves_n; k++)
		text_format(out, "<th scope=\"col\">%s</th>", p->curves[k].title);
	text_append_string(out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < c->n; i += together) {
		int64_t from_us = c->points[i].from_us;
		int64_t to_us = i + together < c->n ? c->points[i + together].from_us : c->points[c->n - 1].to_us;
		text_append_string(out, "<tr><th scope=\"row\">");
		when_append_time(out, from_us);
		text_append_string(out, "</th>");
		for (size_t k = 0; k < p->curves_n; k++) {
			int64_t milli = 0;
			text_append_string(out, "<td>");
			if (largest_between(&p->curves[k], from_us, to_us, &milli))
				put_value(out, p, milli);
			text_append_string(out, "</td>");
		}
		text_append_string(out, "</tr>\n");
	}
	text_append_string(out, "</tbody></table>\n");
}

void figure_bar(struct text *out, const struct lanes *l, int64_t from_us, int64_t to_us, const char *state)
{
	enum { BAR = 1000 };
	struct axis a = {l->from_us, l->to_us, BAR};
	int64_t x = axis_place(&a, from_us), right = axis_place(&a, to_us);
	text_append_string(out, "<svg class=\"bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
				"<rect class=\"bar-all\" width=\"100\" height=\"4\"/>");
	if (to_us >= from_us && from_us != INSTANT_NONE) {
		text_format(out, "<rect class=\"bar-%s\" height=\"4\" x=\"", state);
		put_tenths(out, x);
		text_append_string(out, "\" width=\"");
		put_tenths(out, right - x > 8 ? right - x : 8);
		text_append_string(out, "\"/>");
	}
	text_append_string(out, "</svg>");
}
