import { contains, type Span } from '../../../base/span.ts';
import type { Analysis } from '../../../language/bpftrace/analysis/analysis.ts';
import { describeType } from '../../../language/bpftrace/analysis/types.ts';
import type { Described } from '../../../language/bpftrace/queries/described.ts';
import { hoverBuiltin, hoverFunction } from '../../../language/bpftrace/queries/hover/catalogue.ts';
import type { Hover, HoverBody } from '../../../language/bpftrace/queries/hover/hover.ts';
import { hoverField, hoverKernelEnumerator, hoverTypeName } from '../../../language/bpftrace/queries/hover/kernel.ts';
import { hoverSymbol } from '../../../language/bpftrace/queries/hover/symbols.ts';
import type { PlacedItem } from '../../../language/bpftrace/syntax/document.ts';
import { typesIn, type Expr, type Language } from '../ast.ts';
import type { BtClause } from '../check/bpftrace.ts';
import { asHost } from '../check/checker.ts';
import { contractFunction } from '../functions.ts';
import { clauseAt, pathTo, type AnyClause } from './at.ts';
import { KEYWORD_FORMS, KEYWORD_NOTES, QUANTIFIER_NOTES } from './words.ts';

/** What is known of the thing at a place in a contract of a bpftrace program. */
export function hoverContract(analysis: Analysis, clauses: readonly BtClause[], offset: number, described: Described): Hover | undefined {
  const checked = clauseAt(clauses, offset);
  if (!checked) return undefined;
  const { place } = checked;
  const own = hoverOwn(checked, offset, 'bpftrace');
  if (own) return own;
  // Outside of items any one will do: it only tells which probe is around.
  const placed: PlacedItem = place.kind !== 'top' && place.owner ? place.owner.placed : { start: -1, end: -1, item: { kind: 'bad-item', start: 0, end: 0, text: '' }, plain: true, faults: [] };
  const ours: Analysis = { ...analysis, typeOf: (node) => checked.typeOf(node as unknown as Expr) };
  const { subject } = checked.clause;
  const map = subject && contains(subject.nameSpan, offset) ? analysis.symbols.all.find(({ kind, name }) => kind === 'map' && name === subject.name) : undefined;
  if (subject && map) return { span: subject.nameSpan, ...hoverSymbol(analysis, map) };
  for (const node of pathTo(checked.clause.expr, offset).toReversed()) {
    const found = hoverHost(ours, checked, node, placed, offset, described);
    if (found) return found;
  }
  return undefined;
}

function hoverHost(analysis: Analysis, checked: BtClause, node: Expr, placed: PlacedItem, offset: number, described: Described): Hover | undefined {
  const at = (body: HoverBody | undefined, { start, end }: Span = node): Hover | undefined => body && { span: { start, end }, ...body };
  const meaning = checked.meaningOf(node);
  const sym = meaning?.kind === 'symbol' || meaning?.kind === 'constant' ? meaning.sym : undefined;
  if (sym) {
    const span = node.kind === 'map' ? node.nameSpan : node;
    return contains(span, offset) ? at(hoverSymbol(analysis, sym), span) : undefined;
  }
  switch (node.kind) {
    case 'identifier':
      return at(hoverBuiltin(analysis, asHost<'identifier'>(node), placed, described) ?? hoverKernelEnumerator(analysis, node.name));
    case 'call':
      return contains(node.callee, offset) ? at(hoverFunction(analysis, node.callee.text), node.callee) : undefined;
    case 'field':
      return contains(node.name, offset) ? at(hoverField(analysis, asHost<'field'>(node), placed, described), node.name) : undefined;
    default: {
      const type = typesIn(node).find((ref) => contains(ref, offset));
      return type && at(hoverTypeName(analysis, type), type);
    }
  }
}

/** What only contracts have: their words and functions, names of their own. */
export function hoverOwn(checked: AnyClause, offset: number, language: Language): Hover | undefined {
  const { clause } = checked;
  const hover = ({ start, end }: Span, code: string, ...notes: string[]): Hover => ({ span: { start, end }, code, language, notes, links: [] });
  if (clause.keyword !== undefined && contains(clause.word, offset)) return hover(clause.word, `//@ ${KEYWORD_FORMS[clause.keyword]}`, KEYWORD_NOTES[clause.keyword]);
  const key = clause.subject?.keys?.find((name) => contains(name, offset));
  if (key) return hover(key, key.text, `Any key of \`${clause.subject?.name ?? ''}\`.`);
  const node = pathTo(clause.expr, offset).at(-1);
  const around = pathTo(clause.expr, offset).findLast((at) => at.kind === 'call' && contains(at.callee, offset));
  const known = around?.kind === 'call' ? contractFunction(around.callee.text, language) : undefined;
  if (known && around?.kind === 'call') return hover(around.callee, `${known.form} : ${giving(checked, around)}`, known.summary);
  const quantifier = pathTo(clause.expr, offset).findLast((at) => at.kind === 'quantifier');
  if (quantifier?.kind === 'quantifier' && offset <= quantifier.start + quantifier.quantifier.length) return hover({ start: quantifier.start, end: quantifier.start + quantifier.quantifier.length }, `${quantifier.quantifier} x in … : CONDITION`, QUANTIFIER_NOTES[quantifier.quantifier]);
  const meaning = node && checked.meaningOf(node);
  if (!node || node.kind !== 'identifier' || !meaning) return undefined;
  const typed = `${node.name} : ${giving(checked, node)}`;
  if (meaning.kind === 'bound') return hover(node, typed, `Of this ${meaning.quantifier.quantifier}.`);
  if (meaning.kind === 'key') return hover(node, typed, `A key of \`${clause.subject?.name ?? ''}\`.`);
  if (meaning.kind === 'result') return hover(node, typed, 'What the function gives back.');
  return meaning.kind === 'constant' && !meaning.of && !meaning.sym ? hover(node, `${node.name} = ${meaning.value}`) : undefined;
}

function giving(checked: AnyClause, node: Expr): string {
  return describeType(checked.typeOf(node) ?? { kind: 'unknown' });
}
