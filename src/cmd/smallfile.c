#include "cmd/smallfile.h"

#include "read/input.h"

bool smallfile_read(const char *path, enum smallfile_kind kind, struct text *out, struct diag *d)
{
	struct input in;
	char buffer[16384];
	size_t n, before = out->len, most = kind == SMALLFILE_DRAFT ? SMALLFILE_DRAFT_BYTES : SMALLFILE_MOST_BYTES;
	if (!input_open(&in, path, d))
		return false;
	if (kind == SMALLFILE_REGULAR && in.size < 0) {
		diag_set(d, "cannot read \"%s\": it is no regular file", path);
	} else {
		while (out->len - before <= most && (n = input_read(&in, buffer, sizeof buffer)))
			text_append(out, (struct span){buffer, n});
		if (in.failed.set)
			*d = in.failed;
		else if (out->len - before > most)
			diag_set(d, "\"%s\" is too long: over %zu MiB", path, most >> 20);
	}
	input_close(&in);
	return !d->set;
}
