#include "tally/cells.h"

#include "random.h"
#include "unit.h"

static void counts(void)
{
	static uint32_t truth[20][100];
	struct cells c;
	cells_init(&c, cells_minutes, 100000);
	for (int i = 0; i < 100000; i++) {
		uint32_t slot = (uint32_t)(random_next() % 20), second = (uint32_t)(random_next() % 6000);
		cells_at(&c, slot, 600000 + second)->n++;
		truth[slot][second / 60]++;
	}
	size_t n;
	const struct cell *cells = cells_by_slot(&c, &n);
	bool same = n == 2000, sorted = true;
	for (size_t i = 0; i < n; i++) {
		same = same && cells[i].n == truth[cells[i].slot][(cells[i].start_s - 600000) / 60];
		sorted = sorted && (!i || cells[i - 1].slot < cells[i].slot ||
				    (cells[i - 1].slot == cells[i].slot && cells[i - 1].start_s < cells[i].start_s));
	}
	FACT(same, "each cell counts its slot in its minute");
	FACT(sorted, "sorted by slot, then start");
	cells_release(&c);
}

static void bounded(void)
{
	struct cells c;
	cells_init(&c, cells_minutes, 1000);
	uint64_t total = 0;
	bool holds = true;
	for (int i = 0; i < 300000; i++) {
		cells_at(&c, (uint32_t)(random_next() % 50), (uint32_t)random_next())->n++;
		holds = holds && c.n <= 1000;
	}
	FACT(holds, "the limit holds at any time");
	FACT(c.width_s == 864000000, "stamps over all of time end in the widest interval");
	size_t n;
	const struct cell *cells = cells_by_slot(&c, &n);
	bool sorted = true;
	for (size_t i = 0; i < n; i++) {
		total += cells[i].n;
		sorted = sorted && (!i || cells[i - 1].slot < cells[i].slot ||
				    (cells[i - 1].slot == cells[i].slot && cells[i - 1].start_s < cells[i].start_s));
	}
	FACT(total == 300000, "coarsening loses nothing");
	FACT(sorted, "sorted by slot, then start, however wide");
	cells_release(&c);
}

int main(void)
{
	counts();
	bounded();
	return unit_done();
}
