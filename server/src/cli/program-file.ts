import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../base/error.ts';
import { languageOfFile, MAX_PROGRAM_BYTES, type Language, type Program } from '../checks/program.ts';

/** Reads a program. What is no text or too large is left to the syntax check to judge; throws UserError when there is nothing to read. */
export async function readProgram(file: string): Promise<Program> {
  const language = languageOf(file);
  const found = await stat(file).catch((cause: unknown) => {
    throw new UserError('no-file', `There is no file ${file}.`, { cause });
  });
  if (!found.isFile()) throw new UserError('no-file', `${file} is no file.`);
  const uri = pathToFileURL(resolve(file)).href;
  if (found.size > MAX_PROGRAM_BYTES) return { uri, version: 0, language, text: 'x'.repeat(MAX_PROGRAM_BYTES + 1) };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('no-file', `${file} cannot be read.`, { cause });
  });
  return { uri, version: 0, language, text };
}

function languageOf(file: string): Language {
  const language = languageOfFile(file) ?? (file.endsWith('.c') ? 'c' : undefined);
  if (!language) throw new UserError('no-program', `${file} is neither a bpftrace program (.bt) nor BPF C (.bpf.c).`);
  return language;
}
