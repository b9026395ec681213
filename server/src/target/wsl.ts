import { FactsMemory, type FactsStore } from './facts.ts';
import { Opening } from './opening.ts';
import { openProcess } from './process.ts';
import { OpenError, supervise, type Channel } from './supervise.ts';
import { BOOTSTRAP } from './supervisor.ts';
import type { ExecRequest, Execution, FactsOutcome, Outcome, Target } from './target.ts';
import { printable, shorten } from '../base/text.ts';

/** Time for a distribution to start; a cold one boots its virtual machine. */
const START_TIMEOUT_MS = 60_000;
const LIST_TIMEOUT_MS = 10_000;
const NO_WSL = 'WSL is not installed on this machine. In a terminal of an administrator: wsl --install';
const STARTED = 'KGENT-STARTED\n';

/** The distribution a target's name means: '' is the default one; undefined when the name means no WSL. */
export function wslDistribution(name: string): string | undefined {
  return /^wsl(?::([A-Za-z0-9][\w.-]*))?$/.exec(name)?.slice(1).map((distribution) => distribution ?? '')[0];
}

/** What `wsl.exe` prints: UTF-16 unless a newer one is told otherwise (WSL_UTF8), with Windows' line ends. */
export function decodeWsl(bytes: Buffer): string {
  const text = bytes.includes(0) ? bytes.toString('utf16le') : bytes.toString('utf8');
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

/** The names of `wsl.exe --list --quiet`, the default one first; Docker's own are no machines for people. */
export function parseDistributions(bytes: Buffer): string[] {
  const names = decodeWsl(bytes).split('\n').map((line) => line.trim());
  return names.filter((name) => name !== '' && !/^docker-desktop(-data)?$/.test(name));
}

/**
 * A distribution of the Windows Subsystem for Linux, from Windows. `wsl.exe` gets a bare `sh` to start and nothing else: how Windows
 * quotes an argument cannot be trusted with the supervisor's. As root without a password: `wsl.exe` starts it as whom one likes.
 */
export class WslTarget implements Target {
  readonly name: string;
  readonly kind = 'local';
  readonly #distribution: string;
  readonly #memory: FactsMemory;

  constructor(name: string, store?: FactsStore) {
    this.name = name;
    this.#distribution = wslDistribution(name) ?? '';
    this.#memory = new FactsMemory(this, store);
  }

  start(request: ExecRequest): Execution {
    return supervise(request, (signal) => this.#open(request.asRoot === true ? ['-u', 'root'] : [], signal));
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

  async #open(user: readonly string[], signal: AbortSignal): Promise<Channel> {
    const distribution = this.#distribution === '' ? [] : ['-d', this.#distribution];
    const opening = new Opening(await openProcess(['wsl.exe', ...distribution, ...user, '-e', 'sh'], NO_WSL), START_TIMEOUT_MS, signal);
    // A shell may read ahead on its input: nothing more is sent before it has made way.
    opening.send(`exec /bin/sh -c 'echo ${STARTED.trim()} >&2; exec /bin/sh -c "$0"' ${BOOTSTRAP.slice('/bin/sh -c '.length)}`);
    const event = await opening.next([STARTED]);
    if (event === STARTED) return opening.channel();
    signal.throwIfAborted();
    const said = printable(shorten(`${decodeWsl(event.stdout)} ${event.said.replaceAll('\0', '')}`.replace(/\s+/g, ' ').trim().replace(/\.$/, ''), 300));
    const why = event.expired ? `it did not start within ${START_TIMEOUT_MS / 1000} s` : said || `wsl.exe ended with ${event.exitCode ?? 'nothing to say'}`;
    throw new OpenError({ kind: 'failed', reason: 'host', message: `${this.name} could not be started: ${why}. ${await this.#remedy()}` });
  }

  async #remedy(): Promise<string> {
    const names = await wslDistributions().catch((): string[] => []);
    if (names.length === 0) return 'Install a distribution: wsl --install -d Debian';
    if (this.#distribution === '' || names.includes(this.#distribution)) return `Try it in a terminal: wsl ${this.#distribution === '' ? '' : `-d ${this.#distribution} `}-e sh`;
    return `Installed here: ${names.map((name) => `wsl:${name}`).join(', ')}`;
  }
}

/** The installed distributions, the default one first. Rejects with an OpenError where there is no WSL. */
export async function wslDistributions(): Promise<string[]> {
  const channel = await openProcess(['wsl.exe', '--list', '--quiet'], NO_WSL);
  const timer = setTimeout(() => channel.destroy(), LIST_TIMEOUT_MS);
  const chunks: Buffer[] = [];
  channel.onStdout((bytes) => chunks.push(bytes));
  channel.onStderr(() => undefined);
  channel.stdin.end();
  const exitCode = await channel.closed;
  clearTimeout(timer);
  return exitCode === 0 ? parseDistributions(Buffer.concat(chunks)) : [];
}
