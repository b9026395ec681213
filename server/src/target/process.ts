import { spawn } from 'node:child_process';
import { OpenError, type Channel } from './supervise.ts';

/** Starts a program of this machine; a program that cannot be started fails with the sentence `missing`. */
export async function openProcess([program, ...args]: readonly [string, ...string[]], missing: string): Promise<Channel> {
  // A session of its own: what kills our process group must not kill the one that cleans up.
  const child = spawn(program, args, { stdio: 'pipe', detached: process.platform !== 'win32', windowsHide: true });
  const closed = new Promise<number | undefined>((resolve) => child.once('close', (code) => resolve(code ?? undefined)));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new OpenError({ kind: 'failed', reason: 'host', message: missing, cause })));
  });
  return {
    stdin: child.stdin,
    onStdout: (listener) => void child.stdout.on('data', listener),
    onStderr: (listener) => void child.stderr.on('data', listener),
    closed,
    destroy: () => {
      child.kill('SIGKILL');
      for (const stream of child.stdio) stream?.destroy();
    },
  };
}
