import { describe, expect, it } from 'vitest';
import { NEWEST_BPFTRACE } from '../../../../checks/against.ts';
import { Binary } from '../../../../kernel/elf/binary.ts';
import { elfParts, marker } from '../../../../../test/support/elf.ts';
import { bundled } from '../../../../../test/support/inventory.ts';
import { marked, parse } from '../../../../../test/support/marked.ts';
import { complete } from '../../queries/complete/complete.ts';
import { analyze } from '../analyze.ts';
import type { Analysis } from '../analysis.ts';

const functions = (...names: string[]) => names.map((name, i) => ({ name, info: 2, value: 100 + i }));
const shell = await Binary.open(elfParts(functions('readline', 'read_line', 'main'), [marker('sh', 'begin', ''), marker('sh', 'end', '')]));
const cpp = await Binary.open(elfParts(functions('_ZN3foo3barEv', 'main'), []));
const binaries = new Map([['/bin/sh', shell], ['/opt/cpp', cpp]]);
const inventory = { ...bundled, source: 'target', label: 'vm (6.12.0)', binary: (path: string) => binaries.get(path) } as const;
const analyzed = (source: string): Analysis => analyze(parse(source), { version: NEWEST_BPFTRACE, inventory, unsafe: false, targetName: 'vm' });
const problems = (source: string): string[] => analyzed(source).problems.map(({ message, repairs = [] }) => `${message}${repairs.map((repair) => ` [${repair.title}]`).join('')}`);

describe('attach points of a binary that was read', () => {
  it.each([
    'uprobe:/bin/sh:readline { }', 'ur:/bin/sh:main { }', 'uprobe:/bin/sh:read* { }', 'uprobe:/bin/sh:readline+4 { }', 'uprobe:/bin/sh:0x1234 { }',
    'usdt:/bin/sh:begin { }', 'usdt:/bin/sh:sh:end { }', 'usdt:/bin/sh:s*:* { }',
    // Not read yet.
    'uprobe:/bin/other:nothing { }', 'usdt:/bin/other:nothing { }',
    // Symbols hold this name in another form.
    'uprobe:/opt/cpp:"foo::bar" { }', 'uprobe:/opt/cpp:bar { }',
  ])('%s', (source) => expect(problems(source)).toEqual([]));
  it.each([
    ['uprobe:/bin/sh:raedline { }', 'Vm (6.12.0) has no uprobe:/bin/sh:raedline. Did you mean uprobe:/bin/sh:readline? [Replace with uprobe:/bin/sh:readline]'],
    ['u:/bin/sh:mian { }', 'Vm (6.12.0) has no u:/bin/sh:mian. Did you mean uprobe:/bin/sh:main? [Replace with u:/bin/sh:main]'],
    ['uprobe:/bin/sh:xyz* { }', 'Nothing matches uprobe:/bin/sh:xyz* in vm (6.12.0).'],
    ['usdt:/bin/sh:sh:midle { }', 'Vm (6.12.0) has no usdt:/bin/sh:sh:midle.'],
  ])('%s', (source, message) => expect(problems(source)).toEqual([message]));
  it('how many a wildcard stands for', () => {
    const counts = analyzed('uprobe:/bin/sh:read* { }\nusdt:/bin/sh:* { }\nuprobe:/bin/other:* { }').probes.flatMap(({ attachPoints }) => attachPoints.map(({ matches }) => matches));
    expect(counts).toEqual([2, 2, undefined]);
  });
});

describe('completion', () => {
  const labels = (source: string): string[] => {
    const { text, cursor } = marked(source);
    return complete(analyzed(text), cursor).items.map(({ label }) => label);
  };
  it.each([
    ['uprobe:/bin/sh:re‸', ['read_line', 'readline']],
    ['uretprobe:/bin/sh:line‸', ['read_line', 'readline']],
    ['usdt:/bin/sh:‸', ['sh:begin', 'sh:end']],
    ['usdt:/bin/sh:sh:e‸', ['begin', 'end']],
    ['uprobe:/bin/other:m‸', []],
  ])('%s', (source, expected) => expect(labels(source)).toEqual(expected));
});
