#include "split/logformat.h"

#include "unit.h"

/* "shape.means.which after|" of each step, or the error and its column. */
static void describe(const char *format, struct text *t)
{
	struct diag d = {0};
	size_t column;
	struct logformat *lf = logformat_new(span_of(format), &d, &column);
	text_clear(t);
	if (!lf) {
		text_format(t, "%zu: %s", column, d.what);
		return;
	}
	text_append(t, lf->before);
	text_append_byte(t, '|');
	for (size_t i = 0; i < lf->n; i++) {
		const struct logformat_step *s = &lf->steps[i];
		text_append(t, (struct span){lf->source + s->name, s->name_len});
		text_append_string(t, s->shape == LOGFORMAT_ADDRESS ? "@" : "");
		text_append_string(t, s->quoted ? "\"" : "");
		text_append_byte(t, '|');
		text_append(t, (struct span){s->after, s->after_len});
		text_append_byte(t, '|');
	}
	text_format(t, "%zu", lf->optional_from);
	logformat_free(lf);
}

static const struct {
	const char *name, *format, *wanted;
} rows[] = {
	{"text stands before, between and behind values", "a %ST-%ts z", "a |%ST|-|%ts| z|2"},
	{"blanks are merged, those at the start dropped; %o prints nothing", "  %{+Q}o  %ST   %ts", "|%ST\"| |%ts\"||2"},
	{"a flag of one value ends with it", "%{+Q}r %ST", "|%{+Q}r\"| |%ST||2"},
	{"escapes of an unquoted configuration", "%ST\\ %ts\\ \\\"x\\\"", "|%ST| |%ts| \"x\"|2"},
	{"a percent sign", "100%% %ST %ts", "100% |%ST| |%ts||2"},
	{"an address and its port", "%ci:%cp %ST", "|%ci@|:|%cp| |%ST||3"},
	{"not when what follows the port is a colon too", "%ci:%cp:%ST", "|%ci|:|%cp|:|%ST||3"},
	{"captures may be absent at the end", "%ST %hr %hs", "|%ST| |%hr| |%hs||1"},
	{"%HP%HQ is one URL", "%HP%HQ %ST", "|%HP%HQ| |%ST||2"},
	{"names and types of newer versions", "%(status:sint)ST %(m)HM", "|%(status:sint)ST| |%(m)HM||2"},
	{"brackets in an expression", "%[var(txn.a),regsub([0-9]+,x)] %ST", "|%[var(txn.a),regsub([0-9]+,x)]| |%ST||2"},
	{"nothing ends itself but stamps, braces and quotes", "%ST%ts", "3: two values without text between them cannot be told apart"},
	{"a stamp does", "%tr%ST %ts", "|%tr||%ST| |%ts||3"},
	{"an alias that HAProxy does not have", "%ST %XX", "4: log-format has a \"%\" without a name that HAProxy knows"},
	{"a lonely percent sign", "%ST %", "4: log-format has a \"%\" without a name that HAProxy knows"},
	{"an open brace", "%ST %{+Q", "5: log-format has a \"{\" without its \"}\""},
	{"an open bracket", "%ST %[src", "4: log-format has a \"[\" without its \"]\""},
	{"nothing that says how it ended", "%ci [%t] %b/%s", "0: log-format has no %ST, %r, %ts or %tsc"},
	{"the empty format", "", "0: log-format has no %ST, %r, %ts or %tsc"},
	{"%tail is the last", "%ST %tail %ts", "4: %tail must be the last value"},
	{"what HAProxy encodes itself is read as such", "%{+json}o %(a)ST", "7: log-format makes JSON or CBOR"},
};

static void test_limits(void)
{
	struct diag d = {0};
	size_t column;
	struct text t = {0};
	for (int i = 0; i <= LOGFORMAT_STEPS; i++)
		text_append_string(&t, "%ST ");
	FACT(!logformat_new(text_span(&t), &d, &column) && column == LOGFORMAT_STEPS * 4, "too many values are refused, with their place");
	text_clear(&t);
	for (int i = 0; i < 5000; i++)
		text_append_byte(&t, 'x');
	FACT(!logformat_new(text_span(&t), &d, &column), "a format of 5,000 bytes is refused");
	text_release(&t);
	logformat_free(NULL);
	static const char *const names[] = {"httplog", "tcplog", "httpslog", "clf"};
	for (size_t i = 0; i < 4; i++) {
		struct logformat *lf = logformat_new(span_of(names[i]), &d, &column);
		FACT(lf && lf->n >= 15 && lf->is_http == (i != 1), names[i]);
		logformat_free(lf);
	}
}

int main(void)
{
	struct text t = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		describe(rows[i].format, &t);
		TEXT_IS(t.at, rows[i].wanted, rows[i].name);
	}
	text_release(&t);
	test_limits();
	return unit_done();
}
