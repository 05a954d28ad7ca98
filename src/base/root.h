/* root: the square root of a whole number, the same on every machine.
 *
 * Takes  128 bits.
 * Gives  the largest whole number whose square is not above it.
 * Holds  nothing.
 * Never  calls libm, whose last digits differ between hosts.
 */
#ifndef ONSET_ROOT_H
#define ONSET_ROOT_H

#include <stdint.h>

uint64_t root_of(unsigned __int128 square);

#endif
