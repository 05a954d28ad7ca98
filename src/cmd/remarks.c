#include "cmd/remarks.h"

void remarks_damage(const char *path, const struct damage_report *damage, struct diag_list *trouble)
{
	const long long given = (long long)damage->uncompressed_offset, at = (long long)damage->compressed_offset;
	const char *hint = damage->more ? "There is more damage behind it." : NULL;
	switch (damage->kind) {
	case DAMAGE_NONE:
		return;
	case DAMAGE_TRUNCATED:
		diag_add(trouble, DIAG_WARNING, hint,
			 "\"%s\": compressed data ends early; read %lld bytes before the break", path, given);
		break;
	case DAMAGE_CORRUPT:
		diag_add(trouble, DIAG_WARNING, hint,
			 "\"%s\": compressed data is damaged at byte %lld; read %lld bytes before it", path, at,
			 given);
		break;
	case DAMAGE_TRAILING:
		diag_add(trouble, DIAG_WARNING, hint,
			 "\"%s\": ignored what follows the compressed data from byte %lld on", path, at);
		break;
	case DAMAGE_READ:
		diag_add(trouble, DIAG_WARNING, hint, "\"%s\": reading failed; read %lld bytes before that",
			 path, given);
		break;
	case DAMAGE_WIDE:
		diag_add(trouble, DIAG_WARNING, "Give it unpacked: zstd --long=31 -dc FILE | onset draft -",
			 "\"%s\": compressed with a window of more than 128 MiB; read %lld bytes before that", path, given);
		break;
	}
	trouble->incomplete = true;
}

/* Keeps the names that stand first in the alphabet: the tally has its files in no order that a person would know. */
static void add_name(struct remarks_names *names, const char *path)
{
	const size_t most = sizeof names->first / sizeof *names->first;
	size_t kept = names->n < most ? names->n : most, at = kept;
	while (at && strcmp(path, names->first[at - 1]) < 0)
		at--;
	for (size_t i = kept < most ? kept : most - 1; i > at; i--)
		names->first[i] = names->first[i - 1];
	if (at < most)
		names->first[at] = path;
	names->n++;
}

void remarks_stream(struct remarks_streams *s, bool has_format, enum format_rank rank, uint64_t lines, uint64_t records)
{
	s->read |= has_format;
	s->known |= has_format && rank == RANK_KNOWN;
	s->stamped |= has_format && rank == RANK_STAMPED;
	s->lines += lines;
	s->records += records;
}

void remarks_file(struct remarks *r, const char *path, const struct remarks_streams *s)
{
	enum content is = s->read ? CONTENT_KNOWN : s->lines ? CONTENT_UNKNOWN : CONTENT_EMPTY;
	r->content = is > r->content ? is : r->content;
	if (is == CONTENT_UNKNOWN)
		add_name(&r->unknown, path);
	else if (is == CONTENT_EMPTY)
		add_name(&r->empty, path);
	else if (!s->records)
		add_name(&r->silent, path);
	else if (s->stamped)
		add_name(&r->stamped, path);
	else if (!s->known)
		add_name(&r->carried, path);
}

/* One line for all of them: a folder may hold thousands. */
static void add_names(const struct remarks_names *names, enum diag_level level, const char *one, const char *many,
			 const char *hint, struct diag_list *trouble)
{
	const size_t most = sizeof names->first / sizeof *names->first;
	struct text t = {0};
	for (size_t i = 0; i < names->n && i < most; i++)
		text_format(&t, "%s\"%s\"", !i ? "" : i + 1 == names->n ? " and " : ", ", names->first[i]);
	if (names->n > most)
		text_format(&t, " and %zu more", names->n - most);
	if (names->n)
		diag_add(trouble, level, hint, "%s %s", t.at, names->n == 1 ? one : many);
	text_release(&t);
}

void remarks_finish(const struct remarks *r, struct diag_list *trouble)
{
	static const char how[] = "To see the lines: onset check PATH; to state the format: --format GLOB=FORMAT";
	add_names(&r->unknown, DIAG_WARNING, "has no known format", "have no known format", how, trouble);
	add_names(&r->stamped, DIAG_WARNING, "has no known format: only its time stamps are read",
		  "have no known format: only their time stamps are read", how, trouble);
	add_names(&r->carried, DIAG_WARNING, "carries no line of a known format: only what carries them is read",
		  "carry no line of a known format: only what carries them is read", how, trouble);
	add_names(&r->silent, DIAG_WARNING, "has no record of its format", "have no record of their format",
		  "To see the lines: onset check PATH; the format may be stated wrongly.", trouble);
	/* An error log without errors is no trouble. */
	add_names(&r->empty, DIAG_NOTE, "is empty", "are empty", NULL, trouble);
}
