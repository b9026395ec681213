import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { events, startKgent } from '../support/kgent.ts';
import { required } from '../support/local.ts';

const path = process.env['PATH'] ?? '';

// Attaching these takes long enough that "attached" said too early misses what happens next.
it.each([
  ['0.17', path],
  ['0.27', `${dirname(required('KGENT_TEST_BPFTRACE_NEW'))}:${path}`],
])('bpftrace %s: what happens after "attached" was said is seen by every probe', async (_, PATH) => {
  const directory = mkdtempSync(join(tmpdir(), 'kgent-attached-'));
  const made = join(directory, 'made');
  const program = join(directory, 'many.bt');
  const seen = (map: string): string => `tracepoint:syscalls:sys_enter_mkdir /str(args->pathname) == "${made}"/ { @${map} = count(); }\n`;
  writeFileSync(program, `${seen('first')}tracepoint:syscalls:sys_enter_s* { @other = 1; }\n${seen('last')}`);
  const child = startKgent(['run', program, '--for', '1s', '--json'], { PATH });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const before = output.includes('"attached"');
    output += chunk.toString();
    if (!before && output.includes('"attached"')) mkdirSync(made);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(events(output).at(-1)).toMatchObject({ event: 'ended', outcome: 'finished', maps: { '@first': 1, '@last': 1 } });
  expect(code).toBe(0);
});
