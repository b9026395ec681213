import { posix, dirname, join } from 'node:path';
import SSHConfig, { type Directive, type Line, type Match, type Section } from 'ssh-config';
import { describeError, UserError } from '../../base/error.ts';
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
export type ConfigValues = Readonly<Record<string, string | string[]>>;

/** As deep as OpenSSH goes (readconf.c, READCONF_MAX_DEPTH). */
const MAX_DEPTH = 16;

/**
 * The values ~/.ssh/config, the files it includes and the system's file give for a host as it was
 * typed. Throws UserError naming the file when one cannot be parsed. Runs nothing: `Match exec`
 * never matches and CanonicalizeHostname is left out, because the ssh-config package would start
 * programs for them.
 */
export function configValues(query: { host: string; user?: string }, source: ConfigSource): ConfigValues {
  const flat = flatten(query, source);
  return flat.compute(flat.lines);
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

function hostPatterns(host: string, source: ConfigSource): string[][] {
  const { lines } = flatten({ host }, source);
  return lines.flatMap((line) => (isSection(line) && /^host$/i.test(line.param) ? [words(line)] : []));
}

function flatten(query: { host: string; user?: string }, source: ConfigSource): Flattened {
  const flat = new Flattened(query, source);
  flat.addFile(join(source.home, '.ssh', 'config'), join(source.home, '.ssh'), 0);
  if (source.systemConfig !== undefined) flat.addFile(source.systemConfig, dirname(source.systemConfig), 0);
  return flat;
}

/** One list of lines with every Include replaced by what it includes, for one host. */
class Flattened {
  readonly lines: Line[] = [];
  readonly #query: { host: string; user?: string };
  readonly #source: ConfigSource;

  constructor(query: { host: string; user?: string }, source: ConfigSource) {
    this.#query = query;
    this.#source = source;
  }

  compute(lines: readonly Line[]): ConfigValues {
    const config = new SSHConfig();
    config.push(...lines);
    const { host, user } = this.#query;
    return config.compute({ Host: host, ...(user === undefined ? {} : { User: user }) }, { ignoreCase: true, matchExec: false });
  }

  /** `base` is what relative names in Include lines start from. */
  addFile(path: string, base: string, depth: number): void {
    const text = this.#source.reader.read(path);
    if (text === undefined) return;
    if (depth > MAX_DEPTH) throw new UserError('ssh-config', `${path} is included more than ${MAX_DEPTH} levels deep. Does it include itself?`);
    this.#add(parse(text, path), base, depth);
  }

  #add(lines: readonly Line[], base: string, depth: number): void {
    for (const line of lines) {
      if (!isDirective(line)) continue;
      if (isSection(line)) this.#addSection(line, base, depth);
      else if (/^include$/i.test(line.param)) this.#include(line, base, depth);
      else this.lines.push(...kept(line));
    }
  }

  /** A section that holds an Include and applies counts as if its lines stood outside of it. */
  #addSection(section: Section | Match, base: string, depth: number): void {
    const inner = [...section.config];
    if (!inner.some((line) => isDirective(line) && /^include$/i.test(line.param))) {
      const config = new SSHConfig();
      config.push(...inner.flatMap((line) => (isDirective(line) ? kept(line) : [])));
      this.lines.push({ ...section, config });
    } else if (this.#applies(section)) {
      this.#add(inner, base, depth);
    }
  }

  /** Asks the parser itself: with a mark inside, does the mark come out? */
  #applies(section: Section | Match): boolean {
    const mark = SSHConfig.parse('KgentMark yes');
    return 'kgentmark' in this.compute([...this.lines, { ...section, config: mark }]);
  }

  #include(line: Directive, base: string, depth: number): void {
    for (const word of words(line)) {
      const tilde = word.startsWith('~/') ? join(this.#source.home, word.slice(2)) : word;
      const path = tilde.startsWith('/') || /^[A-Za-z]:/.test(tilde) ? tilde : join(base, tilde);
      for (const file of expandGlob(path, this.#source.reader)) this.addFile(file, base, depth + 1);
    }
  }
}

function parse(text: string, file: string): SSHConfig {
  try {
    return SSHConfig.parse(text);
  } catch (error) {
    throw new UserError('ssh-config', `${file} cannot be read as an SSH configuration: ${describeError(error)}. Check it with: ssh -G localhost`, { cause: error });
  }
}

function isDirective(line: Line): line is Directive | Section | Match {
  return 'param' in line;
}

function isSection(line: Line): line is Section | Match {
  return 'config' in line;
}

function words(line: Directive): string[] {
  return typeof line.value === 'string' ? [line.value] : line.value.map((word) => word.val);
}

/** The parser knows these two by exact case only; CanonicalizeHostname would make it run nslookup. */
function kept(line: Directive): Directive[] {
  if (/^canonicalizehostname$/i.test(line.param)) return [];
  if (/^hostname$/i.test(line.param)) return [{ ...line, param: 'HostName' }];
  if (/^user$/i.test(line.param)) return [{ ...line, param: 'User' }];
  return [line];
}

/** The files a pattern means, sorted as glob(3) sorts them. */
function expandGlob(pattern: string, reader: ConfigReader): string[] {
  const slashed = pattern.replaceAll('\\', '/');
  if (!/[*?]/.test(slashed)) return [pattern];
  const [first = '', ...rest] = slashed.split('/');
  return rest.reduce<string[]>((found, part) => found.flatMap((directory) => step(directory, part, reader)), [first]);
}

function step(directory: string, part: string, reader: ConfigReader): string[] {
  if (!/[*?]/.test(part)) return [posix.join(directory || '/', part)];
  const names = reader.list(directory || '/').filter((name) => matchesPatterns(name, [part]) && (part.startsWith('.') || !name.startsWith('.')));
  return names.toSorted().map((name) => posix.join(directory || '/', name));
}
