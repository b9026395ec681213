import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { analyzeC } from './analyze.ts';
import { checkC } from './check.ts';

const root = join(import.meta.dirname, '../../../../..');
const below = (folder: string, ending: string): string[] => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));

/** Programs that kernels accept. */
const RIGHT = [...below('knowledge/examples', '.bpf.c'), ...below('test-fixtures/demo', '.bpf.c'), ...below('test-fixtures/verifier', 'correct.bpf.c')];

const found = (text: string): string[] => checkC(analyzeC(parseBpfC(text), { inventory: bundled })).map(({ severity, message }) => `${severity} ${message}`);

it('nothing is said of programs that are right', () => {
  expect(RIGHT.length).toBeGreaterThan(100);
  expect(RIGHT.flatMap((file) => found(readFileSync(join(root, file), 'utf8')).map((message) => `${file}: ${message}`))).toEqual([]);
});

it('does not throw, whatever is left out of a program', () => {
  for (const file of RIGHT.slice(0, 40)) {
    const text = readFileSync(join(root, file), 'utf8');
    for (let at = 0; at < text.length; at += 97) expect(found(text.slice(0, at) + text.slice(at + 13))).toBeInstanceOf(Array);
  }
});
