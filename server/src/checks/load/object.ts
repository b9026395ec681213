import { randomBytes } from 'node:crypto';
import type { ClangBuilder } from '../compile/clang/build.ts';
import { OBJECT_FILE } from '../compile/clang/arguments.ts';
import type { Check } from '../pipeline.ts';
import { skipReason, toolOf } from '../skip.ts';
import { findingsOfLoad } from './findings.ts';

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
      return { findings: outcome.exitCode === 0 ? [] : findingsOfLoad({ said: outcome.stderr }, program) };
    },
  };
}
