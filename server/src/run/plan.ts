import type { Program } from '../checks/program.ts';
import type { Document } from '../language/bpftrace/syntax/document.ts';
import { codeOnly, outlineOf } from '../language/bpftrace/syntax/outline.ts';
import { sections } from '../language/bpfc/sections.ts';

/** What running a program means: shown to the user, who agrees or not. */
export interface RunPlan {
  readonly target: string;
  readonly attachPoints: readonly string[];
  /** What the program can do beyond reading. Empty: it only observes. */
  readonly powers: readonly string[];
  /** It calls functions that bpftrace refuses without being told to allow them. */
  readonly unsafe: boolean;
}

type Powers = readonly (readonly [RegExp, string])[];

const BPFTRACE_POWERS: Powers = [
  [/\bsystem\s*\(/, 'system(): runs shell commands as root'],
  [/\bsignal(?:_thread)?\s*\(/, 'signal(): sends signals to processes, which can end them'],
  [/\boverride(?:_return)?\s*\(/, 'override(): changes what kernel functions return'],
  [/\b(?:cat|join)\s*\(/, 'cat()/join(): prints files or arguments of other processes'],
  [/\bskboutput\s*\(/, 'skboutput(): writes packets to a file'],
];

const C_POWERS: Powers = [
  [/\bbpf_send_signal(?:_thread)?\s*\(/, 'bpf_send_signal: sends signals to processes, which can end them'],
  [/\bbpf_override_return\s*\(/, 'bpf_override_return: changes what kernel functions return'],
  [/\bbpf_probe_write_user\s*\(/, 'bpf_probe_write_user: writes into the memory of processes'],
  [/\bXDP_(?:DROP|ABORTED)\b|\bTC_ACT_SHOT\b/, 'drops network packets'],
  [/\bXDP_(?:TX|REDIRECT)\b|\bTC_ACT_REDIRECT\b|\bbpf_(?:clone_)?redirect\w*\s*\(/, 'redirects network packets'],
  [/\bbpf_(?:skb_store_bytes|skb_adjust_room|xdp_adjust_head|xdp_adjust_tail|l[34]_csum_replace)\s*\(/, 'changes network packets'],
  [/SEC\(\s*"(?:lsm|fmod_ret|struct_ops)/, 'can refuse operations of the kernel'],
];

/** Attach points that fire hundreds of thousands of times a second on a busy machine. */
const HOT = /^(?:tracepoint:raw_syscalls:|tracepoint:(?:syscalls|kmem|sched):\*|tracepoint:sched:sched_(?:switch|wakeup|waking)$|tracepoint:kmem:(?:kmalloc|kfree|kmem_cache_\w+|mm_page_\w+)$|tracepoint:lock:|k(?:ret)?probe:\*|f(?:entry|exit):\*)/;

/** `document` is the parse of a bpftrace program; BPF C has none. */
export function planRun({ text }: Program, document: Document | undefined, target: string): RunPlan {
  const attachPoints = document ? outlineOf(document).probes.flatMap((probe) => probe.attachPoints.map((point) => point.text)) : sections(text);
  const code = document ? codeOnly(document) : text.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' ');
  const powers = (document ? BPFTRACE_POWERS : C_POWERS).filter(([pattern]) => pattern.test(code)).map(([, power]) => power);
  const hot = attachPoints.filter((point) => HOT.test(point) || HOT.test(point.replace(/^t(?:p|racepoint)\//, 'tracepoint:').replace('/', ':')));
  if (hot.length > 0) powers.push(`fires very often (${hot.join(', ')}): measurable load on a busy machine`);
  return { target, attachPoints, powers, unsafe: needsUnsafe(document) };
}

/** bpftrace's unsafe functions: without `--unsafe` it refuses them. */
export function needsUnsafe(document: Document | undefined): boolean {
  return document !== undefined && /\b(?:system|signal|signal_thread|override|override_return)\s*\(/.test(codeOnly(document));
}
