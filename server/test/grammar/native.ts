import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import Parser from 'tree-sitter';

export const inRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The grammar's folder. */
export const grammar = (path: string): string => inRoot(`grammars/tree-sitter-bpftrace/${path}`);

// Compiled on first use; what it prints is where the module is.
const module = execFileSync(process.execPath, [inRoot('scripts/grammar.mjs'), 'native'], { encoding: 'utf8', timeout: 300_000 }).trim();

/** The grammar for the native parser. */
export const language = createRequire(import.meta.url)(module) as Parser.Language;

const parser = new Parser();
parser.setLanguage(language);

/** With room for the whole text: by itself the package reads no more than 32 KiB. */
export const parse = (text: string): Parser.Tree => parser.parse(text, undefined, { bufferSize: text.length + 1 });

/** What makes a program invalid: an ERROR, something put in, or one of the nodes that stand for it. */
export function faults(node: Parser.SyntaxNode): Parser.SyntaxNode[] {
  const own = node.isError || node.isMissing || /^(missing|unterminated|invalid)_/.test(node.type) ? [node] : [];
  return [...own, ...node.children.flatMap(faults)];
}

/** The probes that stand at the top of a file and are whole, by their attach points. */
export const wholeProbes = (root: Parser.SyntaxNode): string[] =>
  root.children.filter((node) => node.type === 'probe' && faults(node).length === 0).map((node) => node.child(0)?.text ?? '');
