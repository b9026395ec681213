/** Every kind of rejection; they are the codes of the load check's findings. */
export const REJECTION_CLASSES = [
  'null-check', 'packet-bounds', 'map-value-bounds', 'stack-bounds', 'memory-bounds', 'unbounded-scalar', 'uninitialized-stack', 'uninitialized-register',
  'helper-argument', 'helper-size', 'helper-not-allowed', 'kfunc-not-allowed', 'gpl-only', 'context-access', 'direct-dereference', 'stale-pointer',
  'pointer-arithmetic', 'pointer-leak', 'pointer-comparison', 'read-only', 'reference-leak', 'dynptr', 'iterator', 'kptr', 'lock', 'rcu', 'irq', 'loop',
  'too-complex', 'stack-limit', 'subprogram', 'sleepable', 'return-range', 'alignment', 'unreachable-code', 'btf', 'core-relocation', 'map-setup',
  'attach-target', 'privileges', 'unknown',
] as const;
export type RejectionClass = (typeof REJECTION_CLASSES)[number];

/** A value in the program, by what the user calls it. */
export interface Subject {
  /** The user's words: `eth`, `ip->protocol`, `the result of bpf_map_lookup_elem`. */
  readonly words: string;
  /** The variable, where one is known. */
  readonly variable?: string;
  /** The register that held it at the rejected instruction. */
  readonly register?: number;
}

/** Which memory an access should have stayed in. */
export type Memory = 'packet' | 'map-value' | 'stack' | 'memory' | 'context';

/** What the rejected instruction needed and was not given; repairs are made from it. Offsets and sizes are bytes. */
export type Need =
  | { readonly kind: 'non-null'; readonly value: Subject; readonly madeBy?: string; readonly inverted?: boolean }
  | {
      readonly kind: 'in-bounds';
      readonly memory: Memory;
      readonly value: Subject;
      /** From the beginning of the memory. */
      readonly offset?: number;
      readonly size?: number;
      /** How many bytes are proved or exist. */
      readonly limit?: number;
      /** The part of the address that is not constant. */
      readonly index?: Subject;
      /** A comparison exists and does not prove enough. */
      readonly checked?: boolean;
    }
  | { readonly kind: 'bounded'; readonly value: Subject; readonly missing: 'minimum' | 'maximum' | 'both' | 'constant'; readonly limit?: number; readonly callee?: string; readonly argument?: number; readonly checked?: boolean }
  | { readonly kind: 'initialized-register'; readonly value: Subject }
  /** Bytes of the frame, counted from its top: [offset, offset + size). `first` is the first byte without a value. */
  | { readonly kind: 'initialized-stack'; readonly value: Subject; readonly offset: number; readonly size: number; readonly first?: number }
  | { readonly kind: 'argument'; readonly callee: string; readonly argument: number; readonly value: Subject; readonly got?: string; readonly expected?: string }
  | { readonly kind: 'size'; readonly callee: string; readonly argument: number; readonly value: Subject; readonly problem: 'zero' | 'negative' | 'unbounded' | 'too-big' | 'not-constant'; readonly limit?: number }
  | { readonly kind: 'callee-allowed'; readonly callee: string; readonly why: 'program-type' | 'kernel' | 'sleepable' | 'lock' | 'licence' | 'other' }
  | { readonly kind: 'released'; readonly value: Subject; readonly madeBy: string; readonly releaseWith?: string; readonly madeAtLine?: number }
  | { readonly kind: 'return-range'; readonly min?: number; readonly max?: number; readonly got: string }
  | { readonly kind: 'valid-pointer'; readonly value: Subject; readonly got: string; readonly address?: 'kernel' | 'user' | 'number' }
  | { readonly kind: 'fresh-pointer'; readonly value: Subject; readonly lostBy: string }
  | { readonly kind: 'writable'; readonly value: Subject; readonly memory: string }
  | { readonly kind: 'bounded-loop' }
  | { readonly kind: 'smaller-stack'; readonly bytes?: number; readonly limit: number }
  | { readonly kind: 'field'; readonly offset?: number; readonly size?: number; readonly type?: string; readonly field?: string }
  | { readonly kind: 'balanced'; readonly open: string; readonly close: string }
  | { readonly kind: 'other' };
