#include "cmd/setup.h"

#include "cmd/optionfile.h"

enum outcome setup(struct options *o, struct library *lib, struct diag_list *trouble)
{
	struct diag d = {0};
	enum outcome outcome = OUTCOME_COMPLETE;
	*lib = (struct library){0};
	if (!optionfile_apply(o, trouble, &d))
		outcome = OUTCOME_USAGE;
	else if (!library_load(lib, o, trouble))
		outcome = OUTCOME_NOTHING;
	else if (!library_state(lib, o, &d))
		outcome = OUTCOME_USAGE;
	else if (!library_read(lib, o, trouble, &d))
		outcome = OUTCOME_NOTHING;
	if (d.set)
		diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
	return outcome;
}
