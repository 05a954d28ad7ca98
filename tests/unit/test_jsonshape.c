/* jsonshape: what is guessed after what was learned; a wrong guess is none. */
#include "line/jsonshape.h"

#include "base/memory.h"
#include "unit.h"

struct bench {
	struct jsonkeys *keys;
	struct jsonshape *shape;
};

static struct jsonshape_key *learn(struct bench *b, uint16_t *guess, const char *key)
{
	return jsonshape_learn(b->shape, guess, b->keys, JSONKEYS_ROOT, span_of(key));
}

/* The line lies at the end of its memory, so that a sanitizer sees a byte read too many. */
static struct jsonshape_key *guess_at(struct bench *b, const uint16_t *guess, const char *line)
{
	size_t len = strlen(line);
	char *copy = memory_new(len + !len, 1);
	memcpy(copy, line, len);
	struct jsonshape_key *found = jsonshape_guess(b->shape, guess, JSONKEYS_ROOT, copy, copy + len);
	memory_free(copy);
	return found;
}

static void test_shapes(struct bench *b)
{
	uint16_t *first = b->shape->first;
	FACT(!guess_at(b, first, "time\":1}"), "nothing learned, nothing guessed");
	struct jsonshape_key *time = learn(b, first, "time");
	FACT(time->node == jsonkeys_child(b->keys, JSONKEYS_ROOT, SPAN("time")), "a learned key knows its node");
	FACT(guess_at(b, first, "time\":1}") == time, "what began a line is guessed to begin the next one");
	FACT(time->len == strlen("time\":"), "a guess reaches to behind the colon");
	FACT(!guess_at(b, first, "timer\":1}") && !guess_at(b, first, "tim\":1}") && !guess_at(b, first, "time\" :1}") &&
	     !guess_at(b, first, "time\"") && !guess_at(b, first, ""), "what differs is not guessed");
	FACT(!jsonshape_guess(b->shape, first, JSONKEYS_ROOT + 1, "time\":1", "time\":1" + 7), "nor a key of another object");
	struct jsonshape_key *level = learn(b, first, "level"), *other = learn(b, time->next, "level");
	FACT(level == other && level->node == JSONKEYS_NONE, "a key is kept once, and when it means nothing, too");
	FACT(guess_at(b, first, "level\":1}") == level && guess_at(b, first, "time\":1}") == time, "two shapes are remembered");
	learn(b, first, "a_key_of_more_than_sixteen_bytes");
	FACT(guess_at(b, first, "a_key_of_more_than_sixteen_bytes\":1") && guess_at(b, first, "level\":1") == level &&
	     !guess_at(b, first, "time\":1"), "of three the oldest is forgotten");
	FACT(!guess_at(b, first, "a_key_of_more_than_sixteen_bytez\":1"), "long keys are compared whole");
}

static void test_bounds(struct bench *b)
{
	struct text key = {0};
	uint16_t guess[2] = {JSONSHAPE_NONE, JSONSHAPE_NONE};
	for (int i = 0; i < JSONSHAPE_KEY_BYTES - 2; i++)
		text_append_byte(&key, 'k');
	FACT(learn(b, guess, key.at), "50 bytes of key are remembered");
	text_append_byte(&key, 'k');
	FACT(!learn(b, guess, key.at), "51 are not");
	jsonshape_clear(b->shape);
	FACT(b->shape->first[0] == JSONSHAPE_NONE && b->shape->n == 0, "cleared is empty");
	int kept = 0;
	for (int i = 0; i < 1000; i++) {
		text_clear(&key);
		text_format(&key, "key%d", i);
		kept += learn(b, guess, key.at) != NULL;
	}
	FACT(kept == JSONSHAPE_KEYS, "more keys than there is room for are not remembered");
	FACT(learn(b, guess, "key0") && !learn(b, guess, "key999"), "those that are stay");
	text_release(&key);
}

int main(void)
{
	struct bench b = {jsonkeys_new(), memory_new(1, sizeof(struct jsonshape))};
	jsonkeys_add(b.keys, FIELD_TIMESTAMP, SPAN("time"));
	jsonshape_clear(b.shape);
	test_shapes(&b);
	test_bounds(&b);
	memory_free(b.shape);
	jsonkeys_free(b.keys);
	return unit_done();
}
