import { describe, expect, it } from 'vitest';
import { analyzed, edited } from '../../../../test/support/analyzed.ts';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { marked } from '../../../../test/support/marked.ts';
import { analyzeC } from '../../../language/bpfc/analysis/analyze.ts';
import { cContracts } from '../check/c.ts';
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

describe('in BPF C', () => {
  const source = 'int f(int a)\n{\n\tint later = a;\n\t//@ assert forall i in 0..4 : i < 4 || later > ‸later\n\t{ int later = 2; a += later; }\n\treturn later;\n}\nint g(int later) { return later; }\n';
  const { text, cursor } = marked(source);
  const analysis = analyzeC(parseBpfC(text), { inventory: bundled });
  const renamedAt = (offset: number, newName: string): string => {
    const named = renameAtC(analysis, offset);
    if (!named) throw new Error('nothing to rename');
    const { newText, spans } = renamedC(analysis, named, newName);
    return edited(text, spans.map((span) => ({ span, newText })));
  };
  it('contracts lead to what they name', () => expect(namedAtC(analysis, cursor)?.places.map(({ span }) => text.slice(span.start, span.end))).toEqual(['later', 'later', 'later']));
  it('a variable is renamed in its function and the contracts there, from a contract and from code; others of that name stay', () => {
    const expected = text.replace('int later = a', 'int x = a').replace('later > later', 'x > x').replace('return later;\n}', 'return x;\n}');
    for (const offset of [cursor, text.indexOf('later = a'), text.indexOf('later;\n}')]) expect(renamedAt(offset, 'x')).toBe(expected);
  });
  it('a parameter too, but not the members that a macro reads', () => {
    const { text: read, cursor: at } = marked('//@ requires ‸pid > 0\nint f(struct task_struct *t, int pid) { return BPF_CORE_READ(t, pid) + pid; }\n');
    const program = analyzeC(parseBpfC(read), { inventory: bundled });
    const named = renameAtC(program, at);
    expect(named && renamedC(program, named, 'n').spans.map(({ start }) => read.slice(start - 2, start + 4))).toEqual(['s pid ', 't pid)', '+ pid;']);
  });
  it('no name that means something already', () => {
    for (const taken of ['a', 'i', 'int', '1x']) expect(() => renamedAt(cursor, taken)).toThrow(/is no name|already/);
  });
  it('names of a contract in that contract; what no contract names is clangd\'s', () => {
    expect(renamedAt(text.indexOf('i in'), 'n')).toContain('forall n in 0..4 : n < 4');
    expect(renameAtC(analysis, text.indexOf('return'))).toBeUndefined();
    expect(renameAtC(analysis, text.indexOf('later) {'))).toBeUndefined();
  });
  it('what is no variable is renamed where it is declared', () => {
    const { text: program, cursor: at } = marked('int limit;\nint f(void)\n{\n\t//@ assert ‸limit > 0\n\treturn 0;\n}\n');
    expect(() => renameAtC(analyzeC(parseBpfC(program), { inventory: bundled }), at)).toThrow(/rename it where it is declared/);
  });
  it('a contract says what a variable is called now that was renamed in code alone', () => {
    const first = parseBpfC(text);
    const before = analyzeC(first, { inventory: bundled });
    expect(cContracts(before).flatMap(({ problems }) => problems)).toEqual([]);
    const only = text.replace('int later = a', 'int result = a').replace('return later;\n}', 'return result;\n}');
    const after = analyzeC(parseBpfC(only, first), { inventory: bundled }, before);
    const problems = cContracts(after).flatMap(({ problems: of }) => of);
    expect(problems.map(({ message }) => message)).toContain('later is neither a variable here nor a constant. Did you mean result?');
    expect(problems[0]?.repairs[0]?.edits[0]?.newText).toBe('result');
  });
});
