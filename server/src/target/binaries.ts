import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { describeError } from '../base/error.ts';
import { Binary, buildIdOf, type BinaryParts } from '../kernel/elf/binary.ts';
import type { Facts } from '../kernel/facts.ts';
import { BINARY_SCRIPT } from './binary-script.ts';
import type { Outcome, Ran, Target } from './target.ts';

/** Bytes of symbol tables, their names and notes that are read at once; a browser with all its symbols has 100 MB. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Time to read them; a slow line needs a while for a large program. */
const TIMEOUT_MS = 60_000;

const MAX_NOTICED = 200;

export type BinariesOutcome =
  | {
      readonly kind: 'known';
      readonly binaries: readonly Found[];
      /** What could not be read, each a sentence. */
      readonly problems: readonly string[];
    }
  | Exclude<Outcome, Ran>;

/** A binary, by the path it was found under. */
export interface Found {
  readonly path: string;
  readonly binary: Binary;
}

interface Known {
  readonly stamp: string;
  readonly binary: Binary;
}

/** The binaries of one target that were read, each as long as its file is the same. */
export class Binaries {
  readonly #target: Target;
  readonly #known = new Map<string, Known>();
  /** Paths that were asked for, there or not. */
  readonly #noticed = new Set<string>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** What was read of a path before, without asking whether it changed. */
  known(path: string): Binary | undefined {
    return this.#known.get(path)?.binary;
  }

  /** Reads one path unless that was done before, whatever came of it; never rejects. `again`: asks whether it changed. */
  async notice(path: string, { again, ...options }: { facts: Facts; signal?: AbortSignal | undefined; again: boolean }): Promise<void> {
    if (this.#noticed.has(path) && !(again && this.#known.has(path))) return;
    this.#noticed.add(path);
    const outcome = await this.read(path, options);
    // Somebody who types leaves many beginnings of names behind.
    if (outcome.kind !== 'known' || this.#noticed.size > MAX_NOTICED) this.#noticed.clear();
  }

  /** The binaries a path means: one, or those that match it when it holds `*`. A word without a slash is a program on the PATH. */
  async read(path: string, options: { facts: Facts; signal?: AbortSignal | undefined }): Promise<BinariesOutcome> {
    const outcome = await this.#ask(path, path.includes('*') ? 'glob' : 'path', options);
    if (outcome.kind !== 'ran') return outcome;
    const told = await Promise.all(filesOf(outcome.stdout).map(partsOf));
    const debug = await this.#debugFiles(told, options);
    const found: Found[] = [];
    const problems = told.length === 0 ? [`There is no file ${path} on ${this.#target.name}.`] : [];
    for (const { file, parts, problem } of told) {
      const known = await this.#take(file, parts, debug);
      if (known) found.push({ path: file.path, binary: known.binary });
      else problems.push(`${file.path} on ${this.#target.name} ${problem}.`);
      // What was written is remembered too: a program's name stands for its path.
      if (known && told.length === 1) this.#known.set(path, known);
    }
    return { kind: 'known', binaries: found, problems };
  }

  #ask(path: string, how: 'path' | 'glob', { facts, signal }: { facts: Facts; signal?: AbortSignal | undefined }): Promise<Outcome> {
    const stamps = [...this.#known.values()].map(({ stamp }) => `${stamp};`).join('');
    const argv = ['sh', '-c', BINARY_SCRIPT, 'sh', String(MAX_BYTES), stamps, path, how] as const;
    return this.#target.exec({ argv, asRoot: facts.root !== 'none', timeoutMs: TIMEOUT_MS, signal, maxOutputBytes: 2 * MAX_BYTES });
  }

  /** Distributions take symbols out of programs and offer them in files of their own, named by the build id; bpftrace reads them. */
  async #debugFiles(told: readonly Told[], options: { facts: Facts; signal?: AbortSignal | undefined }): Promise<ReadonlyMap<string, BinaryParts>> {
    const ids = told.flatMap(({ parts }) => (parts ? [buildIdOf(parts)] : [])).filter((id) => id.length > 2);
    if (ids.length === 0) return new Map();
    const outcome = await this.#ask(ids.map((id) => `/usr/lib/debug/.build-id/${id.slice(0, 2)}/${id.slice(2)}.debug`).join('\n'), 'glob', options);
    if (outcome.kind !== 'ran') return new Map();
    const files = await Promise.all(filesOf(outcome.stdout).map(partsOf));
    return new Map(files.flatMap(({ parts }) => (parts ? [[buildIdOf(parts), parts] as const] : [])));
  }

  async #take({ path, stamp }: File, parts: BinaryParts | undefined, debug: ReadonlyMap<string, BinaryParts>): Promise<Known | undefined> {
    const known = parts ? { stamp, binary: await Binary.open(parts, debug.get(buildIdOf(parts))) } : [...this.#known.values()].find((one) => one.stamp === stamp);
    if (known) this.#known.set(path, known);
    return known;
  }
}

interface File {
  readonly stamp: string;
  readonly path: string;
  readonly rest: string;
}

interface Told {
  readonly file: File;
  /** Absent when it need not be read again, or cannot be. */
  readonly parts?: BinaryParts;
  readonly problem: string;
}

function filesOf(stdout: string): File[] {
  // Of text of many megabytes: no pattern looks at each of its lines.
  return `\n${stdout}`.split('\n@').slice(1).map((text) => {
    const newline = text.indexOf('\n');
    const end = newline < 0 ? text.length : newline;
    const [, stamp = '', path = ''] = /^(\S+) (.*)$/.exec(text.slice(0, end)) ?? [];
    return { stamp, path, rest: text.slice(end) };
  });
}

async function partsOf(file: File): Promise<Told> {
  const [, problem = 'could not be read'] = /^!(.*)$/m.exec(file.rest) ?? [];
  try {
    const unpacked = await unpack(file.rest);
    const [header, sections] = [unpacked.get('header'), unpacked.get('sections')];
    if (!header || !sections) return { file, problem };
    const contents = new Map([...unpacked].flatMap(([name, bytes]) => (/^\d+$/.test(name) ? [[Number(name), bytes] as const] : [])));
    const parts = { header, sections, contents };
    buildIdOf(parts);
    return { file, parts, problem };
  } catch (error) {
    return { file, problem: `could not be read: ${describeError(error)}` };
  }
}

async function unpack(text: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const parts = text.split('\n=').slice(1).map(async (part) => {
    const end = part.indexOf('\n');
    const remark = part.indexOf('\n!');
    const packed = Buffer.from(part.slice(end + 1, remark < 0 ? undefined : remark), 'base64');
    return [part.slice(0, end), await promisify(gunzip)(packed, { maxOutputLength: MAX_BYTES })] as const;
  });
  return new Map(await Promise.all(parts));
}
