import type { LoadFailure } from '../wrap/failures.ts';
import { parseLog, type ProgramLog, type VerifierLog } from '../parse/log.ts';
import { inWords } from '../state/words.ts';
import type { Need, RejectionClass } from './need.ts';
import { reportDraft } from './report-draft.ts';
import { noteAt, type Draft, type Note } from './rule.ts';
import { boundsRules } from './rules/bounds.ts';
import { calleeRules } from './rules/callees.ts';
import { limitRules } from './rules/limits.ts';
import { loadingRules } from './rules/loading.ts';
import { nullRules } from './rules/null.ts';
import { otherDraft } from './rules/others.ts';
import { packetRules } from './rules/packet.ts';
import { pointerRules } from './rules/pointers.ts';
import { resourceRules } from './rules/resources.ts';
import { sizeRules } from './rules/sizes.ts';
import { uninitializedRules } from './rules/uninitialized.ts';
import { placeAt, placeOfLine, situationOf, type Situation } from './situation.ts';
import { SourceView, type LineInfo, type SourcePlace } from './source.ts';

/** Why a program was rejected, in the user's words, and what would have been needed. */
export interface Explanation {
  readonly class: RejectionClass;
  /** One sentence that says what is wrong and what to do. */
  readonly message: string;
  readonly program: string | undefined;
  /** The verifier's own last words. */
  readonly complaint: string;
  /** Where the mistake is: where a fact should have been established, or was lost. */
  readonly cause: SourcePlace;
  /** What the verifier rejected. */
  readonly rejected: SourcePlace;
  readonly rejectedNote: string;
  readonly established?: Note;
  readonly lost?: Note;
  readonly need: Need;
  /** Steps from the value's making to its use, for a view of the log. */
  readonly trail: readonly Note[];
  /** The log's last lines. */
  readonly tail: readonly string[];
}

/** What is known besides the log. */
export interface ExplainContext {
  readonly source?: string;
  readonly lineInfo?: LineInfo;
}

/** More telling rules first: the first one that knows a message explains it. */
const RULES = [nullRules, packetRules, uninitializedRules, sizeRules, boundsRules, loadingFirst(), pointerRules, calleeRules, resourceRules, limitRules, loadingRules].flat();

/** Relocations that failed stand in a log as invalid calls: before the rules about calls. */
function loadingFirst(): typeof loadingRules {
  return loadingRules.slice(0, 4);
}

/** Explains each rejected program of a text, and each failure without a log. */
export function explainText(text: string, context: ExplainContext = {}): readonly Explanation[] {
  return explain(parseLog(text), context);
}

export function explain(log: VerifierLog, context: ExplainContext = {}): readonly Explanation[] {
  const source = new SourceView(log.programs.map((program) => program.trace), context.source);
  const rejected = log.programs.filter((program) => program.complaint.length > 0 || program.report || (program.truncated && program.wrapper !== 'plain'));
  const explained = rejected.map((program) => explainProgram(program, source, context.lineInfo));
  return [...explained, ...log.failures.filter((failure) => !(explained.length > 0 && explained.some((e) => e.class === failure.class))).map((failure) => explainFailure(failure, source))];
}

function explainProgram(program: ProgramLog, source: SourceView, lineInfo: LineInfo | undefined): Explanation {
  const s = situationOf(program, source, lineInfo);
  const draft = draftOf(s);
  const rejected = draft.rejected ?? rejectedPlace(s);
  const cause = draft.cause ?? rejected;
  return {
    class: draft.class,
    message: draft.message,
    program: program.program,
    complaint: complaintText(program),
    cause: cause.line === undefined && rejected.line !== undefined ? rejected : cause,
    rejected,
    rejectedNote: draft.rejectedNote ?? 'the verifier rejects this',
    ...(draft.established ? { established: draft.established } : {}),
    ...(draft.lost ? { lost: draft.lost } : {}),
    need: draft.need,
    trail: draft.trail ?? [],
    tail: tailOf(program),
  };
}

/** Where the log tells no step, the program itself, or its inline assembly: clang makes no invalid instructions. */
function rejectedPlace(s: Situation): SourcePlace {
  const reached = s.at < 0 ? undefined : (returnedFromHead(s) ?? placeAt(s, s.at));
  if (reached !== undefined && (reached.line !== undefined || !s.source.whole)) return reached;
  const instruction = /\binsn (\d+)/.exec(s.log.complaint[0] ?? '')?.[1];
  const known = instruction === undefined ? undefined : s.lineInfo?.lineOf(s.log.program, Number(instruction));
  if (known) return { line: known.line, file: known.file, text: s.source.text(known.line).trim() };
  const program = programPlace(s);
  const called = program?.line === undefined ? undefined : calledAt(s, program.line);
  if (called !== undefined) return placeOfLine(s, called);
  const assembly = program?.line === undefined ? undefined : s.source.code.assemblyIn(program.line);
  return (assembly === undefined ? program : placeOfLine(s, assembly)) ?? { text: '' };
}

