import { printable } from '../base/text.ts';
import type { Finding } from '../checks/finding.ts';

/** One finding for people: `file:3:10: error: message [compile/syntax-error]`, one-based as compilers count. */
export function findingText(file: string, found: Finding): string {
  const { line, character } = found.range.start;
  const evidence = found.evidence.map((e) => `    ${e.range ? `${e.range.start.line + 1}:${e.range.start.character + 1}: ` : ''}${e.message.replaceAll('\n', '\n    ')}`);
  return printable([`${file}:${line + 1}:${character + 1}: ${found.severity}: ${found.message} [${found.check}/${found.code}]`, ...evidence].join('\n'));
}
