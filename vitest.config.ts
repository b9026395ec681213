import { defineConfig } from 'vitest/config';

/** A test that talks to a machine has one at a time, and all the patience it needs. */
const serial = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 180_000 };

const SSH = 'server/test/tools/ssh-*.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        // Pure code: no tools, no root, no network.
        test: { name: 'unit', include: ['{server,client}/src/**/*.test.ts', 'scripts/**/*.test.mjs'], testTimeout: 20_000 },
      },
      {
        // The real bpftrace, clang and kernel of this machine.
        test: { name: 'tools', include: ['server/test/tools/**/*.test.ts'], exclude: [SSH], ...serial },
      },
      {
        // Real sshds, each in a room of its own: they mind nobody else, and mostly wait.
        test: { name: 'ssh', include: [SSH], ...serial },
      },
      {
        // A real host over SSH: the virtual machine.
        test: { name: 'host', include: ['server/test/host/**/*.test.ts'], ...serial },
      },
    ],
  },
});
