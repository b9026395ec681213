/** What a load log says of a rejected program: the complaint, where it was, and the end of the log. */
export interface Rejection {
  /** The program's name as libbpf prints it; empty when the log does not say. */
  readonly program: string;
  readonly complaint: string;
  /** One-based line in the user's source of the instruction the verifier stopped at. */
  readonly line?: number;
  readonly tail: readonly string[];
}

// libbpf: prog 'on_switch': -- BEGIN PROG LOAD LOG --
const BEGIN = /^libbpf: prog '([^']*)': -- BEGIN PROG LOAD LOG --/;
const END = /^-- END PROG LOAD LOG --/;
// ; *v += 1; @ null-deref.bpf.c:10        (kernel 6.9 and newer; `@ file:0` says nothing)
const SOURCE = /^;.* @ \S*?:([1-9]\d*)\s*$/;
// processed 8 insns (limit 1000000) …  |  verification time 142 usec  |  stack depth 8
const STATISTICS = /^(?:processed \d+ insns|verification time|stack depth|mark_precise|peak_states|Verification failed)/;
// 8: (79) r1 = *(u64 *)(r0 +0)   |   from 5 to 8: R0=…   |   cur state: R1=ctx() R10=fp0
const STATE = /^(?:\d+: |from \d+ to \d+|(?:cur|old) state:)/;

/** The verifier's last own words before its statistics. Undefined when these lines are no verifier log. */
function complaintIn(log: readonly string[]): string | undefined {
  return log.findLast((entry) => entry.trim() !== '' && !STATISTICS.test(entry) && !STATE.test(entry) && !entry.startsWith(';'))?.trim();
}

/** What bpftrace's `-v` output says of a rejected program: the log stands plain before `processed N insns`. */
export function readComplaint(output: string): Pick<Rejection, 'complaint' | 'tail'> | undefined {
  const lines = output.split('\n');
  const end = lines.findLastIndex((line) => /^processed \d+ insns/.test(line));
  const complaint = end < 0 ? undefined : complaintIn(lines.slice(Math.max(0, end - 50), end));
  return complaint === undefined ? undefined : { complaint, tail: lines.slice(Math.max(0, end - 19), end + 1) };
}

/** Reads the standard error of a failed load. Undefined when no verifier log is in it. Never throws. */
export function readRejection(stderr: string): Rejection | undefined {
  const lines = stderr.split('\n');
  const begin = lines.findIndex((line) => BEGIN.test(line));
  if (begin < 0) return undefined;
  const end = lines.findIndex((line, i) => i > begin && END.test(line));
  const log = lines.slice(begin + 1, end < 0 ? undefined : end);
  let line: number | undefined;
  for (const entry of log) {
    const source = SOURCE.exec(entry)?.[1];
    if (source !== undefined) line = Number(source);
  }
  return {
    program: BEGIN.exec(lines[begin] ?? '')?.[1] ?? '',
    complaint: complaintIn(log) ?? 'The kernel rejected the program without saying why.',
    ...(line === undefined ? {} : { line }),
    tail: log.slice(-20),
  };
}
