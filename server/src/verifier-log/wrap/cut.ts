import { LogText } from '../parse/lines.ts';

/** Who printed the verifier's words. */
export type Wrapper = 'libbpf' | 'bpftrace' | 'cilium' | 'aya' | 'plain';

/** The part of a text that is one program's log: lines `from` up to, not including, `to`. */
export interface LogRange {
  readonly wrapper: Wrapper;
  /** The program's name, as its loader tells it. */
  readonly program: string | undefined;
  readonly from: number;
  readonly to: number;
  /** The verifier's closing statistics are missing: the log's end was cut off, or it never got so far. */
  readonly truncated: boolean;
}

// libbpf: prog 'on_switch': -- BEGIN PROG LOAD LOG --      (libbpf before 0.7: libbpf: -- BEGIN DUMP LOG ---)
const LIBBPF_BEGIN = /^(?:libbpf: )?(?:prog '([^']*)': )?-- BEGIN (?:PROG LOAD|DUMP) LOG -/;
const LIBBPF_END = /^(?:libbpf: )?-- END (?:PROG LOAD )?LOG -/;
// Error log:        |  Kernel error log:        |  (0.17 prints `Error loading program: kprobe:f` before or after)
const BPFTRACE_BEGIN = /^(?:Error log|Kernel error log|BPF verifier log)\s*:\s*$/;
// ERROR: Error loading BPF program for kprobe_f_1.    |   ERROR: Error loading program: kprobe:f (try -v)
const BPFTRACE_NAME = /Error loading (?:BPF )?program(?: for|:) ([^\s(]+?)\.?(?:\s|$)/;
// field Drop: program drop: load program: permission denied:
const CILIUM = /(?:program ([\w.]+): )?load program: [a-z ]+:\s*$/;
// the BPF_PROG_LOAD syscall failed. Verifier output:     |   … returned Permission denied (os error 13). Verifier output:
const AYA = /Verifier output:\s*$/;
const STATISTICS = /^processed \d+ insns/;

/** Finds the programs' logs in what a loader printed. Text without any loader's words is one log, or one per statistics line. */
export function cutLogs(text: LogText): readonly LogRange[] {
  const found: LogRange[] = [];
  let wrapper = 'plain' as Wrapper;
  let program: string | undefined;
  let from: number | undefined;
  let statistics = -1;
  const close = (to: number): void => {
    if (from !== undefined && to > from) found.push({ wrapper, program, from, to, truncated: statistics < from });
    from = undefined;
  };
  const open = (by: Wrapper, name: string | undefined, at: number): void => {
    if (from !== undefined && wrapper !== 'plain') close(at);
    wrapper = by;
    program = name;
    from = at + 1;
  };
  for (let i = 0; i < text.count; i++) {
    if (!mayMark(text, i)) continue;
    const line = text.at(i).trim();
    const libbpf = LIBBPF_BEGIN.exec(line);
    if (libbpf) open('libbpf', libbpf[1] ?? program, i);
    else if (LIBBPF_END.test(line)) close(i);
    else if (BPFTRACE_BEGIN.test(line)) open('bpftrace', program, i);
    else if (CILIUM.test(line)) open('cilium', CILIUM.exec(line)?.[1], i);
    else if (AYA.test(line)) open('aya', program, i);
    else if (STATISTICS.test(line)) statistics = i;
    else if (from !== undefined && wrapper !== 'libbpf' && /^(?:ERROR: |Caused by:|libbpf: )/.test(line)) close(i);
    const named = from === undefined || wrapper === 'bpftrace' ? BPFTRACE_NAME.exec(line)?.[1] : undefined;
    if (named !== undefined) program = named;
  }
  close(text.count);
  return found.length > 0 ? found.map((range) => named(range, program)) : plainLogs(text, program);
}

/** bpftrace 0.17 names the program after its log. */
function named(range: LogRange, program: string | undefined): LogRange {
  return range.wrapper === 'bpftrace' && range.program === undefined ? { ...range, program } : range;
}

/** Instructions and annotations begin with digits and semicolons; they are most of a log and never a mark. */
function mayMark(text: LogText, line: number): boolean {
  let at = text.start(line);
  let c = text.text.charCodeAt(at);
  if (c === 0x3b) return false;
  if (c < 0x30 || c > 0x39) return true;
  while (c >= 0x30 && c <= 0x39) c = text.text.charCodeAt(++at);
  // 12: (bf) r6 = r1    but    2026/11/22 load program: …
  return c !== 0x3a;
}

/** A log without a loader's words: each line of statistics ends one. */
function plainLogs(text: LogText, program: string | undefined): readonly LogRange[] {
  const found: LogRange[] = [];
  let from = 0;
  for (let i = 0; i < text.count; i++) {
    if (text.text.charCodeAt(text.start(i)) !== 0x70 || !STATISTICS.test(text.at(i))) continue;
    found.push({ wrapper: 'plain', program, from, to: i + 1, truncated: false });
    from = i + 1;
  }
  if (text.text.slice(text.start(from)).trim() !== '') found.push({ wrapper: 'plain', program, from, to: text.count, truncated: true });
  return found.filter((range) => looksLikeLog(text, range));
}

function looksLikeLog(text: LogText, { from, to }: LogRange): boolean {
  for (let i = from; i < Math.min(to, from + 2000); i++) {
    if (/^\s*(?:\d+: (?:\(|R\d|frame)|processed \d+ insns|R\d+ (?:invalid|!read_ok|unbounded)|Verification failed|back-edge|func#0 @0|from \d+ to \d+)/.test(text.at(i))) return true;
  }
  return false;
}
