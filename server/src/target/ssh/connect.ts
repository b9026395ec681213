import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import ssh2, { type AnyAuthMethod, type Client, type NextAuthHandler } from 'ssh2';
import type { Log } from '../../base/log.ts';
import { OpenError } from '../supervise.ts';
import type { Secrets } from '../secrets.ts';
import { fetchCertificate } from './certificate-fetch.ts';
import type { SshSettings } from './config.ts';
import { Deadline } from '../deadline.ts';
import { dialTcp } from './dial.ts';
import { asErrorLike, connectionFailure, failure, PATIENCE_MS, timedOut, waitingToConnect, type Phase } from './failures.ts';
import { HostKeys, type Trust } from './host-key.ts';
import { Login } from './login.ts';

export interface ConnectOptions {
  readonly settings: SshSettings;
  /** The way through a jump host; undefined for a TCP connection of our own. */
  readonly through: Duplex | undefined;
  /** A second connection of the same kind. */
  readonly dial: () => Promise<Duplex>;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface Connected {
  readonly client: Client;
  /** Bytes that came from the host; undefined where a jump host is between. */
  readonly received: (() => number) | undefined;
}

/** Connects and logs in. Rejects with an OpenError that says what was wrong and what to do. */
export async function connect(options: ConnectOptions): Promise<Connected> {
  const { settings, signal } = options;
  if (settings.proxyCommand !== undefined) {
    throw failure('unreachable', `${settings.label} is configured with a ProxyCommand, which Kgent does not run. Use ProxyJump for it in ~/.ssh/config.`);
  }
  signal.throwIfAborted();
  const attempt = new Attempt(options);
  return attempt.run();
}

class Attempt {
  readonly #options: ConnectOptions;
  readonly #client: Client = new ssh2.Client();
  readonly #deadline: Deadline;
  readonly #patience: Deadline;
  readonly #login: Login;
  readonly #trust: Trust;
  readonly #result: Promise<Client>;
  #resolve: (client: Client) => void = () => undefined;
  #reject: (reason: Error) => void = () => undefined;
  readonly #startedAt = Date.now();
  #socket: Socket | undefined;
  #phase: Phase = 'tcp';
  #settled = false;
  /** Why the host's key was refused; ssh2 itself only says that it was. */
  #refusal: OpenError | undefined;

  constructor(options: ConnectOptions) {
    const { settings, secrets } = options;
    this.#options = options;
    this.#result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#deadline = new Deadline(settings.connectTimeoutMs, () => this.#fail(timedOut(settings, this.#phase)));
    this.#patience = new Deadline(PATIENCE_MS, () => options.log.warn(waitingToConnect(settings, this.#phase)));
    const { interactive } = settings;
    this.#trust = (...question) => (interactive ? this.#person(() => secrets.trustHostKey(...question)) : Promise.resolve(false));
    this.#login = new Login(settings, {
      unlocked: secrets.unlocked,
      answer: (question) => (interactive ? this.#person(() => secrets.answer(question)) : Promise.resolve(undefined)),
      judge: (...verdict) => secrets.judge(...verdict),
    });
  }

  /** Our limits stand still while a person answers. */
  #person<T>(answer: () => Promise<T>): Promise<T> {
    return this.#deadline.pausedDuring(() => this.#patience.pausedDuring(answer));
  }

  async run(): Promise<Connected> {
    const { settings, signal, log } = this.#options;
    const abort = (): void => this.#fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      this.#listen();
      const certificate = async (algorithms: readonly string[]): Promise<Buffer> => fetchCertificate(await this.#options.dial(), algorithms);
      HostKeys.read(settings, { trust: this.#trust, certificate, log }).then(
        (hostKeys) => this.#connect(hostKeys),
        (error: unknown) => this.#fail(error),
      );
      const client = await this.#result;
      log.info(`Connected to ${settings.label} in ${Date.now() - this.#startedAt} ms.`);
      const socket = this.#socket;
      return { client, received: socket && (() => socket.bytesRead) };
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #listen(): void {
    const { settings, log } = this.#options;
    const client = this.#client;
    client.on('connect', () => (this.#phase = 'handshake'));
    client.on('handshake', () => (this.#phase = 'login'));
    client.on('ready', () => this.#succeed());
    // Stays for the life of the client: an 'error' nobody listens to would end the process.
    client.on('error', (error) => {
      log.debug(`${settings.label}: ${error.message}`);
      this.#judge(error);
    });
    client.on('close', () => this.#fail(this.#closed()));
    client.on('change password', () =>
      this.#fail(failure('auth', `The password of ${settings.label} has expired. Log in once with ssh to set a new one.`)),
    );
  }

  #connect(hostKeys: HostKeys): void {
    if (this.#settled) return;
    const { settings, through } = this.#options;
    try {
      if (through === undefined) this.#socket = dialTcp(settings);
      const sock = through ?? this.#socket;
      this.#client.connect({
        username: settings.user,
        ...(sock === undefined ? {} : { sock }),
        // Ours stands still while a person answers; ssh2's does not.
        readyTimeout: 0,
        keepaliveInterval: settings.keepaliveMs,
        keepaliveCountMax: settings.keepaliveCount,
        algorithms: { serverHostKey: hostKeys.algorithms() },
        hostVerifier: (key: Buffer, verify: (accepted: boolean) => void) => void this.#verify(hostKeys, key, verify),
        authHandler: (offered, partial, next) => void this.#authenticate(offered, partial, next),
      });
    } catch (error) {
      this.#fail(connectionFailure(settings, error));
    }
  }

  async #verify(hostKeys: HostKeys, key: Buffer, verify: (accepted: boolean) => void): Promise<void> {
    try {
      this.#refusal = await hostKeys.check(key);
    } catch (error) {
      this.#refusal = failure('host-key', `The question about the host key of ${this.#options.settings.label} got no answer.`, error);
    }
    if (!this.#settled) verify(this.#refusal === undefined);
  }

  async #authenticate(offered: readonly string[] | null, partial: boolean | null, next: NextAuthHandler): Promise<void> {
    try {
      const method = await this.#login.next(offered, partial);
      // ssh2's types leave out `false`, its documented word for "nothing left".
      if (!this.#settled) (next as (method: AnyAuthMethod | false) => void)(method);
    } catch (error) {
      this.#fail(this.#login.failure(error));
    }
  }

  #judge(error: Error): void {
    const { level, message } = asErrorLike(error);
    // One key of an agent that does not sign: ssh2 goes on with the next method by itself.
    if (level === 'agent') return;
    if (this.#refusal) this.#fail(this.#refusal);
    else if (level === 'client-authentication' || /too many authentication/i.test(message)) this.#fail(this.#login.failure(error));
    else this.#fail(connectionFailure(this.#options.settings, error));
  }

  #closed(): OpenError {
    const { settings } = this.#options;
    if (this.#phase !== 'login') return connectionFailure(settings, new Error('the other side closed it'));
    return failure('unreachable', `${settings.label} closed the connection during the login. sshd does this when the login takes too long (LoginGraceTime) or the user may not log in.`);
  }

  #succeed(): void {
    if (this.#settled) return this.#discard();
    this.#settle();
    this.#login.succeeded();
    this.#resolve(this.#client);
  }

  #fail(reason: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.#discard();
    this.#reject(reason instanceof Error ? reason : new Error(String(reason)));
  }

  #settle(): void {
    this.#settled = true;
    this.#deadline.clear();
    this.#patience.clear();
  }

  #discard(): void {
    this.#client.destroy();
    this.#socket?.destroy();
    this.#options.through?.destroy();
  }
}
