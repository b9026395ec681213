import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { told } from '../../test/support/ssh-bench.ts';
import { decodeWsl, parseDistributions, wslDistribution, wslDistributions, WslTarget } from './wsl.ts';

describe('names', () => {
  it.each([
    ['wsl', ''],
    ['wsl:Debian', 'Debian'],
    ['wsl:Ubuntu-24.04', 'Ubuntu-24.04'],
    ['wsl:', undefined],
    ['wsl:-e', undefined],
    ['wsl:a b', undefined],
    ['wsl2', undefined],
    ['my-wsl:Debian', undefined],
  ])('%s', (name, distribution) => expect(wslDistribution(name)).toBe(distribution));
});

describe('what wsl.exe prints', () => {
  const list = 'Debian\r\nUbuntu-24.04\r\ndocker-desktop-data\r\ndocker-desktop\r\n';
  it.each([
    ['UTF-16', Buffer.from(list, 'utf16le')],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${list}`, 'utf16le')],
    ['UTF-8', Buffer.from(list)],
  ])('%s', (_name, bytes) => expect(parseDistributions(bytes)).toEqual(['Debian', 'Ubuntu-24.04']));
  it('nothing', () => expect(parseDistributions(Buffer.alloc(0))).toEqual([]));
  it('other letters than ASCII', () => expect(decodeWsl(Buffer.from('Für diese\r\nDistribution', 'utf16le'))).toBe('Für diese\nDistribution'));
});

describe('a distribution', () => {
  /** Stands in for Windows' own: takes its arguments apart and runs the rest here, for real. */
  const SHIM = `#!/bin/bash
utf16() { printf '%s\\r\\n' "$@" | iconv -t UTF-16LE; }
[ "$1 $2" = "--list --quiet" ] && { utf16 Debian docker-desktop; exit; }
distribution=Debian user=me
while [ "$1" != -e ]; do case $1 in -d) distribution=$2;; -u) user=$2;; *) utf16 "Invalid command line option: $1"; exit 1;; esac; shift 2; done
[ "$distribution" = Debian ] || { utf16 "There is no distribution with the supplied name." "Error code: Wsl/Service/WSL_E_DISTRO_NOT_FOUND"; exit 255; }
shift
exec env WSL_USER="$user" "$@"
`;
  const directory = mkdtempSync(join(tmpdir(), 'kgent-wsl-'));
  const path = process.env['PATH'];
  beforeAll(() => {
    writeFileSync(join(directory, 'wsl.exe'), SHIM);
    chmodSync(join(directory, 'wsl.exe'), 0o755);
    process.env['PATH'] = `${directory}:${path}`;
  });
  afterAll(() => {
    process.env['PATH'] = path;
    rmSync(directory, { recursive: true });
  });

  const odd = ["it's", '"$HOME"', '$(id)', 'line\nbreak', '\\', '%PATH%', '^', 'żółć'];
  it.each(['wsl', 'wsl:Debian'])('%s: arguments and files arrive as they are', async (name) => {
    const outcome = await new WslTarget(name).exec({ argv: ['sh', '-c', 'echo "$WSL_USER"; cat f; printf "[%s]" "$@"; echo words >&2; exit 3', 'sh', ...odd], files: [{ name: 'f', content: 'x'.repeat(100_000) }], timeoutMs: 20_000 });
    expect(outcome).toMatchObject({ kind: 'ran', exitCode: 3, stdout: `me\n${'x'.repeat(100_000)}${odd.map((word) => `[${word}]`).join('')}`, stderr: 'words\n' });
  });
  it('root needs no password', async () => {
    expect(await new WslTarget('wsl').exec({ argv: ['sh', '-c', 'echo "$WSL_USER"'], asRoot: true, timeoutMs: 20_000 })).toMatchObject({ kind: 'ran', stdout: 'root\n' });
  });
  it('is stopped, and ended by its time limit', async () => {
    const target = new WslTarget('wsl');
    const run = target.start({ argv: ['sh', '-c', 'trap "echo maps; exit 7" INT; echo up; while :; do sleep 0.1; done'], timeoutMs: 20_000, onStdout: (text) => void (text.includes('up') && run.stop(10_000)) });
    expect(await run.done).toMatchObject({ kind: 'ran', exitCode: 7, stdout: 'up\nmaps\n' });
    expect(await target.exec({ argv: ['sleep', '300'], timeoutMs: 200 })).toMatchObject({ kind: 'timed-out' });
  });
  it('one that is not there: which ones are', async () => {
    expect(await wslDistributions()).toEqual(['Debian']);
    expect(told(await new WslTarget('wsl:Fedora').exec({ argv: ['true'], timeoutMs: 20_000 }))).toBe(
      'host: wsl:Fedora could not be started: There is no distribution with the supplied name. Error code: Wsl/Service/WSL_E_DISTRO_NOT_FOUND. Installed here: wsl:Debian',
    );
  });
  it('no WSL at all', async () => {
    process.env['PATH'] = '/nowhere';
    expect(told(await new WslTarget('wsl').exec({ argv: ['true'], timeoutMs: 20_000 }))).toBe('host: WSL is not installed on this machine. In a terminal of an administrator: wsl --install');
    process.env['PATH'] = `${directory}:${path}`;
  });
});
