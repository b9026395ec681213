import type { Span } from '../../../base/span.ts';
import { shift } from '../../../base/span.ts';
import { operands } from '../syntax/walk.ts';
import type { Analysis, ProbeInfo } from '../analysis/analysis.ts';
import type { Block, Expr, If, IfExpr, Probe, Stmt } from '../syntax/ast.ts';
import { usesByMap, type MapUse } from './maps.ts';

/** An expression of a probe with what it stands in. */
export interface Use {
  readonly expr: Expr;
  /** From the outermost statement to the node directly around it. */
  readonly around: readonly (Expr | Stmt)[];
  /** Position in source order within the probe; the predicate comes first. */
  readonly order: number;
  readonly inPredicate: boolean;
  /** Stands in the condition of a predicate, `if`, `while` or ternary. */
  readonly inCondition: boolean;
}

export type UseOf<K extends Expr['kind']> = Use & { readonly expr: Extract<Expr, { kind: K }> };

/** One probe, its expressions flattened into source order: what lints look at. */
export interface ProbeView {
  readonly info: ProbeInfo;
  readonly uses: readonly Use[];
  /** Those of one kind. */
  of<K extends Expr['kind']>(kind: K): readonly UseOf<K>[];
  /** Canonical providers with their parts. */
  readonly points: readonly { readonly provider: string; readonly parts: readonly string[] }[];
  /** Place of a node of this probe in the document. */
  at(node: Span): Span;
  /** Text of a node of this probe, as written. */
  sourceOf(node: Span): string;
  /** The same without white space: two keys are the same when this is. */
  textOf(node: Span): string;
}

export interface View {
  readonly analysis: Analysis;
  /** All of the text could be read. */
  readonly readable: boolean;
  readonly probes: readonly ProbeView[];
  /** Every use of a map in probes, by its name, in source order. */
  readonly maps: ReadonlyMap<string, readonly MapUse[]>;
}

/** Of some probes of a program: all that have to do with each other. */
export function viewOf(analysis: Analysis, infos: readonly ProbeInfo[], readable: boolean): View {
  const probes = infos.map((info) => probeView(analysis, info));
  return { analysis, readable, probes, maps: usesByMap(probes) };
}

function probeView(analysis: Analysis, info: ProbeInfo): ProbeView {
  const { uses, of } = usesOf(info.probe);
  const at = (node: Span): Span => shift(node, info.placed.start);
  const sourceOf = (node: Span): string => analysis.document.text.slice(at(node).start, at(node).end);
  return {
    info, uses, of, at, sourceOf,
    points: info.attachPoints.flatMap(({ provider, parts }) => (provider === undefined ? [] : [{ provider, parts }])),
    textOf: (node) => sourceOf(node).replaceAll(/\s+/g, ''),
  };
}

const known = new WeakMap<Probe, Pick<ProbeView, 'uses' | 'of'>>();

/** A probe that did not change since the last keystroke is not walked again. */
export function usesOf(probe: Probe): Pick<ProbeView, 'uses' | 'of'> {
  const before = known.get(probe);
  if (before) return before;
  const uses: Use[] = [];
  if (probe.predicate) walk(probe.predicate, [], { inPredicate: true, inCondition: true }, uses);
  walkBlock(probe.body, [], uses);
  const kinds = new Map<Expr['kind'], Use[]>();
  for (const use of uses) {
    const same = kinds.get(use.expr.kind);
    if (same) same.push(use);
    else kinds.set(use.expr.kind, [use]);
  }
  const found = { uses, of: <K extends Expr['kind']>(kind: K): readonly UseOf<K>[] => (kinds.get(kind) ?? []) as readonly Use[] as readonly UseOf<K>[] };
  known.set(probe, found);
  return found;
}

interface Place { readonly inPredicate: boolean; readonly inCondition: boolean }
const plain: Place = { inPredicate: false, inCondition: false };

function walk(expr: Expr, around: readonly (Expr | Stmt)[], place: Place, into: Use[]): void {
  into.push({ expr, around, order: into.length, ...place });
  const inner = [...around, expr];
  const condition = expr.kind === 'ternary' || expr.kind === 'if-expr' ? expr.condition : undefined;
  for (const child of operands(expr)) walk(child, inner, child === condition ? { ...place, inCondition: true } : place, into);
  if (expr.kind === 'block-expr') walkBlock(expr.body, inner, into);
  if (expr.kind === 'if-expr') walkBranches(expr, inner, into);
}

function walkBlock(block: Block, around: readonly (Expr | Stmt)[], into: Use[]): void {
  for (const statement of block.statements) walkStatement(statement, around, into);
}

function walkBranches(branch: If | IfExpr, around: readonly (Expr | Stmt)[], into: Use[]): void {
  walkBlock(branch.then, around, into);
  const { otherwise } = branch;
  if (otherwise?.kind === 'block') walkBlock(otherwise, around, into);
  else if (otherwise?.kind === 'if') walkStatement(otherwise, around, into);
  else if (otherwise) walk(otherwise, around, plain, into);
}

function walkStatement(statement: Stmt, around: readonly (Expr | Stmt)[], into: Use[]): void {
  const inner = [...around, statement];
  const condition = { inPredicate: false, inCondition: true };
  switch (statement.kind) {
    case 'expr-stmt': return walk(statement.expr, inner, plain, into);
    case 'assign':
      // What is assigned is computed first: `$x = bswap($x)` reads the old value.
      walk(statement.value, inner, plain, into);
      return walk(statement.target, inner, plain, into);
    case 'let':
      if (statement.value) walk(statement.value, inner, plain, into);
      return;
    case 'if':
      walk(statement.condition, inner, condition, into);
      return walkBranches(statement, inner, into);
    case 'while':
      walk(statement.condition, inner, condition, into);
      return walkBlock(statement.body, inner, into);
    case 'unroll': return walkBlock(statement.body, inner, into);
    case 'for':
      walk(statement.over, inner, plain, into);
      if (statement.to) walk(statement.to, inner, plain, into);
      return walkBlock(statement.body, inner, into);
    case 'jump':
      if (statement.value) walk(statement.value, inner, plain, into);
      return;
    case 'block': return walkBlock(statement, inner, into);
    case 'bad':
      for (const expr of statement.exprs) walk(expr, inner, plain, into);
  }
}

/** Whether any expression satisfies a test in some condition at or before a place in the probe. */
export function testedBefore(probe: ProbeView, order: number, test: (expr: Expr) => boolean): boolean {
  return probe.uses.some((u) => u.order < order && u.inCondition && test(u.expr));
}
