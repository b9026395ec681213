/*
 * Stands in for SeaHorn's header where no SeaHorn is: printed programs are compiled with it, and run.
 * Who runs them says what happens when something is assumed or asserted. An assertion makes its condition twice,
 * as SeaHorn's does where it looks for assertions that nothing reaches.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

extern void seahorn_assume(bool holds);
extern void seahorn_assert(bool holds, const char *file, int line);

#define assume(X) seahorn_assume(X)
#define sassert(X) (void)((seahorn_assert((X), __FILE__, __LINE__), (X)) || (0))
