import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asserted } from '../grammar/assertions.ts';
import { grammar } from '../grammar/native.ts';
import { captureAt, captured, query } from '../grammar/queries.ts';

const folder = grammar('test/highlight');
const highlights = query('highlights');
const folds = query('folds');
const locals = query('locals');

describe.each(readdirSync(folder))('highlights of %s', (file) => {
  const { program, assertions } = asserted(readFileSync(`${folder}/${file}`, 'utf8'));
  const all = captured(program, highlights);
  it('asserts something', () => {
    expect(assertions.length).toBeGreaterThan(20);
  });
  it('draws what it says', () => {
    expect(assertions.map((assertion) => ({ ...assertion, expected: captureAt(all, assertion) }))).toEqual(assertions);
  });
});

it('has an assertion for all that it draws', () => {
  const programs = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
  const expected = new Set(programs.flatMap((text) => asserted(text).assertions.map((assertion) => assertion.expected)));
  const drawn = new Set([...readFileSync(grammar('queries/highlights.scm'), 'utf8').replaceAll(/^;.*|#match\? @\S+/gm, '').matchAll(/@([\w.]+)/g)].map(([, name]) => name));
  expect([...drawn].filter((name) => name !== undefined && !expected.has(name))).toEqual(['punctuation.bracket']);
});

describe('folds', () => {
  const lines = (program: string): string[] =>
    captured(program, folds)
      .map(({ node }) => `${node.type} ${node.startPosition.row + 1}-${node.endPosition.row + 1}`)
      .filter((fold) => !/ (\d+)-\1$/.test(fold));
  it('blocks, lists, structs, comments and macros over several lines', () => {
    const program = ['config = {', 'a = 1', '}', 'struct s {', 'int x;', '};', '/*', '*/', '#define A \\', ' 1', 'kprobe:a,', 'kprobe:b {', 'f(1,', '2);', 'if (1) {', '}', '}'].join('\n');
    expect(lines(program)).toEqual(['config_block 1-3', 'field_list 4-6', 'block_comment 7-8', 'preproc_define 9-10', 'attach_point_list 11-12', 'block 12-17', 'argument_list 13-14', 'block 15-16']);
  });
  it('what stands on one line cannot be folded', () => {
    expect(lines('BEGIN { if (1) { } }')).toEqual([]);
  });
});

describe('locals', () => {
  const names = (program: string, kind: string): string[] =>
    captured(program, locals).filter(({ name }) => name === `local.${kind}`).map(({ node }) => `${node.text}:${node.startPosition.row + 1}`);
  const program = ['#define A 1', 'struct s { int x; };', 'enum { RED };', 'let @d = hash(1);', 'macro m($p, @q, r) { r }', 'fn f($g : int64) : void { }', 'BEGIN {', 'let $v = A;', '$w = $v;', '@n[RED] = 1;', 'for ($i : @n) { m($i) }', '}'].join('\n');
  it.each([
    ['definition.macro', ['A:1', 'm:5']],
    ['definition.type', ['s:2']],
    ['definition.enum', ['RED:3']],
    ['definition.function', ['f:6']],
    ['definition.parameter', ['$p:5', '@q:5', 'r:5', '$g:6']],
    ['definition.var', ['@d:4', '$v:8', '$w:9', '@n:10', '$i:11']],
  ])('%s', (kind, expected) => {
    expect(names(program, kind)).toEqual(expected);
  });
  it('every use is a reference', () => {
    expect(names(program, 'reference')).toEqual(expect.arrayContaining(['A:8', '$v:9', 'RED:10', '@n:11', 'm:11', '$i:11', 'r:5']));
  });
  it('each block, probe, macro and function has a scope', () => {
    expect(captured('BEGIN { if (1) { } }', locals).filter(({ name }) => name === 'local.scope').map(({ node }) => node.type)).toEqual(['source_file', 'probe', 'block', 'block']);
  });
});
