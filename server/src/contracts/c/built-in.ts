import { child, type Cst } from '../../language/bpftrace/syntax/cst.ts';
import type { Edit } from './edits.ts';
import type { CFlow } from './flow/flow.ts';
import { textOf, type Piece } from './flow/piece.ts';
import { numberOfType } from './flow/types.ts';
import type { LinesOf } from './lines.ts';
import type { Marks } from './marks.ts';
import { conversionAt, lossy } from './sites/casts.ts';
import { families } from './sites/families.ts';
import { numbers } from './sites/numbers.ts';
import { networkOrder } from './sites/order.ts';
import { units } from './sites/units.ts';
import { outer, Writer, type Parents } from './sites/writer.ts';

/** Calls and macros whose arguments are no plain expressions, or are not computed. */
const NOT_COMPUTED = /^(?:BPF_CORE_READ\w*|BPF_PROBE_READ\w*|bpf_core_\w+|__builtin_(?!mem)\w+|offsetof|container_of)$/;
/** Nothing in them is computed when the program runs, or it has to be a constant. */
const CONSTANT = /^(?:sizeof_expression|alignof_expression|array_declarator|enumerator|bitfield_clause|attribute_specifier|asm_statement|gnu_asm_expression|offsetof_expression)$/;

/** Built-in properties at the expressions of a piece of a program that they are about, compiled in as marks. */
export function builtIn(flow: CFlow, piece: Piece, marks: Marks, lines: LinesOf): readonly Edit[] {
  const writer = new Writer(flow, piece, marks, lines);
  visit(writer, piece.body, []);
  return writer.edits;
}

/** `read`: the call whose arguments are no plain expressions that it stands in. */
function visit(w: Writer, node: Cst, parents: Parents, read?: Cst): void {
  if (CONSTANT.test(node.type) || (node.type === 'declaration' && isStatic(w, node))) return;
  const around = read ?? (node.type === 'call_expression' && NOT_COMPUTED.test(w.text(child(node, 'function'))) ? node : undefined);
  if (!around) {
    // A difference is taken apart, so that what is asserted before it stands around that.
    units(w, node);
    numbers(w, node, parents, intoOf(w, node, parents));
    networkOrder(w, node);
    const conversion = conversionAt(w, node, parents.at(-1));
    if (conversion) lossy(w, conversion);
  }
  families(w, node, parents, read ?? node);
  for (const inner of node.children) if (node.type !== 'case_statement' || inner.field !== 'value') visit(w, inner, [...parents, node], around);
}

function isStatic(w: Writer, declaration: Cst): boolean {
  return declaration.children.some((part) => part.type === 'storage_class_specifier' && textOf(w.piece, part) === 'static');
}

/** The number that an expression's value becomes at once. */
function intoOf(w: Writer, node: Cst, parents: Parents): { readonly bits: number; readonly signed: boolean } | undefined {
  const around = outer(parents);
  if (!around || node.field === 'index') return undefined;
  const conversion = conversionAt(w, around, parents.at(parents.indexOf(around) - 1));
  return conversion && numberOfType(conversion.type);
}
