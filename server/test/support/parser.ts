import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reader } from '../../src/checks/read.ts';
import { createParser } from '../../src/language/bpftrace/syntax/parser.ts';

const inRoot = (path: string): Uint8Array => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)));

/** The parser that the product uses, for tests. */
export const parser = await createParser(
  inRoot('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
  inRoot('grammars/tree-sitter-bpftrace/tree-sitter-bpftrace.wasm'),
);

/** Reads programs as the checks do. */
export const read = reader(() => Promise.resolve(parser));
