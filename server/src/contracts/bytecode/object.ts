import { KIND, Btf } from '../../kernel/btf/btf.ts';
import { resolve, type CStruct, type CType } from '../../kernel/ctype.ts';
import { EXECUTABLE } from '../../kernel/elf/object.ts';
import { FUNCTION, readLinked, type LinkedObject, type ObjectSymbol } from '../../kernel/elf/object-symbols.ts';
import { readExt, type SectionExt } from './ext.ts';
import { decode, type Instruction } from './instruction.ts';
import { Layouts, sizeOf } from './layout.ts';
import type { MapInfo, Region } from './value.ts';

/** A section of code. */
export interface Code {
  readonly section: number;
  readonly name: string;
  readonly instructions: readonly (Instruction | undefined)[];
  /** By the place of the instruction. */
  readonly symbols: ReadonlyMap<number, ObjectSymbol>;
  readonly ext: SectionExt;
}

export interface Entry {
  readonly name: string;
  readonly code: Code;
  readonly at: number;
}

/** A compiled program, ready to be executed. */
export interface BpfProgram {
  readonly layouts: Layouts;
  readonly codes: ReadonlyMap<number, Code>;
  readonly functions: readonly Entry[];
  readonly maps: ReadonlyMap<string, MapInfo>;
  /** What a symbol and a distance from it stand for; undefined for what is the kernel's. */
  dataAt(symbol: ObjectSymbol, addend: number): { readonly region: Region; readonly offset: number } | undefined;
  /** The type of a function, by its name. */
  prototype(name: string): readonly { readonly name: string; readonly type: CType }[] | undefined;
}

/** Reads what clang compiled with `-g`. Throws UserError when the bytes are no such object. */
export function readProgram(file: Uint8Array): BpfProgram {
  const elf = readLinked(file);
  const named = (name: string): Uint8Array => elf.sections.find((section) => section.name === name)?.bytes ?? new Uint8Array();
  const btf = new Btf(named('.BTF'));
  const layouts = new Layouts(btf);
  const ext = readExt(named('.BTF.ext'), btf);
  const codes = new Map<number, Code>();
  elf.sections.forEach(({ name, flags, bytes }, section) => {
    if ((flags & EXECUTABLE) === 0 || bytes.length === 0) return;
    const symbols = new Map([...(elf.relocations.get(section) ?? [])].map(([at, symbol]) => [at / 8, symbol]));
    codes.set(section, { section, name, instructions: decode(bytes), symbols, ext: ext.get(name) ?? { lines: [], core: new Map() } });
  });
  const functions = elf.symbols.flatMap(({ type, section, name, value }): Entry[] => {
    const code = codes.get(section);
    return type === FUNCTION && code ? [{ name, code, at: value / 8 }] : [];
  });
  const variables = variablesOf(btf, layouts);
  const maps = new Map([...variables].flatMap(([name, { section, type }]): [string, MapInfo][] => { const map = section === '.maps' ? mapOf(name, type) : undefined; return map ? [[name, map]] : []; }));
  return { layouts, codes, functions, maps, dataAt: dataOf(elf, maps, variables), prototype: (name) => prototypeOf(btf, layouts, name) };
}

interface Variable {
  readonly section: string;
  readonly type: CType;
  readonly volatile: boolean;
}

function variablesOf(btf: Btf, { types }: Layouts): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  for (let id = btf.firstId; id < btf.endId; id++) {
    if (btf.kind(id) !== KIND.datasec) continue;
    for (let at = btf.extraAt(id), end = at + 12 * btf.vlen(id); at < end; at += 12) {
      const variable = btf.u32(at);
      if (btf.kind(variable) !== KIND.var) continue;
      const type = btf.sizeOrType(variable);
      found.set(btf.text(btf.nameAt(variable)), { section: btf.text(btf.nameAt(id)), type: types.type(type), volatile: isVolatile(btf, type) });
    }
  }
  return found;
}

