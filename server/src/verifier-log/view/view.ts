import { explain, type ExplainContext, type Explanation } from '../explain/explain.ts';
import { SourceView } from '../explain/source.ts';
import { parseLog, type ProgramLog, type VerifierLog } from '../parse/log.ts';
import { LINE, lineKind, type Trace } from '../parse/trace.ts';
import { inWords } from '../state/words.ts';
import type { LogLine, LogLineKind, LogMark, LogRegister, LogState } from './data.ts';
import { knownBefore, usedBy, type Known } from './known.ts';
import { marksOf } from './marks.ts';
import { linesWith, nextOf } from './search.ts';
import { variableIn } from './variable.ts';

/** What of a line is shown: some states are longer than anybody reads. */
const MAX_SHOWN = 2000;
/** Lines told at once. */
const MAX_LINES = 1000;

const KINDS: Readonly<Record<number, LogLineKind>> = {
  [LINE.instruction]: 'instruction', [LINE.source]: 'source', [LINE.jumped]: 'branch', [LINE.state]: 'state',
  [LINE.statistics]: 'statistics', [LINE.noise]: 'noise', [LINE.listing]: 'noise', [LINE.blank]: 'blank',
};

/** A log to look around in: its lines by number, and what the verifier knew at each. Lines of the log count from zero. */
export class LogView {
  readonly explanation: Explanation | undefined;
  readonly #log: VerifierLog;
  readonly #source: SourceView;
  readonly #context: ExplainContext;
  readonly #sourceLines = new Map<ProgramLog, Map<number, number | undefined>>();
  #searched: { readonly words: string; readonly lines: readonly number[] } | undefined;

