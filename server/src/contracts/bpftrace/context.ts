import type { Span } from '../../base/span.ts';
import type { Analysis, ProbeInfo, Sym } from '../../language/bpftrace/analysis/analysis.ts';
import type { BtType } from '../../language/bpftrace/analysis/types.ts';
import type * as host from '../../language/bpftrace/syntax/ast.ts';
import { bits, type IrExpr, type IrStmt, type Shown } from '../ir/ir.ts';
import type * as contract from '../language/ast.ts';
import type { BtClause } from '../language/check/bpftrace.ts';
import type { Properties } from '../properties/site.ts';
import type { Unsupported } from '../verdict.ts';
import type { MapLayout } from './maps.ts';
import type { Arithmetic } from './operators.ts';
import type { Value } from './values.ts';

/** Expressions of programs and of contracts; those that both have are alike. */
export type AnyExpr = host.Expr | contract.Expr;

/** What all probes of a program have in common while they are translated. */
export interface Program {
  readonly analysis: Analysis;
  readonly properties: Properties;
  readonly clauses: readonly BtClause[];
  /** Strings that are written down, by the numbers that stand for them; the empty one is 0, as an absent entry is. */
  readonly strings: Map<bigint, string>;
  readonly maps: Map<string, MapLayout>;
  readonly shown: Map<string, Shown>;
  readonly clocks: Set<string>;
  readonly unsupported: Unsupported[];
  readonly assumptions: { readonly span: Span; readonly text: string }[];
}

/** What names and types mean: in the program itself, or in a contract. */
export interface Words {
  /** Added to the places of nodes, they are places in the document. */
  readonly base: number;
  readonly text: string;
  readonly rules: Arithmetic;
  typeOf(node: AnyExpr): BtType;
  /** A bare word that is no builtin. */
  word(node: host.Identifier): Value | undefined;
  /** A `$variable`'s name in the IR, and its type. */
  variable(node: host.Variable): { readonly name: string; readonly type: BtType };
  /** Maps that a macro was given, by what it calls them. */
  readonly maps?: ReadonlyMap<string, string>;
  /** How many macros are around. */
  readonly depth?: number;
  /** What only contracts have. */
  special?(cx: Cx, node: AnyExpr): Value | undefined;
}

/** A loop around a statement: variables that are true once it was left, or its round is over. */
export interface LoopState {
  readonly left: string;
  readonly next: string;
  /** Whether anything sets them. */
  used: boolean;
}

/** The translation of one probe. */
export interface Cx {
  readonly program: Program;
  readonly info: ProbeInfo | undefined;
  /** Name of the handler. */
  readonly handler: string;
  words: Words;
  /** Where statements are added. */
  out: IrStmt[];
  /** Of what is read: what it is, and what it is called. */
  readonly reads: Map<string, string>;
  readonly names: { readonly used: Set<string>; temporaries: number };
  /** What its variables are called. */
  readonly variables: Map<Sym, string>;
  /** What is kept of how things were when it was entered. */
  readonly entry: IrStmt[];
  /** What is asked wherever the probe is left. */
  readonly leaving: IrStmt[];
  /** No claims are made: what is translated was already, or belongs to a contract. */
  quiet: boolean;
  loop: LoopState | undefined;
  /** The statement before may have been a `break` or `continue`. */
  jumped: boolean;
}

export const spanOf = (cx: Cx, { start, end }: Span): Span => ({ start: start + cx.words.base, end: end + cx.words.base });

/** As the source writes it, on one line. */
export function textOf(cx: Cx, { start, end }: Span): string {
  const { base, text } = cx.words;
  return text.slice(base + start, base + end).replace(/\s*\n\s*(?:\/\/@)?\s*/g, ' ');
}

/** A variable of the translation's own: a person is not shown what begins with %. */
export function temporary(cx: Cx, what: string): string {
  return `%${what}${++cx.names.temporaries}`;
}

export const variable = (name: string, width: number | 'bool'): IrExpr => ({ kind: 'variable', name, width });
export const yes: IrExpr = { kind: 'const', width: 'bool', value: 1n };
export const no: IrExpr = { kind: 'const', width: 'bool', value: 0n };

/** A read, called as the source calls it first. `key` says what it is: the same is read only once. */
export function read(cx: Cx, key: string, text: string, width: number | 'bool', of?: IrExpr, shown?: Shown): IrExpr {
  const known = cx.reads.get(key);
  let name = known ?? text;
  if (known === undefined) {
    for (let n = 2; cx.names.used.has(name); n++) name = `${text} (${n})`;
    cx.names.used.add(name);
    cx.reads.set(key, name);
    if (shown) cx.program.shown.set(name, shown);
  }
  return { kind: 'read', name, width, ...(of && { of }) };
}

/** Statements are put into a list of their own. */
export function collect(cx: Cx, build: () => void): IrStmt[] {
  const { out } = cx;
  const own: IrStmt[] = (cx.out = []);
  try {
    build();
  } finally {
    cx.out = out;
  }
  return own;
}

/** The number that stands for a string. */
export function stringNumber({ strings }: Program, text: string): IrExpr {
  const written = JSON.stringify(text);
  const number = [...strings].find(([, known]) => known === written)?.[0] ?? BigInt(strings.size);
  strings.set(number, written);
  return bits(number, 64);
}
