import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UserError } from '../base/error.ts';
import type { Engine } from '../engine.ts';

/** What a command may use: the engine and the terminal it speaks to. */
export interface Terminal {
  readonly engine: Engine;
  /** Standard output: what was asked for. */
  print(text: string): void;
  /** Standard error: what happens meanwhile. */
  tell(text: string): void;
  /** Aborts on Ctrl+C. */
  readonly interrupted: AbortSignal;
}

export interface Command {
  readonly usage: string;
  readonly does: string;
  /** Returns the exit status. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

export const EXIT = { fine: 0, found: 1, couldNotRun: 2, unknown: 3, timedOut: 124, interrupted: 130 } as const;

/** `parseArgs`, with its complaints as UserErrors that show the usage. */
export function options<const T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], usage: string, config: T, positionals: { min: number; max: number }): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UserError('usage', `${error instanceof Error ? error.message : String(error)}\nUsage: kgent ${usage}`, { cause: error });
  }
  const count = parsed.positionals.length;
  if (count < positionals.min) throw new UserError('usage', `Something is missing. Usage: kgent ${usage}`);
  if (count > positionals.max) throw new UserError('usage', `'${parsed.positionals[positionals.max] ?? ''}' is too much. Usage: kgent ${usage}`);
  return parsed;
}
