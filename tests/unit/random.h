/* random: numbers that look like chance and are the same in every run.
 *
 * Takes  nothing.
 * Gives  64 bits a call: xorshift64 (Marsaglia, "Xorshift RNGs", 2003, section 3, with 13, 7, 17).
 * Holds  its state.
 * Never  asks the clock or the system.
 */
#ifndef ONSET_RANDOM_H
#define ONSET_RANDOM_H

#include <stdint.h>

static uint64_t random_state = 88172645463325252u;

static inline uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

#endif
