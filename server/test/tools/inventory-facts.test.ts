import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeFacts, FACTS_SCRIPT, factsArguments, type Facts } from '../../src/kernel/facts.ts';

function ask(shell: readonly [string, ...string[]], path: string, before?: Facts): Facts {
  const [program, ...args] = shell;
  const facts = decodeFacts(execFileSync(program, [...args, '-c', FACTS_SCRIPT, 'sh', ...factsArguments(before)], { encoding: 'utf8', env: { PATH: path } }), before);
  if (!facts) throw new Error('nothing is known');
  return facts;
}

/** A directory with nothing in it but the named programs of busybox, which `sh` finds by their links. */
function busybox(names: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'kgent-busybox-'));
  for (const name of names) symlinkSync('/usr/bin/busybox', join(directory, name));
  return directory;
}

const whole = ask(['/bin/dash'], process.env['PATH'] ?? '');

it('this kernel', () => {
  expect(whole).toMatchObject({ buildId: expect.stringMatching(/^[\da-f]{40}$/) as string, distributionId: 'debian', config: { CONFIG_BPF_SYSCALL: 'y', CONFIG_HZ: expect.stringMatching(/^\d+$/) as string } });
  expect(Object.keys(whole.tools).sort()).toEqual(['bpftool', 'bpftrace', 'clang', 'libbpf', 'perl']);
});
it('the second time no tool is started, and the same is known', () => {
  expect(ask(['/bin/dash'], process.env['PATH'] ?? '', whole)).toEqual(whole);
});
it('bash says the same', () => {
  expect(ask(['/bin/bash', '--norc', '--posix'], process.env['PATH'] ?? '')).toEqual(whole);
});
it('busybox says the same of the kernel', () => {
  const { tools, ...kernel } = whole;
  expect(tools).not.toEqual({});
  expect(ask(['/usr/bin/busybox', 'sh'], busybox(['uname', 'id', 'grep', 'od', 'sed', 'gzip', 'cat', 'stat', 'cksum', 'readlink', 'ls', 'tr']))).toMatchObject(kernel);
});
it('without any program but uname and id what the shell itself can read is known', () => {
  const { release, limits } = whole;
  expect(ask(['/bin/dash'], busybox(['uname', 'id']))).toMatchObject({ release, limits, buildId: '', config: {}, modules: {}, root: 'is-root' });
});
