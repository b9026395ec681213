import { isAbsolute, join } from 'node:path';
import { UserError } from '../../base/error.ts';
import { configValues, type ConfigSource, type ConfigValues } from './config-files.ts';
import { formatDestination, parseDestination } from './destination.ts';
import { hostKeyName } from './known-hosts.ts';

/** What a person or a saved target says of a host. It goes before ~/.ssh/config. */
export interface SshSpec {
  /** `name`, `user@host`, `user@host:port`, `ssh://…`; a name of ~/.ssh/config too. */
  readonly destination: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  /** Private key file. */
  readonly identity?: string | undefined;
  /** File of host keys to use instead of the configured ones. */
  readonly knownHosts?: string | undefined;
  /** Hops as ProxyJump takes them: `a,user@b:2222`, or `none`. */
  readonly proxyJump?: string | undefined;
  /** `SHA256:…` of the only host key to accept. */
  readonly hostKey?: string | undefined;
}

/** Everything needed to connect to one host. */
export interface SshSettings {
  /** `user@host:port`, for messages. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Private key files in the order to try; `given` when somebody named them. */
  readonly identityFiles: readonly string[];
  readonly identitiesGiven: boolean;
  readonly identitiesOnly: boolean;
  /** Socket of the agent; undefined for none. */
  readonly agent: string | undefined;
  readonly jump: SshSettings | undefined;
  /** A ProxyCommand, which we do not run. */
  readonly proxyCommand: string | undefined;
  /** The name in known_hosts. */
  readonly hostKeyName: string;
  /** The name that also counts: OpenSSH accepts a key known for the host without its port. */
  readonly hostKeyFallback: string | undefined;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly hashKnownHosts: boolean;
  readonly hostKeyChecking: 'ask' | 'yes' | 'accept-new' | 'no';
  readonly pinnedHostKey: string | undefined;
  /** Milliseconds for connecting and logging in, not counting time a person needs to answer. */
  readonly connectTimeoutMs: number;
  readonly keepaliveMs: number;
  readonly keepaliveCount: number;
  /** False under BatchMode: no password and no passphrase is asked for. */
  readonly interactive: boolean;
}

export interface SshWorld extends ConfigSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly localUser: string;
  readonly platform: NodeJS.Platform;
  /** A saved target's spec by name, for jump hosts. */
  readonly saved?: (name: string) => SshSpec | undefined;
}

const DEFAULT_IDENTITIES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
const DEFAULT_CONNECT_TIMEOUT_S = 20;
/** So often that a person is told of a silent host within seconds; given up after 50 s. */
const DEFAULT_KEEPALIVE_S = 5;
const DEFAULT_KEEPALIVE_COUNT = 9;

/** The settings for a host. Throws UserError for a bad destination or an unreadable configuration. */
export function resolveSettings(spec: SshSpec, world: SshWorld, trail: readonly string[] = []): SshSettings {
  const destination = parseDestination(spec.destination);
  const givenUser = spec.user ?? destination.user;
  const values = new Values(configValues({ host: destination.host, user: givenUser, localUser: world.localUser }, world));
  // As ssh does: names of hosts know no case, and known_hosts holds them in lower case.
  const host = expand(values.text('hostname') ?? destination.host, { '%h': destination.host }, {}).toLowerCase();
  const port = spec.port ?? destination.port ?? values.number('port') ?? 22;
  const user = givenUser ?? values.text('user') ?? world.localUser;
  const label = formatDestination(user, host, port);
  if (trail.includes(label)) throw jumpLoop([...trail, label]);
  const alias = values.text('hostkeyalias');
  const tokens = { '%d': world.home, '%h': host, '%n': destination.host, '%p': String(port), '%r': user, '%u': world.localUser, '%k': alias ?? destination.host };
  const path = (text: string): string => expandPath(text, tokens, world);
  return {
    label,
    host,
    port,
    user,
    ...identities(spec, values, path, world),
    ...proxy(spec, values, world, [...trail, label]),
    ...hostKeys(spec, values, path),
    hostKeyName: alias?.toLowerCase() ?? hostKeyName(host, port),
    hostKeyFallback: alias === undefined && port !== 22 ? host.toLowerCase() : undefined,
    connectTimeoutMs: 1000 * (values.seconds('connecttimeout') ?? DEFAULT_CONNECT_TIMEOUT_S),
    keepaliveMs: 1000 * (values.seconds('serveraliveinterval') ?? DEFAULT_KEEPALIVE_S),
    keepaliveCount: values.positive('serveralivecountmax') ?? (values.seconds('serveraliveinterval') === undefined ? DEFAULT_KEEPALIVE_COUNT : 3),
    interactive: values.text('batchmode')?.toLowerCase() !== 'yes',
  };
}

type IdentityPart = Pick<SshSettings, 'identityFiles' | 'identitiesGiven' | 'identitiesOnly' | 'agent'>;

