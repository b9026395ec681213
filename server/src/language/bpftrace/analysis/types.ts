import type { CEnum, CStruct, CType } from '../../../kernel/ctype.ts';

/** The type of a bpftrace expression, map value or map key. */
export type BtType =
  /** Nothing is known because something before was wrong: never reported again. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none' }
  | { readonly kind: 'integer'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean; /** Of a C enum. */ readonly of?: CEnum }
  | { readonly kind: 'bool' }
  /** A string with its buffer's size in bytes, the closing NUL included; 0 when not known. */
  | { readonly kind: 'string'; readonly size: number }
  | { readonly kind: 'pointer'; to(): BtType; readonly space: AddressSpace; /** The context of the probe: only its fields may be read. */ readonly context?: boolean }
  | { readonly kind: 'array'; of(): BtType; readonly length: number }
  /** A C struct or union. */
  | { readonly kind: 'record'; readonly struct: CStruct; readonly space: AddressSpace; /** `args` of a probe: its fields are the probe's arguments. */ readonly args?: boolean }
  | { readonly kind: 'tuple'; readonly elements: readonly BtType[]; /** For records such as `(a = 1, b = 2)`. */ readonly names?: readonly string[] }
  | { readonly kind: 'aggregation'; readonly of: Aggregation; readonly signed: boolean }
  | { readonly kind: 'buffer'; readonly size: number }
  /** A call stack; its form and number of frames are part of its type since types have a pass of their own. */
  | { readonly kind: 'kstack' | 'ustack'; readonly mode?: string; readonly frames?: number }
  | { readonly kind: 'c-function'; readonly type: CType }
  | { readonly kind: Opaque };

/** What is printed in a form of its own and takes part in nothing else. */
export type Opaque = 'void' | 'probe' | 'inet' | 'mac' | 'ksym' | 'usym' | 'username' | 'timestamp' | 'strerror' | 'cgroup-path' | 'stack-mode' | 'timestamp-mode' | 'typeinfo';

export type Aggregation = 'count' | 'sum' | 'min' | 'max' | 'avg' | 'stats' | 'hist' | 'lhist' | 'tseries';

/** Where an address leads. `any`: not known. */
export type AddressSpace = 'kernel' | 'user' | 'any';

export const unknown: BtType = { kind: 'unknown' };
export const none: BtType = { kind: 'none' };
export const int64: BtType = { kind: 'integer', bits: 64, signed: true };
export const uint64: BtType = { kind: 'integer', bits: 64, signed: false };

/** As people read it: `uint64`, `string[16]`, `struct sock *`, `(int64, string[4])`, `hist`. */
export function describeType(type: BtType): string {
  switch (type.kind) {
    case 'integer':
      return type.of?.name ? `enum ${type.of.name}` : `${type.signed ? 'int' : 'uint'}${type.bits}`;
    case 'string':
    case 'buffer':
      return type.size > 0 ? `${type.kind}[${type.size}]` : type.kind;
    case 'pointer': {
      const to = type.to();
      return `${describeType(to)}${to.kind === 'pointer' ? '' : ' '}*`;
    }
    case 'array':
      return `${describeType(type.of())}[${type.length}]`;
    case 'record':
      return `${type.struct.kind} ${type.struct.name || '(anonymous)'}`;
    case 'tuple':
      return `(${type.elements.map((e, i) => (type.names?.[i] === undefined ? describeType(e) : `${type.names[i]} = ${describeType(e)}`)).join(', ')})`;
    case 'aggregation':
      return type.of;
    case 'c-function':
      return 'function';
    default:
      return type.kind;
  }
}
