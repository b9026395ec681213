import { randomBytes } from 'node:crypto';
import { emptyRange, Lines } from '../../base/range.ts';
import { readRejection } from '../../verifier-log/rejection.ts';
import type { ClangBuilder } from '../compile/clang/build.ts';
import { OBJECT_FILE } from '../compile/clang/arguments.ts';
import { finding, type Finding } from '../finding.ts';
import type { Check } from '../pipeline.ts';
import { lastLines, skipReason, toolOf } from '../skip.ts';

/** Has the target's kernel verify every program of the object; nothing is attached, nothing stays. */
export function objectLoad(builder: ClangBuilder): Check {
  return {
    name: 'load',
    languages: ['c'],
    afterErrors: 'skip',
    async run(program, context) {
      const have = toolOf('bpftool', context);
      if ('skipped' in have) return { findings: [], ...have };
      const { facts, tool } = have;
      const { target } = context;
      const built = await builder.build(program.text, context);
      if (built.kind !== 'built') return { findings: [], skipped: built.kind === 'skipped' ? built.reason : 'The compile check found errors first.' };
      const pins = `/sys/fs/bpf/kgent-check-${randomBytes(8).toString('hex')}`;
      const outcome = await target.exec({
        argv: [tool.command, 'prog', 'loadall', OBJECT_FILE, pins],
        files: [{ name: OBJECT_FILE, content: built.object }],
        cleanup: `rm -rf ${pins}`,
        asRoot: true,
        timeoutMs: context.timeoutMs,
        signal: context.signal,
      });
      const skipped = skipReason(outcome, 'bpftool', target.name, facts);
      if (outcome.kind !== 'ran') return { findings: [], skipped: skipped ?? '' };
      return { findings: outcome.exitCode === 0 ? [] : [rejected(program.text, outcome.stderr)] };
    },
  };
}

function rejected(text: string, stderr: string): Finding {
  const rejection = readRejection(stderr);
  if (!rejection) {
    const message = 'The kernel did not load the program.';
    return { ...finding('load', 'load-failed', 'error', message, emptyRange), evidence: [{ message: lastLines(stderr, 8) }] };
  }
  const lines = new Lines(text);
  const at = rejection.line === undefined ? emptyRange : lines.wholeLine(rejection.line - 1);
  const where = rejection.program ? ` (program ${rejection.program})` : '';
  return {
    ...finding('load', 'verifier-rejected', 'error', `The kernel's verifier rejects this${where}: ${rejection.complaint}`, at),
    evidence: [{ message: rejection.tail.join('\n') }],
  };
}
