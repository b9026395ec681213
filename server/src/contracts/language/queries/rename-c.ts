import { UserError } from '../../../base/error.ts';
import { contains, type Span } from '../../../base/span.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { functionsOf, inC, itemAt, type PlacedCItem } from '../../../language/bpfc/syntax/document.ts';
import type { CFunctionItem } from '../../../language/bpfc/syntax/item.ts';
import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { cContracts } from '../check/c.ts';
import { localsOfC, type CLocal } from '../check/c-locals.ts';
import { parameterName } from '../check/c-names.ts';
import { namesIn } from './names.ts';

/** A variable or parameter of one function, by the place of its name. */
export interface Variable {
  readonly name: string;
  readonly declaration: Span;
  readonly placed: PlacedCItem;
  readonly fn: CFunctionItem;
}

/** Which variable a declaration declares; undefined where it declares something else. */
export function variableDeclared({ document }: CAnalysis, declaration: Span): Variable | undefined {
  const found = functionsOf(document).find(({ placed }) => contains(placed, declaration.start));
  if (!found) return undefined;
  const { placed, fn } = found;
  const name = document.text.slice(declaration.start, declaration.end);
  const known = localsOfC(placed).some(({ span }) => span.start === declaration.start) || fn.params.some((param) => parameterName(placed, param).start === declaration.start);
  return known ? { name, declaration, placed, fn } : undefined;
}

/** The variable that code names at an offset. */
export function variableAt({ document }: CAnalysis, offset: number): Variable | undefined {
  const placed = itemAt(document, offset);
  const fn = placed?.item.declaration;
  if (!placed?.item.tree || fn?.kind !== 'function') return undefined;
  const locals = localsOfC(placed);
  const node = identifiers(placed.item.tree, placed.item.text).find((at) => contains(inC(placed, at), offset));
  const declaration = node && declarationOf(placed, fn, locals, node);
  return node && declaration && { name: placed.item.text.slice(node.start, node.end), declaration, placed, fn };
}

/** Where the code of its function names it, its declaration among them; other variables of the same name are left alone. */
export function placesInCode({ name, declaration, placed, fn }: Variable): Span[] {
  const { tree, text } = placed.item;
  const locals = localsOfC(placed);
  const named = tree ? identifiers(tree, text).filter((node) => text.slice(node.start, node.end) === name) : [];
  return named.filter((node) => declarationOf(placed, fn, locals, node)?.start === declaration.start).map((node) => inC(placed, node));
}

/** Macros whose arguments behind the first (or, of `_INTO`, the second) name members. */
const MEMBERS = /^(?:BPF_CORE_READ|BPF_PROBE_READ)(?:_USER)?(_INTO)?$/;

/** All names in code that may be variables' names. */
function identifiers(node: Cst, text: string): Cst[] {
  if (node.type === 'identifier') return [node];
  const callee = node.type === 'call_expression' ? child(node, 'function') : undefined;
  const members = callee && MEMBERS.exec(text.slice(callee.start, callee.end));
  const list = members ? child(node, 'arguments') : undefined;
  if (!list) return node.children.flatMap((inner) => identifiers(inner, text));
  const plain = list.children.filter(({ type }) => !/^(?:[(),]|comment)$/.test(type)).slice(0, members?.[1] === undefined ? 1 : 2);
  return plain.flatMap((inner) => identifiers(inner, text));
}

function declarationOf(placed: PlacedCItem, fn: CFunctionItem, locals: readonly CLocal[], node: Cst): Span | undefined {
  const name = placed.item.text.slice(node.start, node.end);
  const { start } = inC(placed, node);
  const local = locals.findLast((one) => one.name === name && one.span.start <= start && contains(one.scope, start));
  const param = fn.params.find((one) => one.name === name);
  return local?.span ?? (param && parameterName(placed, param));
}

const KEYWORDS = /^(?:auto|break|case|char|const|continue|default|do|double|else|enum|extern|float|for|goto|if|inline|int|long|register|return|short|signed|sizeof|static|struct|switch|typedef|union|unsigned|void|volatile|while)$/;

/** A new name for a variable. Throws UserError when it cannot be one, or means something in the function or its contracts already. */
export function checkedVariableName(analysis: CAnalysis, { placed, name }: Variable, wanted: string): string {
  if (!/^[A-Za-z_]\w*$/.test(wanted) || KEYWORDS.test(wanted)) throw new UserError('rename', `'${wanted}' is no name: a letter or _, then letters, digits and _; no word of C's own.`);
  const inContracts = cContracts(analysis).some((checked) => namesIn(checked).some((other) => other.name === wanted && other.of.kind === 'bound'));
  if (wanted !== name && (placed.item.words.has(wanted) || inContracts)) throw new UserError('rename', `The function or its contracts name something ${wanted} already.`);
  return wanted;
}
