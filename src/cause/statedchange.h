/* statedchange: deploys, restarts, changes of settings and mitigations that people state: changes like those that logs show.
 *
 * Takes  the files of events (--events); the changes that the logs show, rolls among them.
 * Gives  changes of the kinds deploy, rollback, restart, config and mitigation, appended to the list.
 * Holds  nothing; a change's `stated` is borrowed from the options.
 * Never  believes a time that is said to be the end to be the beginning: what is "finished" may have begun STATED_END_US before.
 *
 * Where a log shows the same service start within STATED_TWIN_US of what is stated, that tells which instances were changed.
 */
#ifndef ONSET_STATEDCHANGE_H
#define ONSET_STATEDCHANGE_H

#include "cause/changelist.h"

#define STATED_END_US (30 * MINUTE_US)
#define STATED_TWIN_US (15 * MINUTE_US)

void statedchange_find(const struct fold *f, struct change_list *out);
/* Words of people for taking something back: "rollback", "reverted". */
bool statedchange_takes_back(const char *text);

#endif
