import { damagedBtf, KIND } from '../btf/btf.ts';
import { MAX_DEPTH, type TypeSpace } from './type-space.ts';

/** Types of the compiler itself, which may not be defined again. */
export function isOfCompiler(name: string): boolean {
  return name.startsWith('__builtin_');
}

/** Whether a type stands at the top of the header, where others only name it. */
export function standsAlone(space: TypeSpace, type: number): boolean {
  const kind = space.kind(type);
  if (kind !== KIND.struct && kind !== KIND.union && kind !== KIND.typedef) return false;
  const name = space.name(type);
  return name !== '' && !(kind === KIND.typedef && isOfCompiler(name));
}

/**
 * What has to stand before the definition of a struct, union or typedef: the typedefs it names, and the structs and
 * unions it contains or whose arrays it points to. Those it only points to do not matter.
 */
export function needsBefore(space: TypeSpace, type: number): number[] {
  const needed: number[] = [];
  if (space.kind(type) === KIND.typedef) collect(space, space.target(type), false, needed, 0);
  else for (const member of space.members(type)) collectMember(space, member.name, member.type, needed, 0);
  return needed;
}

/** A member without a name is written out where it stands, even if its type has a name. */
function collectMember(space: TypeSpace, name: string, type: number, needed: number[], depth: number): void {
  const kind = space.kind(type);
  if (name !== '' || (kind !== KIND.struct && kind !== KIND.union)) return collect(space, type, true, needed, depth);
  if (depth > MAX_DEPTH) throw damagedBtf('its types are nested too deep');
  for (const member of space.members(type)) collectMember(space, member.name, member.type, needed, depth + 1);
}

/** `whole`: the size matters. */
function collect(space: TypeSpace, from: number, whole: boolean, needed: number[], depth: number): void {
  let type = from;
  let isWhole = whole;
  for (let steps = depth; steps < MAX_DEPTH; steps++) {
    space.spend(1);
    const kind = space.kind(type);
    switch (kind) {
      case KIND.pointer:
        isWhole = false;
        type = space.target(type);
        break;
      case KIND.array:
        isWhole = true;
        type = space.element(type);
        break;
      case KIND.const:
      case KIND.volatile:
      case KIND.restrict:
      case KIND.typeTag:
        type = space.target(type);
        break;
      case KIND.funcProto:
        for (const parameter of space.parameters(type)) collect(space, parameter.type, false, needed, steps + 1);
        isWhole = false;
        type = space.target(type);
        break;
      case KIND.typedef:
        needed.push(type);
        if (!isWhole) return;
        type = space.target(type);
        break;
      case KIND.struct:
      case KIND.union:
        if (space.name(type) === '') for (const member of space.members(type)) collectMember(space, member.name, member.type, needed, steps + 1);
        else if (isWhole) needed.push(type);
        return;
      default:
        return;
    }
  }
  throw damagedBtf('its types are made of each other without end');
}
