import { afterAll, expect, it } from 'vitest';
import { readHelpers, type Helpers } from '../../src/kernel/helpers.ts';
import { openInventory } from '../../src/kernel/open.ts';
import { probeHelpers } from '../../src/target/helper-probe.ts';
import { fetchRecord } from '../../src/target/inventory.ts';
import { factsOf } from '../support/local.ts';
import { vmTarget } from '../support/vm.ts';

const machine = await vmTarget();
afterAll(() => machine.dispose());

const plain = (helpers: Helpers) => [...helpers].map(([type, names]) => [type, [...names].sort()]).sort();

it('the kernel says of every helper and type of program what bpftool says', async () => {
  const facts = await factsOf(machine.target);
  const read = await fetchRecord(machine.target, { facts, timeoutMs: 110_000 });
  if (read.kind !== 'known') throw new Error(JSON.stringify(read));
  const asked = await probeHelpers(machine.target, facts, await openInventory(read.record, { source: 'target', label: 'vm' }), new AbortController().signal);
  const theirs = readHelpers(read.record.features);
  expect(theirs.size).toBeGreaterThan(20);
  expect(plain(readHelpers(asked))).toEqual(plain(theirs));
});
