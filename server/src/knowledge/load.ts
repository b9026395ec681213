import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type * as z from 'zod';
import { UserError } from '../base/error.ts';
import { extensionOf } from '../checks/program.ts';
import type { Example } from './knowledge.ts';
import { exampleSchema, sharedArgumentSchema, specSchema, type ExampleRecord, type SharedArgument, type Spec } from './schema.ts';
import { withSharedArguments } from './shared-arguments.ts';
import { syscallSchema, withSyscalls, type Syscall } from './syscalls.ts';

/** Everything in the knowledge folder, and a hash over all of it. */
export interface Source {
  readonly specs: readonly Spec[];
  readonly examples: readonly Example[];
  readonly hash: string;
}

const SHARED_ARGUMENTS = 'specs/arguments.jsonl';
/** System calls are described once each, for both their events. */
const SYSCALLS = /(?:^|\/)syscalls-[\w-]+\.jsonl$/;

/** Enough to see what is wrong; one misspelt key can be wrong in every file. */
const MAX_PROBLEMS = 20;

/**
 * Reads `examples/<area>/<id>.json` with its program beside it, and each `.jsonl` file under `specs/`; what `specs/arguments.jsonl` says of a type completes the
 * arguments of the others, and a line of `syscalls-….jsonl` stands for two records. Throws UserError
 * `bad-knowledge` that names file and line of everything that does not fit.
 */
export async function loadSource(folder: string): Promise<Source> {
  const reader = new Reader(folder);
  const files = await filesUnder(folder);
  for (const file of files.filter((f) => /^specs\/.*\.jsonl$/.test(f))) await reader.specs(file);
  for (const file of files.filter((f) => /^examples\/.*\.json$/.test(f))) await reader.example(file);
  return reader.finish(files);
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new UserError('bad-knowledge', `The knowledge folder ${folder} cannot be read.`, { cause });
  });
  const files = entries.filter((e) => e.isFile()).map((e) => relative(folder, join(e.parentPath, e.name)).replaceAll('\\', '/'));
  return files.filter((f) => /^(specs|examples)\//.test(f)).sort();
}

class Reader {
  readonly #folder: string;
  readonly #hash = createHash('sha256');
  readonly #specs: Spec[] = [];
  readonly #shared: SharedArgument[] = [];
  readonly #syscalls: Syscall[] = [];
  readonly #examples: Example[] = [];
  readonly #problems: string[] = [];
  /** Where an id was first seen. */
  readonly #seen = new Map<string, string>();
  readonly #programs = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  specs(file: string): Promise<void> {
    if (file === SHARED_ARGUMENTS) return this.#sharedArguments(file);
    return SYSCALLS.test(file) ? this.#syscallsFile(file) : this.#specsFile(file);
  }

  async #syscallsFile(file: string): Promise<void> {
    for (const [call, place] of await this.#records(file, syscallSchema)) if (this.#isNew(`system call ${call.name}`, place)) this.#syscalls.push(call);
  }

  async #specsFile(file: string): Promise<void> {
    for (const [spec, place] of await this.#records(file, specSchema)) if (this.#isNew(`${spec.kind} ${spec.id}`, place)) this.#specs.push(spec);
  }

  async #sharedArguments(file: string): Promise<void> {
    for (const [argument, place] of await this.#records(file, sharedArgumentSchema)) if (this.#isNew(['argument', argument.in, argument.type, argument.name].filter((part) => part !== undefined).join(' '), place)) this.#shared.push(argument);
  }

  async example(file: string): Promise<void> {
    const text = await this.#read(file);
    const record = this.#parse(exampleSchema, text, file, (path) => lineOfKey(text, path));
    if (!record || !this.#isNew(`example ${record.id}`, `${file}:1`)) return;
    if (!file.endsWith(`/${record.id}.json`)) this.#problems.push(`${file}:${lineOfKey(text, ['id'])}: the id '${record.id}' is not the file's name`);
    const program = file.replace(/\.json$/, extensionOf[record.language]);
    this.#programs.add(program);
    const source = await this.#read(program).catch(() => undefined);
    if (source === undefined) this.#problems.push(`${file}:1: its program ${program} is missing`);
    else this.#examples.push(exampleOf(record, source, file.split('/')[1] ?? ''));
  }

  finish(files: readonly string[]): Source {
    for (const file of files.filter((f) => /^examples\/.*\.(bt|bpf\.c)$/.test(f) && !this.#programs.has(f))) {
      this.#problems.push(`${file}:1: no .json file beside it describes it`);
    }
    if (this.#problems.length > 0) {
      const more = this.#problems.length - MAX_PROBLEMS;
      const shown = this.#problems.slice(0, MAX_PROBLEMS).join('\n');
      throw new UserError('bad-knowledge', `The knowledge in ${this.#folder} has mistakes:\n${shown}${more > 0 ? `\nand ${more} more` : ''}`);
    }
    return { specs: withSharedArguments(withSyscalls(this.#specs, this.#syscalls), this.#shared), examples: this.#examples, hash: this.#hash.digest('hex') };
  }

  /** One JSON object a line, each with its place. */
  async #records<T>(file: string, schema: z.ZodType<T>): Promise<(readonly [record: T, place: string])[]> {
    const lines = (await this.#read(file)).split('\n');
    return lines.flatMap((line, i) => {
      const record = line.trim() === '' ? undefined : this.#parse(schema, line, file, () => i + 1);
      return record === undefined ? [] : [[record, `${file}:${i + 1}`] as const];
    });
  }

  async #read(file: string): Promise<string> {
    const text = (await readFile(join(this.#folder, file), 'utf8')).replace(/\r\n/g, '\n');
    this.#hash.update(`${file}\0${text.length}\0${text}`);
    return text;
  }

  #parse<T>(schema: z.ZodType<T>, text: string, file: string, lineOf: (path: readonly PropertyKey[]) => number): T | undefined {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch (error) {
      const offset = /position (\d+)/.exec(String(error))?.[1];
      const line = lineOf([]) + (offset === undefined ? 0 : text.slice(0, Number(offset)).split('\n').length - 1);
      this.#problems.push(`${file}:${line}: no valid JSON (${error instanceof Error ? error.message : String(error)})`);
      return undefined;
    }
    const parsed = schema.safeParse(raw);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
      this.#problems.push(`${file}:${lineOf(issue.path)}: ${where}${issue.message}`);
    }
    return undefined;
  }

  #isNew(key: string, place: string): boolean {
    const first = this.#seen.get(key);
    if (first === undefined) this.#seen.set(key, place);
    else this.#problems.push(`${place}: '${key}' is already described in ${first}`);
    return first === undefined;
  }
}

/** The line a top-level key of a JSON document stands on; 1 when it does not. */
function lineOfKey(text: string, path: readonly PropertyKey[]): number {
  const key = path[0];
  const at = typeof key === 'string' ? text.search(new RegExp(`"${key.replace(/\W/g, '\\$&')}"\\s*:`)) : -1;
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

function exampleOf(record: ExampleRecord, text: string, area: string): Example {
  const { id, title, description, also, tags, language, kernel, bpftrace, prints, notes, workload } = record;
  const base = { id, area, description, also, tags, language, text, kernelMin: kernel.min, needs: kernel.needs, prints, notes, workload };
  return { ...base, ...(title === undefined ? {} : { title }), ...(bpftrace ? { bpftraceMin: bpftrace.min } : {}) };
}
