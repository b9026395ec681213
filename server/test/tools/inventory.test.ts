import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Btf } from '../../src/kernel/btf/btf.ts';
import { BtfTypes } from '../../src/kernel/btf/types.ts';
import type { CEnum, CType } from '../../src/kernel/ctype.ts';
import type { Inventory } from '../../src/kernel/inventory.ts';
import { openInventory } from '../../src/kernel/open.ts';
import { fetchRecord } from '../../src/target/inventory.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { factsOf, required } from '../support/local.ts';
import { MANY, printedWithFields, withFields } from '../support/verbose.ts';

/** Standard output; what bpftrace says of functions it may not read is noise, and 0.17 aborts over it. */
function lines(command: string, args: readonly string[]): string[] {
  const text = execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  return text.split('\n').filter((line) => line !== '');
}

function isReadable(file: string): boolean {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}

describe('this machine, as bpftrace lists it', () => {
  let inventory: Inventory;
  const versions = [['0.17', 'bpftrace'], ['the newest', required('KGENT_TEST_BPFTRACE_NEW')]] as const;

  beforeAll(async () => {
    const target = new LocalTarget();
    const facts = await factsOf(target);
    const read = await fetchRecord(target, { facts, timeoutMs: 60_000 });
    if (read.kind !== 'known') throw new Error(JSON.stringify(read));
    inventory = await openInventory(read.record, { source: 'target', label: 'local' });
  });

  it.each(versions)('%s: the same tracepoints', (_, bpftrace) => {
    expect([...inventory.probes.matches('tracepoint', ['*'], MANY)].sort()).toEqual(lines(bpftrace, ['-l', 'tracepoint:*']).sort());
  });
  it.each(versions)('%s: the same fields of all tracepoints', (_, bpftrace) => {
    expect(withFields(inventory)).toEqual(printedWithFields(lines(bpftrace, ['-lv', 'tracepoint:*'])));
  });
  it('the same software and hardware events; 0.17 only says that there are some', () => {
    const [, newest] = versions[1];
    for (const provider of ['software', 'hardware'] as const) {
      expect([...inventory.probes.matches(provider, ['*'], MANY)].sort()).toEqual(lines(newest, ['-l', `${provider}:*`]).sort());
      expect(lines('bpftrace', ['-l', `${provider}:*`])).toEqual([`${provider}:*:`]);
    }
  });
  it('iterators by their structs; 0.17 knows two, the newest only those it can load', () => {
    const names = inventory.probes.matches('iter', ['*'], MANY);
    expect(names).toEqual(expect.arrayContaining([...lines('bpftrace', ['-l', 'iter:*']), ...lines(versions[1][1], ['-l', 'iter:*'])]));
  });
  it('the same functions, which are not known at all when the kernel does not tell them', () => {
    const told = isReadable('/sys/kernel/tracing/available_filter_functions');
    for (const provider of ['kprobe', 'fentry'] as const) {
      expect(inventory.probes.knows(provider)).toBe(told);
      expect([...inventory.probes.matches(provider, ['*'], MANY)].sort()).toEqual(lines(versions[1][1], ['-l', `${provider}:*`]).sort());
    }
  });
});

interface Dumped {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly encoding?: string;
  readonly nr_elems?: number;
  readonly vlen?: number;
  readonly type_id?: number;
  readonly ret_type_id?: number;
  readonly members?: readonly { readonly name: string; readonly type_id: number; readonly bits_offset: number; readonly bitfield_size?: number }[];
  readonly values?: readonly { readonly name: string; readonly val: number }[];
  readonly params?: readonly { readonly name: string; readonly type_id: number }[];
}

/** The plain facts of a type as bpftool tells them. */
function told(type: Dumped): unknown {
  const name = type.name === '(anon)' ? '' : type.name;
  const names = (list: readonly { readonly name: string }[] = []): string[] => list.map((item) => (item.name === '(anon)' ? '' : item.name));
  switch (type.kind) {
    case 'INT':
      return { kind: 'int', name, size: type.size, signed: type.encoding === 'SIGNED' };
    case 'STRUCT':
    case 'UNION':
      return { kind: type.kind.toLowerCase(), name, size: type.size, fields: type.members?.map((m) => [m.name === '(anon)' ? '' : m.name, m.bits_offset, m.bitfield_size || undefined]) };
    case 'ENUM':
    case 'ENUM64':
      return { kind: 'enum', name, size: type.size, values: type.values?.map((v) => [v.name, v.val]) };
    case 'ARRAY':
      return { kind: 'array', length: type.nr_elems };
    case 'FUNC_PROTO':
      return { kind: 'function', params: names(type.params) };
    default:
      return { kind: type.kind, name };
  }
}

/** bpftool 7.1 takes 32-bit values for signed ones and prints them as unsigned ones of 64 bits. */
function asPrinted(value: bigint, { size, signed }: CEnum): number {
  return Number(signed || size > 4 ? value : BigInt.asUintN(64, BigInt.asIntN(32, value)));
}

/** The same of a type we decoded; 64-bit numbers as JSON has them. */
function decoded(type: CType): unknown {
  switch (type.kind) {
    case 'int':
      return { kind: 'int', name: type.name, size: type.size, signed: type.signed };
    case 'struct':
    case 'union':
      return { kind: type.kind, name: type.name, size: type.size, fields: type.fields().map((f) => [f.name, f.bitOffset, f.bits]) };
    case 'enum':
      return { kind: 'enum', name: type.name, size: type.size, values: type.values().map((v) => [v.name, asPrinted(v.value, type)]) };
    case 'array':
      return { kind: 'array', length: type.length };
    case 'function':
      return { kind: 'function', params: [...type.params.map((p) => p.name), ...(type.variadic ? [''] : [])] };
    default:
      return type.kind;
  }
}

it('decodes every type of the kernel as bpftool does', () => {
  const path = '/sys/kernel/btf/vmlinux';
  const dump = JSON.parse(execFileSync('bpftool', ['-j', 'btf', 'dump', 'file', path], { encoding: 'utf8', maxBuffer: 1 << 30 })) as { types: Dumped[] };
  const btf = new Btf(readFileSync(path));
  const types = new BtfTypes(btf);
  expect(btf.endId).toBe(dump.types.length + 1);
  const compared = ['INT', 'STRUCT', 'UNION', 'ENUM', 'ENUM64', 'ARRAY', 'FUNC_PROTO'];
  const different = dump.types.filter((type) => compared.includes(type.kind)).flatMap((type) => {
    const [theirs, ours] = [JSON.stringify(told(type)), JSON.stringify(decoded(types.type(type.id)))];
    return theirs === ours ? [] : [{ id: type.id, theirs, ours }];
  });
  expect(different.slice(0, 5)).toEqual([]);
});
