import { KIND, Btf } from '../../btf/btf.ts';
import { BtfTypes } from '../../btf/types.ts';
import { resolve, type CType } from '../../ctype.ts';
import type { KernelTypes } from '../../inventory.ts';
import { describeNeed, mergeNeeds, type Need } from '../need.ts';
import { calledHelpers, programSection } from './programs.ts';
import { readRelocations, RELOCATION, type Relocation } from './relocations.ts';
import { readObject, type NamedSection } from './sections.ts';

/**
 * What a compiled BPF C program needs of a kernel: attach points by its sections, fields, types and enumerators by its
 * relocations, helpers by its calls, kfuncs by what it leaves to be linked. `types` of any kernel name the helpers. What
 * the program itself asks for before it uses it (`bpf_core_field_exists`) is no need. Throws UserError when the bytes are
 * no object, or damaged.
 */
export function objectNeeds(object: Uint8Array, types: KernelTypes): readonly Need[] {
  const { sections, littleEndian } = readObject(object);
  const named = (name: string): Uint8Array | undefined => sections.find((section) => section.name === name)?.bytes;
  const bytes = named('.BTF');
  const btf = bytes && new Btf(bytes);
  const relocations = readRelocations(named('.BTF.ext') ?? new Uint8Array(), littleEndian);
  return mergeNeeds([programNeeds(sections, littleEndian, types), ...(btf ? [typeNeeds(btf, relocations), kfuncs(btf)] : [])]);
}

function programNeeds(sections: readonly NamedSection[], littleEndian: boolean, types: KernelTypes): Need[] {
  const names = new Map(types.enum('bpf_func_id')?.values().map(({ name, value }) => [Number(value), name.replace(/^BPF_FUNC_/, 'bpf_')]));
  return sections.flatMap(({ name, bytes }): Need[] => {
    const program = programSection(name);
    if (!program) return [];
    const helpers = [...calledHelpers(bytes, littleEndian)].flatMap((id): Need[] => {
      const helper = names.get(id);
      return helper === undefined ? [] : [{ kind: 'helper', name: helper, programType: program.type }];
    });
    return [...(program.attachPoint ? [program.attachPoint] : []), ...helpers];
  });
}

const QUESTIONS: ReadonlySet<number> = new Set([RELOCATION.fieldExists, RELOCATION.typeExists, RELOCATION.enumeratorExists, RELOCATION.typeMatches]);

function typeNeeds(btf: Btf, relocations: readonly Relocation[]): Need[] {
  const types = new BtfTypes(btf);
  const needs = relocations.flatMap((relocation) => {
    const need = relocationNeed(btf, types, relocation);
    return need ? [{ need, asked: QUESTIONS.has(relocation.kind) }] : [];
  });
  const asked = new Set(needs.filter((each) => each.asked).map(({ need }) => describeNeed(need)));
  return needs.flatMap(({ need }) => (asked.has(describeNeed(need)) ? [] : [need]));
}

function relocationNeed(btf: Btf, types: BtfTypes, { type: id, access, kind }: Relocation): Need | undefined {
  const type = types.type(id);
  const path = btf.text(access).split(':').map(Number);
  switch (kind) {
    case RELOCATION.localTypeId:
      return undefined;
    case RELOCATION.targetTypeId:
    case RELOCATION.typeExists:
    case RELOCATION.typeSize:
    case RELOCATION.typeMatches:
      return 'name' in type && type.name !== '' && isNamedKind(type.kind) ? { kind: 'type', tag: type.kind, name: plain(type.name) } : undefined;
    case RELOCATION.enumeratorExists:
    case RELOCATION.enumeratorValue: {
      const enumerated = resolve(type);
      const name = enumerated.kind === 'enum' ? enumerated.values()[path[0] ?? 0]?.name : undefined;
      return name === undefined ? undefined : { kind: 'enumerator', name: plain(name) };
    }
    default:
      return fieldNeed(type, path);
  }
}

function isNamedKind(kind: CType['kind']): kind is 'struct' | 'union' | 'enum' | 'typedef' {
  return kind === 'struct' || kind === 'union' || kind === 'enum' || kind === 'typedef';
}

/** The first number counts whole structs behind the pointer; members without a name are looked through. */
function fieldNeed(type: CType, [, ...steps]: readonly number[]): Need | undefined {
  const root = resolve(type);
  if ((root.kind !== 'struct' && root.kind !== 'union') || root.name === '') return undefined;
  const path: string[] = [];
  let at: CType = root;
  for (const step of steps) {
    const inside = resolve(at);
    if (inside.kind === 'array') at = inside.of();
    else if (inside.kind === 'struct' || inside.kind === 'union') {
      const field = inside.fields()[step];
      if (!field) return undefined;
      if (field.name !== '') path.push(field.name);
      at = field.type();
    } else return undefined;
  }
  return path.length === 0 ? undefined : { kind: 'field', of: root.kind, type: plain(root.name), path };
}

/** A program may have several versions of a type, told apart behind three underscores. */
function plain(name: string): string {
  return name.replace(/___.*$/, '');
}

/** Functions of the section `.ksyms`, which the loader finds in the kernel. */
function kfuncs(btf: Btf): Need[] {
  const needs: Need[] = [];
  for (let id = btf.firstId; id < btf.endId; id++) {
    if (btf.kind(id) !== KIND.datasec || btf.text(btf.nameAt(id)) !== '.ksyms') continue;
    for (let at = btf.extraAt(id), end = at + 12 * btf.vlen(id); at < end; at += 12) {
      const func = btf.u32(at);
      if (btf.kind(func) === KIND.func) needs.push({ kind: 'kfunc', name: btf.text(btf.nameAt(func)) });
    }
  }
  return needs;
}
