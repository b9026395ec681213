import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { SourceFiles } from './files.ts';
import type { Project } from './find.ts';

/** A header of the project that goes along with the program. */
export interface LocalHeader {
  readonly path: string;
  readonly text: string;
}

export interface LocalHeaders {
  readonly headers: readonly LocalHeader[];
  /** Places where the program or a header of its expects the kernel's types to be. */
  readonly vmlinux: readonly string[];
}

const MAX_FILES = 200;
const MAX_BYTES = 2_000_000;
const KERNEL_TYPES = 'vmlinux.h';
// #include "x.h"   |   #  include <vmlinux.h>
const INCLUDE = /^[ \t]*#[ \t]*(?:include|import)[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;

/**
 * The headers that a program includes from its project, and those that they include: at most 200 files and 2 MB, what is
 * beyond is left out and clang says so. Nothing is read outside the project's folder, wherever links lead.
 */
export async function gatherHeaders(file: string, text: string, project: Project, files: SourceFiles): Promise<LocalHeaders> {
  const found = new Map<string, string>();
  const vmlinux = new Set<string>();
  let room = MAX_BYTES;
  const waiting = [{ path: file, text }];
  for (const path of project.flags.first) {
    const included = await readWithin(path, project.root, room, files);
    if (included !== undefined) waiting.push({ path, text: included });
    if (included !== undefined) found.set(path, included);
  }
  for (let from = waiting.shift(); from; from = waiting.shift()) {
    for (const include of includes(from.text)) {
      if (basename(include.name) === KERNEL_TYPES) {
        vmlinux.add(include.quoted ? resolve(dirname(from.path), include.name) : resolve(dirname(file), include.name));
        continue;
      }
      const header = await firstOf(candidates(include, from.path, project), project.root, room, files, found);
      if (!header || found.has(header.path) || found.size >= MAX_FILES) continue;
      room -= Buffer.byteLength(header.text);
      found.set(header.path, header.text);
      waiting.push(header);
    }
  }
  found.delete(file);
  return { headers: [...found].map(([path, content]) => ({ path, text: content })), vmlinux: [...vmlinux] };
}

interface Include {
  readonly name: string;
  readonly quoted: boolean;
}

function includes(text: string): readonly Include[] {
  return [...text.matchAll(INCLUDE)].map(([, quoted, angled]) => ({ name: quoted ?? angled ?? '', quoted: quoted !== undefined }));
}

/** Where clang looks for a header, as far as the project goes. */
function candidates({ name, quoted }: Include, from: string, { flags }: Project): readonly string[] {
  if (isAbsolute(name)) return [name];
  const folders = flags.folders.filter(({ option }) => quoted || option !== '-iquote').map(({ path }) => path);
  return [...(quoted ? [dirname(from)] : []), ...folders].map((folder) => resolve(folder, name));
}

async function firstOf(paths: readonly string[], root: string, room: number, files: SourceFiles, found: ReadonlyMap<string, string>): Promise<LocalHeader | undefined> {
  for (const path of paths) {
    const text = found.get(path) ?? (await readWithin(path, root, room, files));
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

async function readWithin(path: string, root: string, room: number, files: SourceFiles): Promise<string | undefined> {
  if (!isWithin(path, root)) return undefined;
  const [real, realRoot] = await Promise.all([files.real(path), files.real(root)]);
  return real !== undefined && realRoot !== undefined && isWithin(real, realRoot) ? files.read(real, room) : undefined;
}

export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/** The nearest folder that holds all of these paths. */
export function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  let folder = dirname(first);
  while (!others.every((path) => isWithin(path, folder)) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** A path as POSIX writes it, from one folder. */
export function posixFrom(folder: string, path: string): string {
  return join('.', relative(folder, path)).split(sep).join('/');
}
