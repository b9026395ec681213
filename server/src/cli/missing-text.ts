import { printable } from '../base/text.ts';
import type { Capability } from '../kernel/capabilities.ts';

/** What a target lacks, why, and what to do; empty when it lacks nothing. */
export function missingText(missing: readonly Capability[]): string {
  const lines = missing.flatMap(({ title, reason, remedy }) => [
    `  ${title}: ${reason}.${remedy ? ` ${remedy.text}` : ''}`,
    ...(remedy?.command === undefined ? [] : [`      ${remedy.command}`]),
  ]);
  return lines.length === 0 ? '' : printable(['Missing:', ...lines].join('\n'));
}
