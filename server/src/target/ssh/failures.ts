import { printable, shorten } from '../../base/text.ts';
import { OpenError } from '../supervise.ts';
import type { FailureReason } from '../target.ts';
import type { SshSettings } from './config.ts';

/** A failed connection as what every request then answers. */
export function failure(reason: FailureReason, message: string, cause?: unknown): OpenError {
  return new OpenError({ kind: 'failed', reason, message, ...(cause === undefined ? {} : { cause }) });
}

/** How far a connection attempt came; it decides what silence means. */
export type Phase = 'tcp' | 'handshake' | 'login';

/** How long a host may take before a person is told that we wait. */
export const PATIENCE_MS = 3_000;

/** A notice, not a failure: it may still answer. */
export function waiting(label: string, why: string): string {
  return `Waiting for ${label}: ${why} …`;
}

const WAITING: Readonly<Record<Phase, string>> = {
  tcp: 'no answer to the connection yet',
  handshake: 'it accepted the connection, and its SSH server says nothing yet',
  login: 'the login takes long',
};

export function waitingToConnect(settings: SshSettings, phase: Phase): string {
  return waiting(settings.label, WAITING[phase]);
}

export function timedOut(settings: SshSettings, phase: Phase): OpenError {
  const { label, connectTimeoutMs } = settings;
  const seconds = `${connectTimeoutMs / 1000} s`;
  const messages: Record<Phase, string> = {
    tcp: `${where(settings)} did not answer within ${seconds}. Is the machine up, the address right, and the way to it open (firewall, VPN)?`,
    handshake: `${where(settings)} accepts connections, but no SSH server answered there within ${seconds}. Is this the port of its SSH server?`,
    login: `${label} did not finish the login within ${seconds}. ConnectTimeout in ~/.ssh/config gives a slow host more time.`,
  };
  return failure('unreachable', messages[phase]);
}

/** System errors of a connection attempt: Node's code and what it means for a person. */
const SOCKET_ERRORS: Readonly<Record<string, (settings: SshSettings) => string>> = {
  ECONNREFUSED: (s) => `${where(s)} refused the connection: nothing listens there. Is its SSH server running, and is the port right?`,
  ENOTFOUND: (s) => `There is no host named '${s.host}': neither DNS nor ~/.ssh/config knows it.`,
  EAI_AGAIN: (s) => `The name '${s.host}' could not be looked up: the name server did not answer. Is this machine online?`,
  EHOSTUNREACH: (s) => `There is no route to ${where(s)}. Is the machine up, and are you in its network (VPN)?`,
  ENETUNREACH: (s) => `The network of ${where(s)} cannot be reached. Is this machine online (VPN)?`,
  ETIMEDOUT: (s) => `${where(s)} did not answer. Is the machine up, and does a firewall drop the connection?`,
  ECONNRESET: (s) => `${where(s)} closed the connection at once. sshd does this when too many logins are under way (MaxStartups) or after failed ones (a ban).`,
  EACCES: (s) => `This machine may not connect to ${where(s)}: a local rule forbids it.`,
};

/** What an error of ssh2 before the login means. */
export function connectionFailure(settings: SshSettings, error: unknown): OpenError {
  const { code, message, level } = asErrorLike(error);
  const socket = typeof code === 'string' ? SOCKET_ERRORS[code]?.(settings) : undefined;
  if (socket !== undefined) return failure('unreachable', socket, error);
  // ssh2: "Connection lost before handshake", when the other side closes before it says SSH-2.0.
  if (/before handshake/i.test(message)) return failure('unreachable', SOCKET_ERRORS['ECONNRESET']?.(settings) ?? message, error);
  if (/no matching/i.test(message)) {
    return failure('unreachable', `${where(settings)} and Kgent have no common way to encrypt (${said(message)}). The SSH server there is too old or too restricted.`, error);
  }
  if (/identification string|Invalid header|greeting lines/i.test(message)) {
    return failure('unreachable', `What answers at ${where(settings)} is no SSH server. Is the port right?`, error);
  }
  const during = level === 'handshake' || level === 'protocol' ? 'SSH handshake' : 'connection';
  return failure('unreachable', `The ${during} with ${where(settings)} failed: ${said(message)}. Try again; ssh -v shows more of it.`, error);
}

/** A jump host's failure, told as such. */
export function jumpFailure(settings: SshSettings, error: OpenError): OpenError {
  const jump = settings.jump?.label ?? '';
  return failure(error.failure.reason, `${settings.label} is reached through the jump host ${jump}, and that failed: ${error.message}`, error);
}

/** The jump host answered, but could not connect to the next host: `(SSH) Channel open failure: …`. */
export function forwardFailure(settings: SshSettings, next: SshSettings, error: unknown): OpenError {
  const { message } = asErrorLike(error);
  const forbidden = /prohibited/i.test(message);
  const why = said(message.replace(/^\(SSH\) Channel open failure: /, ''));
  const advice = forbidden ? 'Its sshd must allow it: AllowTcpForwarding yes.' : 'Is that machine up, and is its port right?';
  return failure('unreachable', `The jump host ${settings.label} could not connect to ${where(next)} (${why}). ${advice}`, error);
}

export function where(settings: SshSettings): string {
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `${host} port ${settings.port}`;
}

/** Text of the other side, fit for a message. */
export function said(text: string): string {
  return printable(shorten(text.trim(), 300));
}

interface ErrorLike {
  readonly message: string;
  readonly code?: unknown;
  readonly level?: unknown;
}

export function asErrorLike(error: unknown): ErrorLike {
  return error instanceof Error ? error : { message: String(error) };
}