/** The program's head; where the log does not name it, that of the only program there is. */
function programPlace(s: Situation): SourcePlace | undefined {
  if (s.log.program !== undefined) return s.source.find(s.log.program);
  const programs = s.source.code.functions.filter((f) => f.line > 0 && /\bSEC\s*\(/.test(s.source.text(f.first)));
  const [only] = programs;
  return only && programs.length === 1 ? placeOfLine(s, only.line) : undefined;
}

/** The first line of a function that uses what the verifier's words name: `tracing progs cannot use bpf_spin_lock yet`. */
function calledAt(s: Situation, line: number): number | undefined {
  const names = s.log.complaint.flatMap((words) => [...words.matchAll(/\b(bpf_\w+)/g)].map((m) => m[1] ?? ''));
  const word = new RegExp(`\\b(?:${names.join('|')})\\s*\\(`);
  const user = names.length === 0 ? undefined : s.source.code.statements(s.source.code.functionAt(line)).find((each) => word.test(each.text));
  return user?.line;
}

/** The value of a `return` in a BPF_PROG or BPF_KPROBE function has the line of its head, for the macro makes two functions of it. */
function returnedFromHead(s: Situation): SourcePlace | undefined {
  const place = placeAt(s, s.at);
  const { instruction } = s;
  if (place.line === undefined || instruction.kind !== 'load' || !/\bBPF_(?:PROG|KPROBE|KRETPROBE|UPROBE|KSYSCALL)\d?\b/.test(place.text)) return undefined;
  if (s.flow.before(s.at, instruction.from.base)?.type === 'ctx') return undefined;
  const line = s.source.code.lastReturn(place.line);
  return line !== undefined && /->|\*|\[/.test(s.source.text(line)) ? placeOfLine(s, line) : undefined;
}

function draftOf(s: Situation): Draft {
  // The first line of several is the more exact one: `invalid access to packet, off=…` before `R1 offset is outside …`.
  for (const rule of RULES) {
    for (const line of s.log.complaint) {
      const m = rule.pattern.exec(line);
      const draft = m ? rule.explain(s, m) : undefined;
      if (draft) return draft;
    }
  }
  return reportDraft(s) ?? otherDraft(s) ?? unknownDraft(s);
}

/** What no rule knows is shown as the verifier said it, with its place and what was known of the values. */
function unknownDraft(s: Situation): Draft {
  const states = s.at < 0 ? [] : s.flow.reads(s.at).map((register) => inWords(s.flow.before(s.at, register)));
  const words = s.log.complaint.at(-1);
  return {
    class: 'unknown',
    message: words === undefined ? "The verifier's words are cut off: load again with a larger log buffer to see why it rejects the program." : `The kernel's verifier rejects this: ${words}`,
    need: { kind: 'other' },
    rejectedNote: states.length > 0 ? `what is used here is ${states.join(' and ')}` : 'the verifier rejects this',
    ...(s.at < 0 ? {} : { trail: [noteAt(s, s.at, 'the last instruction the log tells')] }),
  };
}

function complaintText(program: ProgramLog): string {
  return program.said.join('; ') || program.report?.title || 'The log ends before the verifier says why.';
}

const TAIL_LINES = 20;

function tailOf(program: ProgramLog): readonly string[] {
  const { text, from, to } = program.trace;
  const lines: string[] = [];
  for (let i = to - 1; i >= from && lines.length < TAIL_LINES; i--) if (text.at(i).trim() !== '') lines.unshift(text.at(i).slice(0, 500));
  return lines;
}

/** libbpf's words about a `struct_ops` name the structure of its operations. */
function operationsOf(failure: LoadFailure, source: SourceView): SourcePlace | undefined {
  const type = /struct_ops.*\bstruct (?:bpf_struct_ops_)?(\w+)/.exec(failure.text)?.[1];
  return type === undefined ? undefined : source.operations(type);
}

function explainFailure(failure: LoadFailure, source: SourceView): Explanation {
  const place = operationsOf(failure, source) ?? failure.names.map((name) => (failure.class === 'map-setup' ? source.suspectOfMap(name, /Argument list too long|E2BIG|\(-7\)|Cannot allocate memory|ENOMEM|\(-12\)/.test(failure.text)) : source.find(name))).find((found) => found !== undefined) ?? (failure.program === undefined ? undefined : source.section(failure.program)) ?? { text: '' };
  return {
    class: failure.class,
    message: failure.message,
    program: failure.program,
    complaint: failure.text,
    cause: place,
    rejected: place,
    rejectedNote: failure.text,
    need: failure.class === 'core-relocation' ? { kind: 'field', ...(failure.names[0] === undefined ? {} : { field: failure.names[0] }) } : { kind: 'other' },
    trail: [],
    tail: [failure.text],
  };
}
