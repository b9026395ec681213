import { printCType, resolve, type CField, type CStruct, type CType } from '../../../kernel/ctype.ts';
import type { BtType } from '../analysis/types.ts';

/** The struct behind a value: itself, or what a pointer leads to. */
export function recordOf(type: BtType | undefined): { readonly struct: CStruct; readonly pointer: boolean; readonly args: boolean } | undefined {
  if (type?.kind === 'record') return { struct: type.struct, pointer: false, args: type.args ?? false };
  if (type?.kind !== 'pointer') return undefined;
  const to = type.to();
  return to.kind === 'record' ? { struct: to.struct, pointer: true, args: to.args ?? false } : undefined;
}

/** Every field that can be named on a struct: those of anonymous structs and unions belong to the outer one. */
export function namedFields(struct: CStruct, depth = 0): CField[] {
  return struct.fields().flatMap((field) => {
    if (field.name !== '') return [field];
    const inner = resolve(field.type());
    if (depth > 16 || (inner.kind !== 'struct' && inner.kind !== 'union')) return [];
    return namedFields(inner, depth + 1).map((f) => ({ ...f, type: () => f.type(), bitOffset: f.bitOffset + field.bitOffset }));
  });
}

/** Bytes a value of a C type takes; undefined where C does not say. */
export function sizeOfC(type: CType): number | undefined {
  const at = resolve(type);
  switch (at.kind) {
    case 'pointer':
      return 8;
    case 'array': {
      const each = sizeOfC(at.of());
      return each === undefined || at.dataLoc ? undefined : each * at.length;
    }
    case 'int':
    case 'float':
    case 'struct':
    case 'union':
    case 'enum':
      return at.size;
    default:
      return undefined;
  }
}

/** A field as C declares it: `unsigned int skc_hash`, `u8 bits : 3`, `char comm[16]`. */
export function declareField(field: CField): string {
  const type = field.type();
  const bits = field.bits === undefined ? '' : ` : ${field.bits}`;
  if (type.kind === 'array') return `${printCType(type.of())} ${field.name}[${type.length || ''}]`;
  const printed = printCType(type);
  return `${printed}${printed.endsWith('*') ? '' : ' '}${field.name}${bits}`;
}

/** Where a field lies: `offset 24, 4 bytes`; bit fields in bits. */
export function placeOfField(field: CField): string {
  if (field.bits !== undefined) return `bit ${field.bitOffset}, ${field.bits} bits`;
  const size = sizeOfC(field.type());
  return `offset ${field.bitOffset / 8}${size === undefined ? '' : `, ${size} ${size === 1 ? 'byte' : 'bytes'}`}`;
}
