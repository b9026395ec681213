import type { LogText } from './lines.ts';

/**
 * The report of Linux 7.x: sections with a name and a colon. Its wording may still change: each section is optional,
 * and what is not known stays text.
 */
export interface Report {
  readonly title: string;
  readonly reason: string;
  /** The place: `prog.c:12`, `insn 7 (prog.c:12)`. */
  readonly file?: string;
  readonly line?: number;
  readonly instruction?: number;
  readonly path: readonly ReportStep[];
  readonly suggestion: string;
}

export interface ReportStep {
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
  readonly instruction?: number;
}

const SECTION = /^\s*(Verification failed|Reason|At|Causal path|Suggestion)\s*:\s*(.*)$/i;
/** A report has a screenful of lines. */
const MAX_LINES = 400;

/** Reads the report, if the log has one. */
export function readReport(text: LogText, from: number, to: number): Report | undefined {
  const start = findTitle(text, from, to);
  if (start < 0) return undefined;
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (let i = start; i < Math.min(to, start + MAX_LINES); i++) {
    const line = text.at(i);
    const m = SECTION.exec(line);
    if (m) {
      current = m[2] ? [m[2]] : [];
      sections.set((m[1] ?? '').toLowerCase(), current);
    } else if (/^(?:processed \d+ insns|verification time|-- END|libbpf: )/.test(line)) break;
    else if (line.trim() !== '') current.push(line.trim());
  }
  const of = (name: string): string => (sections.get(name) ?? []).join('\n');
  return { title: of('verification failed'), reason: of('reason'), ...placeIn(of('at')), path: (sections.get('causal path') ?? []).map((line) => ({ text: line, ...placeIn(line) })), suggestion: of('suggestion') };
}

function findTitle(text: LogText, from: number, to: number): number {
  const at = text.text.indexOf('Verification failed', text.start(from));
  if (at < 0 || at >= text.end(Math.max(from, to - 1))) return -1;
  // The line of an offset: halving.
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (text.start(middle) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function placeIn(text: string): { file?: string; line?: number; instruction?: number } {
  const place = /([\w./-]+\.(?:[ch]|cc|cpp|rs|bt)):(\d+)/.exec(text);
  const instruction = /\b(?:insn|instruction)\s+#?(\d+)|^(\d+): \(/.exec(text);
  return { ...(place ? { file: place[1] ?? '', line: Number(place[2]) } : {}), ...(instruction ? { instruction: Number(instruction[1] ?? instruction[2]) } : {}) };
}
