import { defineConfig } from 'vitest/config';

/** A test that talks to a machine has one at a time, and all the patience it needs. */
const serial = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 180_000 };

/** Tests that load nothing into this machine's kernel and mind nobody: real sshds, each in a room of its own, what only computes, and compilers. */
const BESIDE = ['ssh-*', 'fuzz', 'differential', 'bpftrace-errors', 'finding-pages', 'lsp-format', 'vmlinux-h'].map((name) => `server/test/tools/${name}.test.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        // Pure code: no tools, no root, no network.
        test: { name: 'unit', include: ['{server,client}/src/**/*.test.ts', 'scripts/**/*.test.mjs'], testTimeout: 20_000 },
      },
      {
        // The real bpftrace, clang and kernel of this machine.
        test: { name: 'tools', include: ['server/test/tools/**/*.test.ts'], exclude: BESIDE, ...serial },
      },
      {
        // At the same time as those of tools.
        test: { name: 'beside', include: BESIDE, ...serial },
      },
      {
        // A real host over SSH: the virtual machine.
        test: { name: 'host', include: ['server/test/host/**/*.test.ts'], ...serial },
      },
    ],
  },
});
