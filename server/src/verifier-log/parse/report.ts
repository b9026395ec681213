import type { LogText } from './lines.ts';

/**
 * The report of Linux 7.3 and newer, behind the verifier's own last words: sections with a name and a colon. Each is optional,
 * and what is not known stays text.
 */
export interface Report {
  /** `Memory Safety`, `Policy`; undefined where none is said. */
  readonly category?: string;
  /** What is wrong, in three words: `Invalid dereference`. */
  readonly title: string;
  readonly reason: string;
  readonly file?: string;
  readonly line?: number;
  readonly instruction?: number;
  /** What happened to the value, the oldest first. */
  readonly path: readonly ReportStep[];
  readonly suggestion: string;
  /** The log's line it begins on; undefined where a loader printed only its words. */
  readonly start?: number;
}

export interface ReportStep {
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
  readonly instruction?: number;
}

const SECTION = /^\s*(Verification failed|Reason|At|Active lock|Causal path|Suggestion)\s*:\s*(.*)$/i;
// Register Type Safety: Invalid dereference
const TITLE = /^([A-Z][\w ]+): (.*)$/;
const END = /^\s*(?:processed \d+ insns|verification time|-- END|libbpf: )/;
// A path has up to 64 events, each with five lines of the source and five instructions around it.
const MAX_LINES = 1500;

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
    } else if (END.test(line)) break;
    else if (line.trim() !== '') current.push(line);
  }
  const words = (name: string): string => (sections.get(name) ?? []).map((line) => line.trim()).join(' ');
  const [, category, title = words('verification failed')] = TITLE.exec(words('verification failed')) ?? [];
  const at = stepsOf(sections.get('at') ?? [])[0];
  const path = ['active lock', 'causal path'].flatMap((name) => stepsOf(sections.get(name) ?? []));
  return { ...(category === undefined ? {} : { category }), title, reason: words('reason'), ...(at ? placeOf(at) : {}), path, suggestion: words('suggestion'), start };
}

/** cilium/ebpf prints of a report only reason and suggestion: `R0 may be NULL here (Add a check)`. */
export function shortReport(words: string): Report | undefined {
  const m = /^(.{10,}?) \(([A-Z][^()]+)\)\.?$/.exec(words);
  return m ? { title: '', reason: m[1] ?? '', path: [], suggestion: m[2] ?? '' } : undefined;
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

// handle @ prog.bpf.c:12:7   |   prog.bpf.c:12   |   insn 7
const PLACE = /(?:^|\s|\()([\w./+-]+\.(?:[ch]|cc|cpp|rs|bt)):(\d+)/;
const INSTRUCTION = /\b(?:insn|instruction)\s+#?(\d+)|^\s*(\d+): \(/;
//           | ^-- update: R0 changed from uninitialized value to nullable map value from counts at offset 0
const ANNOTATION = /^\s*\|\s*\^-- (.*)$/;
const MORE = /^\s*\|\s+(\S.*)$/;
//   >>> 7 | (79) r1 = *(u64 *)(r0 +0)
const FOCUS = /^\s*>>>\s+(\d+) \| \(/;
const CONTEXT = /^\s*(?:(?:Source|Instruction) context:|(?:>>>)?\s*\d+ \|.*|)$/;

/** Each step begins with its place; what happened is written below its line of the source. */
function stepsOf(lines: readonly string[]): readonly ReportStep[] {
  const steps: { text: string; file?: string; line?: number; instruction?: number }[] = [];
  let annotated = false;
  for (const line of lines) {
    const step = steps.at(-1);
    const note: string | undefined = ANNOTATION.exec(line)?.[1] ?? (annotated ? MORE.exec(line)?.[1] : undefined);
    annotated = note !== undefined;
    const focus = FOCUS.exec(line)?.[1];
    if (step && note !== undefined) step.text = step.text === '' ? note : `${step.text} ${note}`;
    else if (step && focus !== undefined) step.instruction = Number(focus);
    else if (!CONTEXT.test(line)) steps.push(newStep(line.trim()));
  }
  return steps.filter((step) => step.text !== '' || Object.keys(placeOf(step)).length > 0);
}

function placeOf({ file, line, instruction }: ReportStep): Omit<ReportStep, 'text'> {
  return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }), ...(instruction === undefined ? {} : { instruction }) };
}

/** A step's first line is only its place, or the place and what happened there. */
function newStep(line: string): ReportStep & { text: string } {
  const place = PLACE.exec(line);
  const instruction = INSTRUCTION.exec(line);
  const isPlace = /^(?:\S+ @ )?[^\s:]+:\d+(?::\d+)?$|^insn \d+$/.test(line);
  return { text: isPlace ? '' : line, ...(place ? { file: place[1] ?? '', line: Number(place[2]) } : {}), ...(instruction ? { instruction: Number(instruction[1] ?? instruction[2]) } : {}) };
}
