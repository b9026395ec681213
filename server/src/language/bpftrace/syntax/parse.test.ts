import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parser } from '../../../../test/support/parser.ts';
import { printDocument, printFaults } from '../../../../test/support/print-syntax.ts';
import { walk } from './walk.ts';
import type { Document } from './document.ts';
import { parseDocument } from './parse.ts';

const EXAMPLES = join(import.meta.dirname, '../../../../../knowledge/examples');
const examples = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt'));
const textOf = (name: string): string => readFileSync(join(EXAMPLES, name), 'utf8');

/** Every node's text as the document has it, for nodes that know theirs; and that parents hold their children. */
function misplaced(document: Document): string[] {
  const wrong: string[] = [];
  for (const { start, end, item } of document.items) {
    walk(item, (node) => {
      const text = document.text.slice(start + node.start, start + node.end);
      const own = node.kind === 'name' || node.kind === 'integer' || node.kind === 'attach-point' ? node.text : node.kind === 'identifier' || node.kind === 'variable' ? node.name : undefined;
      if (own !== undefined && own !== text) wrong.push(`${node.kind} ${own} at ${text}`);
      if (node.start < 0 || node.end < node.start || node.end > end - start) wrong.push(`${node.kind} out of its item`);
    });
  }
  return wrong;
}

describe('the examples', () => {
  it('are there', () => expect(examples.length).toBeGreaterThan(50));
  it.each(examples)('%s is read without a fault, every name at its place', (name) => {
    const document = parseDocument(parser, textOf(name));
    expect(printFaults(document)).toEqual([]);
    expect(document.items.map(({ item }) => item.kind)).not.toContain('bad-item');
    expect(misplaced(document)).toEqual([]);
  });
  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['tabs', (text: string) => text.replaceAll(/^ +/gm, '\t')],
    ['characters outside the basic plane', (text: string) => text.replaceAll(/^(\s*)(?=[a-z@$])/gm, '$1/* 😀é */ ').replaceAll('"%', '"😀%')],
  ])('%s change no tree and no place', (_, change) => {
    for (const name of examples) {
      const plain = parseDocument(parser, textOf(name));
      const document = parseDocument(parser, change(textOf(name)));
      expect(printDocument(document).replaceAll('😀', '')).toBe(printDocument(plain));
      expect(misplaced(document)).toEqual([]);
    }
  });
});

describe('editing', () => {
  const text = '#define A 1\nkprobe:a { @x = 1; }\nkprobe:b { @y = 2; }\nkprobe:b { @y = 2; }\n';
  it('parses only the item that changed; the others are the same objects', () => {
    const before = parseDocument(parser, text);
    const after = parseDocument(parser, text.replace('@x = 1', '@x = 12'), before);
    expect(after.items.map(({ item }, i) => item === before.items[i]?.item)).toEqual([true, false, true, true]);
    expect(printDocument(after)).toBe(printDocument(parseDocument(parser, after.text)));
    expect(after.items.map(({ start }) => start)).toEqual([0, 12, 34, 55]);
  });
  it('half-typed text is not taken for the whole', () => {
    const broken = parseDocument(parser, 'kprobe:a {\n  print(1\n');
    const again = parseDocument(parser, broken.text, broken);
    expect(printFaults(again)).toEqual(printFaults(broken));
  });
});

describe('half-typed text keeps what is there', () => {
  it.each([
    ['kprobe:a { args. }', '(probe kprobe|a {=> (. args ∅)})'],
    ['kprobe:a { $s = (struct sock *)arg0; $s->\n}', '(probe kprobe|a {(= $s (cast <struct sock*> arg0)) => (-> $s ∅)})'],
    ['kprobe:a { printf("%d", ', '(probe kprobe|a {=> (call printf "%d" ∅)})'],
    ['kprobe:a { printf("%d", $x', '(probe kprobe|a {=> (call printf "%d" $x)})'],
    ['kprobe:a { @x[pid', '(probe kprobe|a {=> (@x[] pid)})'],
    ['kprobe:a { if ($x > ) { @y = 1; } @z = 2; }', '(probe kprobe|a {(if (paren (> $x ∅)) {(= @y 1)}) (= @z 2)})'],
    ['kprobe:a { if (@x', '(probe kprobe|a {(bad (paren @x))})'],
    ['kprobe:a /pid', '(probe kprobe|a /pid/ {})'],
    ['kpro', '(probe kpro {})'],
    ['kprobe:', '(probe kprobe| {})'],
    ['kprobe:a, tracepoint:sys', '(probe kprobe|a tracepoint|sys {})'],
    ['kprobe:a { print("a }\nkprobe:b { }', '(probe kprobe|a {=> (call print "a")})\n(probe kprobe|b {})'],
  ])('%j', (text, expected) => expect(printDocument(parseDocument(parser, text))).toBe(expected));
});
