#include "base/nearest.h"

enum { MOST_LETTERS = 31, MOST_SLIPS = 2 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned distance(struct span a, struct span b)
{
	unsigned rows[MOST_LETTERS + 1][MOST_LETTERS + 1];
	for (unsigned i = 0; i <= a.len; i++)
		for (unsigned k = 0; k <= b.len; k++) {
			if (!i || !k) {
				rows[i][k] = i + k;
				continue;
			}
			unsigned best = rows[i - 1][k - 1] + (a.at[i - 1] != b.at[k - 1]);
			best = least(best, least(rows[i - 1][k], rows[i][k - 1]) + 1);
			if (i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] && a.at[i - 2] == b.at[k - 1])
				best = least(best, rows[i - 2][k - 2] + 1);
			rows[i][k] = best;
		}
	return rows[a.len][b.len];
}

struct nearest nearest_to(struct span word)
{
	return (struct nearest){word, SPAN_NONE, MOST_SLIPS + 1};
}

void nearest_try(struct nearest *n, struct span known)
{
	if (n->word.len > MOST_LETTERS || known.len > MOST_LETTERS)
		return;
	unsigned d = distance(n->word, known);
	if (d < n->distance && 2 * d <= known.len) {
		n->distance = d;
		n->best = known;
	}
}
