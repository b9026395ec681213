import type { ProbeInfo } from '../analysis/analysis.ts';
import type { Probe } from '../syntax/ast.ts';
import { usesOf } from './view.ts';

/** Probes in groups: those that have a map in common, be it through others, are in one. In source order. */
export function connected(probes: readonly ProbeInfo[]): readonly (readonly ProbeInfo[])[] {
  const groups = probes.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    for (let next = groups[root]; next !== undefined && next !== root; next = groups[root]) root = next;
    groups[i] = root;
    return root;
  };
  const firstWith = new Map<string, number>();
  for (const [i, { probe }] of probes.entries()) {
    for (const name of mapsOf(probe)) {
      const first = firstWith.get(name);
      if (first === undefined) firstWith.set(name, i);
      else groups[find(i)] = find(first);
    }
  }
  const members = new Map<number, ProbeInfo[]>();
  for (const [i, probe] of probes.entries()) members.set(find(i), [...(members.get(find(i)) ?? []), probe]);
  return [...members.values()];
}

const names = new WeakMap<Probe, readonly string[]>();

function mapsOf(probe: Probe): readonly string[] {
  const known = names.get(probe) ?? [...new Set(usesOf(probe).of('map').map(({ expr }) => expr.name))];
  names.set(probe, known);
  return known;
}
