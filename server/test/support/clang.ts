import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Compiled {
  /** What clang printed as an answer (`-fdump-…`). */
  readonly stdout: string;
  /** Its warnings and errors; empty when it is content. */
  readonly stderr: string;
}

interface ClangOptions {
  readonly clang?: string;
  readonly flags?: readonly string[];
}

/** Has clang compile C for BPF in an empty directory with the given headers; it finds no others unless `flags` name them. */
export function clangForBpf(source: string, headers: Readonly<Record<string, string>>, options: ClangOptions = {}): Compiled {
  return inDirectory(source, headers, options, (_, compiled) => compiled);
}

/** The object it makes. Throws with clang's words. */
export function objectForBpf(source: string, headers: Readonly<Record<string, string>>): Uint8Array {
  return inDirectory(source, headers, { flags: ['-D__TARGET_ARCH_x86', '-c', '-o', 'program.o'] }, (dir, { stderr }) => {
    if (stderr !== '') throw new Error(stderr);
    return readFileSync(join(dir, 'program.o'));
  });
}

function inDirectory<T>(source: string, headers: Readonly<Record<string, string>>, { clang = 'clang', flags = ['-fsyntax-only'] }: ClangOptions, read: (dir: string, compiled: Compiled) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-clang-'));
  try {
    for (const [name, text] of Object.entries(headers)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    writeFileSync(join(dir, 'program.bpf.c'), source);
    const args = ['-target', 'bpf', '-g', '-O2', '-Wall', '-nostdinc', '-I.', ...flags, 'program.bpf.c'];
    const { stdout, stderr, error } = spawnSync(clang, args, { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (error) throw error;
    return read(dir, { stdout, stderr });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/**
 * How clang lays out every struct and union of a header, by name without the ending that tells several of one name
 * apart: size, then `name@bit` of each field and `name@bit:width` of each bit field, those of members whose type has no
 * name too.
 */
export function clangLayouts(header: string, flags: readonly string[] = []): ReadonlyMap<string, readonly string[]> {
  // It tells of those whose size is asked for.
  const asked = [...header.matchAll(/^(?:struct|union) \w+(?= \{)/gm)].map(([name]) => `_Static_assert(sizeof(${name}) + 1, "");`);
  const { stdout, stderr } = clangForBpf(['#include "vmlinux.h"', ...asked].join('\n'), { 'vmlinux.h': header }, { flags: ['-fsyntax-only', '-Xclang', '-fdump-record-layouts', ...flags] });
  if (stderr !== '') throw new Error(stderr);
  const layouts = new Map<string, string[]>();
  for (const dump of stdout.split('*** Dumping AST Record Layout\n').slice(1)) {
    const [first = '', ...lines] = dump.split('\n');
    const name = /\| ((?:struct|union) \w+)$/.exec(first)?.[1];
    if (name !== undefined && name !== 'struct __NSConstantString_tag') addShape(layouts, name, [/sizeof=(\d+)/.exec(dump)?.[1] ?? '', ...fields(lines)].join(' '));
  }
  return layouts;
}

/** Adds the shape of one of several types of a name; they are kept sorted. */
export function addShape(shapes: Map<string, string[]>, name: string, shape: string): void {
  const plain = name.replace(/___\d+$/, '');
  shapes.set(plain, [...(shapes.get(plain) ?? []), shape].sort());
}

//         8 |   struct list_head * next        84:0-0 |   unsigned int dl_throttled        0 |   struct (unnamed at ./vmlinux.h:15:2)
const FIELD = /^ *(\d+)(?::(\d+)-(\d+))? \|( +)(.*)$/;
/** A member whose type has no name and is no array. */
const WITHOUT_NAME = /^(?:(?:const|volatile) )*(?:struct|union) [^[*]*\((?:unnamed|anonymous)[^)]*\) /;

function fields(lines: readonly string[]): string[] {
  const found: string[] = [];
  let open = 1;
  for (const line of lines) {
    const [, byte, from, to, indent = '', text = ''] = FIELD.exec(line) ?? [];
    const depth = (indent.length - 1) / 2;
    if (byte === undefined || depth > open) continue;
    const name = text.slice(text.lastIndexOf(' ') + 1);
    open = name === '' || WITHOUT_NAME.test(text) ? depth + 1 : depth;
    if (name !== '') found.push(`${name}@${8 * Number(byte) + Number(from ?? 0)}${from === undefined ? '' : `:${Number(to) - Number(from) + 1}`}`);
  }
  return found;
}
