#include "line/regex.h"

#include <stdatomic.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/limits.h"
#include "base/memory.h"
#include "line/translate.h"
#include "line/walk.h"

enum {
	MAX_SOURCE_BYTES = 64 << 10,
	JIT_STACK_START = 32 << 10, /* what JIT would take from the machine stack anyway */
	JIT_STACK_MAX =
		512 << 10, /* a joined record of LIMIT_JOIN_BYTES with nested groups stays below; more is hostile */
};

/* What threads share. */
struct compiled {
	_Atomic(struct steps *) steps; /* NULL before the first match, `untranslated` when PCRE2 is to be asked */
	_Atomic(pcre2_code *) code; /* for the interpreter: never changed; NULL before the first match of one made later */
	_Atomic(pcre2_code *) fast; /* its copy with machine code, made at the first match that is worth it; NULL before */
};

struct regex {
	struct span source; /* borrowed */
	char *own;          /* what it borrows, of one whose caller does not keep it */
	struct compiled *compiled;
};

static struct steps untranslated;

struct regex_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	const size_t *ends; /* of the last match: `walked`, or in `data` */
	uint64_t took;      /* and which groups took part */
	size_t walked[2 * STEPS_GROUPS];
	bool interprets;
};

static void *pcre2_take(size_t size, void *unused)
{
	(void)unused;
	return memory_new(size, 1);
}

static void pcre2_give(void *memory, void *unused)
{
	(void)unused;
	memory_free(memory);
}

static pcre2_code *compile(struct span source, uint32_t more, int *error, PCRE2_SIZE *offset)
{
	pcre2_general_context *memory = pcre2_general_context_create(pcre2_take, pcre2_give, NULL);
	pcre2_compile_context *context = pcre2_compile_context_create(memory);
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_max_pattern_length(context, MAX_SOURCE_BYTES);
	uint32_t options = PCRE2_EXTENDED | PCRE2_DUPNAMES | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
			   PCRE2_NEVER_BACKSLASH_C | more;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)(source.at ? source.at : ""), source.len, options, error, offset,
					 context);
	pcre2_compile_context_free(context);
	pcre2_general_context_free(memory);
	return code;
}

struct regex *regex_new_later(struct span source)
{
	struct regex *re = memory_new(1, sizeof *re);
	re->source = source;
	re->compiled = memory_new(1, sizeof *re->compiled);
	return re;
}

struct regex *regex_new_at(struct span source, struct diag *d, size_t *offset)
{
	int error = 0;
	PCRE2_SIZE at = 0;
	*offset = 0;
	pcre2_code *code = compile(source, 0, &error, &at);
	if (!code) {
		PCRE2_UCHAR message[160];
		if (pcre2_get_error_message(error, message, sizeof message) < 0)
			message[0] = '\0';
		*offset = at < source.len ? at : source.len;
		diag_set(d, "regex does not compile: %s (at byte %zu)", (const char *)message, *offset);
		return NULL;
	}
	char *own = span_copy(source);
	struct regex *re = regex_new_later((struct span){own, source.len});
	re->own = own;
	atomic_store(&re->compiled->code, code);
	uint32_t groups = 0;
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (groups > REGEX_MAX_GROUPS) {
		diag_set(d, "regex has %u groups, more than %d", (unsigned)groups, REGEX_MAX_GROUPS);
		diag_hint(d, "Use (?: ) for groups that name no field.");
		regex_free(re);
		return NULL;
	}
	return re;
}

struct regex *regex_new(struct span source, struct diag *d)
{
	size_t offset;
	return regex_new_at(source, d, &offset);
}

void regex_free(struct regex *re)
{
	if (!re)
		return;
	struct steps *steps = atomic_load(&re->compiled->steps);
	if (steps != &untranslated)
		steps_free(steps);
	pcre2_code_free(atomic_load(&re->compiled->code));
	pcre2_code_free(atomic_load(&re->compiled->fast));
	memory_free(re->compiled);
	memory_free(re->own);
	memory_free(re);
}

struct regex_scratch *regex_scratch_new(void)
{
	struct regex_scratch *s = memory_new(1, sizeof *s);
	pcre2_general_context *memory = pcre2_general_context_create(pcre2_take, pcre2_give, NULL);
	s->data = pcre2_match_data_create(REGEX_MAX_GROUPS + 1, memory);
	s->ends = s->walked;
	s->context = pcre2_match_context_create(memory);
	pcre2_set_match_limit(s->context, LIMIT_REGEX_MATCH);
	pcre2_set_heap_limit(s->context, LIMIT_REGEX_HEAP_KIB);
	s->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, memory);
	if (s->stack)
		pcre2_jit_stack_assign(s->context, NULL, s->stack);
	pcre2_general_context_free(memory);
	return s;
}

void regex_scratch_free(struct regex_scratch *s)
{
	if (!s)
		return;
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	if (s->stack)
		pcre2_jit_stack_free(s->stack);
	memory_free(s);
}

