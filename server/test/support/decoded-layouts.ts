import type { Btf } from '../../src/kernel/btf/btf.ts';
import { KIND } from '../../src/kernel/btf/btf.ts';
import { BtfTypes } from '../../src/kernel/btf/types.ts';
import { resolve, type CStruct, type CType } from '../../src/kernel/ctype.ts';
import { addShape } from './clang.ts';

/** The same as `clangLayouts`, of what our decoder says of a kernel and of modules upon it. */
export function decodedLayouts(kernel: Btf, modules: readonly Btf[] = []): ReadonlyMap<string, readonly string[]> {
  const layouts = new Map<string, string[]>();
  for (const type of [kernel, ...modules].flatMap((btf) => namedTypes(btf, KIND.struct, KIND.union))) {
    if (type.kind === 'struct' || type.kind === 'union') addShape(layouts, `${type.kind} ${type.name}`, shapeOf(type));
  }
  return layouts;
}

/** Size and fields of one, as `clangLayouts` writes them. */
export function shapeOf(struct: CStruct): string {
  return [struct.size, ...fields(struct, 0)].join(' ');
}

function fields(struct: CStruct, base: number): string[] {
  return struct.fields().flatMap((field) => {
    const type = field.type();
    const at = base + field.bitOffset;
    const inside = (type.kind === 'struct' || type.kind === 'union') && (type.name === '' || field.name === '') ? fields(type, at) : [];
    return field.name === '' ? inside : [`${field.name}@${at}${field.bits === undefined ? '' : `:${field.bits}`}`, ...inside];
  });
}

/** Types of some kinds that have a name. */
export function namedTypes(btf: Btf, ...kinds: readonly number[]): readonly CType[] {
  const types = new BtfTypes(btf, btf.base && new BtfTypes(btf.base));
  const ids = Array.from({ length: btf.endId - btf.firstId }, (_, index) => btf.firstId + index);
  return ids.filter((id) => kinds.includes(btf.kind(id)) && btf.text(btf.nameAt(id)) !== '').map((id) => types.type(id));
}

/** In bytes; undefined for what has no size. */
export function sizeOf(typedef: CType): number | undefined {
  const type = resolve(typedef);
  switch (type.kind) {
    case 'pointer':
      return 8;
    case 'array':
      return (sizeOf(type.of()) ?? 0) * type.length;
    case 'int':
    case 'float':
    case 'struct':
    case 'union':
    case 'enum':
      return type.size;
    default:
      return undefined;
  }
}

/** Names of the structs and unions that hold one of these enums in themselves, and of everything that holds them. */
export function recordsWith(btf: Btf, isMeant: (type: CType) => boolean): ReadonlySet<string> {
  const known = new Map<CType, boolean>();
  const holds = (typedef: CType): boolean => {
    const type = resolve(typedef);
    if (type.kind === 'array') return holds(type.of());
    if (type.kind !== 'struct' && type.kind !== 'union') return isMeant(type);
    const before = known.get(type) ?? type.fields().some((field) => holds(field.type()));
    known.set(type, before);
    return before;
  };
  const records = namedTypes(btf, KIND.struct, KIND.union).filter(holds);
  return new Set(records.flatMap((type) => (type.kind === 'struct' || type.kind === 'union' ? [`${type.kind} ${type.name}`] : [])));
}
