/* replay: runs files through a fuzz target, for machines and checks without libFuzzer.
 *
 * Takes  paths of files, and of folders whose files are run in byte order.
 * Gives  exit status 0 when every file was run; 1 when one could not be read or none was named. A crash is the target's.
 * Holds  one file at a time, in an allocation that ends where the bytes do, so that a sanitizer sees every over-read.
 * Never  changes a file.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "read/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool run_file(const char *path)
{
	struct input in;
	struct diag d = {0};
	if (!input_open(&in, path, &d)) {
		fprintf(stderr, "%s\n", d.what);
		return false;
	}
	unsigned char *bytes = NULL;
	size_t len = 0, cap = 0, n;
	do {
		bytes = memory_grow(bytes, &cap, len + 65536, 1);
		n = input_read(&in, bytes + len, 65536);
		len += n;
	} while (n);
	input_close(&in);
	unsigned char *exact = memory_new(len, 1);
	memcpy(exact, bytes, len);
	memory_free(bytes);
	if (!in.failed.set)
		LLVMFuzzerTestOneInput(exact, len);
	else
		fprintf(stderr, "%s\n", in.failed.what);
	memory_free(exact);
	return !in.failed.set;
}

int main(int argc, char **argv)
{
	struct input_list list = {0};
	struct diag_list trouble = {0};
	for (int i = 1; i < argc; i++)
		input_walk(argv[i], &list, &trouble);
	bool ok = list.n && !trouble.incomplete;
	for (size_t i = 0; i < trouble.n; i++)
		fprintf(stderr, "%s\n", trouble.items[i].what);
	for (size_t i = 0; i < list.n; i++)
		ok &= run_file(list.files[i].path);
	input_list_release(&list);
	diag_release(&trouble);
	return !ok;
}
