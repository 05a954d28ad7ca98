#include "carry/carried.h"

static const char *const names[CARRIER_COUNT] = {"", "ansi", "compose", "docker", "cri", "syslog", "journal", "export"};

const char *carrier_name(enum carrier carrier)
{
	return names[carrier];
}

bool carrier_of(struct span name, enum carrier *carrier)
{
	for (int i = CARRIER_NONE + 1; i < CARRIER_COUNT; i++) {
		if (span_equal(name, span_of(names[i]))) {
			*carrier = (enum carrier)i;
			return true;
		}
	}
	return false;
}

void carried_init(struct carried *c, struct span line)
{
	c->depth = 0;
	c->text = line;
	c->headed = SPAN_NONE;
	c->host = c->process = c->container = c->unit = c->iostream = c->pid = SPAN_NONE;
	c->message = 0;
	c->part = 0;
	c->partial = c->continues = c->continues_word = c->cut = false;
	c->has_stamp = false;
	c->stamp_text = SPAN_NONE;
	c->severity = SEVERITY_UNKNOWN;
	c->severity_text = SPAN_NONE;
	c->priority = -1;
	c->version = c->msgid = c->structured = SPAN_NONE;
	c->extras = NULL;
}

void carrier_chain(const struct carried *c, struct text *out)
{
	size_t from = out->len;
	for (size_t i = 0; i < c->depth; i++) {
		if (c->chain[i] == CARRIER_ANSI)
			continue;
		text_append_string(out, out->len > from ? " > " : "");
		text_append_string(out, carrier_name(c->chain[i]));
	}
	if (c->depth && out->len == from)
		text_append_string(out, carrier_name(CARRIER_ANSI));
}

/* launchd's and others' process names may hold a pid in brackets: what stands before it is the name. */
static struct span without_pid(struct span process)
{
	ptrdiff_t at = span_find_byte(process, '[');
	return at > 0 ? span_head(process, (size_t)at) : process;
}

void carrier_writer(const struct carried *c, struct text *out)
{
	/* A container says all; a host alone may be many programs. */
	struct span process = without_pid(c->process.len ? c->process : c->container.len ? SPAN_NONE : c->unit);
	struct span parts[] = {c->host, c->container, process};
	size_t from = out->len;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t room = CARRIER_WRITER_BYTES - (out->len - from);
		bool slash = out->len > from;
		if (!parts[i].len || room < 2)
			continue;
		if (slash)
			text_append_byte(out, '/');
		struct span part = span_head(parts[i], room - slash);
		while (part.len < parts[i].len && part.len && ((unsigned char)part.at[part.len] & 0xC0) == 0x80)
			part.len--; /* not inside a character */
		for (size_t k = 0; k < part.len; k++) {
			unsigned char byte = (unsigned char)part.at[k];
			text_append_byte(out, byte < ' ' || byte == 0x7F ? '?' : (char)byte);
		}
	}
}
