import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { FactsMemory, type FactsStore } from '../facts.ts';
import { supervise, type Channel } from '../supervise.ts';
import { RootAccess } from '../root.ts';
import { BOOTSTRAP, type Pulse } from '../supervisor.ts';
import type { ExecRequest, Execution, FactsOutcome, Outcome, Target } from '../target.ts';
import type { SshSettings } from './config.ts';
import { SshConnection, type SshContext } from './connection.ts';

/** A host reached over SSH: one connection, every command under the supervisor. */
export class SshTarget implements Target {
  readonly name: string;
  readonly kind = 'ssh';
  readonly #connection: SshConnection;
  readonly #root: RootAccess;
  readonly #memory: FactsMemory;

  /** `resolve` gives the settings anew for each connect. Nothing connects before the first request. */
  constructor(name: string, resolve: () => SshSettings, context: SshContext, store?: FactsStore) {
    this.name = name;
    this.#memory = new FactsMemory(this, store);
    this.#connection = new SshConnection(resolve, context);
    this.#root = new RootAccess((command, signal) => this.#open(command, signal), context.secrets, () => resolve().label);
  }

  start(request: ExecRequest): Execution {
    return request.asRoot === true ? this.#root.start(request) : supervise(request, (signal) => this.#open(BOOTSTRAP, signal));
  }

  exec(request: ExecRequest): Promise<Outcome> {
    return this.start(request).done;
  }

  /** With `refresh` somebody asks on purpose: then a refused login or host key is tried again. */
  facts(options: { signal?: AbortSignal | undefined; refresh?: boolean } = {}): Promise<FactsOutcome> {
    if (options.refresh) {
      this.#connection.forgetRefusal();
      this.#root.forgetRefusal();
    }
    return this.#memory.get(options);
  }

  dispose(): Promise<void> {
    return this.#connection.dispose();
  }

  async #open(command: string, signal: AbortSignal): Promise<Channel> {
    const { channel, settings } = await this.#connection.exec(command, signal);
    return asChannel(channel, pulseOf(settings));
  }
}

/** We give a silent connection up after so many unanswered keepalives; the far side waits twice as long for us. */
function pulseOf({ keepaliveMs, keepaliveCount }: SshSettings): Pulse {
  return { everyMs: keepaliveMs, limitSeconds: Math.ceil((2 * keepaliveMs * keepaliveCount) / 1000) };
}

function asChannel(channel: ClientChannel, pulse: Pulse): Channel {
  let giveUp: () => void = () => undefined;
  const closed = new Promise<number | undefined>((resolve) => {
    let exitCode: number | undefined;
    // Both streams: stderr may still hold text when stdout has ended.
    let open = 2;
    const ended = (): void => {
      if (--open === 0) resolve(exitCode);
    };
    // The event 'exit' may be over already: a quick command's comes in one piece with its start.
    channel.once('close', (code?: number | null, signal?: string) => {
      exitCode = code ?? signalStatus(signal);
      ended();
    });
    channel.stderr.once('close', ended);
    // On a dead connection no answer to our close ever comes.
    giveUp = () => resolve(exitCode);
  });
  return {
    pulse,
    stdin: channel,
    onStdout: (listener) => void channel.on('data', listener),
    onStderr: (listener) => void channel.stderr.on('data', listener),
    closed,
    destroy: () => {
      channel.destroy();
      giveUp();
    },
  };
}

/** The supervisor itself was ended by a signal: 128+N, as a shell says it. */
function signalStatus(signal: string | undefined): number | undefined {
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return number === undefined ? undefined : 128 + number;
}
