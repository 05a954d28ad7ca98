#include "config/jsoncut.h"

static struct span skip_blanks(struct span s)
{
	size_t i = 0;
	while (i < s.len && (s.at[i] == ' ' || s.at[i] == '\t' || s.at[i] == '\r' || s.at[i] == '\n'))
		i++;
	return span_from(s, i);
}

/* Bytes of the string whose opening quote is s.at[0]; 0 when it does not close. */
static size_t string_length(struct span s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == '"')
			return i + 1;
	}
	return 0;
}

/* Bytes of the object or array that begins at s.at[0]; 0 when it does not end. Which kind of bracket closes which is for the
 * reader of the value to check. */
static size_t nested_length(struct span s)
{
	size_t depth = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (c == '"') {
			size_t n = string_length(span_from(s, i));
			if (!n)
				return 0;
			i += n - 1;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if ((c == '}' || c == ']') && !--depth) {
			return i + 1;
		}
	}
	return 0;
}

static size_t bare_length(struct span s)
{
	size_t i = 0;
	while (i < s.len && !strchr(",]} \t\r\n", s.at[i]))
		i++;
	return i;
}

bool jsoncut_value(struct span *rest, struct span *value)
{
	struct span s = skip_blanks(*rest);
	if (!s.len)
		return false;
	bool nested = s.at[0] == '{' || s.at[0] == '[';
	size_t n = nested ? nested_length(s) : s.at[0] == '"' ? string_length(s) : bare_length(s);
	if (!n)
		return false;
	*value = span_head(s, n);
	*rest = span_from(s, n);
	return true;
}

bool jsoncut_element(struct span *rest, struct span *element)
{
	struct span s = skip_blanks(*rest);
	if (!span_take_byte(&s, '[') && !span_take_byte(&s, ',')) {
		*rest = s;
		return false;
	}
	*rest = skip_blanks(s);
	return rest->len && rest->at[0] != ']' && jsoncut_value(rest, element);
}

bool jsoncut_ended(struct span rest)
{
	return rest.len == 1 && rest.at[0] == ']';
}
