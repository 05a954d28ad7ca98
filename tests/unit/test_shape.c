#include "tally/shape.h"

#include "unit.h"

static size_t signature(struct span message, char key[MESSAGE_SIGNATURE_BYTES], struct message_holes *holes)
{
	struct marks marks;
	marks_init(&marks, message);
	return message_signature(&marks, message, key, holes);
}

static bool find(struct shapes *shapes, struct span message, uint32_t *slot)
{
	struct marks marks;
	marks_init(&marks, message);
	return shapes_find(shapes, &marks, message.len, slot);
}

static void learn(struct shapes *shapes, struct span message, const struct message_holes *holes, uint32_t slot)
{
	struct marks marks;
	marks_init(&marks, message);
	shapes_learn(shapes, &marks, holes, slot);
}

/* The signatures of both, and what the shapes that the first has left say of the second. */
static bool is_alike(struct span first, struct span second)
{
	char key[MESSAGE_SIGNATURE_BYTES];
	struct message_holes holes;
	struct shapes shapes = {0};
	uint32_t slot = 0;
	signature(first, key, &holes);
	learn(&shapes, first, &holes, 7);
	bool found = find(&shapes, second, &slot) && slot == 7;
	shapes_release(&shapes);
	return found;
}

static void test_alike(void)
{
	FACT(is_alike(SPAN("order 12 of customer 9 placed"), SPAN("order 4711 of customer 10 placed")), "tokens with digits may differ");
	FACT(is_alike(SPAN("pool is full"), SPAN("pool is full")), "a message without any is known again");
	FACT(is_alike(SPAN("state = 'open' now"), SPAN("state = 'closed' now")), "a token in quotes may be any");
	FACT(is_alike(SPAN("7 rows"), SPAN("1234567 rows")), "a message may begin with a token that varies");
}

static void test_different(void)
{
	FACT(!is_alike(SPAN("order 12 placed"), SPAN("order late placed")), "a word that stays is no token that varies");
	FACT(!is_alike(SPAN("order 12 placed"), SPAN("order  12 placed")), "the bytes between are compared");
	FACT(!is_alike(SPAN("order 12 placed"), SPAN("order 12 placed.")), "so are those behind");
	FACT(!is_alike(SPAN("order 12 placed"), SPAN("order  placed")), "a token is not empty");
	FACT(!is_alike(SPAN("order 12"), SPAN("order 12 3")), "a token ends at a separator");
	FACT(!is_alike(SPAN("raised a1"), SPAN("raised B2Error")), "the name of an error stays");
	FACT(!is_alike(SPAN("password=a1 b2"), SPAN("password=a1 b3")), "nothing is learned of a message that names a secret");
	FACT(!is_alike(SPAN("a 1\nb"), SPAN("a 2\nb")), "nor of several lines");
	FACT(!is_alike(SPAN("a 1"), SPAN("a 2\nb")), "several lines are no line");
}

/* Learns a message that is not known; whether it was, and with the slot of its number. */
static bool is_known(struct shapes *shapes, const char *message, uint32_t number)
{
	char key[MESSAGE_SIGNATURE_BYTES];
	struct message_holes holes;
	uint32_t slot = 0;
	if (find(shapes, span_of(message), &slot))
		return slot == number;
	signature(span_of(message), key, &holes);
	learn(shapes, span_of(message), &holes, number);
	return false;
}

static void test_tree(void)
{
	static const char *const messages[] = {"order 1 placed", "order 1 paid", "order 1", "order late", "or", "", "7", "7 rows", "order 1 placed by 'a b'",
					       "order 1 placed by 'ab'"};
	struct shapes shapes = {0};
	bool known = true;
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < sizeof messages / sizeof *messages; i++)
			known &= is_known(&shapes, messages[i], i) == (round > 0);
	FACT(known, "messages that begin alike, or begin another, are told apart");
	shapes_release(&shapes);
	size_t again = 0, full = 0;
	bool right = true;
	for (uint32_t i = 0; i < 3 * SHAPE_NODES; i++) { /* two nodes a word, and more bytes than it has */
		char message[80], word[8] = {0};
		for (uint32_t k = 0, n = i; k < 7; k++, n /= 5)
			word[k] = (char)('a' + n % 5);
		snprintf(message, sizeof message, "%s of 12 is not one that was ever said before", word);
		memset(shapes.missed, 0, sizeof shapes.missed); /* it is, all the same */
		right &= !is_known(&shapes, message, i);
		again += is_known(&shapes, message, i);
		full += shapes.tree->nodes_n + 4 > SHAPE_NODES || shapes.tree->texts_n + 80 > SHAPE_TEXT;
	}
	FACT(right && again == 3 * SHAPE_NODES && full > 1, "a tree that is full begins anew, and knows what it was told since");
	shapes_release(&shapes);
}

/* Whatever is found has the signature that it was learned with: random words, compared with masking in full. */
static void test_same_as_masking(void)
{
	enum { SLOTS = 4096 };
	static const char *const words[] = {"order", "a1", "b.c.d", "x@y", "'q'", "'w2'", "Error", "E1Error", "token", "=", "(", "7", "\xC3\xA4", "\xFF", "/a/b", ","};
	static char keys[SLOTS][MESSAGE_SIGNATURE_BYTES];
	static size_t lens[SLOTS];
	struct shapes shapes = {0};
	uint64_t seed = 1;
	size_t found = 0, wrong = 0;
	for (uint32_t n = 0; n < SLOTS; n++) {
		char message[200], key[MESSAGE_SIGNATURE_BYTES];
		size_t len = 0;
		for (unsigned i = 0; i < 2 + n % 3; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
			struct span word = span_of(words[(seed >> 33) % (n % 2 ? 16 : 5)]);
			memcpy(message + len, word.at, word.len);
			len += word.len;
			message[len++] = ' ';
		}
		struct span text = {message, len};
		struct message_holes holes;
		uint32_t slot;
		size_t key_len = signature(text, key, &holes);
		if (find(&shapes, text, &slot)) {
			found++;
			wrong += lens[slot] != key_len || memcmp(keys[slot], key, key_len) != 0;
			continue;
		}
		memcpy(keys[n], key, key_len);
		lens[n] = key_len;
		learn(&shapes, text, &holes, n);
	}
	FACT(found > 100, "messages are known again");
	FACT(!wrong, "each with its signature");
	shapes_release(&shapes);
}

int main(void)
{
	test_alike();
	test_different();
	test_tree();
	test_same_as_masking();
	return unit_done();
}
