import { spawn } from 'node:child_process';
import { FactsMemory } from './facts.ts';
import { supervise, OpenError, type Channel } from './supervise.ts';
import { BOOTSTRAP, ROOT_BOOTSTRAP } from './supervisor.ts';
import type { ExecRequest, Execution, FactsOutcome, Outcome, Target } from './target.ts';

/** This machine. On anything but Linux every request fails with what to do instead. */
export class LocalTarget implements Target {
  readonly name = 'local';
  readonly kind = 'local';
  readonly #platform: NodeJS.Platform;
  readonly #memory = new FactsMemory(this);

  constructor(platform: NodeJS.Platform = process.platform) {
    this.#platform = platform;
  }

  start(request: ExecRequest): Execution {
    return supervise(request, () => this.#open(request.asRoot === true));
  }

  exec(request: ExecRequest): Promise<Outcome> {
    return this.start(request).done;
  }

  facts(options: { signal?: AbortSignal | undefined; refresh?: boolean } = {}): Promise<FactsOutcome> {
    return this.#memory.get(options);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #open(asRoot: boolean): Promise<Channel> {
    if (this.#platform !== 'linux') {
      throw new OpenError({
        kind: 'failed',
        reason: 'not-linux',
        message:
          'eBPF programs run on Linux, and this machine is not Linux. Add a Linux host as a target over SSH: kgent target add NAME user@host',
      });
    }
    // A session of its own: what kills our process group must not kill the one that cleans up.
    const child = spawn('/bin/sh', ['-c', `exec ${asRoot ? ROOT_BOOTSTRAP : BOOTSTRAP}`], { stdio: 'pipe', detached: true });
    const closed = new Promise<number | undefined>((resolve) => {
      child.once('error', () => resolve(undefined));
      child.once('close', (code) => resolve(code ?? undefined));
    });
    return Promise.resolve({
      stdin: child.stdin,
      onStdout: (listener) => void child.stdout.on('data', listener),
      onStderr: (listener) => void child.stderr.on('data', listener),
      closed,
      destroy: () => {
        child.kill('SIGKILL');
        for (const stream of child.stdio) stream?.destroy();
      },
    });
  }
}
