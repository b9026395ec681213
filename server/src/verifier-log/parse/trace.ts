import type { LogText } from './lines.ts';
import { decodeInstruction, type Instruction } from './instruction.ts';
import { parseState, type State } from '../state/value.ts';

/** What a line of a log is. */
export const LINE = { other: 0, instruction: 1, state: 2, jumped: 3, source: 4, blank: 5, statistics: 6, listing: 7, noise: 8 } as const;

/** A `; text @ file:line` annotation. */
export interface SourceNote {
  /** The log's line. */
  readonly line: number;
  readonly text: string;
  readonly file?: string;
  /** One-based line of the file; kernels before 6.9 do not tell it. */
  readonly fileLine?: number;
}

/** A visit of an instruction by the verifier. */
export interface Step {
  readonly instruction: number;
  readonly frame: number;
  /** The log's line. */
  readonly line: number;
}

// 12: (bf) r6 = r1                     ; R1=ctx() R6_w=ctx()
const INSTRUCTION = /^\s*(\d+): \(([0-9a-f]{2})\) (.*)$/;
// ; if (data + 14 > data_end) @ prog.c:31
const SOURCE = /^\s*; ?(.*?)(?: @ (\S*?):(\d+))?\s*$/;
//       3: 012....... (bf) r3 = r1        (the block "Live regs before insn:" of 6.15 and newer)
const LISTING = /^\s*(\d+): [.0-9]{10} \(([0-9a-f]{2})\) (.*)$/;
const JUMPED = /^\s*from (\d+) to (\d+)(?: \(speculative execution\))?:/;
const STATISTICS = /^\s*(?:processed \d+ insns|verification time|stack depth|insns processed)/;
const NOISE = /^\s*(?:\(\d+\) (?:frame|live|stack|subprog|func)|mark_precise|last_idx|regs=|parent |propagating |(?:\d+: )?safe$|func#\d+ @|Live regs before|caller:|callee:|returning from callee:|to caller at|Validating |Func#\d+ |old state:|cur state:|arg#\d+ reference type|reg type unsupported|BPF program is too large$|frame\d+: |R\d+(?:_[rwPD]+)?=|; )/;

// ...   |   […]   |   [1200 bytes are left out here]   |   (12 lines omitted)
const GAP = /^\s*(?:[[(]?(?:\.\.\.|…)[\])]?\s*$|.{0,20}\b\d+ (?:more )?(?:bytes|characters|lines)\b.{0,40}\b(?:left out|omitted|skipped|hidden|truncated))/;

/** Grows as it is filled: a log has a million steps or ten. */
class Numbers {
  #values = new Int32Array(256);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const more = new Int32Array(this.length * 2);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index] ?? -1;
  }
}

/**
 * The verifier goes depth first: it prints one path to its end, then `from X to Y` and another. Y comes from the latest
 * visit of X whose other side was not yet looked at.
 */
class Waiting {
  readonly #latest = new Map<number, number>();
  /** For each visit, the visit of the same instruction before it. */
  readonly #before = new Numbers();

  /** Notes a visit of an instruction; returns its number. */
  visit(instruction: number): number {
    this.#before.push(this.#latest.get(instruction) ?? -1);
    const visit = this.#before.length - 1;
    this.#latest.set(instruction, visit);
    return visit;
  }

  /** The visit a path goes on from; -1 when the log does not tell it. */
  resume(instruction: number): number {
    const visit = this.#latest.get(instruction) ?? -1;
    if (visit >= 0) this.#latest.set(instruction, this.#before.at(visit));
    return visit;
  }
}

/**
 * The verifier's steps in the order they were printed. Lines are sorted by their first characters;
 * an instruction or a state is taken apart when it is asked for.
 */
export class Trace {
  readonly text: LogText;
  readonly from: number;
  readonly to: number;
  readonly #notes: SourceNote[] = [];
  readonly #listing = new Map<number, Instruction>();
  readonly #lines = new Numbers();
  readonly #instructions = new Numbers();
  readonly #frames = new Numbers();
  readonly #sources = new Numbers();
  /** The step each came from; -1 where a program's or function's verification begins. */
  readonly #previous = new Numbers();
  /** Lines are missing: the beginning, which kernels since 6.4 let go of when the buffer is too small, or what somebody left out. */
  #isCut = false;
  /** Where the reading of the lines is. */
  readonly #reading = { source: -1, annotated: false, frame: 0, awaitsFrame: false, validates: false, previous: -1, jumped: false, waiting: new Waiting(), sourceOf: new Map<number, number>() };

