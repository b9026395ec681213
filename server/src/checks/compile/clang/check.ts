import { emptyRange, Lines } from '../../../base/range.ts';
import { finding, hasErrors, type Finding } from '../../finding.ts';
import type { Check } from '../../pipeline.ts';
import { lastLines } from '../../skip.ts';
import type { ClangBuilder } from './build.ts';
import { includeLine, toFindings } from './findings.ts';
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
      const said = toFindings(parseClang(built.stderr), program.text);
      const findings = [...(built.kind === 'refused' ? said.map((each) => withWay(each, built.headers)) : said), ...assumedKernel(program.text, built.assumed, context.whyNoFacts)];
      if (built.kind === 'built' || hasErrors(findings)) return { findings };
      const message = `clang failed (exit ${built.exitCode}) without saying where.`;
      return { findings: [...findings, { ...finding('compile', 'clang-failed', 'error', message, emptyRange), evidence: [{ message: lastLines(built.stderr) }] }] };
    },
  };
}

/** libbpf's headers come with a package that clang does not bring along. */
function withWay(finding: Finding, way: string): Finding {
  return finding.code === 'missing-header' && /'bpf\/(?:bpf_helpers|bpf_helper_defs|bpf_tracing|bpf_core_read|bpf_endian|usdt\.bpf)\.h'/.test(finding.message) ? { ...finding, message: `${finding.message}: ${way}` } : finding;
}

/** Which kernel's types it was compiled with, where the target could not be asked for its own. */
function assumedKernel(text: string, assumed: string | undefined, why = ''): Finding[] {
  const at = includeLine(new Lines(text), (line) => line.includes('vmlinux.h'));
  if (assumed === undefined || !at) return [];
  return [{ ...finding('compile', 'assumed-kernel', 'info', `vmlinux.h is that of ${assumed} here.`, at), evidence: why === '' ? [] : [{ message: why }] }];
}
