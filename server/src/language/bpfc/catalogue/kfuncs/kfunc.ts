import type { Version } from '../../../../base/version.ts';

/** A function of the kernel that programs may call. Its prototype is in the BTF of the kernel at hand. */
export interface Kfunc {
  readonly name: string;
  /** The first kernel that has it; undefined where that is not known. */
  readonly since: Version | undefined;
  /** What it does. */
  readonly summary: string;
  /** What it returns, when NULL and when negative; empty where there is nothing to say. */
  readonly result: string;
  /** Only programs that may sleep may call it. */
  readonly sleepable: boolean;
  /** Programs it is for, where these are few: `XDP programs`. */
  readonly who: string | undefined;
}

interface Traits {
  readonly sleepable?: true;
  readonly who?: string;
}

export function kfunc(name: string, since: Version | undefined, summary: string, result = '', traits: Traits = {}): Kfunc {
  return { name, since, summary, result, sleepable: traits.sleepable ?? false, who: traits.who };
}

export const OK = '0, or a negative error.';
/** Of what takes a reference. */
export const owned = (release: string, when: string): string => `A reference that must be given back by \`${release}\` on every path; NULL ${when}.`;
