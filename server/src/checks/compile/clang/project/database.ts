import { resolve } from 'node:path';
import * as z from 'zod';
import { readFlags, type CompileFlags } from './flags.ts';
import { commandWords } from './words.ts';

const entries = z.array(z.object({ directory: z.string(), file: z.string(), arguments: z.array(z.string()).optional(), command: z.string().optional() }));

/** What a `compile_commands.json` in `folder` says of a file. Undefined when it says nothing, or is damaged. */
export function databaseFlags(text: string, folder: string, file: string): CompileFlags | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = entries.safeParse(json);
  const entry = parsed.data?.find(({ directory, file: named }) => resolve(folder, directory, named) === file);
  if (!entry) return undefined;
  return readFlags(entry.arguments ?? commandWords(entry.command ?? ''), resolve(folder, entry.directory));
}
