/* lcs: how alike two texts are: the length of the longest common subsequence of their lines. */
#ifndef SP_LCS_H
#define SP_LCS_H

#include <stddef.h>
#include <stdint.h>

/* a and b hold one number for each line; equal lines have equal numbers, all below `numbers`.
 * Bit-parallel (Hyyro 2004, after Crochemore and others 2001): an / 64 steps for each of b's lines,
 * and memory for an + bn numbers. */
size_t lcs_length(const uint32_t *a, size_t an, const uint32_t *b, size_t bn, size_t numbers);

#endif
