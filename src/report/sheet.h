/* sheet: how the HTML report looks: one style sheet, light and dark, screen and paper.
 *
 * Takes  nothing.
 * Gives  the sheet's text, and its hash for the Content-Security-Policy: a style that is not this one is not applied.
 * Holds  nothing.
 * Never  loads a font or a picture.
 */
#ifndef ONSET_SHEET_H
#define ONSET_SHEET_H

/* What stands between <style> and </style>. */
const char *sheet_text(void);
/* "sha256-BASE64": CSP Level 3, 2.3.1; tests/report.py recounts it. */
const char *sheet_hash(void);

#endif
