import { afterEach, expect, it } from 'vitest';
import { events, kgent } from '../support/kgent.ts';
import { ModelServer, type ScriptedReply } from '../support/model-server.ts';
import { configWithVm } from '../support/vm.ts';

const draft = (port: string): string => `\`\`\`bpftrace
// Connections by their remote port
kprobe:tcp_connect
{
  $sk = (struct sock *)arg0;
  $dport = ${port};
  @connects[$dport] = count();
}
\`\`\``;
const WRONG = draft('$sk->__sk_common.skc_dport');
const RIGHT = draft('bswap($sk->__sk_common.skc_dport)');
const MEANT = JSON.stringify([{ line: 6, clause: 'assert $dport == ntohs($sk->__sk_common.skc_dport)', meaning: 'connections are counted by the port as people write it' }]);

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function generate(replies: readonly ScriptedReply[]) {
  server = await ModelServer.start({ replies });
  const { stdout, code } = await kgent(['generate', 'which ports do programs connect to', '--target', 'vm', '--json'], { ...(await configWithVm('root')), KGENT_BASE_URL: server.url, KGENT_MODEL: 'scripted', KGENT_CONDITIONS: 'true' });
  return { all: events(stdout), code, asked: server.requests.map(({ body }) => JSON.stringify(body)) };
}

it('draft, contract, counterexample, repaired draft, proof: the port without ntohs', async () => {
  const { all, code, asked } = await generate([WRONG, MEANT, RIGHT, MEANT]);
  expect(code).toBe(0);
  const contract = all.flatMap((event) => (event.event === 'checked' && event.check === 'contract' ? [event] : []));
  // Each program is judged without the conditions, and then with them.
  expect(contract.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([[1, 'passed'], [1, 'failed'], [2, 'passed'], [2, 'passed']]);
  const [violated] = contract[1]?.findings.filter(({ code: kind }) => kind === 'contract-violated') ?? [];
  expect(violated?.counterexample).toBeDefined();
  // The model is told the values, in the words of the program.
  expect(/This does not hold[^\\]*/.exec(asked[2] ?? '')?.[0]).toMatch(/skc_dport = 0x[0-9a-f]+ ⇒ .*\$dport = \d+, asserted \d+/);
  expect(all.at(-1)).toMatchObject({ event: 'accepted', attempts: 2, program: { text: expect.stringContaining('//@ assert $dport == ntohs($sk->__sk_common.skc_dport)\n  @connects[$dport] = count();') as string } });
});
