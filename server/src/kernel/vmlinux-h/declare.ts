import { damagedBtf, KIND } from '../btf/btf.ts';
import { fillers } from './fillers.ts';
import { Layouts } from './layout.ts';
import type { Names } from './names.ts';
import { baseType } from './base-type.ts';
import { MAX_DEPTH, type Member, type TypeSpace } from './type-space.ts';

const QUALIFIERS: Readonly<Record<number, string>> = { [KIND.const]: 'const', [KIND.volatile]: 'volatile', [KIND.restrict]: 'restrict' };

/** Writes types as C does: from the name outwards, so that what a function returns stands around it. */
export class Declarations {
  readonly layouts: Layouts;
  /** Enums without a name that were written where they are used. */
  readonly written = new Set<number>();
  readonly #space: TypeSpace;
  readonly #names: Names;
  readonly #mention: (tag: string) => void;
  #depth = 0;

  /** `mention` is told of each struct and union that is named without being defined there. */
  constructor(space: TypeSpace, names: Names, mention: (tag: string) => void) {
    this.#space = space;
    this.#names = names;
    this.#mention = mention;
    this.layouts = new Layouts(space);
  }

  /** `struct sock { … }`, without the semicolon. */
  definition(type: number): string {
    return `${this.#names.tag(type)} ${this.#isEnum(type) ? this.#enumBody(type, '') : this.#structBody(type, '')}`;
  }

  /** An enum without a name that nothing refers to: its values are what it is there for. */
  anonymousEnum(type: number): string {
    return `enum ${this.#enumBody(type, '')}`;
  }

  /** `int (*name)[4]`; without a name `int (*)[4]`. */
  declare(type: number, name: string, indent = ''): string {
    if (++this.#depth > MAX_DEPTH) throw damagedBtf('its types are nested too deep');
    const declared = this.#declare(type, name, indent);
    this.#depth--;
    return declared;
  }

  #declare(type: number, name: string, indent: string): string {
    const space = this.#space;
    let inner = name;
    let qualifiers = '';
    let behindPointer = false;
    const wrap = (): string => (behindPointer ? `(${inner})` : inner);
    for (let at = type, steps = 0; steps < MAX_DEPTH; steps++) {
      const kind = space.kind(at);
      space.spend(1 + inner.length);
      switch (kind) {
        case KIND.const:
        case KIND.volatile:
        case KIND.restrict:
        case KIND.typeTag:
          qualifiers = withQualifier(this.#qualifier(at, kind), qualifiers);
          at = space.target(at);
          break;
        case KIND.pointer:
          inner = `*${qualifiers}${inner}`;
          qualifiers = '';
          behindPointer = true;
          at = space.target(at);
          break;
        case KIND.array:
          inner = `${wrap()}[${space.length(at)}]`;
          behindPointer = false;
          at = space.element(at);
          break;
        case KIND.funcProto:
          inner = `${wrap()}(${this.#parameters(at, name, indent)})`;
          qualifiers = '';
          behindPointer = false;
          at = space.target(at);
          break;
        default:
          return `${qualifiers}${this.#base(at, indent)}${inner === '' ? '' : ` ${inner}`}`;
      }
    }
    throw damagedBtf('its types are made of each other without end');
  }

  #qualifier(type: number, kind: number): string {
    const word = QUALIFIERS[kind];
    if (word !== undefined) return `${word} `;
    const attribute = this.#space.attribute(type);
    return attribute === undefined ? '' : `__attribute__((${attribute})) `;
  }

