import { cutLogs, type LogRange, type Wrapper } from '../wrap/cut.ts';
import { loadFailures, type LoadFailure } from '../wrap/failures.ts';
import { normalize } from '../wrap/plain.ts';
import { LogText } from './lines.ts';
import { readReport, shortReport, type Report } from './report.ts';
import { LINE, lineKind, Trace } from './trace.ts';
import { inOlderWords } from './wording.ts';

/** What the verifier said of one program. */
export interface ProgramLog {
  readonly program: string | undefined;
  readonly wrapper: Wrapper;
  /** The log's end is missing. */
  readonly truncated: boolean;
  readonly trace: Trace;
  /** The verifier's last words, in their order; empty when it accepted the program or the words are cut off. */
  readonly complaint: readonly string[];
  /** The same as the kernel printed them: newer kernels' words are in `complaint` as older ones say them. */
  readonly said: readonly string[];
  /** Linux 7.3 and newer: the report in sections. */
  readonly report?: Report;
}

/** All that a loader printed, read. */
export interface VerifierLog {
  readonly text: LogText;
  readonly programs: readonly ProgramLog[];
  /** Failures the verifier said nothing about: relocations, maps, privileges. */
  readonly failures: readonly LoadFailure[];
}

/** Reads a log in any loader's wrapping. Linear in its length; never throws; unknown lines stay in the text. */
export function parseLog(text: string): VerifierLog {
  const lines = new LogText(normalize(text));
  const ranges = cutLogs(lines);
  return { text: lines, programs: ranges.map((range) => readProgram(lines, range)), failures: loadFailures(lines, ranges) };
}

function readProgram(text: LogText, range: LogRange): ProgramLog {
  const trace = new Trace(text, range.from, range.to);
  const full = readReport(text, range.from, range.to);
  const said = complaintOf(text, { ...range, to: full?.start ?? range.to }, trace);
  const report = full ?? (range.wrapper === 'cilium' && trace.count === 0 ? shortReport(said.join(' ')) : undefined);
  return { program: range.program, wrapper: range.wrapper, truncated: range.truncated, trace, complaint: said.map(inOlderWords), said, ...(report ? { report } : {}) };
}

/** More words than these no rejection needs. */
const MAX_COMPLAINT_LINES = 40;

/** The unsorted lines behind the last step. What is said of a function's arguments is the reason only where nothing else is said. */
function complaintOf(text: LogText, { from, to }: LogRange, trace: Trace): readonly string[] {
  const last = trace.count > 0 ? trace.lineOf(trace.count - 1) : from - 1;
  const found: string[] = [];
  const ofArguments: string[] = [];
  for (let i = to - 1; i > last && found.length < MAX_COMPLAINT_LINES; i--) {
    const kind = lineKind(text, i);
    const line = text.at(i).trim();
    if (kind === LINE.other && !LOADER.test(line)) found.unshift(line);
    else if (kind === LINE.noise && trace.count === 0 && /^arg#\d/.test(line) && ofArguments.length < MAX_COMPLAINT_LINES) ofArguments.unshift(line);
  }
  return found.length > 0 ? found : ofArguments;
}

/** Words of loaders that stand inside or behind a log. */
const LOADER = /^(?:libbpf:(?: |$)|Error: |-- (?:BEGIN|END)|Warning: |ERROR: |WARNING: |BPF_PROG_LOAD|Caused by:|\(?(?:truncated, )?\d+ lines?(?:\(s\))? omitted\)?|HINT: |\[?(?:\.\.\.|…)\]?$)/;
