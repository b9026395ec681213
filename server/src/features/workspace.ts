import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LineIndex } from '../base/line-index.ts';
import { MAX_PROGRAM_BYTES } from '../checks/program.ts';
import { outline, type OutlineEntry } from '../language/bpftrace/queries/outline.ts';
import { parseDocument } from '../language/bpftrace/syntax/parse.ts';
import type { BpftraceParser } from '../language/bpftrace/syntax/parser.ts';

/** Programs of a workspace that are looked at; a folder with more is no collection of programs. */
const MAX_FILES = 2000;
/** Folders nobody keeps programs in that they write. */
const LEFT_OUT = /^(?:node_modules|\.git|\.hg|dist|build|target)$/;

/** The outline of one program, open or not. */
export interface Outlined {
  readonly uri: string;
  readonly lines: LineIndex;
  readonly entries: readonly OutlineEntry[];
}

/** The programs in the folders of a workspace, each read again only when its file changed. */
export class Workspace {
  readonly #parser: Promise<BpftraceParser>;
  readonly #known = new Map<string, Outlined & { readonly stamp: string }>();
  #folders: readonly string[] = [];

  constructor(parser: Promise<BpftraceParser>) {
    this.#parser = parser;
  }

  /** Folders by their URIs; those that are no files are left out. */
  open(uris: readonly string[]): void {
    this.#folders = uris.flatMap((uri) => pathOf(uri) ?? []);
  }

  async all(): Promise<readonly Outlined[]> {
    const files: string[] = [];
    for (const folder of this.#folders) await collect(folder, files);
    const parser = await this.#parser;
    const found: Outlined[] = [];
    for (const file of files) {
      const outlined = await this.#outlined(file, parser).catch(() => undefined);
      if (outlined) found.push(outlined);
    }
    return found;
  }

  async #outlined(file: string, parser: BpftraceParser): Promise<Outlined | undefined> {
    const { mtimeMs, size } = await stat(file);
    if (size > MAX_PROGRAM_BYTES) return undefined;
    const stamp = `${mtimeMs} ${size}`;
    const known = this.#known.get(file);
    if (known?.stamp === stamp) return known;
    const text = await readFile(file, 'utf8');
    const outlined = { stamp, uri: pathToFileURL(file).href, lines: new LineIndex(text), entries: outline(parseDocument(parser, text)) };
    this.#known.set(file, outlined);
    return outlined;
  }
}

/** The path of a file's URI; editors write the same one differently. Undefined for what is no file of this machine. */
export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** Adds the `.bt` files below a folder. What cannot be read is not there; links are not followed, so there is an end. */
async function collect(folder: string, files: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (files.length >= MAX_FILES) return;
    if (entry.isDirectory() && !LEFT_OUT.test(entry.name)) await collect(join(folder, entry.name), files);
    else if (entry.isFile() && entry.name.endsWith('.bt')) files.push(join(folder, entry.name));
  }
}
