import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bpftraceLoad } from '../../src/checks/load/bpftrace.ts';
import type { Facts } from '../../src/kernel/facts.ts';
import { LocalTarget } from '../../src/target/local.ts';
import { bundled } from '../support/inventory.ts';
import { factsOf, required } from '../support/local.ts';
import { read } from '../support/parser.ts';

const ENDLESS = '$i = 0; while (1) { $i++; }';
const target = new LocalTarget();

/** Each finding's line and what is marked there. */
async function load(facts: Facts, text: string): Promise<readonly string[]> {
  const { findings, skipped } = await bpftraceLoad(read).run({ uri: 'file:///x.bt', version: 1, text, language: 'bpftrace' }, { target, facts, timeoutMs: 60_000, unsafe: false, inventory: () => Promise.resolve(bundled) });
  expect(skipped).toBeUndefined();
  return findings.map(({ code, range: { start, end } }) => `${code} ${start.line + 1} ${text.split(/\r?\n/)[start.line]?.slice(start.character, end.character)}`);
}

function suite(): void {
  let facts: Facts;
  beforeAll(async () => {
    facts = await factsOf(target);
  });
  it('each rejected probe is told, and what they say of types stays known', async () => {
    const text = `// żółć\r\ntracepoint:sched:sched_switch { ${ENDLESS} }\ntracepoint:sched:sched_wakeup,\ntracepoint:sched:sched_waking /pid > 0/ { ${ENDLESS} @a = $i; }\ninterval:s:1 { print(@a); }\nEND { ${ENDLESS} clear(@a); }\n`;
    expect(await load(facts, text)).toEqual(['loop 2 while (1)', 'loop 4 while (1)', 'loop 6 while (1)']);
  });
  it('a probe on several attach points with a wildcard is told once', async () => {
    expect(await load(facts, `tracepoint:sched:sched_process_e* { ${ENDLESS} }\nBEGIN { printf("x"); }\n`)).toEqual(['loop 1 while (1)']);
  });
  it('nothing of a right program', async () => expect(await load(facts, 'tracepoint:sched:sched_switch { @a = count(); }\n')).toEqual([]));
}

describe('with Debian\'s bpftrace', suite);

describe('with the newest bpftrace', () => {
  const path = process.env['PATH'];
  beforeAll(() => {
    process.env['PATH'] = `${dirname(required('KGENT_TEST_BPFTRACE_NEW'))}:${path ?? ''}`;
  });
  afterAll(() => {
    process.env['PATH'] = path;
  });
  suite();
});
