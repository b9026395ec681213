import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTables, releases } from '../../test/support/kernel-tables.ts';
import { specSchema } from './schema.ts';
import { syscallSchema, syscallSpecs, withSyscalls, type Syscall } from './syscalls.ts';

const KNOWLEDGE = join(import.meta.dirname, '../../../knowledge');

const calls: readonly Syscall[] = readdirSync(KNOWLEDGE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)syscalls-[\w-]+\.jsonl$/.test(file.replaceAll('\\', '/')))
  .flatMap((file) => readFileSync(join(KNOWLEDGE, file), 'utf8').split('\n'))
  .filter((line) => line !== '')
  .map((line) => syscallSchema.parse(JSON.parse(line)));
const byName = new Map(calls.map((call) => [call.name, call]));

it('each call is described once and knows its neighbours', () => {
  expect(calls.length).toBeGreaterThanOrEqual(350);
  expect(byName.size).toBe(calls.length);
  const unknown = calls.flatMap(({ name, alternatives }) => alternatives.filter((other) => other === name || !byName.has(other)).map((other) => `${name}: ${other}`));
  expect(unknown).toEqual([]);
});

describe.each(releases)('%s', (release) => {
  const { tracepoints } = readTables(release);
  const events = [...tracepoints].flatMap(([id, { fields }]) => (id.startsWith('syscalls:sys_enter_') ? [{ name: id.slice('syscalls:sys_enter_'.length), fields: fields.filter((field) => field.name !== '__syscall_nr').map((field) => field.name) }] : []));

  it('each event has a call with its arguments in order', () => {
    expect(events.length).toBeGreaterThan(340);
    const wrong = events.filter(({ name, fields }) => byName.get(name)?.args.map((arg) => arg.name).join() !== fields.join());
    expect(wrong).toEqual([]);
  });

  it('a call without an event is newer', () => {
    const version = /^\d+\.\d+/.exec(release)?.[0] ?? '';
    const names = new Set(events.map(({ name }) => name));
    const missing = calls.filter(({ name }) => !names.has(name));
    expect(missing.filter(({ since }) => since.localeCompare(version, 'en', { numeric: true }) <= 0).map(({ name }) => name)).toEqual([]);
  });
});

it('the made records are those of the real events', () => {
  const { tracepoints } = readTables(releases[0] ?? '');
  const wrong = calls.flatMap(syscallSpecs).filter(({ id, proto }) => proto !== tracepoints.get(id.slice('tracepoint:'.length))?.fields.map(({ declaration }) => declaration).join('; '));
  expect(wrong.map(({ id, proto }) => `${id}: ${proto}`)).toEqual([]);
});

it('the made records fit the schema and describe each argument', () => {
  for (const spec of calls.flatMap(syscallSpecs)) {
    expect(specSchema.safeParse(spec).error?.issues ?? [], spec.id).toEqual([]);
    expect(spec.summary.length, spec.id).toBeLessThanOrEqual(130);
    expect(spec.meaning.split(/\s+/).length, spec.id).toBeGreaterThanOrEqual(10);
    expect(spec.args.map(({ name }) => name).join(), spec.id).toBe(spec.proto.split('; ').map((field) => /(\w+)$/.exec(field)?.[1]).join());
  }
});

it('pointers to user memory say so, and no others', () => {
  const wrong = calls.flatMap(({ name, proto, args }) => {
    const fields = new Map(proto.split('; ').map((field) => [/(\w+)$/.exec(field)?.[1] ?? '', field]));
    return args.filter((arg) => (arg.user !== undefined) !== (fields.get(arg.name)?.includes('*') ?? false)).map((arg) => `${name}: ${arg.name}`);
  });
  expect(wrong).toEqual([]);
});

it('a call becomes two records', () => {
  const unlink = byName.get('unlinkat');
  if (!unlink) throw new Error('unlinkat is not described');
  const [enter, exit] = syscallSpecs(unlink);
  expect(enter.proto).toBe('int __syscall_nr; int dfd; const char *pathname; int flag');
  expect(enter.args.find(({ name }) => name === 'pathname')?.meaning).toContain('str()');
  expect(enter).toMatchObject({ id: 'tracepoint:syscalls:sys_enter_unlinkat', context: 'process', since: '2.6.33', alternatives: ['tracepoint:syscalls:sys_exit_unlinkat', 'tracepoint:syscalls:sys_enter_unlink', 'tracepoint:syscalls:sys_enter_rmdir', 'tracepoint:syscalls:sys_enter_renameat2'] });
  expect(exit).toMatchObject({ proto: 'int __syscall_nr; long ret', alternatives: ['tracepoint:syscalls:sys_enter_unlinkat'] });
  expect(exit.args[1]).toMatchObject({ name: 'ret', meaning: expect.stringContaining('-ENOENT') as string });
  expect(byName.get('cachestat') && syscallSpecs(byName.get('cachestat') ?? unlink)[0].since).toBe('6.5');
});

it('a call that ends its thread has no event at its return', () => {
  const ending = calls.filter(({ noReturn }) => noReturn);
  expect(ending.map(({ name }) => name).sort()).toEqual(['exit', 'exit_group']);
  for (const call of ending) expect(syscallSpecs(call)[1].meaning).toMatch(/^Never fires/);
});

it('what was written by hand wins over what is made', () => {
  const call = byName.get('openat');
  if (!call) throw new Error('openat is not described');
  const own = specSchema.parse({ id: 'tracepoint:syscalls:sys_enter_openat', kind: 'attach-point', proto: '', summary: 'by hand', meaning: '' });
  const all = withSyscalls([own], [call]);
  expect(all.map(({ id, summary }) => `${id}: ${summary}`)).toEqual(['tracepoint:syscalls:sys_enter_openat: by hand', `tracepoint:syscalls:sys_exit_openat: ${syscallSpecs(call)[1].summary}`]);
});
