/* memory: the one allocator.
 *
 * Takes  sizes in bytes or in elements.
 * Gives  memory, zeroed unless said otherwise, that the caller owns and gives back with memory_free().
 * Holds  nothing.
 * Never  returns NULL: when the system has no memory left, one line is printed and the program aborts (STYLE: out of
 *        memory is not a failure that a caller can mend).
 */
#ifndef ONSET_MEMORY_H
#define ONSET_MEMORY_H

#include <stddef.h>

/* `count` elements of `size` bytes, all zero. count * size is checked for overflow; 0 gives a valid unique pointer. */
void *memory_new(size_t count, size_t size);

/* The same of bytes that the caller writes before it reads them: not zeroed. */
void *memory_unset(size_t bytes);

/* Grows `*items` (element size `size`, capacity `*cap` elements) to hold at least `need` elements, at least doubling, so
 * that appending costs amortised constant time. New elements are zeroed. Pointers into the old array are invalid. */
void *memory_grow(void *items, size_t *cap, size_t need, size_t size);

/* For those whose own allocator failed: prints the line and aborts. */
_Noreturn void memory_exhausted(void);

/* Gives memory back; NULL is fine. */
void memory_free(void *memory);

#endif
