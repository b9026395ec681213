import { findField, resolve, type CEnum, type CField, type CStruct } from '../../../../kernel/ctype.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import { describeType } from '../../analysis/types.ts';
import { bare } from '../../syntax/walk.ts';
import type { Expr, Field, TypeRef } from '../../syntax/ast.ts';
import { declareField, namedFields, placeOfField, recordOf } from '../record.ts';
import type { PlacedItem } from '../../syntax/document.ts';
import { meaningOfArgument } from '../argument.ts';
import { notesOf, type Described } from '../described.ts';
import type { HoverBody } from './hover.ts';

/** Values shown of an enum, and fields of a struct. */
const SHOWN = 16;

/** A field of a struct or of `args`: its declaration, place, and the values of its enum. */
export function hoverField(analysis: Analysis, node: Field, placed: PlacedItem, described: Described): HoverBody | undefined {
  const record = recordOf(analysis.typeOf(node.object));
  const field = record && findField(record.struct, node.name.text);
  if (!record || !field) return tupleElement(analysis, node);
  const owner = record.args ? '`args`' : `\`${record.struct.kind} ${record.struct.name || '(anonymous)'}\``;
  const notes = record.args ? meaningOfArgument(analysis, placed, field.name, described) : notesOf(specIds(analysis, node), described);
  return { code: `${declareField(field)};`, language: 'c', notes: [...notes, `In ${owner}: ${placeOfField(field)}.`, ...enumNotes(field)], links: [] };
}

/** What the knowledge base may call a field, the longest way to it first: `struct sock.__sk_common.skc_dport`. */
export function specIds(analysis: Pick<Analysis, 'typeOf'>, node: Field): string[] {
  const ids: string[] = [];
  let path = '';
  for (let at: Expr = node; at.kind === 'field'; at = bare(at.object)) {
    const record = recordOf(analysis.typeOf(at.object));
    if (!record) break;
    path = `.${at.name.text}${path}`;
    ids.unshift(`${record.struct.kind} ${record.struct.name}${path}`);
    if (record.pointer) break;
  }
  return ids;
}

function tupleElement(analysis: Analysis, node: Field): HoverBody | undefined {
  const type = analysis.typeOf(node);
  if (!type || type.kind === 'unknown') return undefined;
  return { code: `.${node.name.text} : ${describeType(type)}`, language: 'bpftrace', notes: [], links: [] };
}

function enumNotes(field: CField): string[] {
  const type = resolve(field.type());
  return type.kind === 'enum' ? [valuesOf(type)] : [];
}

function valuesOf(type: CEnum): string {
  const values = type.values();
  const shown = values.slice(0, SHOWN).map((v) => `\`${v.name} = ${v.value}\``);
  return [...shown, ...(values.length > SHOWN ? [`and ${values.length - SHOWN} more`] : [])].join(', ');
}

export function hoverKernelEnumerator({ options }: Analysis, name: string): HoverBody | undefined {
  const found = options.inventory.types.enumerator(name);
  return found && { code: `${name} = ${found.value}`, language: 'c', notes: [`Of ${found.of.name === '' ? 'an anonymous enum' : `\`enum ${found.of.name}\``} of ${options.inventory.label}.`], links: [] };
}

/** A struct, union, enum or typedef of the kernel. */
export function hoverTypeName({ options }: Analysis, { tag, name }: TypeRef): HoverBody | undefined {
  const { types, label } = options.inventory;
  const notes = [`Of ${label}.`];
  if (tag === 'struct' || tag === 'union') {
    const struct = tag === 'struct' ? types.struct(name.text) : types.union(name.text);
    return struct && { code: declareStruct(struct), language: 'c', notes, links: [] };
  }
  if (tag === 'enum') {
    const found = types.enum(name.text);
    return found && { code: `enum ${name.text}`, language: 'c', notes: [valuesOf(found), ...notes], links: [] };
  }
  const typedef = tag === 'name' ? types.typedef(name.text) : undefined;
  if (typedef?.kind !== 'typedef') return undefined;
  const to = resolve(typedef);
  return { code: `typedef ${to.kind === 'struct' || to.kind === 'union' ? declareStruct(to) : declareField({ name: name.text, type: () => typedef.to(), bitOffset: 0 })}`, language: 'c', notes, links: [] };
}

export function declareStruct(struct: CStruct): string {
  const fields = namedFields(struct);
  const lines = fields.slice(0, SHOWN).map((f) => `    ${declareField(f)};`);
  return [`${struct.kind} ${struct.name} {`, ...lines, ...(fields.length > SHOWN ? [`    // and ${fields.length - SHOWN} more`] : []), `}  // ${struct.size} bytes`].join('\n');
}
