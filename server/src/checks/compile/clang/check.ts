import { emptyRange } from '../../../base/range.ts';
import { finding, hasErrors } from '../../finding.ts';
import type { Check } from '../../pipeline.ts';
import { lastLines } from '../../skip.ts';
import type { ClangBuilder } from './build.ts';
import { toFindings } from './findings.ts';
import { parseClang } from './messages.ts';

/** What clang says of a BPF C program, compiled for the target's kernel and machine. */
export function clangCompile(builder: ClangBuilder): Check {
  return {
    name: 'compile',
    languages: ['c'],
    afterErrors: 'run',
    async run(program, context) {
      const built = await builder.build(program, context);
      if (built.kind === 'skipped') return { findings: [], skipped: built.reason };
      const findings = toFindings(parseClang(built.stderr), program.text);
      if (built.kind === 'built' || hasErrors(findings)) return { findings };
      const message = `clang failed (exit ${built.exitCode}) without saying where.`;
      return { findings: [...findings, { ...finding('compile', 'clang-failed', 'error', message, emptyRange), evidence: [{ message: lastLines(built.stderr) }] }] };
    },
  };
}
