import { readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { LocalTarget } from './local.ts';
import { NO_TARGET, NoTarget } from './none.ts';
import { resolveSettings, type SshSpec, type SshWorld } from './ssh/config.ts';
import { configuredHosts, isConfigured } from './ssh/config-files.ts';
import { parseDestination } from './ssh/destination.ts';
import { Hops } from './ssh/hops.ts';
import { SshTarget } from './ssh/target.ts';
import { checkName, SavedTargets } from './saved.ts';
import { Secrets } from './secrets.ts';
import type { InventoryStore } from './store.ts';
import type { Ask, Target } from './target.ts';
import { wslDistribution, WslTarget } from './wsl.ts';

export interface TargetsOptions {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ask: Ask;
  readonly log: Log;
  /** The system's SSH configuration; its usual place when absent. */
  readonly systemConfig?: string;
  /** What is known of targets from one session to the next; nothing is kept when absent. */
  readonly store?: InventoryStore;
}

export interface ListedTarget {
  readonly name: string;
  readonly kind: Target['kind'];
  /** What it is, for a person. */
  readonly detail: string;
}

/** All targets: this machine, the saved ones, and any SSH destination a person writes. */
export class Targets {
  readonly #options: TargetsOptions;
  readonly #saved: SavedTargets;
  readonly #local: LocalTarget;
  readonly #none = new NoTarget();
  readonly #distributions = new Map<string, WslTarget>();
  readonly #world: SshWorld;
  readonly #secrets: Secrets;
  readonly #hops = new Hops();
  readonly #listeners: ((target: string, isConnected: boolean) => void)[] = [];
  /** One object, so one connection, per name; `spec` tells whether what is saved changed meanwhile. */
  readonly #open = new Map<string, { readonly target: SshTarget; readonly spec: string }>();

  constructor(options: TargetsOptions) {
    this.#options = options;
    this.#secrets = new Secrets(options.ask);
    this.#local = new LocalTarget(process.platform, options.store, this.#secrets);
    this.#saved = new SavedTargets(join(options.env['XDG_CONFIG_HOME'] || join(options.home, '.config'), 'kgent', 'targets.json'));
    this.#world = {
      home: options.home,
      env: options.env,
      localUser: localUser(options.env),
      platform: process.platform,
      systemConfig: options.systemConfig ?? systemConfig(options.env),
      reader: { read: readText, list: listDirectory },
      saved: (name) => this.#saved.read().get(name),
    };
  }

  /** This machine and the saved targets. Throws UserError when the file is broken. */
  list(): ListedTarget[] {
    const saved = [...this.#saved.read()].map(([name, spec]): ListedTarget => ({ name, kind: 'ssh', detail: describe(spec) }));
    const wsl: ListedTarget[] = process.platform === 'win32' ? [{ name: 'wsl', kind: 'local', detail: 'the default distribution of WSL; wsl:NAME is another' }] : [];
    return [{ name: 'local', kind: 'local', detail: 'this machine' }, ...wsl, ...saved];
  }

  /** Tells when a connection stands and when it dropped; it is made again when it is needed. */
  onConnection(listener: (target: string, isConnected: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** The hosts ~/.ssh/config names. */
  configured(): string[] {
    return configuredHosts(this.#world);
  }

  /** Whether a target that is not saved yet could be, as far as it was given. Throws a UserError that says why not. */
  judge({ name, destination }: { name?: string | undefined; destination?: string | undefined }): void {
    if (destination !== undefined) parseDestination(destination);
    if (name === undefined) return;
    checkName(name);
    if (this.#saved.read().has(name)) throw new UserError('bad-target', `There is a target '${name}' already.`);
  }

  /** What was answered under these keys is not used again; connections that stand are kept. */
  forgetSecrets(keys: readonly string[]): void {
    this.#secrets.forget(keys);
  }

  /** Saves a target, in place of one of the same name. Throws UserError for what cannot be one. */
  async add(name: string, spec: SshSpec): Promise<void> {
    await this.#saved.add(name, spec);
    await this.#close(name);
  }

  /** Throws UserError when no such target is saved. */
  async remove(name: string): Promise<void> {
    if (!(await this.#saved.remove(name))) throw new UserError('unknown-target', `There is no saved target '${name}'. ${this.#known()}`);
    await this.#close(name);
  }

  /**
   * The target of a name: `local`, on Windows `wsl` and `wsl:DISTRIBUTION`, `none` for no machine (which is no target to list), a saved one, a host of ~/.ssh/config, or a destination such as
   * `user@host`. A bare word that is none of these is taken for a slip and not looked up in DNS:
   * a name of a target mistyped must not log in somewhere else. Throws UserError for it.
   */
  get(name: string): Target {
    const wanted = name.trim();
    if (wanted === 'local') return this.#local;
    if (wanted === NO_TARGET) return this.#none;
    const saved = isName(wanted) ? this.#saved.read().get(wanted) : undefined;
    if (!saved && process.platform === 'win32' && wslDistribution(wanted) !== undefined) return this.#wsl(wanted);
    const spec = saved ?? this.#adHoc(wanted);
    const text = JSON.stringify(spec);
    const open = this.#open.get(wanted);
    if (open?.spec === text) return open.target;
    void open?.target.dispose();
    const target = new SshTarget(wanted, () => resolveSettings(spec, this.#world), { secrets: this.#secrets, hops: this.#hops, log: this.#options.log, changed: (isConnected) => this.#listeners.forEach((listener) => listener(wanted, isConnected)) }, this.#options.store);
    this.#open.set(wanted, { target, spec: text });
    return target;
  }

  async dispose(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(({ target }) => target.dispose()));
  }

  #wsl(name: string): WslTarget {
    const target = this.#distributions.get(name) ?? new WslTarget(name, this.#options.store);
    this.#distributions.set(name, target);
    return target;
  }

  #adHoc(wanted: string): SshSpec {
    const { host } = parseDestination(wanted);
    const bare = host === wanted && /^[^.:]+$/.test(host) && host !== 'localhost';
    if (bare && !isConfigured(host, this.#world)) {
      throw new UserError('unknown-target', `There is no target '${wanted}'. ${this.#known()} For another host write user@${wanted} or ssh://${wanted}.`);
    }
    return { destination: wanted };
  }

  #known(): string {
    const names = ['local', ...this.#saved.read().keys()].join(', ');
    const hosts = configuredHosts(this.#world);
    const more = hosts.length > 10 ? ', …' : '';
    return `Known targets: ${names}${hosts.length > 0 ? `; hosts of ~/.ssh/config: ${hosts.slice(0, 10).join(', ')}${more}` : ''}.`;
  }

  async #close(name: string): Promise<void> {
    const open = this.#open.get(name);
    this.#open.delete(name);
    await this.#options.store?.forgetTarget(name);
    await open?.target.dispose();
  }
}

/** Saved names only: what holds an @, a colon or a slash is a destination. */
function isName(text: string): boolean {
  return /^[\w.-]+$/.test(text);
}

function describe(spec: SshSpec): string {
  const { destination, user, port, proxyJump } = spec;
  const address = `${user === undefined ? '' : `${user}@`}${destination}${port === undefined ? '' : ` port ${port}`}`;
  return proxyJump === undefined || proxyJump === 'none' ? address : `${address} through ${proxyJump}`;
}

function localUser(env: TargetsOptions['env']): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the password file, as in some containers.
    return env['USER'] ?? env['USERNAME'] ?? 'root';
  }
}

function systemConfig(env: TargetsOptions['env']): string {
  return process.platform === 'win32' ? join(env['ProgramData'] ?? 'C:\\ProgramData', 'ssh', 'ssh_config') : '/etc/ssh/ssh_config';
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
