import { expect, it } from 'vitest';
import { analyzed, edited } from '../../../../test/support/analyzed.ts';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { marked } from '../../../../test/support/marked.ts';
import { analyzeC } from '../../../language/bpfc/analysis/analyze.ts';
import { namedAt, namedAtC, renameAt, renameAtC, renamed, renamedC } from './references.ts';

const PROGRAM = '//@ invariant @start[k] : @start[k] > 0 && k == k\nkprobe:vfs_read { @start[tid] = nsecs; }\nkretprobe:vfs_read /@start[tid]/ {\n  //@ assert present(@start[tid])\n  delete(@start[tid]);\n}\n';

/** The program with a name renamed, the cursor being in front of one of its places. */
function renamedTo(newName: string, before: string): string {
  const { analysis, text, cursor } = analyzed(PROGRAM.replace(before, `‸${before}`));
  const { newText, spans } = renamed(analysis, renameAt(analysis, cursor), newName);
  return edited(text, spans.map((span) => ({ span, newText })));
}

it('a map is renamed in the program and in its contracts, from each of its places', () => {
  const expected = PROGRAM.replaceAll('@start', '@begun');
  for (const before of ['@start[k] :', '@start[k] >', '@start[tid] =', '@start[tid]/', '@start[tid])\n  delete']) expect(renamedTo('begun', before)).toBe(expected);
});

it('a name of a contract is renamed in that contract', () => {
  expect(renamedTo('key', 'k] :')).toBe(PROGRAM.replace('@start[k] : @start[k] > 0 && k == k', '@start[key] : @start[key] > 0 && key == key'));
  expect(() => renamedTo('1x', 'k] :')).toThrow(/is no name/);
});

it('what is built in is not renamed, in a contract as elsewhere', () => {
  expect(() => renamedTo('x', 'tid])\n  delete')).toThrow(/only names the program itself introduces/);
});

it('places in contracts are read, the declaration comes as in the program', () => {
  const { analysis, cursor } = analyzed(PROGRAM.replace('present(@', 'present(‸@'));
  expect(namedAt(analysis, cursor)?.places.map(({ access }) => access)).toEqual(['read', 'read', 'write', 'read', 'read', expect.any(String)]);
});

it('in BPF C contracts lead to what they name, which clangd renames', () => {
  const source = 'int f(int a)\n{\n\tint later = a;\n\t//@ assert forall i in 0..4 : i < 4 || later > ‸later\n\treturn later;\n}\n';
  const { text, cursor } = marked(source);
  const analysis = analyzeC(parseBpfC(text), { inventory: bundled });
  expect(namedAtC(analysis, cursor)?.places.map(({ span }) => text.slice(span.start, span.end))).toEqual(['later', 'later', 'later']);
  expect(() => renameAtC(analysis, cursor)).toThrow(/rename it there/);
  const named = renameAtC(analysis, text.indexOf('i in'));
  expect(named && renamedC(analysis, named, 'n').spans).toHaveLength(2);
  expect(renameAtC(analysis, text.indexOf('return'))).toBeUndefined();
});
