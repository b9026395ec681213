import type { Span } from '../../base/span.ts';
import { Lines, type Position } from '../../base/range.ts';

/**
 * bpftrace collects the C of a program into a file of its own, `definitions.h`, and hands that to
 * clang: one include line, then each `#` line and each struct, union or enum, without what stands
 * between them (seen in 0.17's and 0.27's debug output). This maps a place there back to the program.
 */
export function definitionsPosition(text: string, definitions: readonly Span[], line: number, column: number): Position | undefined {
  // One-based; line 1 is `#include <__btf_generated_header.h>`.
  let next = 2;
  for (const span of definitions) {
    const lines = text.slice(span.start, span.end).split('\n').length;
    if (line < next + lines) {
      const start = Lines.positionAt(text, span.start);
      const offset = line - next;
      if (offset < 0) return undefined;
      return { line: start.line + offset, character: column - 1 + (offset === 0 ? start.character : 0) };
    }
    next += lines;
  }
  return undefined;
}
