import type { CSource } from '../c-source.ts';
import { insert, type Edit } from '../edit.ts';

/** Declarations of kernel functions a repair calls, behind the last `#include`, where the program has none. Prototypes without the `extern`. */
export function declaredKfuncs(source: CSource, prototypes: readonly string[]): Edit[] {
  const missing = prototypes.filter((prototype) => !new RegExp(`\\b${/(\w+)\(/.exec(prototype)?.[1] ?? ''}\\b[^;{}]*__ksym`).test(source.text));
  if (missing.length === 0) return [];
  const last = [...source.text.matchAll(/^[ \t]*#[ \t]*include\b[^\n]*/gm)].at(-1);
  const text = missing.map((prototype) => `extern ${prototype} __weak __ksym;`).join('\n');
  return [insert(last ? last.index + last[0].length : 0, `\n\n${text}\n`)];
}