function isVolatile(btf: Btf, type: number): boolean {
  let at = type;
  for (let depth = 0; depth < 8; depth++) {
    if (btf.kind(at) === KIND.volatile) return true;
    if (btf.kind(at) !== KIND.const && btf.kind(at) !== KIND.array) return false;
    at = btf.kind(at) === KIND.array ? btf.u32(btf.extraAt(at)) : btf.sizeOrType(at);
  }
  return false;
}

/** `BPF_MAP_TYPE_…` of bpf.h. A map for each processor counts as one. */
const HASHES = new Set([1, 5, 9, 10]);
const ARRAYS = new Set([2, 6]);
/** Networks, devices and sockets, which users put in. */
const FILLED = new Set([11, 14, 15, 16, 17, 18, 25]);

function mapOf(name: string, type: CType): MapInfo | undefined {
  const struct = resolve(type);
  if (struct.kind !== 'struct') return undefined;
  const member = (field: string): CType | undefined => pointee(struct, field);
  const count = (field: string): number | undefined => { const at = member(field); return at?.kind === 'array' ? at.length : undefined; };
  const size = (field: string): number => { const at = member(field); return at ? sizeOf(at) : (count(`${field}_size`) ?? 0); };
  const number = count('type') ?? 0;
  return { name, kind: HASHES.has(number) ? 'hash' : ARRAYS.has(number) ? 'array' : FILLED.has(number) ? 'filled' : 'other', keyBytes: size('key'), valueBytes: size('value'), entries: count('max_entries') ?? 0 };
}

function pointee(struct: CStruct, name: string): CType | undefined {
  const field = struct.fields().find((one) => one.name === name);
  const type = field && resolve(field.type());
  return type?.kind === 'pointer' ? resolve(type.to()) : undefined;
}

/** A region is one object each, so that two addresses of it are known to be of one. */
function dataOf(elf: LinkedObject, maps: ReadonlyMap<string, MapInfo>, variables: ReadonlyMap<string, Variable>): BpfProgram['dataAt'] {
  const regions = new Map<string, Region>();
  const once = (key: string, make: () => Region): Region => {
    const known = regions.get(key) ?? make();
    regions.set(key, known);
    return known;
  };
  return (symbol, addend) => {
    const section = elf.sections[symbol.section];
    if (!section || symbol.section === 0) return undefined;
    const at = symbol.value + addend;
    const map = maps.get(symbol.name);
    if (section.name === '.maps') return map && { region: once(symbol.name, () => ({ kind: 'map', map })), offset: 0 };
    const owner = elf.symbols.find((one) => one.type === 1 && one.section === symbol.section && at >= one.value && at < one.value + one.size);
    const variable = owner && variables.get(owner.name);
    if (section.name.startsWith('.rodata')) {
      const [name, from, size] = owner ? [owner.name, owner.value, owner.size] : [section.name, 0, section.bytes.length];
      return { region: once(`${section.name} ${name}`, () => ({ kind: 'constant', name, bytes: section.bytes.subarray(from, from + size), settable: variable?.volatile === true })), offset: at - from };
    }
    if (!owner || !/^\.(?:bss|data)/.test(section.name)) return undefined;
    const initial = section.bytes.subarray(owner.value, owner.value + owner.size);
    const info: MapInfo = { name: owner.name, kind: 'array', keyBytes: 0, valueBytes: owner.size, entries: 1, ...(initial.some((byte) => byte !== 0) && { initial }) };
    return { region: once(`variable ${owner.name}`, () => ({ kind: 'variable', map: info })), offset: at - owner.value };
  };
}

function prototypeOf(btf: Btf, { types }: Layouts, name: string): ReturnType<BpfProgram['prototype']> {
  for (let id = btf.firstId; id < btf.endId; id++) if (btf.kind(id) === KIND.func && btf.text(btf.nameAt(id)) === name) return types.prototypeOf(id)?.params.map((param) => ({ name: param.name, type: param.type() }));
  return undefined;
}
