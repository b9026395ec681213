import type { Span } from '../../../base/span.ts';
import type { Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { child } from '../../../language/bpftrace/syntax/cst.ts';
import type { Edit } from '../edits.ts';
import type { CFlow } from '../flow/flow.ts';
import { isExpression, textOf, type Piece } from '../flow/piece.ts';
import type { CValue } from '../flow/value.ts';
import type { LinesOf } from '../lines.ts';
import type { Mark, Marks } from '../marks.ts';

/** Compiles conditions into one piece of a program. */
export class Writer {
  readonly edits: Edit[] = [];
  readonly flow: CFlow;
  readonly piece: Piece;
  readonly #marks: Marks;
  readonly #lines: LinesOf;
  readonly #kept = new Set<string>();
  #count = 0;

  constructor(flow: CFlow, piece: Piece, marks: Marks, lines: LinesOf) {
    this.flow = flow;
    this.piece = piece;
    this.#marks = marks;
    this.#lines = lines;
  }

  of(node: Cst | undefined): CValue {
    return this.flow.of(node);
  }

  /** As it is written, on one line: what is compiled in does not move the lines below. */
  text(node: Span | undefined): string {
    return textOf(this.piece, node).replaceAll(/\s+/g, ' ').trim();
  }

  /** A name that no program has, also where macros are used in each other. */
  fresh(letter: string): string {
    return `kgent_${letter}${this.#count++}${this.piece.kind === 'macro' ? `_${this.piece.name}` : ''}`;
  }

  /** A statement that asserts. */
  assert(property: string, node: Cst, says: string, holds: string): string {
    return this.mark({ kind: 'assert', property, span: this.span(node), says }, holds);
  }

  mark(mark: Mark, given: string): string {
    return this.#marks.call(mark, given);
  }

  /** Whether something is remembered already; from now on it is. */
  remembers(name: string): boolean {
    const known = this.#kept.has(name);
    this.#kept.add(name);
    return known;
  }

  wrap(node: Span, before: string, after: string): void {
    this.edits.push({ ...this.#edit(node), before, after });
  }

  replace(node: Span, instead: string): void {
    this.edits.push({ ...this.#edit(node), instead });
  }

  /** Asserts before an expression is computed. */
  before(node: Cst, property: string, says: string, holds: string): void {
    this.wrap(node, `({ ${this.assert(property, node, says, holds)}; `, '; })');
  }

  /** Asserts something of the value of an expression. */
  ofValue(node: Cst, property: string, about: Cst, says: string, holds: (name: string) => string): void {
    const name = this.fresh('v');
    this.wrap(node, `({ __auto_type ${name} = (`, `) + 0; ${this.assert(property, about, says, holds(name))}; ${name}; })`);
  }

  span({ start, end }: Span): Span {
    const { placed } = this.piece;
    return { start: placed.start + start, end: placed.start + end };
  }

  /** Numbers, names of constants, and what is computed of them. */
  isConstant(node: Cst): boolean {
    if (node.type === 'identifier') return this.flow.world.constant(this.text(node)) !== undefined && this.of(node).place === undefined;
    if (/^(?:number_literal|char_literal|sizeof_expression)$/.test(node.type)) return true;
    const parts = node.children.filter(isExpression);
    return /^(?:binary_expression|unary_expression|parenthesized_expression|cast_expression)$/.test(node.type) && parts.length > 0 && parts.every((part) => this.isConstant(part));
  }

  #edit(node: Span): Pick<Edit, 'span' | 'before' | 'after' | 'line' | 'optional'> {
    const span = this.span(node);
    return { span, before: '', after: '', line: this.#lines.line(span.start), optional: true };
  }
}

/** What an expression stands in, the innermost last. */
export type Parents = readonly Cst[];

/** Without parentheses. */
export function outer(parents: Parents): Cst | undefined {
  return parents.findLast(({ type }) => type !== 'parenthesized_expression');
}

/** Whether it is only asked if an expression is 0. */
export function isTest(node: Cst, parents: Parents): boolean {
  const around = parents.at(-1);
  if (!around) return false;
  if (around.type === 'parenthesized_expression') return /^(?:if|while|do)_statement$/.test(parents.at(-2)?.type ?? '') || isTest(around, parents.slice(0, -1));
  const op = child(around, 'operator')?.type;
  if (around.type === 'unary_expression') return op === '!';
  if (around.type === 'conditional_expression' || around.type === 'for_statement') return node.field === 'condition';
  return around.type === 'binary_expression' && /^(?:&&|\|\||[=!]=)$/.test(op ?? '');
}
