import { toInteger } from '../parse/instruction.ts';

/** What the verifier knows of a register or a stack slot: `map_value_or_null(id=1,map=m,ks=4,vs=8)`. */
export interface Value {
  /** The verifier's name of the kind, old spellings brought to the new: `scalar`, `pkt`, `map_value_or_null`, `fp`. */
  readonly type: string;
  /** Everything between the brackets, by name: `off`, `r`, `id`, `vs`, `umax`, `var_off`, … */
  readonly properties: ReadonlyMap<string, string>;
  /** The printed text. */
  readonly text: string;
}

/** Registers and stack slots one line of a log tells. `frame` is 0 for the program itself. */
export interface State {
  readonly frame: number;
  readonly registers: ReadonlyMap<number, Value>;
  /** By the slot's offset from the frame's top, a multiple of 8: -8, -16, … */
  readonly slots: ReadonlyMap<number, Value>;
}

/** Spellings of kernels before 5.18 and their present ones. */
const RENAMED: Readonly<Record<string, string>> = { inv: 'scalar', invP: 'scalar', unknown: 'scalar', map_ptr_or_null: 'map_value_or_null' };

// R1_w=   fp-8_w=   R10=   fp-16=   frame1:
const NAME = /(?:R(\d+)|fp(-\d+))(?:_[rwPD]+)?=|frame(\d+)\s*:/g;

/** Reads ` R1_w=inv(id=0) fp-8=mmmm????`; what is no state is skipped. Never throws. */
export function parseState(text: string): State {
  const registers = new Map<number, Value>();
  const slots = new Map<number, Value>();
  let frame = 0;
  NAME.lastIndex = 0;
  for (let m = NAME.exec(text); m; m = NAME.exec(text)) {
    if (m[3] !== undefined) {
      frame = Number(m[3]);
      continue;
    }
    const end = valueEnd(text, NAME.lastIndex);
    const value = parseValue(text.slice(NAME.lastIndex, end));
    if (m[1] === undefined) slots.set(Number(m[2]), value);
    else registers.set(Number(m[1]), value);
    NAME.lastIndex = end;
  }
  return { frame, registers, slots };
}

/** Where a value ends: at the first space outside of brackets. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === '(') depth++;
    else if (c === ')') depth = Math.max(0, depth - 1);
    else if (c === ' ' && depth === 0) return i;
  }
  return text.length;
}

const EMPTY: ReadonlyMap<string, string> = new Map();

export function parseValue(text: string): Value {
  const open = text.indexOf('(');
  const name = (open < 0 ? text : text.slice(0, open)).trim();
  const number = toInteger(name.replace(/^inv(?:P)?(?=-?\d)/, '').replace(/^P(?=-?\d)/, ''));
  // R2=5   |   R2_w=inv5   |   R2_w=P5
  if (number !== undefined && open < 0) return { type: 'scalar', properties: new Map([['value', String(number)]]), text };
  // fp0, fp-16
  const fp = /^fp(-?\d+)?$/.exec(name);
  if (fp) return { type: 'fp', properties: new Map([['off', fp[1] ?? '0'], ...(open < 0 ? [] : properties(text, open))]), text };
  return { type: RENAMED[name] ?? name, properties: open < 0 ? EMPTY : properties(text, open), text };
}

function properties(text: string, open: number): Map<string, string> {
  const found = new Map<string, string>();
  const inner = text.endsWith(')') ? text.slice(open + 1, -1) : text.slice(open + 1);
  const pending: string[] = [];
  for (const part of splitOutside(inner)) {
    const equal = part.indexOf('=');
    if (equal < 0) continue;
    // smin=smin32=0: the last of the chain holds the number of all.
    const chain = /^((?:\w+=)+)(.*)$/.exec(part);
    if (!chain) continue;
    pending.length = 0;
    pending.push(...(chain[1] ?? '').split('=').filter((n) => n !== ''));
    for (const name of pending) found.set(name === 'umax_value' ? 'umax' : name === 'umin_value' ? 'umin' : name === 'smax_value' ? 'smax' : name === 'smin_value' ? 'smin' : name, chain[2] ?? '');
  }
  return found;
}

function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth <= 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** A number among a value's properties. */
export function property(value: Value | undefined, name: string): number | undefined {
  const text = value?.properties.get(name);
  const number = text === undefined ? undefined : toInteger(text);
  return number === undefined ? undefined : Number(number);
}

/** The number a register is known to hold. */
export function constantOf(value: Value | undefined): bigint | undefined {
  const text = value?.type === 'scalar' ? value.properties.get('value') : undefined;
  return text === undefined ? undefined : toInteger(text);
}

/** Offsets beyond this the verifier calls unbounded: BPF_MAX_VAR_OFF of the kernel's bpf_verifier.h. */
const MAX_OFFSET = 1 << 29;

/** Whether the variable part of a number or pointer has a lower and an upper limit, be they good ones or not. */
export function isLimited(value: Value | undefined): boolean {
  if (value?.properties.has('value')) return true;
  const umax = property(value, 'umax');
  const min = property(value, 'smin') ?? (umax === undefined || umax >= 2 ** 63 ? undefined : 0);
  const max = property(value, 'smax') ?? umax;
  return min !== undefined && max !== undefined && min > -MAX_OFFSET && max < MAX_OFFSET;
}

export function mayBeNull(value: Value | undefined): boolean {
  return value !== undefined && /_or_null/.test(value.type);
}

/** Smallest and largest value as the verifier knows them, unsigned; undefined where it knows nothing. */
export function unsignedRange(value: Value | undefined): { readonly min: bigint | undefined; readonly max: bigint | undefined } {
  if (value?.type !== 'scalar') return { min: undefined, max: undefined };
  const constant = constantOf(value);
  if (constant !== undefined) return { min: constant, max: constant };
  const read = (name: string): bigint | undefined => toInteger(value.properties.get(name) ?? '');
  return { min: read('umin') ?? 0n, max: read('umax') };
}
