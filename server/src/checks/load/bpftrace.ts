import { emptyRange, Lines, type Range } from '../../base/range.ts';
import type { Span } from '../../base/span.ts';
import type { Facts } from '../../kernel/facts.ts';
import { walk } from '../../language/bpftrace/syntax/walk.ts';
import type { Block } from '../../language/bpftrace/syntax/ast.ts';
import type { Document } from '../../language/bpftrace/syntax/document.ts';
import { outlineOf, type Outline, type OutlinedProbe } from '../../language/bpftrace/syntax/outline.ts';
import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Outcome } from '../../target/target.ts';
import { parseMessages } from '../compile/bpftrace/messages.ts';
import { probeNamed } from '../compile/bpftrace/findings.ts';
import { finding, type Evidence, type Finding } from '../finding.ts';
import type { Check, CheckContext, CheckResult } from '../pipeline.ts';
import type { Read } from '../read.ts';
import { lastLines, skipReason, toolOf } from '../skip.ts';
import { explainLog } from './explain-log.ts';
import { silence } from './silence.ts';
import type { RefusedLog } from './refused.ts';
import { QUIET_LAUNCH, QUIET_LAUNCH_FILE, QUIET_LAUNCH_MACHINES } from './quiet-launch.ts';

const PROGRAM_FILE = 'program.bt';

/** Has the target's kernel verify every probe of the program; nothing is attached, nothing runs. */
export function bpftraceLoad(read: Read): Check {
  return {
    name: 'load',
    languages: ['bpftrace'],
    afterErrors: 'skip',
    async run(program, context): Promise<CheckResult> {
      const have = toolOf('bpftrace', context);
      if ('skipped' in have) return { findings: [], ...have };
      const { facts, tool } = have;
      const { target } = context;
      if (facts.root === 'none') return { findings: [], skipped: `Loading needs root on ${target.name}.` };
      if (!QUIET_LAUNCH_MACHINES.has(facts.arch)) {
        return { findings: [finding('load', 'not-loaded', 'info', `The kernel's verifier was not asked: loading without attaching is not known for ${facts.arch} machines.`, emptyRange)] };
      }
      const text = program.text.replaceAll('\r\n', '\n');
      const outcome = await load(text, tool.command, facts, context, []);
      if (outcome.kind === 'missing') return { findings: [], skipped: `perl is not installed on ${target.name}; it is needed to load a bpftrace program without attaching it. Install the package perl.` };
      const skipped = skipReason(outcome, 'bpftrace', target.name, facts);
      if (outcome.kind !== 'ran') return { findings: [], skipped: skipped ?? '' };
      if (outcome.exitCode === 0) return { findings: [] };
      // The launcher's own words (`seccomp: Operation not permitted at quiet-launch.pl line 16.`) say nothing of the program.
      const launcher = /^.* at \S*quiet-launch\.pl line \d+\.$/m.exec(outcome.stderr)?.[0];
      if (launcher !== undefined) return { findings: [], skipped: `Programs cannot be loaded without attaching them on ${target.name}: ${launcher}` };
      const document = (await read({ ...program, text })).document;
      return rejections(document, outcome.stderr, (silenced) => load(silenced, tool.command, facts, context, ['-v']), context);
    },
  };
}

/**
 * bpftrace stops at the first probe that the kernel rejects. So that one does not hide the others, it is asked again with
 * the rejected ones silenced, as long as it names another and there is time. The kernel's words come only with -v, which
 * prints too much to ask for it in the first place.
 */
async function rejections(document: Document, first: string, ask: (text: string) => Promise<Outcome>, { timeoutMs, signal }: CheckContext): Promise<CheckResult> {
  const until = Date.now() + timeoutMs;
  const outline = outlineOf(document);
  const silent = new Set<OutlinedProbe>();
  const findings: Finding[] = [];
  const logs: RefusedLog[] = [];
  while (findings.length < MAX_REJECTIONS) {
    const outcome = await ask(silence(outline, silent));
    const ran = outcome.kind === 'ran' ? outcome : undefined;
    const again = findings.length > 0;
    if (again && (!ran || ran.exitCode === 0)) break;
    const text = ran ? ran.stdout + ran.stderr : '';
    // Cancelled, or the thread that reads long logs failed: what bpftrace itself says is left.
    const explained = (await explainLog(text, {}, signal).catch(() => [])).find(({ tail }) => tail.some((line) => /^processed \d+ insns/.test(line)));
    const { finding: found, isLoad, probe, program } = rejected(outline, again ? (ran?.stderr ?? '') : first, explained);
    const isOther = isLoad && probe !== undefined && !silent.has(probe);
    // Whatever else goes wrong with probes silenced is no fault of the program.
    if (!again || isOther) {
      findings.push(found);
      if (program !== undefined) logs.push({ program, text, lines: [found.range.start.line], explanations: explained ? [explained] : [] });
    }
    if (!isOther || signal?.aborted || Date.now() > until) break;
    silent.add(probe);
    if (silent.size === outline.probes.length) break;
  }
  return { findings, logs };
}