function identities(spec: SshSpec, values: Values, path: (text: string) => string, world: SshWorld): IdentityPart {
  const configured = values.list('identityfile');
  const named = (spec.identity === undefined ? configured : [spec.identity, ...configured]).filter((file) => file !== 'none');
  const files = named.length > 0 || configured.includes('none') ? named.map(path) : DEFAULT_IDENTITIES.map((file) => join(world.home, '.ssh', file));
  return {
    identityFiles: [...new Set(files)],
    identitiesGiven: named.length > 0,
    identitiesOnly: values.yes('identitiesonly'),
    agent: agentSocket(values.text('identityagent'), path, world),
  };
}

/** IdentityAgent: a path, `none`, `SSH_AUTH_SOCK`, or `$NAME` of a variable holding the path. */
function agentSocket(configured: string | undefined, path: (text: string) => string, world: SshWorld): string | undefined {
  if (configured?.toLowerCase() === 'none') return undefined;
  const variable = /^\$(\w+)$/.exec(configured ?? '$SSH_AUTH_SOCK')?.[1];
  if (configured !== undefined && configured !== 'SSH_AUTH_SOCK' && variable === undefined) return path(configured);
  const socket = world.env[variable ?? 'SSH_AUTH_SOCK'];
  if (socket) return socket;
  return world.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined;
}

function proxy(spec: SshSpec, values: Values, world: SshWorld, trail: readonly string[]): Pick<SshSettings, 'jump' | 'proxyCommand'> {
  const none = { jump: undefined, proxyCommand: undefined };
  const chain = spec.proxyJump ?? values.text('proxyjump');
  if (chain === undefined || chain === '') {
    const command = values.list('proxycommand').join(' ');
    return command === '' || command.toLowerCase() === 'none' ? none : { ...none, proxyCommand: command };
  }
  if (chain.toLowerCase() === 'none') return none;
  const hops = chain.split(',').map((hop) => hop.trim());
  const last = hops.pop() ?? '';
  const known = spec.proxyJump === undefined ? undefined : world.saved?.(last);
  // As `ssh -J a,b`: the hops before the last one replace what is configured for the last one.
  const jump: SshSpec = { ...(known ?? { destination: last }), ...(hops.length > 0 ? { proxyJump: hops.join(',') } : {}) };
  return { ...none, jump: resolveSettings(jump, world, trail) };
}

function jumpLoop(trail: readonly string[]): UserError {
  return new UserError('ssh-config', `The jump hosts form a loop: ${trail.join(' → ')}. Give the jump host "ProxyJump none" in ~/.ssh/config.`);
}

type HostKeyPart = Pick<SshSettings, 'userKnownHosts' | 'globalKnownHosts' | 'hashKnownHosts' | 'hostKeyChecking' | 'pinnedHostKey'>;

function hostKeys(spec: SshSpec, values: Values, path: (text: string) => string): HostKeyPart {
  const files = (name: string, fallback: readonly string[]): string[] => {
    const given = values.list(name);
    return (given.length > 0 ? given : fallback).filter((file) => file.toLowerCase() !== 'none').map(path);
  };
  return {
    userKnownHosts: spec.knownHosts === undefined ? files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']) : [path(spec.knownHosts)],
    globalKnownHosts: files('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    hashKnownHosts: values.yes('hashknownhosts'),
    hostKeyChecking: checking(values.text('stricthostkeychecking')?.toLowerCase()),
    pinnedHostKey: spec.hostKey,
  };
}

function checking(value: string | undefined): SshSettings['hostKeyChecking'] {
  if (value === 'yes' || value === 'true') return 'yes';
  if (value === 'accept-new') return 'accept-new';
  return value === 'no' || value === 'off' || value === 'false' ? 'no' : 'ask';
}

/** `%x` tokens and `${NAME}` variables; what is unknown stays as it is. */
function expand(text: string, tokens: Readonly<Record<string, string>>, env: SshWorld['env']): string {
  const known: Readonly<Record<string, string>> = { ...tokens, '%%': '%' };
  return text.replace(/%./g, (token) => known[token] ?? token).replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole);
}

function expandPath(text: string, tokens: Readonly<Record<string, string>>, world: SshWorld): string {
  const path = expand(text, tokens, world.env);
  if (path === '~' || path.startsWith('~/')) return join(world.home, path.slice(1));
  // ssh itself takes relative names from where it was started; an editor has no such place.
  return isAbsolute(path) || path.startsWith('\\\\') ? path : join(world.home, '.ssh', path);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

class Values {
  readonly #values: ConfigValues;

  constructor(values: ConfigValues) {
    this.#values = values;
  }

  list(name: string): readonly string[] {
    return this.#values[name] ?? [];
  }

  text(name: string): string | undefined {
    return this.list(name)[0];
  }

  yes(name: string): boolean {
    return /^(yes|true)$/i.test(this.text(name) ?? '');
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }

  /** A time as sshd_config(5) has it: `90`, `1m30s`. Undefined for none, and for 0. */
  seconds(name: string): number | undefined {
    const text = this.text(name) ?? '';
    if (!/^(\d{1,6}[smhdw]?)+$/i.test(text)) return undefined;
    const parts = [...text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)].map(([, count, unit = '']) => Number(count) * (SECONDS[unit] ?? 1));
    return parts.reduce((sum, part) => sum + part) || undefined;
  }

  positive(name: string): number | undefined {
    const number = this.number(name);
    return number !== undefined && number > 0 ? number : undefined;
  }
}
