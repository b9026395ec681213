/** A local machine without clang, and a virtual one that has it for as long as a suite needs. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { api, inVm, sshToVm } from './support.ts';

/** Runs `work` with a language server whose PATH has everything this machine has, but no clang. */
export async function withoutClang<T>(work: () => Promise<T>): Promise<T> {
  const { ctx } = await api();
  const bin = mkdtempSync(join(tmpdir(), 'kgent-no-clang-'));
  const before = process.env['PATH'] ?? '';
  const taken = new Set<string>();
  for (const folder of before.split(':')) {
    for (const name of namesIn(folder)) {
      if (name.startsWith('clang') || taken.has(name)) continue;
      taken.add(name);
      symlinkSync(join(folder, name), join(bin, name));
    }
  }
  process.env['PATH'] = bin;
  try {
    await ctx.restart();
    return await work();
  } finally {
    process.env['PATH'] = before;
    await ctx.restart();
    rmSync(bin, { recursive: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where it lies in the virtual machine. */
const CLANG = '/opt/kgent-test-clang';
const REMOVE = `rm -rf ${CLANG} /usr/local/bin/clang; [ ! -L /usr/include/bpf ] || rm /usr/include/bpf`;
/** Under another distribution it needs its own loader and libraries. */
const WRAPPER = `exec ${CLANG}/lib/ld-linux-x86-64.so.2 --library-path ${CLANG}/lib ${CLANG}/clang -resource-dir ${CLANG}/resource "$@"`;
const PACK = `set -e
clang=$(readlink -f "$(command -v clang)"); dir=$(mktemp -d); trap 'rm -r "$dir"' EXIT
mkdir "$dir/lib" "$dir/resource"
cp -L $(ldd "$clang" | grep -o '/[^ ]*') "$dir/lib"
cp "$clang" "$dir/clang"; cp -r "$(clang -print-resource-dir)/include" "$dir/resource/"; cp -r /usr/include/bpf "$dir/bpf"
tar -C "$dir" -c . | zstd -q | "$@"`;
const UNPACK = `mkdir -p ${CLANG} && zstd -dc | tar -x -C ${CLANG} && { [ -e /usr/include/bpf ] || ln -s ${CLANG}/bpf /usr/include/bpf; } && printf '%s\\n' '#!/bin/sh' '${WRAPPER}' >/usr/local/bin/clang && chmod +x /usr/local/bin/clang`;

/** Runs `work` while the virtual machine has this machine's clang and libbpf's headers. */
export async function withClangInVm<T>(work: () => Promise<T>): Promise<T> {
  const [ssh, ...more] = sshToVm(UNPACK);
  try {
    await promisify(execFile)('sh', ['-c', PACK, 'sh', ssh, ...more], { timeout: 180_000 });
    return await work();
  } finally {
    await inVm(REMOVE);
  }
}