/** Probes that are told of at most: each takes another start of bpftrace. */
const MAX_REJECTIONS = 8;

/** `-c` ends bpftrace when the command ends, which it starts after everything was attached. */
function load(text: string, bpftrace: string, facts: Facts, context: CheckContext, more: readonly string[]): Promise<Outcome> {
  return context.target.exec({
    argv: ['perl', QUIET_LAUNCH_FILE, facts.arch, bpftrace, ...more, ...(context.unsafe ? ['--unsafe'] : []), '-c', '/bin/true', PROGRAM_FILE],
    files: [{ name: QUIET_LAUNCH_FILE, content: QUIET_LAUNCH }, { name: PROGRAM_FILE, content: text }],
    asRoot: true,
    timeoutMs: context.timeoutMs,
    signal: context.signal,
  });
}

interface Rejected {
  readonly finding: Finding;
  /** The kernel refused to load it; else bpftrace failed in another way. */
  readonly isLoad: boolean;
  readonly probe: OutlinedProbe | undefined;
  /** What the verifier's log calls the program, empty when nothing; undefined when there is no log. */
  readonly program: string | undefined;
}

function rejected(outline: Outline, stderr: string, explained: Explanation | undefined): Rejected {
  const errors = parseMessages(stderr, PROGRAM_FILE).filter((m) => m.severity === 'error').map(({ text }) => text);
  const said = errors.find((text) => LOADING.test(text)) ?? errors[0] ?? lastLines(stderr, 1);
  const isLoad = LOADING.test(said) || explained !== undefined;
  const message = isLoad ? `The kernel's verifier rejects this: ${explained?.complaint ?? said}` : `This does not load: ${said}`;
  const place = placeOf(outline, said, explained?.complaint ?? '');
  const found = {
    ...finding('load', isLoad ? (explained?.class ?? 'unknown') : 'load-failed', 'error', message, place.at),
    evidence: [...place.evidence, ...(explained && explained.class !== 'unknown' ? [{ message: explained.message }] : []), { message: explained ? explained.tail.join('\n') : lastLines(stderr) }],
  };
  return { finding: found, isLoad, probe: place.probe, program: explained && (explained.program ?? '') };
}

// Error loading program: BEGIN (try -v)   |   Error loading BPF program for begin_1. Error code: -22 (Invalid argument).
const LOADING = /[Ee]rror loading (?:BPF )?program/;

/**
 * A .bt carries no line information to the verifier. The place is the probe it names; for a complaint
 * about endless or too many steps it is that probe's first loop, with the probe as evidence.
 */
function placeOf({ text, probes }: Outline, said: string, complaint: string): { at: Range; evidence: Evidence[]; probe?: OutlinedProbe } {
  const points = probes.flatMap((probe) => probe.attachPoints);
  const named = probeNamed(said, points);
  const point = named ?? points[0];
  const probe = probes.find(({ attachPoints }) => point !== undefined && attachPoints.includes(point));
  if (!point || !probe) return { at: emptyRange, evidence: [] };
  const header = rangeOf(text, point.start, point.end);
  // infinite loop detected at insn 0   |   The sequence of 8193 jumps is too complex.   |   BPF program is too large. Processed 1000001 insn
  const loop = /loop|too complex|too large/.test(complaint) ? firstLoop(probe.probe.body) : undefined;
  if (!loop) return { at: header, evidence: [], ...(named ? { probe } : {}) };
  const start = probe.start + loop.start;
  const head = text.slice(start, probe.start + loop.end).trimEnd();
  return { at: rangeOf(text, start, start + head.length), evidence: [{ range: header, message: 'in this probe' }], ...(named ? { probe } : {}) };
}

/** The head of the first loop: up to its block. */
function firstLoop(body: Block): Span | undefined {
  let found: Span | undefined;
  walk(body, (node) => {
    if (node.kind === 'while' || node.kind === 'for' || node.kind === 'unroll') found ??= { start: node.start, end: node.body.start };
  });
  return found;
}

function rangeOf(text: string, start: number, end: number): Range {
  return { start: Lines.positionAt(text, start), end: Lines.positionAt(text, end) };
}
