import { dirname, join } from 'node:path';
import { clangdAdds } from './clangd.ts';
import { databaseFlags } from './database.ts';
import type { SourceFiles } from './files.ts';
import { mergeFlags, NO_FLAGS, readFlags, type CompileFlags } from './flags.ts';

/** What surrounds a program on this machine. */
export interface Project {
  /** The folder that headers are taken from: that of the project, or of the program alone. */
  readonly root: string;
  readonly flags: CompileFlags;
}

const MAX_DATABASE_BYTES = 32_000_000;
const MAX_FLAGS_BYTES = 100_000;
/** What stands at the root of a project. */
const ROOT_MARKS = ['.git', '.vscode'];

/**
 * The project of a file, as clangd finds it: the nearest folder upwards that says how the file is compiled
 * (`compile_commands.json`, also in `build`, or `compile_flags.txt`), with what each `.clangd` on the way adds.
 */
export async function findProject(file: string, files: SourceFiles): Promise<Project> {
  const folders = upwards(dirname(file));
  let root: string | undefined;
  let base: CompileFlags | undefined;
  const added: CompileFlags[] = [];
  for (const folder of folders) {
    base ??= await baseFlags(folder, file, files);
    const clangd = await files.read(join(folder, '.clangd'), MAX_FLAGS_BYTES);
    if (clangd !== undefined) added.unshift(readFlags(clangdAdds(clangd, folder, file), folder));
    const marked = await Promise.all(ROOT_MARKS.map((mark) => files.exists(join(folder, mark))));
    if (base !== undefined || clangd !== undefined || marked.includes(true)) root = folder;
    if (marked.includes(true)) break;
  }
  return { root: root ?? dirname(file), flags: mergeFlags([base ?? NO_FLAGS, ...added]) };
}

async function baseFlags(folder: string, file: string, files: SourceFiles): Promise<CompileFlags | undefined> {
  for (const path of [join(folder, 'compile_commands.json'), join(folder, 'build', 'compile_commands.json')]) {
    const text = await files.read(path, MAX_DATABASE_BYTES);
    const flags = text === undefined ? undefined : databaseFlags(text, dirname(path), file);
    if (flags) return flags;
  }
  const lines = await files.read(join(folder, 'compile_flags.txt'), MAX_FLAGS_BYTES);
  return lines === undefined ? undefined : readFlags(lines.split('\n').map((line) => line.trim()).filter((line) => line !== ''), folder);
}

function upwards(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
