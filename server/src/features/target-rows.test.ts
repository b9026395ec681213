import { describe, expect, it } from 'vitest';
import { knownFacts } from '../../test/support/facts.ts';
import { UserError } from '../base/error.ts';
import type { Engine } from '../engine.ts';
import type { Facts } from '../kernel/facts.ts';
import type { Inventory } from '../kernel/inventory.ts';
import type { Progress } from '../target/progress.ts';
import type { FactsOutcome } from '../target/target.ts';
import { TargetRows } from './target-rows.ts';

const inventory = (source: Inventory['source']): Inventory => ({ source, release: '6.12', label: `${source} kernel`, probes: { count: 3, knows: () => false } }) as unknown as Inventory;
const unreachable: FactsOutcome = { kind: 'failed', reason: 'unreachable', message: 'web does not answer.' };

/** An engine with this machine and one saved host, of which the test says what they answer. */
function world({ current = 'local' } = {}) {
  const listeners: { progress?: (name: string, progress: Progress | undefined) => void; connection?: (name: string, is: boolean) => void } = {};
  const state = {
    answer: (): Promise<FactsOutcome> => Promise.resolve({ kind: 'known', facts: knownFacts }),
    own: inventory('target'),
    before: undefined as Facts | undefined,
    current,
    told: 0,
  };
  const engine = {
    targets: {
      list: () => [{ name: 'local', kind: 'local', detail: 'this machine' }, { name: 'web', kind: 'ssh', detail: 'dev@web' }],
      onConnection: (listener: NonNullable<typeof listeners.connection>) => void (listeners.connection = listener),
    },
    inventories: {
      onMore: () => undefined,
      onProgress: (listener: NonNullable<typeof listeners.progress>) => void (listeners.progress = listener),
      now: () => Promise.resolve(state.own),
      own: () => Promise.resolve(state.own),
      bundled: () => Promise.resolve(inventory('bundled')),
      factsBefore: () => Promise.resolve(state.before),
    },
    target: (name: string) => {
      if (name === 'nobody') throw new UserError('unknown-target', "There is no target 'nobody'.");
      return { name, kind: name === 'local' || name === 'none' ? name : 'ssh', facts: () => state.answer() };
    },
  } as unknown as Engine;
  const rows = new TargetRows({ engine, current: () => state.current, changed: () => state.told++ });
  const row = (name: string) => rows.rows().find((one) => one.name === name);
  return { rows, row, state, listeners };
}

describe('the rows of targets', () => {
  it('are this machine, the saved ones and none; nothing is asked before somebody wants it', () => {
    const { rows } = world();
    expect(rows.rows().map(({ name, state, saved, current }) => [name, state, saved, current])).toEqual([['local', 'new', false, true], ['web', 'new', true, false], ['none', 'new', false, false]]);
  });

  it('hold the current one too, saved or not, known or not', () => {
    expect(world({ current: 'root@10.0.0.5' }).row('root@10.0.0.5')).toMatchObject({ kind: 'ssh', current: true, saved: false, detail: 'not saved' });
    expect(world({ current: 'nobody' }).row('nobody')).toMatchObject({ current: true, state: 'new' });
    expect(world({ current: 'none' }).rows.rows().filter(({ name }) => name === 'none')).toMatchObject([{ current: true }]);
  });

  it('tell what a target is that answers', async () => {
    const { rows, row, state } = world();
    expect(await rows.ask('web')).toMatchObject({ name: 'web', kind: 'ssh', state: 'connected', release: knownFacts.release });
    expect(row('web')).toMatchObject({ state: 'connected', release: knownFacts.release, missing: [{ name: 'perl' }, { name: 'bpftool' }] });
    expect(row('web')?.about.map(({ name }) => name)).toContain('attach-points');
    expect(state.told).toBeGreaterThan(1);
  });

  it('tell nothing of a kernel that only stands in', async () => {
    const { rows, row, state } = world();
    state.own = inventory('bundled');
    await rows.ask('web');
    expect(row('web')?.about.map(({ name }) => name)).not.toContain('attach-points');
    await rows.ask('none');
    expect(row('none')).toMatchObject({ state: 'connected', release: '6.12', missing: [] });
  });

  it('show that one is being asked, and how far its kernel was read', async () => {
    const { rows, row, state, listeners } = world();
    let answer: (outcome: FactsOutcome) => void = () => undefined;
    const answering = new Promise<FactsOutcome>((resolve) => (answer = resolve));
    state.answer = () => answering;
    const asked = rows.ask('web');
    expect(row('web')).toMatchObject({ state: 'connecting', progress: { phase: 'connecting' } });
    listeners.connection?.('web', true);
    expect(row('web')?.progress).toEqual({ phase: 'asking what it has' });
    listeners.progress?.('web', { phase: 'reading the kernel', done: 1, total: 4 });
    expect(row('web')?.progress).toEqual({ phase: 'reading the kernel', percent: 25 });
    answer({ kind: 'known', facts: knownFacts });
    await asked;
    listeners.progress?.('web', undefined);
    expect(row('web')).not.toHaveProperty('progress');
  });
});

describe('a target that does not answer', () => {
  it('says what is wrong', async () => {
    const { rows, row, state } = world();
    state.answer = () => Promise.resolve(unreachable);
    expect(await rows.ask('web')).toMatchObject({ state: 'unusable', summary: 'web does not answer.' });
    expect(row('web')).toMatchObject({ state: 'unusable', summary: 'web does not answer.', about: [], missing: [] });
    expect(row('web')).not.toHaveProperty('progress');
  });

  it('keeps what was known of it in an earlier session', async () => {
    const { rows, row, state } = world();
    state.answer = () => Promise.resolve(unreachable);
    state.before = knownFacts;
    await rows.ask('web');
    expect(row('web')).toMatchObject({ state: 'offline', release: knownFacts.release });
    expect(row('web')?.about).not.toEqual([]);
  });

  it('because asking was cancelled is what it was before', async () => {
    const { rows, row, state } = world();
    await rows.ask('web');
    const before = row('web');
    state.answer = () => Promise.resolve({ kind: 'cancelled', stdout: '', stderr: '', truncated: false, ms: 1 });
    await rows.ask('web', { refresh: true });
    expect(row('web')).toEqual(before);
  });

  it('is no row that hangs, when its name means nothing', async () => {
    const { rows, row } = world({ current: 'nobody' });
    await expect(rows.ask('nobody')).rejects.toThrow(/no target 'nobody'/);
    expect(row('nobody')).toMatchObject({ state: 'unusable', summary: "There is no target 'nobody'." });
  });
});

it('a connection that dropped and one that was made again show', async () => {
  const { rows, row, listeners } = world();
  listeners.connection?.('web', true);
  expect(row('web')?.state).toBe('new');
  await rows.ask('web');
  listeners.connection?.('web', false);
  expect(row('web')).toMatchObject({ state: 'offline', release: knownFacts.release });
  listeners.connection?.('web', true);
  expect(row('web')).toMatchObject({ state: 'connected' });
});
