import { describe, expect, it } from 'vitest';
import { clangdAdds } from './clangd.ts';
import { databaseFlags } from './database.ts';
import type { SourceFiles } from './files.ts';
import { findProject } from './find.ts';
import { readFlags } from './flags.ts';
import { gatherHeaders } from './headers.ts';
import { commandWords } from './words.ts';

/** Files by their paths; a path with ` -> ` in its text is a link. */
function files(all: Readonly<Record<string, string>>): SourceFiles {
  const real = (path: string): string | undefined => (all[path]?.startsWith('-> ') ? all[path].slice(3) : Object.keys(all).some((name) => name === path || name.startsWith(`${path}/`)) ? path : undefined);
  return {
    read: (path, max) => Promise.resolve((all[path]?.length ?? Infinity) <= max ? all[path] : undefined),
    exists: (path) => Promise.resolve(real(path) !== undefined),
    real: (path) => Promise.resolve(real(path)),
  };
}

describe('flags of a project', () => {
  it('definitions and folders of headers, in either spelling', () => {
    expect(readFlags(['clang', '-DA=1', '-D', 'B', '-Iinc', '-I', '/usr/x', '-isystem', '../sys', '-include', 'first.h', '-Wno-unused', '-c', 'x.c', '-o', 'x.o'], '/p/q')).toEqual({
      plain: ['-DA=1', '-DB', '-Wno-unused'],
      folders: [{ option: '-I', path: '/p/q/inc' }, { option: '-I', path: '/usr/x' }, { option: '-isystem', path: '/p/sys' }],
      first: ['/p/q/first.h'],
    });
  });
  it('nothing that brings code into clang, writes files or chooses another machine', () => {
    expect(readFlags(['-fplugin=/tmp/x.so', '-Xclang', '-load', '-Wp,-MD,/etc/x', '-Wl,-rpath', '-MF', 'x', '-B/tmp', '-D__TARGET_ARCH_arm64', '-target', 'x86_64', '--config=/x', '@more', '-O0'], '/p').plain).toEqual([]);
  });
  it('a command line is split as a shell does', () => {
    expect(commandWords(`clang -DX='a b' "-DY=\\"q\\"" -I/my\\ dir x.c`)).toEqual(['clang', '-DX=a b', '-DY="q"', '-I/my dir', 'x.c']);
  });
  it('compile_commands.json: the entry of the file, from its directory', () => {
    const json = JSON.stringify([{ directory: '/p', file: 'other.bpf.c', command: 'clang -DNO' }, { directory: '/p/src', file: '../bpf/x.bpf.c', command: 'clang -DYES -Iinc' }]);
    expect(databaseFlags(json, '/p', '/p/bpf/x.bpf.c')).toEqual({ plain: ['-DYES'], folders: [{ option: '-I', path: '/p/src/inc' }], first: [] });
    expect(databaseFlags(json, '/p', '/p/bpf/y.bpf.c')).toBeUndefined();
    expect(databaseFlags('{', '/p', '/p/x.bpf.c')).toBeUndefined();
  });
  it('.clangd: what is added for this file', () => {
    const text = 'CompileFlags:\n  # mine\n  Add: [-DA, "-DB=1,2"]\n  Remove: -W*\n---\nIf:\n  PathMatch: .*\\.bpf\\.c\nCompileFlags:\n  Add:\n    - -DC\n    - -Iinc # there\nDiagnostics:\n  Suppress: x\n---\nIf: {PathMatch: other/.*}\nCompileFlags: {Add: [-DNO]}\n';
    expect(clangdAdds(text, '/p', '/p/src/x.bpf.c')).toEqual(['-DA', '-DB=1,2', '-DC', '-Iinc']);
    expect(clangdAdds(text, '/p', '/p/other/x.c')).toEqual(['-DA', '-DB=1,2', '-DNO']);
  });
  it('the nearest that says something, up to the root of the project', async () => {
    const project = await findProject('/p/src/bpf/x.bpf.c', files({ '/p/.git/HEAD': '', '/p/compile_flags.txt': '-DFAR\n', '/p/src/compile_flags.txt': '-DNEAR\n-Iinc\n', '/p/.clangd': 'CompileFlags:\n  Add: -DADDED\n', '/compile_flags.txt': '-DNO' }));
    expect(project).toEqual({ root: '/p', flags: { plain: ['-DNEAR', '-DADDED'], folders: [{ option: '-I', path: '/p/src/inc' }], first: [] } });
  });
  it('none: the folder of the file alone', async () => {
    expect(await findProject('/p/src/x.bpf.c', files({}))).toEqual({ root: '/p/src', flags: { plain: [], folders: [], first: [] } });
  });
});

describe('headers that go along', () => {
  const project = { root: '/p', flags: readFlags(['-Iinc'], '/p') };
  const names = async (text: string, all: Readonly<Record<string, string>>): Promise<readonly string[]> => (await gatherHeaders('/p/src/x.bpf.c', text, project, files({ '/p/src/x.bpf.c': text, ...all }))).headers.map(({ path }) => path);

  it('those beside it, in folders of headers, and what they include', async () => {
    expect(await names('#include "a.h"\n# include <common.h>\n#include <bpf/bpf_helpers.h>\n', { '/p/src/a.h': '#include "../lib/b.h"\n', '/p/lib/b.h': '#include "../src/a.h"\n', '/p/inc/common.h': '' })).toEqual(['/p/src/a.h', '/p/inc/common.h', '/p/lib/b.h']);
  });
  it('nothing from outside the project, nor through a link', async () => {
    expect(await names('#include "/etc/passwd"\n#include "../../secret.h"\n#include "link.h"\n', { '/etc/passwd': 'x', '/secret.h': 'x', '/p/src/link.h': '-> /etc/passwd' })).toEqual([]);
  });
  it('not more than 2 MB, nor than 200 files', async () => {
    expect(await names('#include "big.h"\n#include "small.h"\n', { '/p/src/big.h': ' '.repeat(2_000_001), '/p/src/small.h': '' })).toEqual(['/p/src/small.h']);
    const many = Array.from({ length: 250 }, (_, i) => `h${i}.h`);
    expect(await names(many.map((name) => `#include "${name}"\n`).join(''), Object.fromEntries(many.map((name) => [`/p/src/${name}`, ''])))).toHaveLength(200);
  });
  it('the kernel\'s types are the target\'s, wherever they are expected', async () => {
    const text = '#include "../vmlinux.h"\n#include "a.h"\n';
    expect(await gatherHeaders('/p/src/x.bpf.c', text, project, files({ '/p/src/a.h': '#include <vmlinux.h>\n', '/p/vmlinux.h': 'mine' }))).toEqual({ headers: [{ path: '/p/src/a.h', text: '#include <vmlinux.h>\n' }], vmlinux: ['/p/vmlinux.h', '/p/src/vmlinux.h'] });
  });
});
