import { describeError, UserError } from '../base/error.ts';
import { tableOf } from '../base/map-table.ts';
import { printable } from '../base/text.ts';
import type { Program } from '../checks/program.ts';
import type { RunOptions } from '../engine.ts';
import type { RunEnded, RunEvent } from '../run/events.ts';
import { EXIT, type Terminal } from './command.ts';
import { exitOfRun, runText } from './run-text.ts';

export interface RunSeveral {
  readonly program: Program;
  readonly targets: readonly string[];
  readonly options: RunOptions;
  readonly json: boolean;
}

/** How the run on one target ended; one that could not begin has ended too. */
type Ended = { readonly target: string } & RunEnded;

/**
 * Runs one program on several targets at the same time. Lines come as they are printed, each with its target; in the end the maps
 * of all stand side by side. The worst exit status is that of all.
 */
export async function runSeveral({ program, targets, options, json }: RunSeveral, terminal: Terminal): Promise<number> {
  const runs = targets.map(async (target): Promise<{ ended: Ended; exit: number }> => {
    const emit = (event: RunEvent): void => (json ? terminal.print(JSON.stringify({ target, ...event })) : printEvent(target, event, terminal));
    try {
      const ended = await terminal.engine.run(program, { ...options, target }, emit);
      return { ended: { target, ...ended }, exit: exitOfRun(ended.outcome) };
    } catch (error) {
      // Why it could not begin concerns this target alone; a defect concerns us.
      if (!(error instanceof UserError)) throw error;
      const ended = { event: 'ended', outcome: 'failed', message: describeError(error), maps: {}, lines: 0, dropped: 0 } as const;
      emit(ended);
      return { ended: { target, ...ended }, exit: EXIT.couldNotRun };
    }
  });
  const all = await Promise.all(runs);
  const maps = mergeMaps(all.map(({ ended }) => ended));
  if (json) terminal.print(JSON.stringify({ event: 'merged', targets: all.map(({ ended: { target, outcome, message, exitCode, lines, dropped } }) => ({ target, outcome, message, exitCode, lines, dropped })), maps }));
  else for (const [name, values] of Object.entries(maps)) terminal.print(mergedText(name, values));
  return Math.max(...all.map(({ exit }) => exit));
}

/** Maps by name, and within that by target, in the order of the targets. */
export function mergeMaps(ended: readonly Pick<Ended, 'target' | 'maps'>[]): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const names = new Set(ended.flatMap(({ maps }) => Object.keys(maps)));
  return Object.fromEntries([...names].sort().map((name) => [name, Object.fromEntries(ended.flatMap(({ target, maps }) => (name in maps ? [[target, maps[name]] as const] : [])))]));
}

function mergedText(name: string, values: Readonly<Record<string, unknown>>): string {
  const each = Object.entries(values).flatMap(([target, value]) => [`  ${target}:`, ...tableOf(value).map((line) => `    ${line}`)]);
  return [`${printable(name)} on all targets:`, ...each].join('\n');
}

function printEvent(target: string, event: RunEvent, terminal: Terminal): void {
  // Maps are printed once, of all targets together.
  if (event.event === 'map') return;
  const { out, err } = runText(event);
  const labelled = (text: string): string => text.split('\n').map((line) => `${target}: ${line}`).join('\n');
  if (out !== undefined) terminal.print(labelled(out));
  if (err !== undefined) terminal.tell(labelled(err));
}
