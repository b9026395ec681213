import type { Connection } from 'vscode-languageserver/node';
import { BIG_ENDIAN, TARGET_ARCH } from '../../checks/compile/clang/arguments.ts';
import type { Engine } from '../../engine.ts';
import type { Inventory } from '../../kernel/inventory.ts';
import { runInTurns } from '../../kernel/turns.ts';
import { clangdSetupRequest } from '../../protocol.ts';
import { abortOn, forUser } from '../request.ts';

/** Time to read a kernel that nobody read before; an emulated machine needs 10 s. */
const READ_TIMEOUT_MS = 60_000;

/** Answers `kgent/clangdSetup`. Nothing is written here: the editor asks before it replaces what is a person's. */
export function registerClangd(connection: Connection, engine: Engine, configured: () => Promise<void>): void {
  connection.onRequest(clangdSetupRequest, ({ folder }, token) =>
    forUser(async () => {
      await configured();
      const inventory = await kernelOf(engine, abortOn(token));
      const steps = inventory.vmlinuxHeader();
      return { label: inventory.label, clangd: clangdText(folder, inventory), header: steps ? await runInTurns(steps) : null };
    }),
  );
}

async function kernelOf(engine: Engine, signal: AbortSignal): Promise<Inventory> {
  const target = engine.target();
  if (target.kind === 'none') return engine.inventories.bundled();
  const known = await engine.inventories.ask(target, { signal });
  return engine.inventories.own(target, known.kind === 'known' ? known.facts : undefined, { timeoutMs: READ_TIMEOUT_MS, signal });
}

/** `.clangd` for a folder: only its BPF C is compiled for BPF, with the architecture's registers and headers. */
export function clangdText(folder: string, { arch, label }: Pick<Inventory, 'arch' | 'label'>): string {
  const flags = [`--target=${BIG_ENDIAN.has(arch) ? 'bpfeb' : 'bpf'}`, '-g', '-O2', '-Wall', `-D__TARGET_ARCH_${TARGET_ARCH[arch] ?? arch}`, `-I${folder}`, `-I/usr/include/${arch}-linux-gnu`];
  return `# BPF C, for the kernel of ${label}. Made by Kgent.
If:
  PathMatch: .*\\.bpf\\.[ch]
CompileFlags:
  Compiler: clang
  Add: [${flags.map((flag) => JSON.stringify(flag)).join(', ')}]
  # Flags of the rest of the project that mean nothing for BPF.
  Remove: [-m*, -fsanitize*, -fstack-protector*, -fcf-protection*]
Diagnostics:
  # Each program includes all that it uses through vmlinux.h.
  UnusedIncludes: None
`;
}
