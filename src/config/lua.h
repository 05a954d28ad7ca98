/* lua: where a block of Lua in an nginx configuration ends.
 *
 * Takes  the text of a configuration, and the place behind the block's '{'.
 * Gives  the place behind the '}' that closes it.
 * Holds  nothing.
 * Never  takes a brace in a string, a long bracket or a comment for one (Lua 5.1 manual, 2.1); never judges the Lua.
 */
#ifndef ONSET_LUA_H
#define ONSET_LUA_H

#include "base/text.h"

/* `closed` is false when the text ends before the block does; then the end of the text is given. */
size_t lua_block_end(struct span s, size_t at, bool *closed);

#endif