  constructor(text: string, context: ExplainContext) {
    this.#log = parseLog(text);
    this.#context = context;
    this.#source = new SourceView(this.#log.programs.map(({ trace }) => trace), context.source);
    this.explanation = explain(this.#log, context)[0];
  }

  get count(): number {
    return this.#log.text.count;
  }

  get truncated(): boolean {
    return this.#log.programs.some((program) => program.truncated);
  }

  marks(): readonly LogMark[] {
    const { explanation } = this;
    if (!explanation) return [];
    const program = this.#log.programs.find((one) => one.program === explanation.program) ?? this.#log.programs[0];
    return marksOf(explanation, (sourceLine) => (program ? this.#latestOn(program, sourceLine) : undefined));
  }

  lines(from: number, count: number): readonly LogLine[] {
    const to = Math.min(this.count, from + Math.min(count, MAX_LINES));
    const lines: LogLine[] = [];
    for (let i = Math.max(0, from); i < to; i++) lines.push(this.#line(i));
    return lines;
  }

  /** At the instruction of a line, or the nearest one before it; undefined before the first. */
  state(line: number): LogState | undefined {
    const program = this.#programAt(line);
    const visit = program ? visitAt(program.trace, line) : -1;
    if (!program || visit < 0) return undefined;
    const { trace } = program;
    const known = knownBefore(trace, visit);
    const sourceLine = this.#sourceLine(program, visit);
    const note = trace.sourceOf(visit);
    return {
      line: trace.lineOf(visit),
      instruction: trace.instructionNumber(visit),
      frame: trace.frameOf(visit),
      ...(sourceLine === undefined ? {} : { sourceLine }),
      sourceText: ((sourceLine === undefined ? '' : this.#source.text(sourceLine)) || (note?.text ?? '')).trim(),
      registers: this.#registers(trace, visit, known),
      stack: stackOf(trace, visit, known),
    };
  }

  find(words: string, from: number, backwards: boolean): { readonly line: number; readonly nth: number; readonly total: number } | undefined {
    if (this.#searched?.words !== words) this.#searched = { words, lines: linesWith(this.#log.text, words) };
    const { lines } = this.#searched;
    const at = nextOf(lines, from, backwards);
    const line = lines[at];
    return line === undefined ? undefined : { line, nth: at + 1, total: lines.length };
  }

  /** The line with an instruction of a source line that is nearest to `near`. */
  ofSource(sourceLine: number, near: number): number | undefined {
    let best: number | undefined;
    for (const program of this.#log.programs) {
      for (let visit = 0; visit < program.trace.count; visit++) {
        if (this.#sourceLine(program, visit) !== sourceLine) continue;
        const line = program.trace.lineOf(visit);
        if (best === undefined || Math.abs(line - near) < Math.abs(best - near)) best = line;
      }
    }
    return best;
  }

  #line(i: number): LogLine {
    const { text } = this.#log;
    const kind = KINDS[lineKind(text, i)] ?? 'words';
    const sourceLine = this.#sourceLineAt(i, kind);
    return { kind, text: text.at(i).slice(0, MAX_SHOWN), ...(sourceLine === undefined ? {} : { sourceLine }) };
  }

  #sourceLineAt(line: number, kind: LogLineKind): number | undefined {
    if (kind !== 'instruction' && kind !== 'source') return undefined;
    const program = this.#programAt(line);
    if (!program) return undefined;
    // An annotation stands before its instructions.
    const visit = kind === 'instruction' ? visitAt(program.trace, line) : visitAt(program.trace, line) + 1;
    if (kind === 'source' && program.trace.sourceOf(visit)?.line !== line) return undefined;
    return visit < 0 || visit >= program.trace.count ? undefined : this.#sourceLine(program, visit);
  }

  #programAt(line: number): ProgramLog | undefined {
    return this.#log.programs.find(({ trace }) => line >= trace.from && line < trace.to);
  }

  /** An instruction's line is the same at each visit. */
  #sourceLine(program: ProgramLog, visit: number): number | undefined {
    let lines = this.#sourceLines.get(program);
    if (!lines) {
      lines = new Map<number, number | undefined>();
      this.#sourceLines.set(program, lines);
    }
    const instruction = program.trace.instructionNumber(visit);
    if (lines.has(instruction)) return lines.get(instruction);
    const known = this.#context.lineInfo?.lineOf(program.program, instruction);
    const note = program.trace.sourceOf(visit);
    const line = known && this.#source.isMain(known.file) ? known.line : note && this.#source.lineOf(note);
    lines.set(instruction, line);
    return line;
  }

  /** The log's line of the last instruction of a source line on the path that ends the log. */
  #latestOn(program: ProgramLog, sourceLine: number): number | undefined {
    const { trace } = program;
    for (let visit = trace.count - 1; visit >= 0; visit = trace.previous(visit)) if (this.#sourceLine(program, visit) === sourceLine) return trace.lineOf(visit);
    return undefined;
  }

  #registers(trace: Trace, visit: number, known: Known): readonly LogRegister[] {
    const instruction = trace.instruction(visit);
    const used = usedBy(instruction, known);
    const after = trace.stateAfter(visit)?.registers;
    const last = visit === trace.count - 1 ? this.#needed() : undefined;
    const told = [...known.registers.keys()].filter((register) => known.registers.get(register) !== undefined || known.moved.has(register));
    const numbers = [...new Set([...told, ...(after?.keys() ?? []), ...used])].sort((a, b) => a - b);
    return numbers.map((register) => {
      const value = known.registers.get(register);
      const printed = value?.text ?? '';
      const then = after?.get(register);
      const variable = last?.register === register ? last.words : register === 10 ? undefined : variableIn(trace, visit, register);
      return {
        name: `R${register}`,
        ...(variable === undefined ? {} : { variable }),
        words: value ? inWords(value) : wordsWithout(known.moved.get(register)),
        printed,
        ...(then && then.text !== printed ? { after: inWords(then) } : {}),
        used: used.has(register),
      };
    });
  }

  /** The value that the rejected instruction found wanting, by its name. */
  #needed(): { readonly words: string; readonly register?: number } | undefined {
    const need = this.explanation?.need;
    return need && 'value' in need ? need.value : undefined;
  }
}

function wordsWithout(mover: string | undefined): string {
  return mover === undefined ? 'no value known' : `no longer a packet pointer: ${mover}() may have moved the packet`;
}

function stackOf(trace: Trace, visit: number, known: Known): readonly LogRegister[] {
  const after = trace.stateAfter(visit)?.slots;
  const offsets = [...new Set([...known.slots.keys(), ...(after?.keys() ?? [])])].sort((a, b) => b - a);
  return offsets.map((offset) => {
    const value = known.slots.get(offset);
    const then = after?.get(offset);
    const printed = value?.text ?? '';
    return { name: `fp${offset}`, words: value ? slotWords(value) : 'no value known', printed, ...(then && then.text !== printed ? { after: slotWords(then) } : {}), used: false };
  });
}

/** A letter for each byte, the highest first: m is some data, 0 a zero, ? nothing. */
const BYTES = /^[m0?rdif]{8}$/;

function slotWords(value: Parameters<typeof inWords>[0] & object): string {
  if (!BYTES.test(value.text)) return inWords(value);
  const empty = value.text.split('?').length - 1;
  if (empty === 0) return /^0+$/.test(value.text) ? '8 zero bytes' : '8 bytes of data';
  return `${8 - empty} bytes of data, ${empty} never written`;
}

/** The visit on a line, or the last one before it; -1 when there is none. */
function visitAt(trace: Trace, line: number): number {
  let low = -1;
  let high = trace.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (trace.lineOf(middle) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}