  constructor(text: LogText, from: number, to: number) {
    this.text = text;
    this.from = from;
    this.to = to;
    for (let i = from; i < to; i++) this.#read(i, lineKind(text, i));
  }

  #read(line: number, kind: number): void {
    const at = this.#reading;
    switch (kind) {
      case LINE.instruction:
        return this.#visit(line);
      case LINE.source:
        return this.#note(readSource(this.text.at(line), line));
      case LINE.jumped: {
        const text = this.text.at(line);
        at.previous = at.waiting.resume(Number(JUMPED.exec(text)?.[1]));
        at.jumped = true;
        at.frame = frameIn(text);
        return;
      }
      case LINE.listing: {
        const m = LISTING.exec(this.text.at(line));
        if (m) this.#listing.set(Number(m[1]), decodeInstruction(m[3] ?? '', Number(m[1]), parseInt(m[2] ?? '', 16)));
        return;
      }
      case LINE.noise:
        return this.#changeFrame(this.text.at(line));
      case LINE.other:
        this.#isCut ||= GAP.test(this.text.at(line));
        return;
      case LINE.state:
        at.frame = frameIn(this.text.at(line));
    }
  }

  #visit(line: number): void {
    const at = this.#reading;
    const index = leadingNumber(this.text, line);
    if (at.annotated) at.sourceOf.set(index, at.source);
    else if (at.jumped) at.source = at.sourceOf.get(index) ?? at.source;
    this.#lines.push(line);
    this.#instructions.push(index);
    this.#frames.push(at.frame);
    this.#sources.push(at.source);
    this.#previous.push(at.previous);
    if (this.#lines.length === 1 && index > 0 && !at.validates) this.#isCut = true;
    at.previous = at.waiting.visit(index);
    at.frame = this.#callbackFrame(line) ?? at.frame;
    at.jumped = false;
    at.annotated = false;
    at.awaitsFrame = false;
  }

  /** `12: (85) call bpf_loop#181 15: frame1: R1=…`: a helper that calls back goes on in the function handed to it. */
  #callbackFrame(line: number): number | undefined {
    const start = this.text.start(line);
    if (!this.text.text.startsWith('(85)', this.text.text.indexOf('(', start))) return undefined;
    const entered = / \d+: (frame\d+: R\d.*)$/.exec(this.text.at(line))?.[1];
    return entered === undefined ? undefined : frameIn(entered);
  }

  #note(note: SourceNote): void {
    // The compiler's own code has line 0 or an empty text: it belongs to what stood before.
    if (note.text === '' || note.fileLine === 0) return;
    this.#notes.push(note);
    this.#reading.source = this.#notes.length - 1;
    this.#reading.annotated = true;
  }

  /** `callee:` and `to caller at 12:` stand before the state of the frame that goes on. */
  #changeFrame(line: string): void {
    const at = this.#reading;
    if (/^\s*(?:callee:|to caller at)/.test(line)) at.awaitsFrame = true;
    else if (/^\s*Validating /.test(line)) {
      at.previous = -1;
      at.frame = 0;
      at.validates = true;
    } else if (at.awaitsFrame && /^\s*(?:frame\d+: |R\d)/.test(line)) {
      at.frame = frameIn(line);
      at.awaitsFrame = false;
    }
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get sources(): readonly SourceNote[] {
    return this.#notes;
  }

  /** Instructions of the program by their numbers, where the log lists them all. */
  get listing(): ReadonlyMap<number, Instruction> {
    return this.#listing;
  }

  /** How many visits of instructions the log tells. */
  get count(): number {
    return this.#lines.length;
  }

  step(visit: number): Step {
    return { instruction: this.#instructions.at(visit), frame: Math.max(0, this.#frames.at(visit)), line: this.#lines.at(visit) };
  }

  instructionNumber(visit: number): number {
    return this.#instructions.at(visit);
  }

  lineOf(visit: number): number {
    return this.#lines.at(visit);
  }

  frameOf(visit: number): number {
    return Math.max(0, this.#frames.at(visit));
  }

  /** The visit before on the same path; -1 at its beginning. */
  previous(visit: number): number {
    return this.#previous.at(visit);
  }

  sourceOf(visit: number): SourceNote | undefined {
    return this.sources[this.#sources.at(visit)];
  }

  instruction(visit: number): Instruction {
    const m = INSTRUCTION.exec(this.#textOf(visit));
    if (!m) return { kind: 'other' };
    // 8: (5f) r6 &= r9                      ; R6=0 R9=16   |   8: (5f) r6 &= r9 8: R0=scalar() R6=0
    const code = (m[3] ?? '').replace(/\s*;(?: |$).*$/, '').replace(/ \d+: (?:frame\d+: )?R\d.*$/, '').trim();
    return decodeInstruction(code, Number(m[1]), parseInt(m[2] ?? '', 16));
  }

  /** Whether the state printed behind an instruction may tell of a register. */
  mentions(visit: number, register: number): boolean {
    const name = `R${register}`;
    return this.#textOf(visit).includes(name) || this.#stateBehind(visit).includes(name);
  }

  /** The registers the verifier printed behind an instruction; older kernels print them behind few. */
  stateAfter(visit: number): State | undefined {
    const line = this.#textOf(visit);
    const semicolon = line.indexOf(';');
    if (semicolon >= 0) return parseState(line.slice(semicolon + 1));
    // 2: (15) if r1 == 0x19 goto pc+1 4: R0=-1 R1=25 R10=fp0
    const taken = / \d+: ((?:frame\d+: )?R\d.*)$/.exec(line);
    if (taken?.[1] !== undefined) return parseState(taken[1]);
    const behind = this.#stateBehind(visit);
    return behind === '' ? undefined : parseState(behind);
  }

  /** Kernels before 5.18 print a state on a line of its own behind branches and accesses of memory; empty when there is none. */
  #stateBehind(visit: number): string {
    const line = this.lineOf(visit) + 1;
    if (line >= this.to || lineKind(this.text, line) !== LINE.noise) return '';
    const text = this.text.at(line);
    return /^\s*(?:frame\d+: )?R\d+\w*=/.test(text) ? text : '';
  }

  /** The whole state where it was printed before an instruction: at a branch's other side, or with log level 2 of older kernels. */
  stateBefore(visit: number): State | undefined {
    // What stands behind the rejected instruction is what was known when it was looked at.
    const behind = visit === this.count - 1 ? this.#stateBehind(visit) : '';
    if (behind !== '') return parseState(behind);
    for (let line = this.lineOf(visit) - 1; line >= this.from; line--) {
      const kind = lineKind(this.text, line);
      if (kind === LINE.state || kind === LINE.jumped) return parseState(this.text.at(line).replace(JUMPED, '').replace(/^\s*\d+:/, ''));
      if (kind === LINE.noise && /^\s*(?:frame\d+: |R\d)/.test(this.text.at(line))) return parseState(this.text.at(line));
      if (kind !== LINE.source && kind !== LINE.blank && kind !== LINE.noise && kind !== LINE.other) return undefined;
    }
    return undefined;
  }

  #textOf(visit: number): string {
    return this.text.at(this.lineOf(visit));
  }
}

function frameIn(line: string): number {
  return Number(/ ?frame(\d+):/.exec(line)?.[1] ?? 0);
}

function readSource(text: string, line: number): SourceNote {
  const m = SOURCE.exec(text);
  const fileLine = m?.[3] === undefined ? undefined : Number(m[3]);
  return { line, text: m?.[1] ?? '', ...(m?.[2] ? { file: m[2] } : {}), ...(fileLine === undefined ? {} : { fileLine }) };
}

function leadingNumber(text: LogText, line: number): number {
  return parseInt(text.text.slice(text.start(line), text.start(line) + 16), 10);
}

/** Sorts a line; most are decided by a few characters. */
export function lineKind(text: LogText, line: number): number {
  const { text: all } = text;
  const end = text.end(line);
  let i = text.start(line);
  while (i < end && (all.charCodeAt(i) === 0x20 || all.charCodeAt(i) === 0x09)) i++;
  if (i >= end || (i + 1 === end && all.charCodeAt(i) === 0x0d)) return LINE.blank;
  let c = all.charCodeAt(i);
  if (c === 0x3b) return LINE.source;
  if (c >= 0x30 && c <= 0x39) {
    while (i < end && c >= 0x30 && c <= 0x39) c = all.charCodeAt(++i);
    if (c !== 0x3a) return LINE.other;
    while (all.charCodeAt(++i) === 0x20);
    c = all.charCodeAt(i);
    if (c === 0x28) return LINE.instruction;
    if (c === 0x52 || c === 0x66) return LINE.state;
    if (LISTING.test(text.at(line))) return LINE.listing;
    return NOISE.test(text.at(line)) ? LINE.noise : LINE.other;
  }
  const whole = text.at(line);
  if (JUMPED.test(whole)) return LINE.jumped;
  if (STATISTICS.test(whole)) return LINE.statistics;
  return NOISE.test(whole) ? LINE.noise : LINE.other;
}
