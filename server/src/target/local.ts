import { FactsMemory, type FactsStore } from './facts.ts';
import { openProcess } from './process.ts';
import { RootAccess } from './root.ts';
import { Secrets } from './secrets.ts';
import { supervise, OpenError, type Channel } from './supervise.ts';
import { BOOTSTRAP } from './supervisor.ts';
import { askNobody, type ExecRequest, type Execution, type FactsOutcome, type Outcome, type Target } from './target.ts';

/** This machine. On anything but Linux every request fails with what to do instead. */
export class LocalTarget implements Target {
  readonly name = 'local';
  readonly kind = 'local';
  readonly #platform: NodeJS.Platform;
  readonly #memory: FactsMemory;
  readonly #root: RootAccess;

  constructor(platform: NodeJS.Platform = process.platform, store?: FactsStore, secrets = new Secrets(askNobody)) {
    this.#platform = platform;
    this.#root = new RootAccess((command) => this.#open(command), secrets, () => 'local');
    this.#memory = new FactsMemory(this, store);
  }

  start(request: ExecRequest): Execution {
    return request.asRoot === true ? this.#root.start(request) : supervise(request, () => this.#open(BOOTSTRAP));
  }

  exec(request: ExecRequest): Promise<Outcome> {
    return this.start(request).done;
  }

  facts(options: { signal?: AbortSignal | undefined; refresh?: boolean } = {}): Promise<FactsOutcome> {
    if (options.refresh) this.#root.forgetRefusal();
    return this.#memory.get(options);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #open(command: string): Promise<Channel> {
    if (this.#platform !== 'linux') {
      throw new OpenError({
        kind: 'failed',
        reason: 'not-linux',
        message:
          `eBPF programs run on Linux, and this machine is not Linux. ${this.#platform === 'win32' ? "With WSL installed, the target 'wsl' is a Linux on this machine. " : ''}Add a Linux host as a target over SSH: kgent target add NAME user@host`,
      });
    }
    return openProcess(['/bin/sh', '-c', `exec ${command}`], 'This machine has no /bin/sh.');
  }
}
