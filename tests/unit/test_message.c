#include "cmd/message.h"

#include "unit.h"

static const struct {
	const char *what, *lines, *name;
} cases[] = {
	{"plain", "plain", "a line"},
	{"", "", "an empty text is one too"},
	{"a\n  1 | b\n    | ^", "a\n  1 | b\n    | ^", "the lines that show a place stay lines"},
	{"\"a\nhint: b\"", "\"a\\x0Ahint: b\"", "any other line break is escaped: a name cannot say what we would"},
	{"\033[31m", "\\x1B[31m", "a name cannot drive a terminal"},
	{"a\n  \033b\n  c", "a\n  \\x1Bb\n  c", "nor can a line that is shown"},
	{"a\n", "a\\x0A", "a line break at the end"},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text t = {0};
		message_lines(&t, cases[i].what);
		TEXT_IS(t.at, cases[i].lines, cases[i].name);
		FACT(t.at, "there always is a text");
		text_release(&t);
	}
	struct text t = {0};
	message_append(&t, DIAG_ERROR, "a", "do b");
	message_append(&t, DIAG_NOTICE, "c", "");
	TEXT_IS(t.at, "onset: error: a\nhint: do b\nonset: note: c\n", "a hint has a line of its own");
	text_release(&t);
	return unit_done();
}
