import { Lines } from '../base/range.ts';
import { needsKprobes } from '../language/bpftrace/providers.ts';
import { scan, type AttachPoint } from '../language/bpftrace/scan.ts';
import { finding, type Finding } from './finding.ts';
import type { Check, CheckContext, CheckResult } from './pipeline.ts';

/** What the program asks of the target's kernel against what that kernel is known to have. */
export const semanticsCheck: Check = {
  name: 'semantics',
  languages: ['bpftrace'],
  afterErrors: 'run',
  run(program, context): Promise<CheckResult> {
    const text = program.text.replaceAll('\r\n', '\n');
    const points = scan(text).probes.flatMap((probe) => probe.attachPoints);
    return Promise.resolve({ findings: context.facts?.kprobes !== false ? [] : points.filter((p) => needsKprobes(p.provider)).map((p) => noKprobes(text, p, context)) });
  },
};

function noKprobes(text: string, point: AttachPoint, context: CheckContext): Finding {
  const at = { start: Lines.positionAt(text, point.start), end: Lines.positionAt(text, point.end) };
  const where = `${context.target.name} (${context.facts?.release ?? ''})`;
  return finding('semantics', 'no-kprobes', 'error', `The kernel of ${where} has no kprobes, so ${point.text} cannot attach. Use a tracepoint, or choose a target that has them.`, at);
}
