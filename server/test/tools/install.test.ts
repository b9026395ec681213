/** A bpftrace that is copied to a target: this machine with a home of its own. What is copied is a small static program with a version. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KGENT_BIN, type ToolVersion } from '../../src/kernel/facts.ts';
import { copyBpftrace } from '../../src/target/install.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { kgent } from '../support/kgent.ts';

const work = mkdtempSync(join(tmpdir(), 'kgent-install-'));
const before = { HOME: process.env['HOME'], PATH: process.env['PATH'] };
let home: string;
let count = 0;

/** A statically linked program that prints a line and ends with a status. */
function program(line: string, status = 0): string {
  const source = join(work, `program-${++count}.c`);
  const binary = source.slice(0, -2);
  writeFileSync(source, `#include <stdio.h>\nint main(void) { puts("${line}"); return ${status}; }\n`);
  execFileSync('gcc', ['-static', '-o', binary, source]);
  return binary;
}

let good: string;
beforeAll(() => (good = program('bpftrace v0.99.1')));
afterAll(() => rmSync(work, { recursive: true }));
beforeEach(() => {
  home = join(work, `home of ${++count}`);
  mkdirSync(home);
  process.env['HOME'] = home;
});
afterEach(() => Object.assign(process.env, before));

const bin = (): string => join(home, KGENT_BIN);
async function bpftraceOf(target: LocalTarget): Promise<ToolVersion | undefined> {
  const known = await target.facts({ refresh: true });
  if (known.kind !== 'known') throw new Error(JSON.stringify(known));
  return known.facts.tools.bpftrace;
}

describe('a copied bpftrace', () => {
  it('lies in a private place of the home, and is found where there is no other', async () => {
    const target = new LocalTarget();
    expect(await copyBpftrace(target, good)).toEqual({ version: 'bpftrace v0.99.1', used: 'bpftrace v0.17.0' });
    expect(readdirSync(bin())).toEqual(['bpftrace']);
    expect([statSync(bin()).mode & 0o777, statSync(join(bin(), 'bpftrace')).mode & 0o777]).toEqual([0o700, 0o700]);
    process.env['PATH'] = withoutBpftrace();
    expect(await bpftraceOf(target)).toMatchObject({ command: join(bin(), 'bpftrace'), text: 'bpftrace v0.99.1', version: [0, 99, 1] });
  });

  it('takes the place of an older one, and one that does not start takes nobody’s', async () => {
    const target = new LocalTarget();
    await copyBpftrace(target, good);
    expect((await copyBpftrace(target, program('bpftrace v0.99.2'))).version).toBe('bpftrace v0.99.2');
    await expect(copyBpftrace(target, program('no fuse here', 127))).rejects.toThrow(/does not start on local.*exit status 127/);
    await expect(copyBpftrace(target, program('some other tool 1.2'))).rejects.toThrow(/is no bpftrace.*some other tool/);
    expect(readdirSync(bin())).toEqual(['bpftrace']);
    expect(execFileSync(join(bin(), 'bpftrace'), { encoding: 'utf8' })).toBe('bpftrace v0.99.2\n');
  });

  it('leaves nothing behind where the home cannot be written, or when it is cancelled', async () => {
    const target = new LocalTarget();
    writeFileSync(join(home, '.local'), 'in the way');
    await expect(copyBpftrace(target, good)).rejects.toThrow(/~\/\.local\/share\/kgent\/bin on local cannot be written: .*(Not a directory|File exists)/);
    rmSync(join(home, '.local'));
    await expect(copyBpftrace(target, good, { signal: AbortSignal.abort() })).rejects.toThrow(/cancelled/);
    expect(existsSync(bin())).toBe(false);
  });
});

describe('kgent target install', () => {
  it('copies, and says what is used now', async () => {
    const { code, stdout } = await kgent(['target', 'install', 'local', '--bpftrace', good, '--json']);
    expect({ code, ...(JSON.parse(stdout) as object) }).toEqual({ code: 0, target: 'local', installed: 'bpftrace v0.99.1', used: 'bpftrace v0.17.0' });
  });

  it.each([
    ['a program that needs shared libraries', '/bin/ls', /linked dynamically \(it needs \/lib64\/ld-linux-x86-64\.so\.2\)/],
    ['a text', '/etc/passwd', /no ELF program/],
    ['a directory', '/etc', /is no file/],
    ['what is not there', '/no/such/file', /cannot be read: ENOENT/],
  ])('refuses %s', async (_what, file, why) => {
    const { code, stderr } = await kgent(['target', 'install', 'local', '--bpftrace', file]);
    expect(stderr).toMatch(why);
    expect(code).toBe(2);
    expect(existsSync(bin())).toBe(false);
  });
});

it('kgent target probe tells what is missing and how to get it', async () => {
  const PATH = withoutBpftrace();
  const text = await kgent(['target', 'probe', 'local'], { PATH });
  expect(text.stdout).toMatch(/^Missing:\n {2}bpftrace is not installed: .*\n {6}apt install bpftrace$/m);
  const { stdout } = await kgent(['target', 'probe', 'local', '--json'], { PATH });
  expect(JSON.parse(stdout)).toMatchObject({ missing: expect.arrayContaining([expect.objectContaining({ name: 'bpftrace', available: false })]) as unknown });
});

/** A PATH on which there are all programs of the system but bpftrace. */
function withoutBpftrace(): string {
  const bare = join(work, `path-${++count}`);
  mkdirSync(bare);
  for (const name of readdirSync('/usr/bin')) if (!name.startsWith('bpftrace')) symlinkSync(`/usr/bin/${name}`, join(bare, name));
  return bare;
}
