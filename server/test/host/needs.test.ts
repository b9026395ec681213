import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { kgent } from '../support/kgent.ts';
import { configWithVm } from '../support/vm.ts';

/** This machine's kernel is a newer one than the virtual machine's 6.12: `f_count` of `struct file` became `f_ref` in 6.13. */
const NOTE = /^Works on local \(\S+\) but not on vm \(6\.12\S+\) because struct file has no field f_ref there\.$/;
let env: { XDG_CONFIG_HOME: string };

beforeAll(async () => {
  env = await configWithVm();
});

it.each([
  ['program.bt', 'tracepoint:syscalls:sys_enter_read { @ = ((struct file *)args.buf)->f_ref; }'],
  ['program.bpf.c', '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_core_read.h>\nchar LICENSE[] SEC("license") = "GPL";\nSEC("tp/sched/sched_switch") int f(void *ctx) { struct file *file = ctx; return BPF_CORE_READ(file, f_op) != 0 && bpf_core_field_size(file->f_ref); }\n'],
])('one program on two kernels: %s says why it works on one only', async (name, text) => {
  const file = join(mkdtempSync(join(tmpdir(), 'kgent-needs-')), name);
  writeFileSync(file, text);
  const { code, stdout, stderr } = await kgent(['check', file, '--only', 'syntax,semantics,compile', '--target', 'local', '--target', 'vm', '--json'], env);
  const { differences, targets } = JSON.parse(stdout) as { differences: { note: string; missingOn: string[]; changedOn: string[] }[]; targets: { target: string; findings: { severity: string; message: string }[] }[] };
  expect({ code, notes: differences.map(({ note }) => note) }, stderr).toEqual({ code: 1, notes: [expect.stringMatching(NOTE)] });
  expect(differences[0]).toMatchObject({ missingOn: [expect.stringContaining('vm (6.12') as string], changedOn: [] });
  expect(targets.map(({ target, findings }) => [target, findings.some(({ severity, message }) => severity === 'error' && message.includes('f_ref'))])).toEqual([['local', false], ['vm', true]]);
});

it("the header of the machine's kernel is that of the bundled one, which is the same build", async () => {
  const [machine, bundled] = [await kgent(['target', 'header', 'vm'], env), await kgent(['target', 'header', 'none'], env)];
  expect(machine.stderr).toContain('vm (6.12');
  expect(machine.stdout.length).toBeGreaterThan(2_000_000);
  expect(machine.stdout === bundled.stdout).toBe(true);
});