void regex_scratch_interprets(struct regex_scratch *s, bool interprets)
{
	s->interprets = interprets;
}

/* Keeps the first of the codes that threads have made at the same time. */
static const pcre2_code *keep(_Atomic(pcre2_code *) *place, pcre2_code *made)
{
	pcre2_code *kept = NULL;
	if (atomic_compare_exchange_strong(place, &kept, made))
		return made;
	pcre2_code_free(made);
	return kept;
}

static const pcre2_code *code_of(const struct regex *re)
{
	int error;
	PCRE2_SIZE offset;
	const pcre2_code *code = atomic_load_explicit(&re->compiled->code, memory_order_acquire);
	return code ? code : keep(&re->compiled->code, compile(re->source, 0, &error, &offset));
}

/* Most regexes of most runs are never tried, and machine code costs more than all else of a start. Threads that come at the same
 * time each make a copy, and one is kept: what others use never changes. */
static __attribute__((noinline)) const pcre2_code *make_fast(const struct regex *re)
{
	const pcre2_code *code = code_of(re);
	pcre2_code *made = pcre2_code_copy(code);
	if (!made)
		return code;
	/* Where the machine has no JIT the interpreter gives the same answers, only slower. */
	pcre2_jit_compile(made, PCRE2_JIT_COMPLETE);
	return keep(&re->compiled->fast, made);
}

/* NULL: PCRE2 is to be asked. */
static __attribute__((noinline)) const struct steps *make_steps(const struct regex *re)
{
	struct steps *made = translate(re->source), *kept = NULL;
	if (atomic_compare_exchange_strong(&re->compiled->steps, &kept, made ? made : &untranslated))
		return made;
	steps_free(made);
	return kept == &untranslated ? NULL : kept;
}

static inline const struct steps *steps_of(const struct regex *re)
{
	struct steps *steps = atomic_load_explicit(&re->compiled->steps, memory_order_acquire);
	return !steps ? make_steps(re) : steps == &untranslated ? NULL : steps;
}

struct regex *regex_new_plain(struct span source)
{
	int error;
	PCRE2_SIZE offset;
	pcre2_code *code = compile(source, PCRE2_NO_AUTO_POSSESS | PCRE2_NO_START_OPTIMIZE, &error, &offset);
	if (!code)
		return NULL;
	struct regex *re = regex_new_later(source);
	atomic_store(&re->compiled->code, code);
	atomic_store(&re->compiled->steps, &untranslated);
	return re;
}

bool regex_has_steps(const struct regex *re)
{
	return steps_of(re);
}

/* Which groups of PCRE2's answer took part. \K can put the start of the whole match behind its end. */
static uint64_t took_part(const size_t *ends, unsigned highest, size_t len)
{
	uint64_t took = 0;
	for (unsigned i = 0; i <= highest; i++)
		took |= (uint64_t)(ends[2 * i] != PCRE2_UNSET && ends[2 * i] <= ends[2 * i + 1] && ends[2 * i + 1] <= len) << i;
	return took;
}

static enum regex_result ask_pcre2(const struct regex *re, struct span subject, struct regex_scratch *scratch)
{
	const pcre2_code *fast = scratch->interprets ? NULL : atomic_load_explicit(&re->compiled->fast, memory_order_acquire);
	PCRE2_SPTR at = (PCRE2_SPTR)(subject.at ? subject.at : "");
	int result = PCRE2_ERROR_JIT_BADOPTION;
	if (!fast && !scratch->interprets)
		fast = make_fast(re);
	/* Straight to the machine code: pcre2_match() would ask first for what cannot be. */
	if (fast)
		result = pcre2_jit_match(fast, at, subject.len, 0, 0, scratch->data, scratch->context);
	if (result == PCRE2_ERROR_JIT_BADOPTION) /* there is none */
		result = pcre2_match(fast ? fast : code_of(re), at, subject.len, 0, 0, scratch->data, scratch->context);
	scratch->ends = pcre2_get_ovector_pointer(scratch->data);
	scratch->took = result > 0 ? took_part(scratch->ends, (unsigned)result - 1, subject.len) : 0;
	if (result > 0)
		return REGEX_MATCH;
	return result == PCRE2_ERROR_NOMATCH ? REGEX_MISS : REGEX_LIMIT;
}

enum regex_result regex_match(const struct regex *re, struct span subject, struct regex_scratch *scratch)
{
	const struct steps *steps = steps_of(re);
	enum walk_result walked = steps ? walk(steps, subject, scratch->walked, &scratch->took) : WALK_GAVE_UP;
	if (walked == WALK_GAVE_UP)
		return ask_pcre2(re, subject, scratch);
	scratch->ends = scratch->walked;
	return walked == WALK_MATCH ? REGEX_MATCH : REGEX_MISS;
}

