import { findField } from '../../../kernel/ctype.ts';
import { contains, type Span } from '../../../base/span.ts';
import { describeType } from '../../../language/bpftrace/analysis/types.ts';
import { notesOf, type Described } from '../../../language/bpftrace/queries/described.ts';
import type { Hover } from '../../../language/bpftrace/queries/hover/hover.ts';
import { specIds } from '../../../language/bpftrace/queries/hover/kernel.ts';
import { declareField, placeOfField, recordOf } from '../../../language/bpftrace/queries/record.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { helperNamed, helperPrototype } from '../../../language/bpfc/catalogue/helpers.ts';
import type { Expr } from '../ast.ts';
import type { CClause } from '../check/c.ts';
import { asHost } from '../check/checker.ts';
import { clauseAt, pathTo } from './at.ts';
import { hoverOwn } from './hover.ts';

/** What is known of the thing at a place in a contract of a C program. */
export function hoverContractC(analysis: CAnalysis, clauses: readonly CClause[], offset: number, described: Described): Hover | undefined {
  const checked = clauseAt(clauses, offset);
  if (!checked) return undefined;
  const own = hoverOwn(checked, offset, 'c');
  if (own) return own;
  const node = pathTo(checked.clause.expr, offset).at(-1);
  return node && hoverNode(analysis, checked, node, offset, described);
}

function hoverNode(analysis: CAnalysis, checked: CClause, node: Expr, offset: number, described: Described): Hover | undefined {
  const hover = ({ start, end }: Span, code: string, ...notes: string[]): Hover => ({ span: { start, end }, code, language: 'c', notes, links: [] });
  if (node.kind === 'field' && contains(node.name, offset)) {
    const record = recordOf(checked.typeOf(node.object));
    const field = record && findField(record.struct, node.name.text);
    if (!field) return undefined;
    const where = `In \`${record.struct.kind} ${record.struct.name || '(anonymous)'}\`: ${placeOfField(field)}, on ${analysis.inventory.label}.`;
    return hover(node.name, `${declareField(field)};`, ...notesOf(specIds({ typeOf: (at) => checked.typeOf(at as unknown as Expr) }, asHost<'field'>(node)), described), where);
  }
  const helper = node.kind === 'call' && contains(node.callee, offset) ? helperNamed(node.callee.text) : undefined;
  if (helper && node.kind === 'call') return hover(node.callee, helperPrototype(helper), helper.summary);
  const meaning = checked.meaningOf(node);
  if (node.kind !== 'identifier' || !meaning || meaning.kind === 'unknown') return undefined;
  if (meaning.kind === 'constant') return hover(node, `${node.name} = ${meaning.value}`, ...(meaning.of?.name ? [`Of \`enum ${meaning.of.name}\` of ${analysis.inventory.label}.`] : []));
  const type = checked.typeOf(node);
  return hover(node, type && type.kind !== 'unknown' ? `${node.name} : ${describeType(type)}` : node.name);
}
