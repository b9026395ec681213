import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEvent } from '../../src/agent/events.ts';
import type { RunEvent } from '../../src/run/events.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** A configuration directory of its own, so that no test sees a person's targets. */
export function freshConfig(): string {
  return mkdtempSync(join(tmpdir(), 'kgent-config-'));
}

/** The built terminal program, started. No model of the surrounding environment is used. */
export function startKgent(args: readonly string[], env: Env = {}): ChildProcess {
  const surrounding = Object.entries(process.env).filter(([name]) => !/^KGENT_(?!TEST_)/.test(name));
  return spawn(process.execPath, ['dist/cli.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...Object.fromEntries(surrounding), ...env } });
}

export async function kgent(args: readonly string[], env: Env = {}): Promise<Ended> {
  const child = startKgent(args, env);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** One JSON document a line; anything else on standard output fails the test. */
export function events(stdout: string): (AgentEvent | RunEvent)[] {
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as AgentEvent | RunEvent);
}
