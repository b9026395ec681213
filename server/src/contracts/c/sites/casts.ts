import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { resolve } from '../../../kernel/ctype.ts';
import { bareC, operatorOf } from '../flow/piece.ts';
import { isLength } from '../flow/sources.ts';
import { numberOfType } from '../flow/types.ts';
import type { CValue } from '../flow/value.ts';
import type { Writer } from './writer.ts';

/** A value that becomes one of another type. */
export interface Conversion {
  readonly node: Cst;
  readonly value: Cst;
  /** The type as C, and what is known of it. */
  readonly written: string;
  readonly type: CValue['type'];
  readonly cast: boolean;
}

/** Conversions at one expression or statement. */
export function conversionAt(w: Writer, node: Cst, declaration: Cst | undefined): Conversion | undefined {
  const { types } = w.flow.world;
  const typed = (value: Cst | undefined, written: string, cast = false): Conversion | undefined => value && { node, value: bareC(value), written, type: types.written(written), cast };
  if (node.type === 'cast_expression') return typed(child(node, 'value'), w.text(child(node, 'type')), true);
  if (node.type === 'return_statement') return typed(node.children.find(({ type }) => /[a-z]/.test(type) && type !== 'return' && type !== 'comment'), w.piece.returns);
  if (node.type === 'init_declarator') return child(node, 'declarator')?.type === 'identifier' ? typed(child(node, 'value'), w.text(declaration && child(declaration, 'type'))) : undefined;
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (node.type !== 'assignment_expression' || operatorOf(node) !== '=' || !left || !right) return undefined;
  return { node, value: bareC(right), written: `__typeof__(${w.text(left)})`, type: w.of(left).type, cast: false };
}

/** `lossy-cast`: times, ids and lengths of 64 bits in fewer of them, fields in 16 or 8, results in less than their function gives. */
export function lossy(w: Writer, { node, value, written, type, cast }: Conversion): void {
  const to = numberOfType(type);
  const at = type && resolve(type);
  if (!to || (at?.kind === 'int' && at.encoding === 'bool') || w.isConstant(value) || value.type === 'cast_expression') return;
  const bits = bitsThatCount(w.of(value), to.bits, cast);
  if (bits === undefined || (to.bits < bits && onPurpose(w, value, to.bits))) return;
  const says = `${w.text(value)} fits into ${written.startsWith('__typeof__') ? `${to.signed ? 'int' : 'uint'}${to.bits}` : written}`;
  if (to.bits >= bits) w.before(value, 'lossy-cast', says, '1');
  else w.ofValue(value, 'lossy-cast', node, says, (e) => (w.of(value).origin?.kind === 'register' ? fitsRegister(e, written, bits) : `sizeof(${e}) <= ${to.bits / 8} || (__typeof__(${e}))(${written})${e} == ${e}`));
}

/** Of what is in a register, the lower bits are looked at. */
function fitsRegister(name: string, written: string, bits: number): string {
  return bits >= 64 ? `(unsigned long)(${written})${name} == (unsigned long)${name}` : `(long)(${written})${name} == (long)(int)${name} || (unsigned long)(${written})${name} == (unsigned int)${name}`;
}

/** Undefined where a conversion says nothing. */
function bitsThatCount({ origin, type, quality }: CValue, to: number, cast: boolean): number | undefined {
  const from = numberOfType(type)?.bits;
  switch (origin?.kind) {
    case 'clock':
    case 'wide':
      return 64;
    case 'register':
      return to < origin.bits || origin.bits === 64 ? origin.bits : undefined;
    case 'field': {
      if (origin.own || from === undefined) return undefined;
      if (from === 64 && to < 64 && (isLength(type) || (!cast && !(type && resolve(type).kind === 'enum')))) return 64;
      if (!cast && to < 32 && to < from) return from;
      // Who writes a cast to few bits means it, but of lengths.
      return quality.unit?.dimension === 'size' && (!cast || to < 32) ? from : undefined;
    }
    default:
      return undefined;
  }
}

/** The upper bits are looked at as well: `x >> 32`. */
function onPurpose(w: Writer, value: Cst, bits: number): boolean {
  const text = w.text(value);
  const shifted = (node: Cst): boolean => {
    const [left, right] = [child(node, 'left'), child(node, 'right')];
    const by = right && w.of(right).quality.constant;
    return (left !== undefined && operatorOf(node) === '>>' && w.text(bareC(left)) === text && by !== undefined && by >= BigInt(bits)) || node.children.some(shifted);
  };
  return shifted(w.piece.body);
}
