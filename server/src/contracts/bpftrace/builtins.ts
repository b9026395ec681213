import { builtin } from '../../language/bpftrace/catalogue.ts';
import { typeFromText } from '../../language/bpftrace/analysis/ctypes/text.ts';
import type { BtType } from '../../language/bpftrace/analysis/types.ts';
import type { Call } from '../../language/bpftrace/syntax/ast.ts';
import { read, temporary, type Cx } from './context.ts';
import { shownRead } from './memory.ts';
import { NoMeaning } from './no-meaning.ts';
import { int, resize, widthOfType, type Value } from './values.ts';

/** The kernel gives these in 32 bits, whatever bpftrace makes of them. */
const NARROW = new Set(['pid', 'tid', 'uid', 'gid', 'cpu', 'numaid', 'ncpus', 'rand', 'cpid']);
/** Above 0, and never going back. */
const CLOCKS = new Set(['nsecs', 'elapsed', 'jiffies']);

/** `pid()` is `pid`. */
export const isBuiltin = ({ callee, args }: Call): boolean => args.length === 0 && builtin(callee.text) !== undefined;

/** What bpftrace or the probe knows by itself. */
export function builtinValue(cx: Cx, name: string, found: BtType): Value {
  const entry = builtin(name);
  // Of what stands in a macro no type was kept.
  const type = found.kind === 'unknown' && entry ? typeFromText(entry.type, cx.program.analysis.shared.types) : found;
  if (!entry) {
    // A constant of a header that is not read here.
    if (type.kind === 'integer') return int(read(cx, name, name, 64, undefined, { signed: true }), 64, true);
    throw new NoMeaning(`it is not known what ${name} is`);
  }
  if (name === 'args') return { kind: 'place', type: cx.info?.args ?? type, owner: 'args', offset: 0 };
  if (CLOCKS.has(name)) cx.program.clocks.add(name);
  // Each time another number.
  const key = name === 'rand' ? temporary(cx, name) : name;
  if (type.kind === 'integer') {
    const width = NARROW.has(name) ? 32 : type.bits;
    return { ...int(resize(read(cx, key, name, width, undefined, shownRead(cx, type)), width, type.bits, type.signed), type.bits, type.signed), type };
  }
  if (type.kind === 'unknown' || type.kind === 'none' || type.kind === 'record') throw new NoMeaning(`it is not known what ${name} is here`);
  return opaque(cx, key, name, type);
}

/** A number that stands for what has no content here. */
export function opaque(cx: Cx, key: string, text: string, type: BtType): Value {
  const width = widthOfType(type);
  if (type.kind === 'bool') return { kind: 'truth', ir: read(cx, key, text, 'bool') };
  return { kind: 'bits', ir: read(cx, key, text, width, undefined, shownRead(cx, type)), bits: width, signed: type.kind === 'integer' && type.signed, type };
}
