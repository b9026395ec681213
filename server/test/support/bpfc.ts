import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCParser } from '../../src/language/bpfc/syntax/parser.ts';
import { parseC, type CDocument } from '../../src/language/bpfc/syntax/document.ts';
// Its parser is started first: two at once would start tree-sitter twice.
import './parser.ts';

const inRoot = (path: string): Uint8Array => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)));

/** The parser of C that the product uses, for tests. */
export const cParser = await createCParser(inRoot('node_modules/web-tree-sitter/web-tree-sitter.wasm'), inRoot('node_modules/tree-sitter-c/tree-sitter-c.wasm'));

export function parseBpfC(text: string, before?: CDocument): CDocument {
  return parseC(cParser, text, before);
}
