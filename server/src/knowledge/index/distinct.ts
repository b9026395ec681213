import type { Vectors } from '../vector-index.ts';

/**
 * Which vectors are the same: many names consist of the same words. A graph holds each once, for vectors that are all alike are only
 * neighbours of each other and nobody else is led to them.
 */
export interface Distinct {
  /** The vectors, those that are the same side by side. */
  readonly members: Uint32Array;
  /** Where each group of the same begins; one more for the end. */
  readonly offsets: Uint32Array;
}

/** In the order in which they first occur. */
export function distinctOf({ data, dimensions, count }: Vectors): Distinct {
  const groups = new Map<string, number[]>();
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  for (let label = 0; label < count; label++) {
    const key = bytes.toString('latin1', label * dimensions, (label + 1) * dimensions);
    const same = groups.get(key);
    if (same) same.push(label);
    else groups.set(key, [label]);
  }
  const offsets = new Uint32Array(groups.size + 1);
  const members = new Uint32Array(count);
  let group = 0;
  for (const same of groups.values()) {
    const from = offsets[group++] ?? 0;
    members.set(same, from);
    offsets[group] = from + same.length;
  }
  return { members, offsets };
}

export function groupsOf({ offsets }: Distinct): number {
  return offsets.length - 1;
}

/** The vector that stands for a group. */
export function firstOf({ members, offsets }: Distinct, group: number): number {
  return members[offsets[group] ?? 0] ?? 0;
}

/** All vectors of a group. */
export function membersOf({ members, offsets }: Distinct, group: number): Uint32Array {
  return members.subarray(offsets[group], offsets[group + 1]);
}
