import type { BtType } from './types.ts';

/** Whether two types are the same in everything; false where that cannot be told cheaply. */
export function sameType(a: BtType | undefined, b: BtType | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'integer':
      return b.kind === a.kind && a.bits === b.bits && a.signed === b.signed && a.of === b.of;
    case 'string':
    case 'buffer':
      return b.kind === a.kind && a.size === b.size;
    case 'pointer':
      return b.kind === a.kind && a.space === b.space && a.context === b.context && sameType(a.to(), b.to());
    case 'array':
      return b.kind === a.kind && a.length === b.length && sameType(a.of(), b.of());
    case 'record':
      return b.kind === a.kind && a.struct === b.struct && a.space === b.space && a.args === b.args;
    case 'tuple':
      return b.kind === a.kind && a.elements.length === b.elements.length && a.elements.every((e, i) => sameType(e, b.elements[i])) && a.names?.join() === b.names?.join();
    case 'aggregation':
      return b.kind === a.kind && a.of === b.of && a.signed === b.signed;
    case 'kstack':
    case 'ustack':
      return b.kind === a.kind && a.mode === b.mode && a.frames === b.frames;
    case 'c-function':
      return false;
    default:
      return true;
  }
}
