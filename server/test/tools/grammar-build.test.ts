import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Language, Parser } from 'web-tree-sitter';
import { expect, it } from 'vitest';
import { grammar, inRoot, parse } from '../grammar/native.ts';
import { stock } from '../grammar/files.ts';

it('the committed parser and WebAssembly are what grammar.js gives, byte for byte', () => {
  const said = execFileSync(process.execPath, [inRoot('scripts/grammar.mjs'), 'check'], { encoding: 'utf8', timeout: 300_000, stdio: ['ignore', 'pipe', 'pipe'] });
  expect(said).toBe('');
});

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(readFileSync(grammar('tree-sitter-bpftrace.wasm'))));

it('the WebAssembly gives the trees that the native parser gives', () => {
  for (const { path, text } of stock()) expect(parser.parse(text)?.rootNode.toString(), path).toBe(parse(text).rootNode.toString());
});

// Measured: 0.4 s for the longest. The limit is far above, since it is a hang that it looks for.
it.each([
  ['a line of a megabyte', `kprobe:f { ${'@x[pid] = $a + 1; '.repeat(60_000)}}`],
  ['parentheses', `BEGIN { ${'('.repeat(50_000)}`],
  ['conditions', `BEGIN { ${'if (a) {'.repeat(20_000)}`],
  ['quotes', `BEGIN { ${'"a '.repeat(50_000)}`],
  ['casts', `BEGIN { ${'(a*'.repeat(20_000)}`],
  ['comments', '/* '.repeat(50_000)],
  ['slashes', `kprobe:f /${'1 / '.repeat(50_000)}`],
])('%s without an end: read without a hang', (_, text) => {
  const begun = performance.now();
  expect(parser.parse(text)?.rootNode.endIndex).toBe(text.length);
  expect(performance.now() - begun).toBeLessThan(5000);
});
