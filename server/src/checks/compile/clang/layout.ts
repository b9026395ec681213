import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecFile } from '../../../target/target.ts';
import type { Program } from '../../program.ts';
import { SOURCE_FILE } from './arguments.ts';
import type { SourceFiles } from './project/files.ts';
import { findProject, type Project } from './project/find.ts';
import { commonFolder, gatherHeaders, isWithin, posixFrom, type LocalHeaders } from './project/headers.ts';

/** How a program stands among the headers of its project, wherever it is compiled. */
export interface Layout {
  readonly files: readonly ExecFile[];
  /** Where each file belongs, from the directory clang's are copied to. */
  readonly places: readonly string[];
  /** The folder of the program there: clang runs in it. */
  readonly folder: string;
  readonly needsVmlinux: boolean;
  /** Arguments for clang anywhere; then those that name folders of this machine. */
  readonly flags: readonly string[];
  readonly localFlags: readonly string[];
}

/** Reads what a program needs of its project. A program that is no file of this machine stands alone. */
export async function layoutOf(program: Program, files: SourceFiles): Promise<Layout> {
  const file = pathOf(program.uri);
  if (file === undefined) return alone(program.text);
  const project = await findProject(file, files);
  const local = await gatherHeaders(file, program.text, project, files);
  return { ...placed(file, program.text, project, local), localFlags: await localFlags(file, project, files) };
}

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    // `file://host/x` away from Windows, `%2F` in a name.
    return undefined;
  }
}

function alone(text: string): Layout {
  const needsVmlinux = /^\s*#\s*include\s*["<]vmlinux\.h[">]/m.test(text);
  return { files: [{ name: SOURCE_FILE, content: text }], places: [`./${SOURCE_FILE}`], folder: '.', needsVmlinux, flags: [], localFlags: [] };
}

function placed(file: string, text: string, project: Project, { headers, vmlinux }: LocalHeaders): Omit<Layout, 'localFlags'> {
  const folder = dirname(file);
  const inProject = vmlinux.filter((path) => isWithin(path, project.root));
  const top = commonFolder([file, ...headers.map(({ path }) => path), ...inProject]);
  const own = posixFrom(top, folder);
  const sent = headers.map(({ path, text: content }, i) => ({ file: { name: `header-${i}`, content }, place: `./${posixFrom(top, path)}` }));
  // Where the program expects the types elsewhere than beside itself, a header there leads to them.
  const elsewhere = inProject.filter((path) => dirname(path) !== folder).map((path, i) => ({ file: { name: `types-${i}`, content: `#include "${posixFrom(dirname(path), folder)}/vmlinux.h"\n` }, place: `./${posixFrom(top, path)}` }));
  const all = [{ file: { name: SOURCE_FILE, content: text }, place: `./${own}/${SOURCE_FILE}` }, ...sent, ...elsewhere];
  const { plain, folders, first } = project.flags;
  const there = folders.filter(({ path }) => headers.some((header) => isWithin(header.path, path)));
  const read = first.filter((path) => headers.some((header) => header.path === path));
  const flags = [...plain, ...there.flatMap(({ option, path }) => [option, posixFrom(folder, path)]), ...read.flatMap((path) => ['-include', posixFrom(folder, path)])];
  return { files: all.map((each) => each.file), places: all.map(({ place }) => place), folder: own, needsVmlinux: vmlinux.length > 0, flags };
}

/** Folders as they are here: clang on this machine finds there what was not sent along. */
async function localFlags(file: string, { flags, root }: Project, files: SourceFiles): Promise<readonly string[]> {
  const folders = [{ option: '-iquote', path: dirname(file) }, ...flags.folders];
  const there = await Promise.all(folders.map(({ path }) => files.exists(path)));
  const outside = flags.first.filter((path) => !isWithin(path, root));
  const firstThere = await Promise.all(outside.map((path) => files.exists(path)));
  return [...folders.flatMap(({ option, path }, i) => (there[i] ? [option, path] : [])), ...outside.flatMap((path, i) => (firstThere[i] ? ['-include', path] : []))];
}
