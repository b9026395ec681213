import { posix, dirname, join } from 'node:path';
import { UserError } from '../../base/error.ts';
import { configLines, unreadable, type ConfigLine } from './config-lines.ts';
import { judgeMatch } from './config-match.ts';
import { matchesPatterns } from './wildcard.ts';

/** The files a configuration is read from; tests give their own. */
export interface ConfigReader {
  /** The text of a file; undefined when there is none or it may not be read. */
  read(path: string): string | undefined;
  /** The names in a directory; empty when there is none. */
  list(directory: string): readonly string[];
}

export interface ConfigSource {
  readonly reader: ConfigReader;
  readonly home: string;
  /** Read after the user's own; undefined for none. */
  readonly systemConfig: string | undefined;
}

/** What the files say of one host; keys in lower case. */
export type ConfigValues = Readonly<Record<string, readonly string[]>>;

/** As deep as OpenSSH goes (readconf.c, READCONF_MAX_DEPTH). */
const MAX_DEPTH = 16;

/** Keys of which every value counts; of all others the first one does. */
const LISTS = new Set(['identityfile']);

export interface ConfigQuery {
  /** As it was typed. */
  readonly host: string;
  readonly user?: string | undefined;
  readonly localUser: string;
}

/**
 * The values ~/.ssh/config, the files it includes and the system's file give for a host as it was typed. Throws UserError naming the
 * file when one cannot be parsed. Runs nothing: `Match exec` never matches, and CanonicalizeHostname changes nothing.
 */
export function configValues(query: ConfigQuery, source: ConfigSource): ConfigValues {
  const reading = new Reading(query, source);
  reading.readAll();
  if (reading.wantsFinal) reading.readAll();
  return reading.values();
}

/** The names that `Host` lines give without wildcards: what a person may pick from. */
export function configuredHosts(source: ConfigSource): string[] {
  const names = hostPatterns('', source).flat();
  return [...new Set(names.filter((name) => !/[*?!]/.test(name)))];
}

/** True when a `Host` line means this name in particular: not only by a lone `*`. */
export function isConfigured(name: string, source: ConfigSource): boolean {
  return hostPatterns(name, source).some((patterns) => patterns.some((p) => !/^[*?]*$/.test(p)) && matchesPatterns(name, patterns));
}

function hostPatterns(host: string, source: ConfigSource): readonly (readonly string[])[] {
  const reading = new Reading({ host, localUser: '' }, source);
  reading.readAll();
  return reading.hosts;
}

/** The files, read for one host. */
class Reading {
  /** The patterns of all Host lines that were come by. */
  readonly hosts: (readonly string[])[] = [];
  wantsFinal = false;
  readonly #values = new Map<string, string[]>();
  readonly #query: ConfigQuery;
  readonly #source: ConfigSource;
  #final = false;

  constructor(query: ConfigQuery, source: ConfigSource) {
    this.#query = query;
    this.#source = source;
  }

  /** Once, and again for what `Match final` holds back: then the HostName stands, and Host lines are judged by it (ssh.c, want_final_pass). */
  readAll(): void {
    this.#final = this.wantsFinal;
    if (this.#final) this.#values.set('hostname', [this.#host()]);
    const { home, systemConfig } = this.#source;
    this.#file(join(home, '.ssh', 'config'), join(home, '.ssh'), 0);
    if (systemConfig !== undefined) this.#file(systemConfig, dirname(systemConfig), 0);
  }

  values(): ConfigValues {
    return Object.fromEntries(this.#values);
  }

  /** `base` is what relative names in Include lines start from. */
  #file(path: string, base: string, depth: number): void {
    const text = this.#source.reader.read(path);
    if (text === undefined) return;
    if (depth > MAX_DEPTH) throw new UserError('ssh-config', `${path} is included more than ${MAX_DEPTH} levels deep. Does it include itself?`);
    let applies = true;
    for (const line of configLines(text, path)) {
      if (line.keyword === 'host') applies = this.#judgeHost(line.words);
      else if (line.keyword === 'match') applies = this.#judgeMatch(line, path);
      else if (!applies) continue;
      else if (line.keyword === 'include') this.#include(line.words, base, depth);
      else this.#set(line.keyword, line.words);
    }
  }

  #set(key: string, value: readonly string[]): void {
    const before = this.#values.get(key);
    if (before === undefined) this.#values.set(key, [...value]);
    else if (LISTS.has(key)) before.push(...value.filter((one) => !before.includes(one)));
  }

  #judgeHost(patterns: readonly string[]): boolean {
    this.hosts.push(patterns);
    return matchesPatterns(this.#final ? this.#host() : this.#query.host, patterns);
  }

  #judgeMatch({ words, line }: ConfigLine, file: string): boolean {
    const { host: original, user, localUser } = this.#query;
    const asked = { original: original.toLowerCase(), host: this.#host(), user: user ?? this.#values.get('user')?.[0] ?? localUser, localUser, final: this.#final };
    const verdict = judgeMatch(words, asked);
    if (verdict === undefined) throw unreadable(file, line, 'a criterion of Match has no value');
    this.wantsFinal ||= verdict.wantsFinal;
    return verdict.applies;
  }

  #host(): string {
    const { host } = this.#query;
    return (this.#values.get('hostname')?.[0] ?? host).replaceAll('%h', host).toLowerCase();
  }

  #include(patterns: readonly string[], base: string, depth: number): void {
    for (const word of patterns) {
      const tilde = word.startsWith('~/') ? join(this.#source.home, word.slice(2)) : word;
      const path = tilde.startsWith('/') || /^[A-Za-z]:/.test(tilde) ? tilde : join(base, tilde);
      for (const file of expandGlob(path, this.#source.reader)) this.#file(file, base, depth + 1);
    }
  }
}

/** The files a pattern means, sorted as glob(3) sorts them. */
function expandGlob(pattern: string, reader: ConfigReader): string[] {
  const slashed = pattern.replaceAll('\\', '/');
  if (!/[*?[]/.test(slashed)) return [pattern];
  const [first = '', ...rest] = slashed.split('/');
  return rest.reduce<string[]>((found, part) => found.flatMap((directory) => step(directory, part, reader)), [first]);
}

function step(directory: string, part: string, reader: ConfigReader): string[] {
  if (!/[*?[]/.test(part)) return [posix.join(directory || '/', part)];
  const matches = glob(part);
  const names = reader.list(directory || '/').filter((name) => matches.test(name) && (part.startsWith('.') || !name.startsWith('.')));
  return names.toSorted().map((name) => posix.join(directory || '/', name));
}

/** One name of a path: `*`, `?` and, unlike in the patterns of hosts, `[a-z]` and `[!a-z]`. */
function glob(part: string): RegExp {
  const pieces = part.match(/\[!?\]?[^\]]*\]|./gsu) ?? [];
  const source = pieces.map((piece) => {
    if (piece.length > 1 && piece.startsWith('[')) return piece.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return piece === '*' ? '.*' : piece === '?' ? '.' : piece.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 's');
}
