import { resolve, type CField, type CStruct, type CType } from '../../../../kernel/ctype.ts';
import type { Inventory, TracepointField } from '../../../../kernel/inventory.ts';
import type { AttachPointInfo } from '../analysis.ts';
import { standsFor } from '../check/fields.ts';
import type { AddressSpace, BtType } from '../types.ts';

const cache = new WeakMap<Inventory, Map<string, CStruct | undefined>>();

/** Kinds of probes whose `args` have fields of known types. */
const TYPED = new Set(['tracepoint', 'fentry', 'fexit']);

/**
 * Type of `args` for a probe: a struct of what its attach points hand over. Undefined where that is not known: other
 * kinds of probes, events the inventory does not have.
 */
export function argsOf(attachPoints: readonly AttachPointInfo[], inventory: Inventory): BtType | undefined {
  const [first] = attachPoints;
  if (!first?.provider || !TYPED.has(first.provider) || attachPoints.some((p) => p.provider !== first.provider)) return undefined;
  const structs = attachPoints.flatMap((p) => structsOf(p, inventory));
  const [struct] = structs;
  if (!struct) return undefined;
  const all: CStruct = structs.length === 1 ? struct : { ...struct, fields: () => struct.fields() };
  standsFor(all, structs);
  return { kind: 'record', struct: all, space: spaceOf(attachPoints), args: true };
}

/** System calls hand over what user space gave them. */
export function spaceOf(attachPoints: readonly AttachPointInfo[]): AddressSpace {
  const [first] = attachPoints;
  switch (first?.provider) {
    case 'tracepoint':
      return first.parts[0] === 'syscalls' ? 'user' : 'kernel';
    case 'kprobe':
    case 'kretprobe':
    case 'fentry':
    case 'fexit':
    case 'iter':
    case 'rawtracepoint':
      return 'kernel';
    case 'uprobe':
    case 'uretprobe':
    case 'usdt':
      return 'user';
    default:
      return 'any';
  }
}

/** How many events of a wildcard are looked at: they hardly differ beyond that. */
const MAX_EVENTS = 64;

function structsOf(point: AttachPointInfo, inventory: Inventory): readonly CStruct[] {
  const name = point.parts.join(':');
  const names = /[*?[]/.test(name) ? (point.provider === 'tracepoint' ? inventory.probes.matches('tracepoint', point.parts, MAX_EVENTS).map((m) => m.slice('tracepoint:'.length)) : []) : [name];
  return names.flatMap((n) => {
    const known = cache.get(inventory) ?? new Map<string, CStruct | undefined>();
    cache.set(inventory, known);
    const key = `${point.provider ?? ''}:${n}`;
    if (!known.has(key)) known.set(key, point.provider === 'tracepoint' ? tracepointStruct(n, inventory) : functionStruct(n, key, inventory));
    return known.get(key) ?? [];
  });
}

function tracepointStruct(name: string, inventory: Inventory): CStruct | undefined {
  const [category = '', event = ''] = name.split(':');
  const format = inventory.tracepoint(category, event);
  if (!format) return undefined;
  const fields = format.fields.map((field): CField => ({ name: field.name, type: () => fieldType(field), bitOffset: field.offset * 8 }));
  return { kind: 'struct', name: `tracepoint:${name}`, size: Math.max(0, ...format.fields.map((f) => f.offset + f.size)), fields: () => fields };
}

const int64: CType = { kind: 'int', name: 'long', size: 8, signed: true };

/** Strings kept elsewhere in the record are numbers that `str` reads; integers are as wide as the record has them. */
function fieldType(field: TracepointField): CType {
  const type = resolve(field.type);
  if (type.kind === 'array' && type.dataLoc) return int64;
  if (type.kind === 'int' && type.size !== field.size && [1, 2, 4, 8].includes(field.size)) return { ...type, size: field.size };
  return field.type;
}

function functionStruct(name: string, key: string, inventory: Inventory): CStruct | undefined {
  const proto = inventory.func(name.split(':').at(-1) ?? '')?.proto;
  if (!proto) return undefined;
  const fields = proto.params.map((param, i): CField => ({ name: param.name, type: () => param.type(), bitOffset: i * 64 }));
  return { kind: 'struct', name: key, size: fields.length * 8, fields: () => fields };
}
