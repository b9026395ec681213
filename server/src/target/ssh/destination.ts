import { UserError } from '../../base/error.ts';
import { shorten } from '../../base/text.ts';

/** Where to connect, as a person writes it. What is not written comes from ~/.ssh/config. */
export interface Destination {
  /** A name of ~/.ssh/config, a host name or an address without brackets. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

/** `name`, `user@host`, `user@host:port`, `[2001:db8::1]:22`, `ssh://user@host:port`. Throws UserError. */
export function parseDestination(text: string): Destination {
  const trimmed = text.trim();
  const url = /^ssh:\/\//i.test(trimmed);
  const body = url ? trimmed.slice('ssh://'.length).replace(/\/$/, '') : trimmed;
  // A user name may hold an @ (`me@corp@host`), a host never does.
  const at = body.lastIndexOf('@');
  const user = at < 0 ? undefined : url ? decode(body.slice(0, at), text) : body.slice(0, at);
  const [host, port] = splitPort(body.slice(at + 1), text);
  if (user !== undefined && !isUser(user)) throw bad(text, `'${user}' is no user name`);
  if (!isHost(host)) throw bad(text, host === '' ? 'the host is missing' : `'${host}' is no host name`);
  return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
}

function splitPort(text: string, whole: string): [string, number | undefined] {
  const bracketed = /^\[([^[\]]*)\](?::(.*))?$/s.exec(text);
  if (bracketed) return [bracketed[1] ?? '', parsePort(bracketed[2], whole)];
  const parts = text.split(':');
  // Two colons or more: an IPv6 address written without brackets, which leaves no room for a port.
  if (parts.length !== 2) return [text, undefined];
  return [parts[0] ?? '', parsePort(parts[1], whole)];
}

function parsePort(text: string | undefined, whole: string): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw bad(whole, `'${text}' is no port number (1 to 65535)`);
  return port;
}

/** No option for anything that sees it on a command line, nothing a shell or a terminal acts on. */
function isHost(host: string): boolean {
  return /^[\p{L}\p{N}_.:%-]+$/u.test(host) && !host.startsWith('-') && host.length <= 255;
}

function isUser(user: string): boolean {
  return user !== '' && !user.startsWith('-') && !/[\s'"`$\\;&<>|(){}\x00-\x1f\x7f]/.test(user);
}

function decode(text: string, whole: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad(whole, `'${text}' is not percent-encoded correctly`);
  }
}

function bad(text: string, why: string): UserError {
  const shown = shorten(JSON.stringify(text), 100);
  return new UserError('bad-destination', `${shown} is no SSH destination: ${why}. Write it as name, user@host, user@host:port or ssh://user@host:port.`);
}

/** `user@host:port` as one would type it; an IPv6 address gets brackets where the port needs them. */
export function formatDestination(user: string, host: string, port: number): string {
  const shown = port !== 22 && host.includes(':') ? `[${host}]` : host;
  return `${user}@${shown}${port === 22 ? '' : `:${port}`}`;
}
