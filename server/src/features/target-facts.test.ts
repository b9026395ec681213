import { describe, expect, it } from 'vitest';
import { knownFacts } from '../../test/support/facts.ts';
import type { Inventory, ListedProvider } from '../kernel/inventory.ts';
import { targetFacts } from './target-facts.ts';

const counts: Partial<Record<ListedProvider, number>> = { tracepoint: 1534, kprobe: 39_632 };
/** A kernel with some attach points, and how often they were counted. */
function kernel(): { inventory: Inventory; counted: () => number } {
  let counted = 0;
  const probes = {
    count: 41_166,
    knows: (provider: ListedProvider) => provider in counts,
    countMatches: (provider: ListedProvider) => {
      counted++;
      return counts[provider] ?? 0;
    },
  };
  return { inventory: { label: 'the bundled Debian 13 kernel (6.12.117)', probes } as unknown as Inventory, counted: () => counted };
}
const { inventory } = kernel();

const lines = (...given: Parameters<typeof targetFacts>): string[] => targetFacts(...given).map(({ label, value }) => `${label}: ${value}`);

describe('what is known of a target', () => {
  it('is told a line each', () => {
    const facts = { ...knownFacts, modules: { xfs: '1' }, lockdown: 'integrity' as const, tools: { ...knownFacts.tools, bpftool: { command: 'bpftool', text: 'bpftool v7.5.0', version: [7, 5, 0] } } };
    expect(lines(facts, inventory)).toEqual([
      'Debian GNU/Linux 13 (trixie): x86_64',
      'Kernel: 6.12.117+deb13-cloud-amd64, 1 module, lockdown: integrity',
      'Attach points: 41,166',
      'Types (BTF): yes',
      'Tools: bpftrace 0.23.2, bpftool 7.5.0',
      'Root: logged in as root',
    ]);
  });

  it('attach points by provider, those of which the kernel lists any; counted once', () => {
    const { inventory: own, counted } = kernel();
    const parts = (): unknown => targetFacts(knownFacts, own).find(({ name }) => name === 'attach-points')?.parts?.map(({ label, value }) => [label, value]);
    expect([parts(), parts()]).toEqual(Array(2).fill([['tracepoint', '1,534'], ['kprobe', '39,632']]));
    expect(counted()).toBe(2);
  });

  it('names the tools that are not there', () => {
    const tools = targetFacts({ ...knownFacts, tools: {} }, undefined).find(({ name }) => name === 'tools');
    expect(tools).toMatchObject({ value: 'none' });
    expect(tools?.parts?.[0]).toMatchObject({ label: 'bpftrace', value: 'not installed' });
  });

  it('without root says why the attach points are unknown; while they are read it says nothing', () => {
    expect(lines({ ...knownFacts, root: 'none', user: 'dev' }, undefined)).toEqual(expect.arrayContaining(['Attach points: unknown: only root may read them', 'Root: dev may not']));
    expect(lines(knownFacts, undefined).some((line) => line.startsWith('Attach points'))).toBe(false);
  });

  it('of no machine is the kernel that stands in', () => {
    expect(lines(undefined, inventory)).toEqual(['Kernel: the bundled Debian 13 kernel (6.12.117)', 'Attach points: 41,166']);
    expect(lines(undefined, undefined)).toEqual([]);
  });
});
