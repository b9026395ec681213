import type { Version } from '../base/version.ts';
import type { Facts } from '../kernel/facts.ts';
import type { Inventory } from '../kernel/inventory.ts';
import type { AnalysisOptions } from '../language/bpftrace/analysis/analysis.ts';

/** The newest bpftrace that Kgent knows: what is judged by where no target has one. */
export const NEWEST_BPFTRACE: Version = [0, 27];

const known = new WeakMap<Inventory, Map<string, AnalysisOptions>>();

/** What programs are judged against. The same object as long as it says the same: analyses are kept by it. */
export function judgedAgainst(target: string, facts: Facts | undefined, inventory: Inventory, unsafe = false): AnalysisOptions {
  const version = facts?.tools.bpftrace?.version ?? NEWEST_BPFTRACE;
  const key = JSON.stringify([target, version, unsafe]);
  const ofInventory = known.get(inventory) ?? new Map<string, AnalysisOptions>();
  known.set(inventory, ofInventory);
  const options = ofInventory.get(key) ?? { version, inventory, unsafe, targetName: facts && inventory.asOf === undefined ? target : inventory.label };
  ofInventory.set(key, options);
  return options;
}
