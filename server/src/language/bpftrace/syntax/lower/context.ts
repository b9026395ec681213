import type { Span } from '../../../../base/span.ts';
import type { Missing, Name } from '../ast.ts';
import type { Cst } from '../cst.ts';

/** What lowering one item needs: its text as the user wrote it. */
export interface Context {
  readonly text: string;
  /** Text that fits nowhere, found on the way; the statement list that they stand in takes them up. */
  readonly strays: Cst[];
}

export function span({ start, end }: Span): Span {
  return { start, end };
}

export function textOf(context: Context, node: Span): string {
  return context.text.slice(node.start, node.end);
}

export function name(context: Context, node: Span): Name {
  return { kind: 'name', ...span(node), text: textOf(context, node) };
}

export function missing(at: number): Missing {
  return { kind: 'missing', start: at, end: at };
}

/** Children that mean something: neither comments nor text that could not be parsed. */
export function parts(node: Cst): Cst[] {
  return node.children.filter((part) => !SKIPPED.has(part.type));
}

const SKIPPED = new Set(['line_comment', 'block_comment', 'contract_comment', 'ERROR']);

/** Puts aside what could not be parsed directly in this node. */
export function keepStrays(context: Context, node: Cst): void {
  for (const part of node.children) if (part.type === 'ERROR') context.strays.push(part);
}
