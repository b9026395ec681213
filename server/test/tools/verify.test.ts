/** `kgent verify` from a text to verdicts: the example of the paper, and what scripts depend on. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kgent } from '../support/kgent.ts';

const folder = mkdtempSync(join(tmpdir(), 'kgent-verify-'));
let written = 0;

async function verify(text: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const file = join(folder, `program-${++written}.bt`);
  writeFileSync(file, text);
  return kgent(['verify', file, ...args], { KGENT_TARGET: 'none' });
}

const CONNECT = (port: string): string => `kprobe:tcp_connect {\n  $sk = (struct sock *)arg0;\n  $dport = ${port};\n  //@ assert $dport == ntohs($sk->__sk_common.skc_dport)\n  printf("%d\\n", $dport);\n}\n`;

it('the port of a connection without ntohs is refuted with values, with it proved', async () => {
  const wrong = await verify(CONNECT('$sk->__sk_common.skc_dport'), '--json');
  expect(wrong.code).toBe(1);
  const { assertions } = JSON.parse(wrong.stdout) as { assertions: { property: string; verdict: string; vacuous: boolean; counterexample?: { inputs: Record<string, number>; path: { values: Record<string, number> }[]; violated: string } }[] };
  const own = assertions.find(({ property }) => property === 'contract');
  expect(own).toMatchObject({ verdict: 'refuted', vacuous: false, counterexample: { violated: '$dport == ntohs($sk->__sk_common.skc_dport)' } });
  const port = own?.counterexample?.inputs['$sk->__sk_common.skc_dport'] ?? 0;
  expect(port).not.toBe(((port & 0xff) << 8) | (port >> 8));
  expect(own?.counterexample?.path.map(({ values }) => values['$dport'])).toContain(port);
  const right = await verify(CONNECT('bswap($sk->__sk_common.skc_dport)'));
  expect(right.stdout).toContain('✓ proved (always): $dport == ntohs($sk->__sk_common.skc_dport) [contract]');
  expect(right.code).toBe(0);
});

it('a program for IPv4 alone is refuted by an IPv6 connection', async () => {
  const { code, stdout } = await verify('kprobe:tcp_connect {\n  $sk = (struct sock *)arg0;\n  printf("%s\\n", ntop($sk->__sk_common.skc_daddr));\n}\n', '--only', 'address-families');
  expect(code).toBe(1);
  expect(stdout).toContain('skc_family = AF_INET6');
});

it('a proof over all events says what they keep true', async () => {
  const { code, stdout } = await verify('kprobe:vfs_read { @start[tid] = nsecs; }\nkretprobe:vfs_read /@start[tid]/ {\n  //@ assert @start[tid] <= nsecs\n  @ns = hist(nsecs - @start[tid]);\n  delete(@start[tid]);\n}\n');
  expect(stdout).toMatch(/✓ proved \(induction; keeps .*@start/);
  expect(code).toBe(0);
});

it('contradictory assumptions, and what cannot be read, are told apart from proofs', async () => {
  const vacuous = await verify('//@ requires pid > 5 && pid < 3\nkprobe:vfs_read {\n  //@ assert pid == 7\n  print(pid);\n}\n', '--json');
  expect(JSON.parse(vacuous.stdout)).toMatchObject({ assertions: [{ verdict: 'unknown', reason: 'contradictory', vacuous: true }] });
  expect(vacuous.code).toBe(3);
  const wrong = await verify('kprobe:vfs_read {\n  //@ assert $nosuch == 7\n  print(pid);\n}\n');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/program-\d+\.bt:2:14: /);
});
