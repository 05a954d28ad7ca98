#include "base/memory.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

/* What the standard error of a child is that runs out of memory; its signal in *signal_number. */
static size_t dying_words(void (*die)(void), char *words, size_t cap, int *signal_number)
{
	int ends[2], status = 0;
	if (pipe(ends))
		return 0;
	pid_t child = fork();
	if (!child) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		die();
		_exit(0);
	}
	close(ends[1]);
	size_t len = 0;
	for (ssize_t n; len < cap && (n = read(ends[0], words + len, cap - len)) > 0;)
		len += (size_t)n;
	close(ends[0]);
	waitpid(child, &status, 0);
	*signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return len;
}

static void grow_past_the_end(void)
{
	size_t cap = 0;
	memory_grow(NULL, &cap, SIZE_MAX / 2, 16);
}

int main(void)
{
	unsigned char *fresh = memory_new(1000, 3);
	size_t sum = 0, cap = 0;
	for (size_t i = 0; i < 3000; i++)
		sum += fresh[i];
	FACT(!sum, "new memory is zero");
	memory_free(fresh);
	memory_free(NULL);
	void *nothing = memory_new(0, 0), *other = memory_new(0, 8);
	FACT(nothing && other && nothing != other, "nothing has a pointer of its own");
	memory_free(nothing);
	memory_free(other);

	uint64_t *items = NULL;
	items = memory_grow(items, &cap, 1, sizeof *items);
	FACT(items && cap >= 1 && !items[0] && !items[cap - 1], "the first growth is zeroed");
	memset(items, 0xAA, cap * sizeof *items);
	size_t before = cap;
	items = memory_grow(items, &cap, before + 1, sizeof *items);
	FACT(cap >= 2 * before && items[before - 1] == 0xAAAAAAAAAAAAAAAAu && !items[before] && !items[cap - 1],
	     "growth doubles, keeps what was there, zeroes what is new");
	FACT(memory_grow(items, &cap, 3, sizeof *items) == items, "what fits is not moved");
	items = memory_grow(items, &cap, 100000, sizeof *items);
	FACT(cap >= 100000 && !items[99999] && items[0] == 0xAAAAAAAAAAAAAAAAu, "growth by a leap");
	memory_free(items);

	char words[200];
	int signal_number;
	size_t len = dying_words(grow_past_the_end, words, sizeof words, &signal_number);
	FACT(signal_number == SIGABRT && len == 28 && !memcmp(words, "onset: error: out of memory\n", len),
	     "out of memory is one line and an abort");
	return unit_done();
}