struct span regex_group(const struct regex *re, struct span subject, const struct regex_scratch *scratch,
			unsigned group)
{
	if (group > regex_groups(re) || !(scratch->took >> group & 1))
		return SPAN_NONE;
	return (struct span){subject.at + scratch->ends[2 * group], scratch->ends[2 * group + 1] - scratch->ends[2 * group]};
}

const size_t *regex_ends(const struct regex_scratch *scratch, uint64_t *took)
{
	*took = scratch->took;
	return scratch->ends;
}

unsigned regex_groups(const struct regex *re)
{
	const struct steps *steps = steps_of(re);
	uint32_t groups = 0;
	if (steps)
		return steps->groups;
	pcre2_pattern_info(code_of(re), PCRE2_INFO_CAPTURECOUNT, &groups);
	return groups;
}

/* The name table is a list of entries of fixed size: group number (2 bytes, big-endian), name, NUL. */
struct span regex_group_name(const struct regex *re, unsigned group)
{
	const struct steps *steps = steps_of(re);
	uint32_t count = 0, size = 0;
	PCRE2_SPTR table = NULL;
	if (steps)
		return group < STEPS_GROUPS ? steps->names[group] : SPAN_NONE;
	pcre2_pattern_info(code_of(re), PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(code_of(re), PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(code_of(re), PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < count; i++) {
		PCRE2_SPTR entry = table + (size_t)i * size;
		if (((unsigned)entry[0] << 8 | entry[1]) == group)
			return span_of((const char *)entry + 2);
	}
	return SPAN_NONE;
}

/* ---- for people ---- */

struct trace {
	struct regex_reach *reach;
	struct span source;
	size_t from; /* the furthest place at which an item was tried, not behind reach->at */
};

/* PCRE2 calls this before each item of the pattern. Groups and anchors want nothing themselves. */
static int note_item(pcre2_callout_block *block, void *context)
{
	struct trace *t = context;
	struct regex_reach *reach = t->reach;
	struct span item = span_head(span_from(t->source, block->pattern_position), block->next_item_length);
	if (block->current_position > reach->at || block->current_position < t->from)
		return 0;
	if (block->current_position > t->from)
		reach->wanted_n = 0;
	t->from = block->current_position;
	if (!item.len || strchr("()|^", item.at[0]) || reach->wanted_n == REGEX_WANTED)
		return 0;
	for (size_t i = 0; i < reach->wanted_n; i++)
		if (span_equal(reach->wanted[i], item))
			return 0;
	reach->wanted[reach->wanted_n++] = item;
	return 0;
}

static int try_head(const pcre2_code *code, struct span subject, size_t len, uint32_t options,
		    const struct regex_scratch *s)
{
	return pcre2_match(code, (PCRE2_SPTR)(subject.at ? subject.at : ""), len, 0, options, s->data, s->context);
}

/* Partial matching: a head that could be the start of a match is a partial one. Every shorter head is one too, so
 * the longest is found by halving. False when a limit was hit. */
static bool longest_head(const pcre2_code *code, struct span subject, const struct regex_scratch *s, size_t *longest)
{
	size_t low = 0, high = subject.len;
	while (low < high) {
		size_t middle = high - (high - low) / 2;
		int result = try_head(code, subject, middle, PCRE2_PARTIAL_SOFT, s);
		if (result >= 0 || result == PCRE2_ERROR_PARTIAL)
			low = middle;
		else if (result == PCRE2_ERROR_NOMATCH)
			high = middle - 1;
		else
			return false;
	}
	*longest = low;
	return true;
}

void regex_reach(struct span source, struct span subject, struct regex_reach *reach)
{
	int error;
	PCRE2_SIZE offset;
	uint32_t options = 0;
	*reach = (struct regex_reach){0};
	pcre2_code *code = compile(source, PCRE2_AUTO_CALLOUT | PCRE2_NO_START_OPTIMIZE, &error, &offset);
	if (!code)
		return;
	struct regex_scratch *s = regex_scratch_new();
	pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
	int whole = try_head(code, subject, subject.len, 0, s);
	reach->limit = whole < 0 && whole != PCRE2_ERROR_NOMATCH;
	if (options & PCRE2_ANCHORED && !reach->limit && longest_head(code, subject, s, &reach->at)) {
		struct trace trace = {reach, source, 0};
		pcre2_set_callout(s->context, note_item, &trace);
		int result = try_head(code, subject, subject.len, 0, s);
		reach->known = result >= 0 || result == PCRE2_ERROR_NOMATCH;
	}
	regex_scratch_free(s);
	pcre2_code_free(code);
}

void regex_library_version(char out[REGEX_VERSION_BYTES])
{
	int len = pcre2_config(PCRE2_CONFIG_VERSION, NULL);
	out[0] = 0;
	if (len > 0 && len <= REGEX_VERSION_BYTES)
		pcre2_config(PCRE2_CONFIG_VERSION, out);
}
