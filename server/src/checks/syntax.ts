import { emptyRange, Lines, type Range } from '../base/range.ts';
import { scan, type Unclosed } from '../language/bpftrace/scan.ts';
import { finding, type Finding } from './finding.ts';
import { MAX_PROGRAM_BYTES, type Program } from './program.ts';
import type { Check, CheckResult } from './pipeline.ts';

/** What can be said without any tool: is this a text at all, and is everything that opens closed? */
export const syntaxCheck: Check = {
  name: 'syntax',
  languages: ['bpftrace', 'c'],
  afterErrors: 'run',
  run: (program) => Promise.resolve(checkSyntax(program)),
};

export function checkSyntax(program: Program): CheckResult {
  const { text } = program;
  const notSource = (code: string, message: string): CheckResult => ({ findings: [finding('syntax', code, 'error', message, emptyRange)], hopeless: true });
  if (/\0|�/.test(text)) return notSource('not-text', 'This is no source text: it holds NUL bytes or is not UTF-8.');
  if (Buffer.byteLength(text) > MAX_PROGRAM_BYTES) return notSource('too-large', `This file is larger than ${MAX_PROGRAM_BYTES / 1_000_000} MB; no eBPF program is.`);
  if (text.trim() === '') return notSource('empty', 'There is no program in this file.');
  return { findings: program.language === 'bpftrace' ? checkOutline(text.replaceAll('\r\n', '\n')) : [] };
}

function checkOutline(text: string): Finding[] {
  const { unclosed } = scan(text);
  // A string that runs to the end of its line swallows the brackets behind it.
  const swallowed = new Set(unclosed.filter((u) => u.what === 'string').map((u) => Lines.positionAt(text, u.start).line));
  const own = unclosed.filter((u) => u.what !== 'bracket' || u.token === '{' || !swallowed.has(Lines.positionAt(text, u.start).line));
  return own.map((u) => unclosedFinding(text, u));
}

function unclosedFinding(text: string, unclosed: Unclosed): Finding {
  const at: Range = { start: Lines.positionAt(text, unclosed.start), end: Lines.positionAt(text, unclosed.end) };
  if (unclosed.unexpected) return finding('syntax', 'unexpected-bracket', 'error', `This ${unclosed.token} closes nothing.`, at);
  if (unclosed.what !== 'bracket') return finding('syntax', `unclosed-${unclosed.what}`, 'error', `This ${unclosed.what} is never closed.`, at);
  // As compilers do: the error is where the closing bracket is missed, the opening one is the evidence.
  const end = Lines.positionAt(text, text.length);
  const last = /^(?:\{)$/.test(unclosed.token) ? { start: end, end } : at;
  return {
    ...finding('syntax', 'unclosed-bracket', 'error', `This ${unclosed.token} from line ${at.start.line + 1} is never closed.`, last),
    evidence: [{ range: at, message: 'opened here' }],
  };
}
