/** What a run of `sea` gave. */
export interface SeahornRun {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when it was ended by a signal. */
  readonly exitCode: number | undefined;
}

export type SeahornUnknown =
  /** The assumptions contradict each other: whatever is asserted holds. */
  | 'vacuous'
  /** A loop goes on behind the last round that was looked at. */
  | 'bound'
  | 'time'
  | 'crash'
  /** No assertion was left: none was written, or the compiler saw that they hold. */
  | 'nothing-to-prove'
  | 'compile'
  | 'solver';

/** What became of the assertions of one line; unrolled loops and inlined functions repeat a line. */
export interface SeahornLine {
  /** From 1. */
  readonly line: number;
  readonly verdict: 'proved' | 'refuted' | 'vacuous';
}

export type SeahornResult = { readonly lines: readonly SeahornLine[] } & (
  | { readonly verdict: 'proved' }
  /** `line` is missing where a pointer check failed that SeaHorn itself added. */
  | { readonly verdict: 'refuted'; readonly line?: number }
  | { readonly verdict: 'unknown'; readonly reason: SeahornUnknown; readonly message: string }
);

/** `Error: assertion failed (sat) prog.c:7] backedge!!` */
const CHECK = /^(?:Info|Error): (vacuity|assertion) (passed|failed) \([a-z]+\) .*?:(\d+)\](.*)$/gm;

interface Check {
  readonly what: 'vacuity' | 'assertion';
  readonly passed: boolean;
  readonly line: number;
  readonly backedge: boolean;
}

/** Exit statuses of the driver when its solver was ended at the limit of processor time, or died. */
const OUT_OF_TIME = new Set([247, 241]);
const CRASHED = 245;

/**
 * The verdict is a whole line of standard output; the exit status does not tell proved from refuted. A proof counts only when no assertion is
 * vacuous in all its copies and no loop was cut. Never throws.
 */
export function readSeahorn({ stdout, stderr, exitCode }: SeahornRun): SeahornResult {
  const checks = checksOf(`${stderr}\n${stdout}`);
  const lines = linesOf(checks);
  const unknown = (reason: SeahornUnknown, message: string): SeahornResult => ({ verdict: 'unknown', reason, message, lines });
  const verdict = /^(sat|unsat|unknown)\r?$/m.exec(stdout)?.[1];
  const refuted = lines.find((line) => line.verdict === 'refuted');
  if (verdict === undefined) return noVerdict(stdout, stderr, exitCode, unknown);
  if (verdict === 'unknown') return unknown('solver', 'SeaHorn’s solver gave up.');
  const cut = checks.some((check) => check.backedge && !check.passed);
  if (verdict === 'sat' && (refuted || !cut)) return { verdict: 'refuted', lines, ...(refuted && { line: refuted.line }) };
  const vacuous = lines.find((line) => line.verdict === 'vacuous');
  if (vacuous) return unknown('vacuous', `The assumptions before line ${vacuous.line} contradict each other: nothing reaches it.`);
  if (cut) return unknown('bound', 'A loop goes on behind the last round that was looked at.');
  return { verdict: 'proved', lines };
}

function checksOf(text: string): readonly Check[] {
  return [...text.matchAll(CHECK)].map(([, what, result, line, rest]) => ({ what: what === 'vacuity' ? 'vacuity' : 'assertion', passed: result === 'passed', line: Number(line), backedge: rest?.includes('backedge') === true }));
}

function linesOf(checks: readonly Check[]): readonly SeahornLine[] {
  const own = checks.filter((check) => !check.backedge);
  return [...new Set(own.map(({ line }) => line))].sort((a, b) => a - b).map((line) => {
    const here = own.filter((check) => check.line === line);
    const failed = here.some((check) => check.what === 'assertion' && !check.passed);
    const reached = here.some((check) => check.what === 'assertion' || check.passed);
    return { line, verdict: failed ? 'refuted' : reached ? 'proved' : 'vacuous' };
  });
}

function noVerdict(stdout: string, stderr: string, exitCode: number | undefined, unknown: (reason: SeahornUnknown, message: string) => SeahornResult): SeahornResult {
  if (exitCode !== undefined && OUT_OF_TIME.has(exitCode)) return unknown('time', 'SeaHorn ran out of processor time.');
  if (exitCode === CRASHED || exitCode === undefined) return unknown('crash', 'SeaHorn’s solver died.');
  if (/no assertion was found/.test(stderr + stdout)) return unknown('nothing-to-prove', 'SeaHorn found no assertion: none was written, or its compiler saw that they all hold.');
  const error = /^.*\berror: .*$/m.exec(stderr)?.[0];
  if (error !== undefined) return unknown('compile', error);
  return unknown('crash', `SeaHorn ended with status ${exitCode} and gave no verdict: ${stderr.trim().split('\n').at(-1) ?? ''}`);
}
