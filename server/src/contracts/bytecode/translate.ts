import { UserError } from '../../base/error.ts';
import type { Span } from '../../base/span.ts';
import { INVARIANT_SECTION, type Mark } from '../c/marks.ts';
import { apply, bits, not, truth, UNNAMED, type IrExpr, type IrHandler, type IrInvariant, type IrMap, type IrProgram, type IrStmt, type Shown } from '../ir/ir.ts';
import { Terms } from '../terms/terms.ts';
import { RESULT, type Translated, type Unsupported } from '../verdict.ts';
import { Access, PacketReads, type State } from './access.ts';
import { Calls, CLOCKS } from './calls.ts';
import { Cells } from './cells.ts';
import { Context, contextStruct, PACKET_LENGTH, type Declared } from './context.ts';
import { Machine, TooLarge } from './machine.ts';
import { Maps } from './maps.ts';
import { NO_MEMORY, stored } from './memory.ts';
import { readProgram, type BpfProgram, type Entry } from './object.ts';
import { Output } from './output.ts';
import { number, type Region, type Value } from './value.ts';

/** What the source says of the object that was compiled of it. */
export interface ObjectSource {
  /** The programs in it, by the names of their functions. */
  readonly programs: readonly (Declared & { readonly span: Span })[];
  readonly marks: readonly Mark[];
  /** By their numbers. */
  readonly invariants: readonly { readonly map: string; readonly span: Span; readonly says: string; /** The compiler has refused it: that is told already. */ readonly refused: boolean }[];
  /** Name of the file that was compiled; lines of others are headers'. */
  readonly file: string;
  /** The place of a line, which counts from 1. */
  readonly spanOfLine: (line: number) => Span | undefined;
  /** What could not be compiled into it. */
  readonly unsupported: readonly Unsupported[];
}

