import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../base/error.ts';
import { printable } from '../base/text.ts';
import type { Language } from '../checks/program.ts';

/** The files in `prompts/`, with the names each of them must and may use. */
const FILES = {
  'system-bpftrace': [],
  'system-c': [],
  draft: ['sentence', 'target', 'specs', 'examples', 'language'],
  fix: ['source', 'findings', 'target', 'specs', 'language'],
  describe: ['point', 'types', 'neighbours'],
  comprehend: ['language', 'sentence', 'program', 'specs', 'invariant', 'entry'],
  feedback: ['attempt', 'verdict', 'findings', 'repeated'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type PromptName = keyof typeof FILES;
export type Prompts = Readonly<Record<PromptName, string>>;

/** Reads and proves the prompts. Throws UserError `bad-prompts` when a file is missing or uses a name it is not given. */
export async function loadPrompts(directory: string): Promise<Prompts> {
  const read = async (name: PromptName): Promise<[PromptName, string]> => {
    const file = join(directory, `${name}.md`);
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new UserError('bad-prompts', `The prompt ${file} cannot be read. It belongs to Kgent's installation; install Kgent anew.`, { cause });
    });
    const known: readonly string[] = FILES[name];
    const unknown = placeholders(text).find((p) => !known.includes(p));
    if (unknown !== undefined) throw new UserError('bad-prompts', `The prompt ${file} uses {{${unknown}}}, which does not exist. Known: ${known.join(', ') || 'none'}.`);
    return [name, text];
  };
  const texts = await Promise.all((Object.keys(FILES) as PromptName[]).map(read));
  return Object.fromEntries(texts) as Prompts;
}

function placeholders(template: string): string[] {
  return [...template.matchAll(/\{\{([^{}]*)\}\}/g)].map((m) => m[1] ?? '');
}

/** The template with each `{{name}}` replaced once; braces in values stay as they are. Throws when a name has no value. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{([^{}]*)\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`The prompt has no value for {{${name}}}`);
    return value;
  });
}

/**
 * Text of users and hosts as a fenced block it cannot break out of: the fence is longer than any run of
 * its marks inside. Control characters become visible escapes.
 */
export function fence(text: string, label = 'text'): string {
  const content = printable(text.replace(/\r\n?/g, '\n')).replace(/\n+$/, '');
  const longest = [...content.matchAll(/`{3,}/g)].reduce((most, m) => Math.max(most, m[0].length), 0);
  const mark = '`'.repeat(Math.max(3, longest + 1));
  return `${mark}${label}\n${content}\n${mark}`;
}

export const languageNames: Readonly<Record<Language, string>> = { bpftrace: 'bpftrace', c: 'BPF C' };
