export const SOURCE_FILE = 'program.bpf.c';
export const OBJECT_FILE = 'program.bpf.o';

/** The name `bpf_tracing.h` uses for each machine (`uname -m`) in `__TARGET_ARCH_…`. */
export const TARGET_ARCH: Readonly<Record<string, string>> = {
  x86_64: 'x86', i686: 'x86', aarch64: 'arm64', armv7l: 'arm', riscv64: 'riscv', s390x: 's390', ppc64le: 'powerpc', loongarch64: 'loongarch', mips64: 'mips',
};

/** Machines whose numbers begin with the most significant byte: BPF's do there too. */
export const BIG_ENDIAN: ReadonlySet<string> = new Set(['s390x', 'ppc64', 'mips', 'mips64']);

/**
 * Compiles BPF C to an object as libbpf expects it. Ranges and fix-its come in machine-readable
 * form, nothing is drawn. Debian keeps the `asm/` headers in a directory only gcc knows. `flags`
 * are the project's.
 */
export function clangArguments(arch: string, flags: readonly string[] = []): string[] {
  return [
    '-target', BIG_ENDIAN.has(arch) ? 'bpfeb' : 'bpfel', '-g', '-O2', '-Wall',
    // A helper that does not exist: older clangs only warn, and the loader then says something else.
    '-Werror=implicit-function-declaration',
    `-D__TARGET_ARCH_${TARGET_ARCH[arch] ?? arch}`,
    '-I.', ...flags, `-I/usr/include/${arch}-linux-gnu`,
    '-fno-caret-diagnostics', '-fno-color-diagnostics', '-fdiagnostics-print-source-range-info', '-fdiagnostics-parseable-fixits', '-ferror-limit=50',
    '-c', SOURCE_FILE, '-o', OBJECT_FILE,
  ];
}
