import { expect, it } from 'vitest';
import { UserError } from '../base/error.ts';
import type { Engine, RunOptions } from '../engine.ts';
import type { RunEnded, RunEvent } from '../run/events.ts';
import { mergeMaps, runSeveral } from './run-several.ts';

const program = { uri: 'file:///a.bt', version: 0, language: 'bpftrace', text: '' } as const;
const ended = (maps: RunEnded['maps'], outcome: RunEnded['outcome'] = 'finished'): RunEnded => ({ event: 'ended', outcome, maps, lines: 1, dropped: 0 });

/** Targets that run what they are told to; `dead` cannot be reached. */
async function run(json: boolean): Promise<{ exit: number; printed: string[]; told: string[] }> {
  const printed: string[] = [];
  const told: string[] = [];
  const engine: Pick<Engine, 'run'> = {
    run: async (_, { target }: RunOptions, emit: (event: RunEvent) => void) => {
      if (target === 'dead') throw new UserError('target', 'no route to dead');
      emit({ event: 'line', text: `hello\nfrom ${target}` });
      emit({ event: 'map', name: '@', value: { x: 1 } });
      const last = target === 'failing' ? ended({}, 'failed') : ended({ '@': { x: target === 'a' ? 1 : 2 } });
      await Promise.resolve();
      emit(last);
      return last;
    },
  };
  const terminal = { engine: engine as Engine, print: (text: string) => void printed.push(text), tell: (text: string) => void told.push(text), interrupted: new AbortController().signal };
  const exit = await runSeveral({ program, targets: ['a', 'dead', 'b', 'failing'], options: {}, json }, terminal);
  return { exit, printed, told };
}

it('people read each line with its target, and the maps of all in the end', async () => {
  const { exit, printed, told } = await run(false);
  expect(exit).toBe(2);
  expect(printed).toEqual(['a: hello\na: from a', 'b: hello\nb: from b', 'failing: hello\nfailing: from failing', '@ on all targets:\n  a:\n    x  1\n  b:\n    x  2']);
  expect(told).toEqual(expect.arrayContaining(['dead: Ended: failed. no route to dead (0 lines)', 'a: Ended: finished (1 lines)', 'failing: Ended: failed (1 lines)']));
});
it('scripts read events with their target, then one that stands for all', async () => {
  const { printed } = await run(true);
  const events = printed.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.slice(0, -1).map(({ target, event }) => `${target as string} ${event as string}`).sort()).toEqual(['a ended', 'a line', 'a map', 'b ended', 'b line', 'b map', 'dead ended', 'failing ended', 'failing line', 'failing map']);
  expect(events.at(-1)).toEqual({
    event: 'merged',
    targets: [{ target: 'a', outcome: 'finished', lines: 1, dropped: 0 }, { target: 'dead', outcome: 'failed', message: 'no route to dead', lines: 0, dropped: 0 }, { target: 'b', outcome: 'finished', lines: 1, dropped: 0 }, { target: 'failing', outcome: 'failed', lines: 1, dropped: 0 }],
    maps: { '@': { a: { x: 1 }, b: { x: 2 } } },
  });
});
it('maps by name, then by target', () => {
  expect(mergeMaps([{ target: 'a', maps: { '@z': 1, '@a': 2 } }, { target: 'b', maps: { '@z': 3 } }])).toEqual({ '@a': { a: 2 }, '@z': { a: 1, b: 3 } });
});
