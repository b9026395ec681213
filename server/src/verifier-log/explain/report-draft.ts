import type { RejectionClass } from './need.ts';
import type { Draft } from './rule.ts';
import type { Situation } from './situation.ts';
import type { SourcePlace } from './source.ts';

/** Words of the report's title and reason that tell the kind, the more telling ones first (Linux 7.3, kernel/bpf/diagnostics.c). */
const CLASSES: readonly (readonly [RegExp, RejectionClass])[] = [
  [/\bGPL\b/, 'gpl-only'],
  [/\bkfunc\b.*not allowed|not allowed.*\bkfunc\b/i, 'kfunc-not-allowed'],
  [/\bhelper\b.*not allowed|not allowed.*\bhelper\b/i, 'helper-not-allowed'],
  [/uninitiali[sz]ed.*stack|stack.*(?:uninitiali[sz]ed|not initiali[sz]ed)/i, 'uninitialized-stack'],
  [/unreadable register|never (?:been )?initiali[sz]ed|uninitiali[sz]ed|not initiali[sz]ed/i, 'uninitialized-register'],
  [/\bmay be NULL\b|\bNULL\b.*dereference|nullable/i, 'null-check'],
  [/offset is unbounded|unbounded|unknown (?:offset|scalar)|negative/i, 'unbounded-scalar'],
  [/packet/i, 'packet-bounds'],
  [/map value/i, 'map-value-bounds'],
  [/bounds.*stack pointer|stack.*(?:out of bounds|outside|bounds)/i, 'stack-bounds'],
  [/integer scalar here|not a pointer/i, 'direct-dereference'],
  [/reference.*(?:leak|release)|leak.*reference|unreleased/i, 'reference-leak'],
  [/invalidated|stale/i, 'stale-pointer'],
  [/\bsleep/i, 'sleepable'],
  [/\brcu\b/i, 'rcu'],
  [/\block\b/i, 'lock'],
  [/\birq\b|preempt/i, 'irq'],
  [/dynptr/i, 'dynptr'],
  [/iterator/i, 'iterator'],
  [/kptr/i, 'kptr'],
  [/return value/i, 'return-range'],
  [/jump|unreachable|fall through/i, 'unreachable-code'],
  [/loop|back-edge/i, 'loop'],
  [/complex|too (?:large|many)/i, 'too-complex'],
  [/call argument|argument/i, 'helper-argument'],
  [/context/i, 'context-access'],
  [/out of bounds|outside/i, 'memory-bounds'],
];

/** The report of Linux 7.3 where no rule knows a single line of it: its own words, place and path. */
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
