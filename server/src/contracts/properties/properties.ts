import type { Analysis } from '../../language/bpftrace/analysis/analysis.ts';
import { casts } from './casts.ts';
import type { Facts } from './facts.ts';
import { families } from './families.ts';
import { groundOf, type Ground } from './ground.ts';
import { differences, divisions, indexes } from './numbers.ts';
import { networkOrder } from './order.ts';
import { presence } from './presence.ts';
import type { ProbeView } from '../../language/bpftrace/lints/view.ts';
import type { Condition, Memory, Properties, Site } from './site.ts';
import { keepers } from './stamps.ts';
import { units } from './unit-sites.ts';

/** Where the built-in properties are to be asserted in a bpftrace program. Never throws; what is not understood has no site. */
export function propertiesOf(analysis: Analysis, facts: Facts): Properties {
  const ground = groundOf(analysis, facts);
  const kept = keepers(ground);
  const found = ground.view.probes.map((probe) => inProbe(ground, kept, probe));
  return { sites: found.flatMap(({ sites }) => sites), memories: found.flatMap(({ memories }) => memories) };
}

function inProbe(ground: Ground, kept: ReadonlySet<string>, probe: ProbeView): Properties {
  const [entries, addresses] = [presence(ground, kept, probe), families(ground, probe)];
  const sites = [...divisions(ground, probe), ...differences(ground, probe), ...indexes(ground, probe), ...casts(ground, probe), ...networkOrder(ground, probe), ...units(ground, probe), ...entries.sites, ...addresses.sites];
  return { sites: byPlace(unique(sites)), memories: needed([...entries.memories, ...addresses.memories], sites.map(({ condition }) => condition)) };
}

/** What conditions ask for, be it through what else is remembered. */
function needed(memories: readonly Memory[], asking: readonly Condition[]): Memory[] {
  const names = new Set<string>();
  const ask = (condition: Condition): void => {
    if (condition.kind === 'choice') for (const branch of [condition.then, condition.otherwise]) ask(branch);
    if (condition.kind !== 'remembered' || names.has(condition.name)) return;
    names.add(condition.name);
    for (const memory of memories) if (memory.name === condition.name) ask(memory.condition);
  };
  for (const condition of asking) ask(condition);
  return memories.filter(({ name }) => names.has(name));
}

/** One property is told once of one thing. */
function unique(sites: readonly Site[]): Site[] {
  const seen = new Map<Site['node'], Set<string>>();
  return sites.filter(({ node, property, says }) => {
    const told = seen.get(node) ?? new Set();
    seen.set(node, told);
    const isNew = !told.has(`${property} ${says}`);
    told.add(`${property} ${says}`);
    return isNew;
  });
}

function byPlace(sites: readonly Site[]): Site[] {
  return sites.toSorted((a, b) => a.node.start - b.node.start || a.node.end - b.node.end);
}
