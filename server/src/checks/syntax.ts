import { emptyRange } from '../base/range.ts';
import { syntaxFindings } from './from-language.ts';
import { finding, type Finding } from './finding.ts';
import type { Check, CheckResult } from './pipeline.ts';
import { proved } from './prove.ts';
import { MAX_PROGRAM_BYTES, type Program } from './program.ts';
import type { Read } from './read.ts';

/** What can be said without any tool: is this a text at all, and does its grammar hold? BPF C is left to clang. */
export function syntaxCheck(read: Read): Check {
  return {
    name: 'syntax',
    languages: ['bpftrace', 'c'],
    afterErrors: 'run',
    async run(program) {
      const hopeless = notSource(program);
      if (hopeless || program.language === 'c') return hopeless ?? { findings: [] };
      const judgeText = async (text: string): Promise<readonly Finding[]> => {
        const { document, lines } = await read({ ...program, text });
        return syntaxFindings(document, lines);
      };
      const findings = await judgeText(program.text);
      return { findings, mend: () => proved(program.text, findings, judgeText) };
    },
  };
}

/** The one finding of what no check could read: no text, too much of it, or none. */
export function notSource({ text }: Program): CheckResult | undefined {
  const only = (code: string, message: string): CheckResult => ({ findings: [finding('syntax', code, 'error', message, emptyRange)], hopeless: true });
  if (/\0|�/.test(text)) return only('not-text', 'This is no source text: it holds NUL bytes or is not UTF-8.');
  if (Buffer.byteLength(text) > MAX_PROGRAM_BYTES) return only('too-large', `This file is larger than ${MAX_PROGRAM_BYTES / 1_000_000} MB; no eBPF program is.`);
  return text.trim() === '' ? only('empty', 'There is no program in this file.') : undefined;
}
