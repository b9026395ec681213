import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import * as z from 'zod';
import { describeError, UserError } from '../base/error.ts';
import { withLock } from './lock.ts';
import type { SshSpec } from './ssh/config.ts';
import { parseDestination } from './ssh/destination.ts';

const destination = z.string().superRefine((text, context) => {
  try {
    parseDestination(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: describeError(error) });
  }
});

const file = z.string().min(1).refine((path) => isAbsolute(path) || path.startsWith('~/'), 'must be an absolute path or start with ~/');

/** Strict: a misspelt key must not silently leave out, say, the pinned host key. No secrets in here. */
const spec = z.strictObject({
  destination,
  port: z.int().min(1).max(65_535).optional(),
  user: z.string().min(1).optional(),
  identity: file.optional(),
  knownHosts: file.optional(),
  proxyJump: z.string().min(1).optional(),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'must look like SHA256: and 43 characters, as ssh prints a fingerprint')
    .transform((text) => text.replace(/=$/, ''))
    .optional(),
});

const name = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'a target name is made of letters, digits, dots, - and _')
  .refine((text) => text !== 'local', "'local' is always this machine")
  .refine((text) => text !== 'none', "'none' is always no machine");

const content = z.strictObject({ targets: z.record(name, spec) });

/** Throws a UserError that says why a target cannot have this name. */
export function checkName(text: string): void {
  check(name, text, 'bad-target', (issues) => `${issues[0]?.toUpperCase() ?? ''}${issues.slice(1)}.`);
}

/** Longer than writing takes, and than a killed process keeps others out (10,000 ms). */
const WAIT_MS = 15_000;

/** The targets a person saved, in one JSON file. Read anew each time: a terminal and an editor share it. */
export class SavedTargets {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Throws UserError that names the file and what to fix. */
  read(): ReadonlyMap<string, SshSpec> {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return new Map();
      throw new UserError('targets-file', `The targets in ${this.#path} cannot be read: ${describeError(error)}`, { cause: error });
    }
    const { targets } = check(content, parseJson(text, this.#path), 'targets-file', (issues) => `${this.#path} is not as it should be: ${issues}. Correct it there, or move the file away and add the targets again.`);
    return new Map(Object.entries(targets));
  }

  /** Throws UserError, also when the present file is broken: it is never overwritten then. */
  async add(newName: string, newSpec: SshSpec): Promise<void> {
    const given = Object.fromEntries(Object.entries({ ...newSpec, identity: absolute(newSpec.identity), knownHosts: absolute(newSpec.knownHosts) }).filter(([, value]) => value !== undefined));
    const valid = check(z.strictObject({ name, spec }), { name: newName, spec: given }, 'bad-target', (issues) => `This target cannot be saved: ${issues}.`);
    await this.#alone(() => this.#write(new Map([...this.read(), [valid.name, valid.spec]])));
  }

  /** False when there is none of this name. */
  async remove(oldName: string): Promise<boolean> {
    if (!this.read().has(oldName)) return false;
    return this.#alone(() => {
      const targets = new Map(this.read());
      const had = targets.delete(oldName);
      if (had) this.#write(targets);
      return had;
    });
  }

  /** Reads and writes with no other process in between, which would lose what that one saved. */
  async #alone<T>(work: () => T): Promise<T> {
    const path = realPath(this.#path);
    try {
      return await withLock(path, { waitMs: WAIT_MS }, work);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw cannotWrite(path, error);
    }
  }

  #write(targets: ReadonlyMap<string, SshSpec>): void {
    // People keep such files as links into a repository: the link stays, its file changes.
    const path = realPath(this.#path);
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      writeFileSync(temporary, `${JSON.stringify({ targets: Object.fromEntries(targets) }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw cannotWrite(path, error);
    }
  }
}

function cannotWrite(path: string, cause: unknown): UserError {
  return new UserError('targets-file', `The targets could not be written to ${path}: ${describeError(cause)}`, { cause });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined || path === '' || path.startsWith('~/') ? path : resolve(path);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError('targets-file', `${path} is no JSON: ${describeError(error)}. Correct it there, or move the file away and add the targets again.`, { cause: error });
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, code: string, message: (issues: string) => string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => {
    // What is wrong with a record's key stands one level further in.
    const reason = issue.code === 'invalid_key' ? issue.issues.map(({ message: inner }) => inner).join(', ') : issue.message;
    return issue.path.length === 0 ? reason : `${issue.path.join('.')}: ${reason}`;
  });
  throw new UserError(code, message(issues.join('; ')));
}