  /** A function's own parameters keep their names; one that is a type's name would hide it from those behind. */
  #parameters(proto: number, name: string, indent: string): string {
    const parameters = this.#space.parameters(proto);
    const list = parameters.map((parameter, index) => {
      if (parameter.type === 0 && index === parameters.length - 1) return '...';
      const shown = name !== '' && !this.#names.isOrdinary(parameter.name) ? parameter.name : '';
      return this.declare(parameter.type, shown, indent);
    });
    return list.join(', ') || 'void';
  }

  #base(type: number, indent: string): string {
    const kind = this.#space.kind(type);
    switch (kind) {
      case KIND.int:
      case KIND.float:
        return baseType(this.#space, type);
      case KIND.typedef:
        return this.#names.typedef(type);
      case KIND.forward:
      case KIND.struct:
      case KIND.union:
        if (this.#space.name(type) === '') return `${kind === KIND.union ? 'union' : 'struct'} ${this.#structBody(type, indent)}`;
        this.#mention(this.#names.tag(type));
        return this.#names.tag(type);
      case KIND.enum:
      case KIND.enum64:
        if (this.#space.name(type) !== '') return this.#names.tag(type);
        this.written.add(type);
        return `enum ${this.#enumBody(type, indent)}`;
      default:
        return 'void';
    }
  }

  #isEnum(type: number): boolean {
    return this.#space.kind(type) === KIND.enum || this.#space.kind(type) === KIND.enum64;
  }

  #enumBody(type: number, indent: string): string {
    const size = this.#space.size(type);
    const signed = this.#space.kindFlag(type);
    const values = this.#space.enumerators(type).map(({ name, low, high }) => `${indent}\t${this.#names.ordinary(name)} = ${enumValue(low, high, size, signed)},\n`);
    const mode = ENUM_MODES[size];
    // An enum without values cannot be written; it is only a size then.
    const list = values.length > 0 ? values.join('') : `${indent}\t${this.#names.ordinary(`__empty_enum_${type}`)},\n`;
    return `{\n${list}${indent}}${mode === undefined ? '' : ` __attribute__((mode(${mode})))`}`;
  }

  #structBody(type: number, indent: string): string {
    const layout = this.layouts.of(type);
    const isStruct = this.#space.kind(type) === KIND.struct;
    const size = 8 * this.#space.size(type);
    const deeper = `${indent}\t`;
    let text = '{\n';
    let at = 0;
    const filler = (to: number): string => `${deeper}${fillers(at, to, (amount) => this.#space.spend(amount))}\n`;
    for (const member of this.#space.members(type)) {
      if (isStruct && member.offset > this.#natural(at, member, layout.packed)) text += filler(member.offset);
      text += `${deeper}${this.#member(member, deeper)};\n`;
      at = isStruct ? member.offset + (member.bits || 8 * this.layouts.sizeOf(member.type)) : 0;
    }
    if (isStruct && size > roundUp(at, 8 * layout.align)) text += filler(size);
    if (layout.filled) text += `${deeper}struct {\n\t${filler(size)}${deeper}};\n`;
    const attributes = [...(layout.packed ? ['packed'] : []), ...(layout.aligned === undefined ? [] : [`aligned(${layout.aligned})`])];
    return `${text}${indent}}${attributes.length > 0 ? ` __attribute__((${attributes.join(', ')}))` : ''}`;
  }

  /** Where C puts a member behind what ends at a bit. */
  #natural(at: number, { type, bits }: Member, packed: boolean): number {
    if (bits === 0) return roundUp(at, packed ? 8 : 8 * this.layouts.alignOf(type));
    const unit = 8 * this.layouts.sizeOf(type);
    return packed || (at % unit) + bits <= unit ? at : roundUp(at, unit);
  }

  #member({ name, type, bits }: Member, indent: string): string {
    // Of a struct that has a name as an anonymous member C only knows with an extension: written out it is the same.
    const inPlace = name === '' && bits === 0 && (this.#space.kind(type) === KIND.struct || this.#space.kind(type) === KIND.union);
    if (!inPlace) return `${this.declare(type, name, indent)}${bits > 0 ? `: ${bits}` : ''}`;
    if (++this.#depth > MAX_DEPTH) throw damagedBtf('its types are nested too deep');
    const body = `${this.#space.kind(type) === KIND.union ? 'union' : 'struct'} ${this.#structBody(type, indent)}`;
    this.#depth--;
    return body;
  }
}

/** GCC's modes by bytes; 4 is what an enum has anyway. */
const ENUM_MODES: Readonly<Record<number, string>> = { 1: 'QI', 2: 'HI', 8: 'DI' };

function enumValue(low: number, high: number, size: number, signed: boolean): string {
  if (size <= 4 && high === 0) return String(signed ? low | 0 : low);
  const value = (BigInt(high) << 32n) | BigInt(low);
  if (!signed) return `${value}ULL`;
  const least = -(1n << 63n);
  const asSigned = BigInt.asIntN(64, value);
  // The least number is no constant of C: it is a minus before one that does not fit.
  return asSigned === least ? `(${least + 1n}LL - 1)` : `${asSigned}LL`;
}

/** An array of `const` elements may be `const` itself: C wants the word once. */
function withQualifier(word: string, qualifiers: string): string {
  return qualifiers.includes(word) ? qualifiers : `${word}${qualifiers}`;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
