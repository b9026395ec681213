import type { RejectionClass } from './need.ts';
import type { Draft } from './rule.ts';
import type { Situation } from './situation.ts';
import type { SourcePlace } from './source.ts';

/** Words of the report's title and reason that tell the kind; the report's wording is young. */
const CLASSES: readonly (readonly [RegExp, RejectionClass])[] = [
  [/\bnull\b/i, 'null-check'],
  [/packet/i, 'packet-bounds'],
  [/map value/i, 'map-value-bounds'],
  [/uninitiali[sz]ed.*stack|stack.*(?:uninitiali[sz]ed|not initiali[sz]ed)/i, 'uninitialized-stack'],
  [/uninitiali[sz]ed|not initiali[sz]ed/i, 'uninitialized-register'],
  [/stack.*(?:out of bounds|outside|bounds)/i, 'stack-bounds'],
  [/unbounded|unknown (?:offset|scalar)|negative/i, 'unbounded-scalar'],
  [/reference.*(?:leak|release)|leak.*reference|unreleased/i, 'reference-leak'],
  [/invalidated|stale/i, 'stale-pointer'],
  [/sleep/i, 'sleepable'],
  [/\block\b/i, 'lock'],
  [/\brcu\b/i, 'rcu'],
  [/\birq\b|preempt/i, 'irq'],
  [/dynptr/i, 'dynptr'],
  [/iterator/i, 'iterator'],
  [/kptr/i, 'kptr'],
  [/return value|R0/i, 'return-range'],
  [/context/i, 'context-access'],
  [/loop/i, 'loop'],
  [/complex|too (?:large|many)/i, 'too-complex'],
  [/argument/i, 'helper-argument'],
  [/out of bounds|outside/i, 'memory-bounds'],
];

/** The report of Linux 7.x where no rule knows a single line of it: its own words, place and path. */
export function reportDraft(s: Situation): Draft | undefined {
  const { report } = s.log;
  if (!report) return undefined;
  const words = `${report.title} ${report.reason}`;
  const place = ({ file, line, instruction }: { file?: string; line?: number; instruction?: number }, text = ''): SourcePlace => ({
    text: line === undefined ? text : s.source.text(line).trim(),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(instruction === undefined ? {} : { instruction }),
  });
  const steps = report.path.filter((step) => step.line !== undefined).map((step) => ({ place: place(step, step.text), note: step.text }));
  const rejected = report.line === undefined ? undefined : place(report);
  const first = steps[0];
  return {
    class: CLASSES.find(([pattern]) => pattern.test(words))?.[1] ?? 'unknown',
    message: [report.title, report.reason, report.suggestion].filter((part) => part !== '').map((part) => part.replaceAll('\n', ' ').replace(/[^.]$/, '$&.')).join(' '),
    need: { kind: 'other' },
    ...(rejected ? { rejected } : {}),
    ...(first ? { cause: first.place } : {}),
    trail: steps,
  };
}
