import type { Span } from '../../../base/span.ts';
import type { Sym } from '../../../language/bpftrace/analysis/analysis.ts';
import type { Highlight } from '../../../language/bpftrace/queries/highlight.ts';
import { everyExpr, typesIn, type Expr } from '../ast.ts';
import type { Meaning } from '../check/checker.ts';
import { contractFunction } from '../functions.ts';
import { tokensOf, type AnyClause } from './at.ts';

const OF_SYMBOL: Readonly<Partial<Record<Sym['kind'], Highlight['role']>>> = { 'enum-member': 'enumMember', define: 'macro', parameter: 'parameter', 'macro-parameter': 'parameter' };
const LANGUAGE = new Set(['forall', 'exists', 'in', 'enum', 'struct', 'union', 'sizeof', 'true', 'false', 'const', 'volatile']);

/** The parts of all contracts and what they are, by place, none overlapping. A grammar sees a comment here, so literals are among them. */
export function contractHighlights(clauses: readonly AnyClause[], text: string): Highlight[] {
  return clauses.flatMap((checked) => {
    const { keyword, word } = checked.clause;
    const first: Highlight[] = keyword === undefined ? [] : [{ ...word, role: 'keyword', modifiers: [] }];
    return [...first, ...highlightsOf(checked, text)];
  });
}

function highlightsOf(checked: AnyClause, text: string): Highlight[] {
  const known = rolesOf(checked);
  return tokensOf(checked, text).flatMap(({ kind, text: token, start, end }): Highlight[] => {
    const at = (role: Highlight['role'], ...modifiers: Highlight['modifiers'][number][]): Highlight[] => [{ start, end, role, modifiers }];
    const role = known.get(start);
    if (role) return at(role.role, ...role.modifiers);
    if (kind === 'number' || kind === 'char') return at('number');
    if (kind === 'string') return at('string');
    if (kind === 'map' || kind === 'variable') return at('variable');
    if (kind === 'word') return LANGUAGE.has(token) ? at('keyword') : [];
    return /^[()[\],]$/.test(token) ? [] : at('operator');
  });
}

type Role = Pick<Highlight, 'role' | 'modifiers'>;

/** What names are, by where they begin. */
function rolesOf(checked: AnyClause): ReadonlyMap<number, Role> {
  const { clause } = checked;
  const roles = new Map<number, Role>();
  const set = ({ start }: Span, role: Highlight['role'], ...modifiers: Highlight['modifiers'][number][]): void => void roles.set(start, { role, modifiers });
  for (const key of clause.subject?.keys ?? []) set(key, 'parameter', 'declaration');
  if (clause.subject) set(clause.subject.nameSpan, 'variable');
  for (const node of everyExpr(clause.expr)) {
    if (node.kind === 'call') set(node.callee, 'function', ...(contractFunction(node.callee.text, 'c') ? (['defaultLibrary'] as const) : []));
    if (node.kind === 'field') set(node.name, 'property');
    if (node.kind === 'quantifier') set(node.variable, 'parameter', 'declaration');
    if (node.kind === 'identifier') setWord(node, checked.meaningOf(node), set);
    for (const { name, tag } of typesIn(node)) set(name, tag === 'enum' ? 'enum' : tag === 'name' ? 'type' : 'struct');
  }
  return roles;
}

function setWord(node: Extract<Expr, { kind: 'identifier' }>, meaning: Meaning | undefined, set: (span: Span, role: Highlight['role'], ...modifiers: Highlight['modifiers'][number][]) => void): void {
  switch (meaning?.kind) {
    case 'bound':
    case 'key':
    case 'parameter':
      return set(node, 'parameter');
    case 'builtin':
    case 'result':
      return set(node, 'variable', 'readonly', 'defaultLibrary');
    case 'constant':
      return set(node, meaning.of ? 'enumMember' : 'macro', 'readonly');
    case 'symbol':
      return set(node, OF_SYMBOL[meaning.sym.kind] ?? 'variable');
    case 'function':
      return set(node, 'function');
    case 'local':
    case 'global':
    case 'map':
      return set(node, 'variable');
    default:
      return undefined;
  }
}
