#include "cmd/zonefile.h"

#include "cmd/smallfile.h"

/* Only what IANA names are made of: a name must not lead out of the zone folder. */
static bool is_zone_name(struct span name)
{
	bool after_slash = true;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool inside = (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
		if (!(letter || (!after_slash && (inside || c == '/'))))
			return false;
		after_slash = c == '/';
	}
	return name.len && !after_slash;
}

struct zone *zonefile_named(struct span name, struct diag *d)
{
	static const char *const folders[] = {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/"};
	struct zone *zone = zone_fixed(name);
	for (size_t i = 0; !zone && is_zone_name(name) && i < sizeof folders / sizeof *folders; i++) {
		struct text path = {0}, bytes = {0};
		struct diag missing = {0};
		text_append_string(&path, folders[i]);
		text_append(&path, name);
		bool there = smallfile_read(path.at, SMALLFILE_REGULAR, &bytes, &missing);
		if (there)
			zone = zone_from_tzif(name, text_span(&bytes), d);
		text_release(&path);
		text_release(&bytes);
		if (there)
			break;
	}
	if (!zone) {
		diag_set(d, "unknown zone \"%.*s\"", (int)name.len, name.at);
		diag_hint(d, "UTC, an offset such as +02:00, or an IANA name such as Europe/Berlin (package tzdata). "
			     "Abbreviations such as IST or CST mean several zones.");
	}
	return zone;
}
