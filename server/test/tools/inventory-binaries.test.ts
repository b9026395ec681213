import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Binaries } from '../../src/target/binaries.ts';
import { Inventories } from '../../src/target/inventories.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { factsOf, required, silentLog } from '../support/local.ts';

const local = new LocalTarget();
const facts = await factsOf(local);
const binaries = new Binaries(local);

/** Functions and markers of a binary as bpftrace lists them. */
function listed(bpftrace: string, provider: 'uprobe' | 'usdt', path: string): string[] {
  const text = execFileSync(bpftrace, ['-l', `${provider}:${path}:*`], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  return text.split('\n').filter((line) => line !== '').sort();
}

async function read(path: string) {
  const outcome = await binaries.read(path, { facts });
  if (outcome.kind !== 'known') throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** A program with markers, functions of its own and some that are only there in the source. */
function compiled(options: readonly string[] = []): string {
  const directory = mkdtempSync(join(tmpdir(), 'kgent binary '));
  const source = join(directory, 'marked.c');
  writeFileSync(
    source,
    `#ifdef __i386__
#define ADDRESS ".4byte"
#else
#define ADDRESS ".8byte"
#endif
#define MARK(provider, name, args) asm volatile("990: nop\\n.pushsection .note.stapsdt,\\"\\",\\"note\\"\\n.balign 4\\n.4byte 992f-991f,994f-993f,3\\n991: .asciz \\"stapsdt\\"\\n992: .balign 4\\n993: " ADDRESS " 990b\\n" ADDRESS " 0\\n" ADDRESS " 0\\n.asciz \\"" provider "\\"\\n.asciz \\"" name "\\"\\n.asciz \\"" args "\\"\\n994: .balign 4\\n.popsection")
     static __attribute__((noinline)) int hidden(int x) { return x * 3; }
     int shown(int x) { MARK("shop", "sold", "-4@%edi"); MARK("shop", "sold", "-4@%esi"); MARK("shop", "paid", ""); return hidden(x); }
     int main(int argc, char **argv) { return shown(argc); }`,
  );
  const program = join(directory, 'marked');
  execFileSync('clang', ['-O1', ...options, '-o', program, source]);
  return program;
}

describe.each([['0.17', 'bpftrace'], ['the newest', required('KGENT_TEST_BPFTRACE_NEW')]] as const)('as bpftrace %s lists them', (_, bpftrace) => {
  // bash has only its exported functions, libc more in a file of its own where that is installed, node 80,000.
  it.each(['/bin/bash', '/lib/x86_64-linux-gnu/libc.so.6', process.execPath])('%s', async (path) => {
    const [found] = (await read(path)).binaries;
    expect(found?.binary.functions('*', Infinity).map((name) => `uprobe:${path}:${name}`).sort()).toEqual(listed(bpftrace, 'uprobe', path));
    expect(found?.binary.markers.map(({ provider, name }) => `usdt:${path}:${provider}:${name}`)).toEqual(listed(bpftrace, 'usdt', path));
  });
});

describe('a program', () => {
  it('its functions, its markers with their arguments, under a path with a blank', async () => {
    const path = compiled();
    const [found] = (await read(path)).binaries;
    expect(['shown', 'hidden', 'main', 'printf'].map((name) => found?.binary.hasFunction(name))).toEqual([true, true, true, false]);
    expect(found?.binary.markers).toEqual([{ provider: 'shop', name: 'paid', arguments: '' }, { provider: 'shop', name: 'sold', arguments: '-4@%edi' }]);
    expect(found?.binary.similarFunctions('shwon', 3)).toContain('shown');
    expect(found?.binary.markersLike('p*', 'sho*').map(({ name }) => name)).toEqual(['paid']);
  });
  it.each([
    ['without symbols', ['-s'], false],
    ['of 32 bits', ['-m32', '-nostdlib', '-static', '-Wl,-e,main'], true],
  ] as const)('%s', async (_, options, hasSymbols) => {
    const [found] = (await read(compiled(options))).binaries;
    expect([found?.binary.hasFunction('hidden'), found?.binary.markers.map(({ name }) => name)]).toEqual([hasSymbols, ['paid', 'sold']]);
  });
  it('read again only when its file changed', async () => {
    const path = compiled();
    const first = (await read(path)).binaries[0]?.binary;
    expect([(await read(path)).binaries[0]?.binary === first, binaries.known(path) === first]).toEqual([true, true]);
    execFileSync('strip', [path]);
    expect((await read(path)).binaries[0]?.binary.hasFunction('hidden')).toBe(false);
  });
  it('by its name alone, and by a pattern', async () => {
    expect((await read('bash')).binaries[0]?.binary.hasFunction('readline')).toBe(true);
    const many = await read('/usr/bin/bas*');
    expect(many.binaries.map(({ path }) => path)).toEqual(expect.arrayContaining(['/usr/bin/base64', '/usr/bin/bash']));
    expect(many.problems).toEqual(['/usr/bin/bashbug on local is no ELF file.']);
  });
});

it('what an open program names is read in the background, once, and told', async () => {
  const inventories = new Inventories({ dir: 'knowledge/kernels', log: silentLog });
  const before = await inventories.own(local, facts, { timeoutMs: 60_000 });
  let told = 0;
  inventories.onMore(() => told++);
  await inventories.notice(local, facts, ['/bin/bash', '/nowhere']);
  const after = await inventories.now(local, facts);
  expect([before.source, after === before, told]).toEqual(['target', false, 1]);
  expect([after.binary('/bin/bash')?.hasFunction('readline'), after.binary('/nowhere'), after.binary('/bin/cat')]).toEqual([true, undefined, undefined]);
  await inventories.notice(local, facts, ['/bin/bash', '/nowhere']);
  await inventories.notice(local, facts, ['/bin/bash'], true);
  expect([(await inventories.now(local, facts)) === after, told]).toEqual([true, 1]);
});

it.each([
  ['/nowhere', 'There is no file /nowhere on local.'],
  ['/etc/passwd', '/etc/passwd on local is no ELF file.'],
])('%s', async (path, problem) => {
  expect(await read(path)).toEqual({ kind: 'known', binaries: [], problems: [problem] });
});