/** BPF C, compiled with its marks, as a program to be proved. Never throws: what is no object is unsupported as a whole. */
export function translateObject(object: Uint8Array, source: ObjectSource): Translated {
  const program = attempt(() => readProgram(object));
  const whole: Span = source.programs[0]?.span ?? { start: 0, end: 0 };
  if (!program) return { program: { maps: [], handlers: [] }, unsupported: [{ span: whole, what: 'the compiled program cannot be read' }], assumptions: [] };
  const used = new Map<string, IrMap>();
  const unsupported: Unsupported[] = [...source.unsupported];
  const assumptions: { span: Span; text: string }[] = [];
  const handlers: IrHandler[] = [];
  const read = new Set<string>();
  const results = new Map<string, readonly IrStmt[]>();
  for (const declared of source.programs) {
    const entry = program.functions.find(({ name }) => name === declared.name);
    if (!entry) continue;
    const made = new Handler(program, source, used, declared, entry).translate();
    handlers.push({ name: declared.name, span: declared.span, body: made.body });
    results.set(declared.name, made.result);
    for (const name of made.reads) read.add(name);
    unsupported.push(...made.unsupported);
    if (made.reads.includes(PACKET_LENGTH)) assumptions.push({ span: declared.span, text: 'The packet is in one piece of at most 65,535 bytes, and only this program changes it.' });
  }
  const [first, ...others] = handlers;
  if (first) handlers.splice(0, 1, { ...first, body: [...first.body, ...neverReached(source.marks, [first, ...others])] });
  const invariants: IrInvariant[] = [];
  source.invariants.forEach((invariant, i) => {
    const made = invariant.refused ? undefined : invariantOf(program, source, used, i, invariant);
    if (made) invariants.push(made);
    else if (!invariant.refused) unsupported.push({ span: invariant.span, what: `what this says of ${invariant.map} is not followed`, only: { property: 'contract', says: invariant.says } });
  });
  const clocks = CLOCKS.map((name) => `${name}()`).filter((name) => read.has(name));
  const ir: IrProgram = { maps: [...used.values()], handlers, ...(invariants.length > 0 && { invariants }), clocks, shown: shownOf(source.marks, read) };
  return { program: ir, unsupported, assumptions, results };
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

interface Made {
  readonly body: readonly IrStmt[];
  /** Leaves the result in `RESULT`. */
  readonly result: readonly IrStmt[];
  readonly unsupported: readonly Unsupported[];
  /** Names of what is read from outside. */
  readonly reads: readonly string[];
}

/** One run over a function: what is in the way of it, and what it leaves. */
class Handler {
  readonly #program: BpfProgram;
  readonly #source: ObjectSource;
  readonly #used: Map<string, IrMap>;
  readonly #declared: Declared & { readonly span: Span };
  readonly #entry: Entry;

  constructor(program: BpfProgram, source: ObjectSource, used: Map<string, IrMap>, declared: Declared & { readonly span: Span }, entry: Entry) {
    this.#program = program;
    this.#source = source;
    this.#used = used;
    this.#declared = declared;
    this.#entry = entry;
  }

  /** Carried out twice: the first time shows in which pieces the outside is read. */
  translate(): Made {
    const first = this.#run(undefined, false);
    return this.#run(first.cells, first.computed);
  }

  #run(before: { readonly context: Cells; readonly packet: Cells } | undefined, computed: boolean): Made & { readonly cells: { readonly context: Cells; readonly packet: Cells }; readonly computed: boolean } {
    const { span, name } = this.#declared;
    const out = new Output(new Terms(), span);
    const found = new Map<string, Unsupported>();
    const unsupported = (what: string): void => void found.set(`${what} ${out.span.start}`, { span: out.span, handler: name, what });
    const cells = { context: new Cells(before?.context), packet: new Cells(before?.packet) };
    const context = new Context(out, this.#program.layouts, cells.context, this.#declared, contextStruct(this.#program.prototype(this.#entry.name)));
    const packet = new PacketReads(out, cells.packet, computed, unsupported);
    const machine = machineFor(this.#program, this.#source, out, this.#used, context, packet, unsupported);
    const { terms } = out;
    const given: Value = { term: terms.bits(CONTEXT, 64), places: [{ region: context.region, offset: terms.bits(0n, 64), when: terms.yes }] };
    const state: State = { registers: [undefined, given], memory: NO_MEMORY, gone: [] };
    let left: Value | undefined;
    try {
      left = machine.run(this.#entry.code, this.#entry.at, state, terms.yes)?.state.registers[0];
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      unsupported(error.message);
    }
    const body = [...out.statements];
    if (left) out.statements.push({ kind: 'set', name: RESULT, value: out.lower(left.term), span });
    return { body, result: out.statements.slice(body.length), unsupported: [...found.values()], reads: out.reads, cells, computed: packet.isComputed };
  }
}

const CONTEXT = 0x1800_0000n;

function machineFor(program: BpfProgram, source: ObjectSource, out: Output, used: Map<string, IrMap>, context: Context, packet: PacketReads, unsupported: (what: string) => void): Machine {
  const maps = new Maps(out, used);
  const access = new Access(out, maps, context, program.layouts, packet, unsupported);
  const calls = new Calls(out, maps, access, source.marks, unsupported);
  const spanOf = (file: string, line: number): Span | undefined => (file.endsWith(source.file) ? source.spanOfLine(line) : undefined);
  return new Machine({ program, out, access, calls, unsupported, spanOf });
}

/** Clauses that the compiler left out with the code around them: no event gets there, so that nothing is proved by them. */
function neverReached(marks: readonly Mark[], handlers: readonly IrHandler[]): readonly IrStmt[] {
  const places = new Set(handlers.flatMap(({ body }) => body.flatMap((statement) => (statement.kind === 'if' ? [statement, ...statement.then] : [statement]))).flatMap((statement) => (statement.kind === 'assert' ? [statement.span.start] : [])));
  return marks.flatMap((mark): IrStmt[] => {
    if (mark.kind !== 'assert' || mark.property !== 'contract' || places.has(mark.span.start)) return [];
    const { property, span, says } = mark;
    return [{ kind: 'if', condition: truth(false), then: [{ kind: 'assert', condition: truth(false), property, span, says }], otherwise: [], span }];
  });
}

/** Addresses and what lies in packets are shown as such. */
function shownOf(marks: readonly Mark[], reads: ReadonlySet<string>): ReadonlyMap<string, Shown> {
  const sets = marks.flatMap((mark): [string, Shown][] => (mark.kind === 'set' && mark.shown ? [[mark.name, mark.shown]] : []));
  return new Map([...sets, ...[...reads].filter((name) => /^packet\[|^packet byte/.test(name)).map((name): [string, Shown] => [name, { base: 16 }])]);
}

/** The condition that the function of an invariant computes, over `key` and `value`. */
function invariantOf(program: BpfProgram, source: ObjectSource, used: Map<string, IrMap>, index: number, { map, span, says }: ObjectSource['invariants'][number]): IrInvariant | undefined {
  const entry = program.functions.find(({ code }) => code.name === `${INVARIANT_SECTION}${index}`);
  const info = program.maps.get(map);
  if (!entry || !info || (info.kind !== 'hash' && info.kind !== 'array')) return undefined;
  used.set(map, { name: map, key: info.keyBytes * 8, value: info.valueBytes * 8 });
  const out = new Output(new Terms(), span);
  let lost = false;
  const unsupported = (): void => void (lost = true);
  const declared: Declared = { name: entry.name, macro: undefined, params: [] };
  const context = new Context(out, program.layouts, new Cells(), declared, undefined);
  const machine = machineFor(program, source, out, used, context, new PacketReads(out, new Cells(), false, unsupported), unsupported);
  const { terms } = out;
  let memory = NO_MEMORY;
  const given = (['key', 'value'] as const).map((name): Value => {
    const region: Region = { kind: 'own', name };
    memory = stored(memory, region, 0, number(out.variable(name, (name === 'key' ? info.keyBytes : info.valueBytes) * 8)));
    return { term: terms.bits(CONTEXT, 64), places: [{ region, offset: terms.bits(0n, 64), when: terms.yes }] };
  });
  const left = machine.run(entry.code, entry.at, { registers: [undefined, ...given], memory, gone: [] }, terms.yes);
  const result = left?.state.registers[0];
  if (!result || lost) return undefined;
  const condition = not(apply('eq', 'bool', out.lower(result.term), bits(0, 64)));
  return { map, condition: withoutVariables(condition, out.statements), property: 'contract', span, says };
}

/** An expression by itself: what was put into variables before stands in their place. */
function withoutVariables(expr: IrExpr, statements: readonly IrStmt[]): IrExpr {
  const values = new Map(statements.flatMap((statement) => (statement.kind === 'set' ? [[statement.name, statement.value] as const] : [])));
  const replace = (at: IrExpr): IrExpr => {
    if (at.kind === 'variable' && at.name.startsWith(UNNAMED)) return replace(values.get(at.name) ?? at);
    if (at.kind === 'entry' || at.kind === 'present') return { ...at, key: replace(at.key) };
    if (at.kind === 'read') return at.of ? { ...at, of: replace(at.of) } : at;
    return at.kind === 'apply' ? { ...at, args: at.args.map(replace) } : at;
  };
  return replace(expr);
}
