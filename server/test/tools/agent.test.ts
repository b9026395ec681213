import { afterEach, describe, expect, it } from 'vitest';
import { events, kgent } from '../support/kgent.ts';
import { ModelServer, type ScriptedReply } from '../support/model-server.ts';

const fenced = (program: string): string => `Here is the program.\n\n\`\`\`bpftrace\n${program}\n\`\`\`\n`;
const MADE_UP = fenced('tracepoint:net:packet_dropped_reason { @[comm] = count(); }');
const TYPE_ERROR = fenced('tracepoint:sched:sched_process_exec { @a = 1; @a = "text"; }');
const RIGHT = fenced('tracepoint:sched:sched_process_exec { @execs[comm] = count(); }');
let server: ModelServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function generate(replies: readonly ScriptedReply[], args: readonly string[] = [], env: Record<string, string> = {}) {
  server = await ModelServer.start({ replies, apiKey: 'test-key', model: 'scripted' });
  const ended = await kgent(['generate', 'count programs started, by name', '--json', ...args], { KGENT_BASE_URL: server.url, KGENT_MODEL: 'scripted', KGENT_API_KEY: 'test-key', KGENT_CONDITIONS: 'false', ...env });
  return { ...ended, all: ended.stdout === '' ? [] : events(ended.stdout), requests: server.requests };
}

describe('the loop on the real bpftrace', () => {
  it('a made-up tracepoint, then a type error, then a right program: accepted at attempt 3', async () => {
    const { code, all, requests } = await generate([MADE_UP, TYPE_ERROR, RIGHT]);
    expect(code).toBe(0);
    expect(all.at(-1)).toMatchObject({ event: 'accepted', attempts: 3, program: { text: expect.stringContaining('@execs') as string } });
    const feedback = all.flatMap((e) => (e.event === 'feedback' ? [e.text] : []));
    expect(feedback).toEqual([expect.stringContaining('net:packet_dropped_reason'), expect.stringContaining('@a holds an integer; a string cannot be assigned to it')]);
    // The transcript shows the very words the model was sent.
    expect(requests).toHaveLength(3);
    feedback.forEach((text, i) => expect(requests[i + 1]?.body.messages?.at(-1)?.content).toBe(text));
    const checked = all.flatMap((e) => (e.event === 'checked' ? [`${e.attempt} ${e.check} ${e.outcome}`] : []));
    expect(checked).toEqual(['1 syntax passed', '1 semantics failed', '1 compile failed', '1 load skipped', '1 contract skipped', '2 syntax passed', '2 semantics failed', '2 compile failed', '2 load skipped', '2 contract skipped', '3 syntax passed', '3 semantics passed', '3 compile passed', '3 load passed', '3 contract passed']);
  });
  it('never right: not accepted, exit 1, the findings shown', async () => {
    const { code, all } = await generate([MADE_UP, TYPE_ERROR, MADE_UP, TYPE_ERROR]);
    expect(code).toBe(1);
    expect(all.at(-1)).toMatchObject({ event: 'rejected', attempts: 4, findings: [{ check: 'semantics', severity: 'error' }] });
  });
  it('BPF C goes through clang and the kernel verifier', async () => {
    const c = (body: string): string => `\`\`\`c\n#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nstruct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); } counts SEC(".maps");\nSEC("tracepoint/sched/sched_process_exec")\nint on_exec(void *ctx)\n{\n  __u32 key = 0;\n  __u64 *n = bpf_map_lookup_elem(&counts, &key);\n  ${body}\n  return 0;\n}\nchar LICENSE[] SEC("license") = "GPL";\n\`\`\``;
    const { code, all } = await generate([c('*n += 1;'), c('if (n) *n += 1;')], ['--language', 'c']);
    expect(code).toBe(0);
    expect(all.flatMap((e) => (e.event === 'checked' && e.check !== 'contract' ? [`${e.attempt} ${e.check} ${e.outcome}`] : []))).toEqual(['1 syntax passed', '1 semantics passed', '1 compile passed', '1 load failed', '2 syntax passed', '2 semantics passed', '2 compile passed', '2 load passed']);
    expect(all.find((e) => e.event === 'feedback')).toMatchObject({ text: expect.stringContaining("R0 invalid mem access 'map_value_or_null'") as string });
  });
});

describe('a model that cannot help', () => {
  it.each<[string, ScriptedReply[], Record<string, string>, RegExp]>([
    ['a bad key', [RIGHT], { KGENT_API_KEY: 'wrong-key' }, /key/i],
    ['a wrong model', [RIGHT], { KGENT_MODEL: 'no-such-model' }, /no-such-model/],
    ['a dead server', [RIGHT], { KGENT_BASE_URL: 'http://127.0.0.1:9/v1' }, /127\.0\.0\.1:9/],
    ['a reply of 10 MB', [{ huge: 10_000_000 }], { KGENT_MAX_ATTEMPTS: '1' }, /too long|longer than|256/i],
  ])('%s: a clear message, exit 2', async (_, replies, env, message) => {
    const { code, stdout, stderr } = await generate(replies, [], env);
    expect(stdout + stderr).toMatch(message);
    expect(stdout + stderr).not.toContain('wrong-key');
    expect(code).toBe(2);
  });
  it('prose is no program: told so and asked again', async () => {
    const { code, all } = await generate(['I would rather talk about the weather.', RIGHT]);
    expect({ code, last: all.at(-1) }).toMatchObject({ code: 0, last: { event: 'accepted', attempts: 2 } });
  });
});

describe('what a program must do', () => {
  const SUMS = fenced('tracepoint:net:netif_receive_skb\n{\n  $bytes = args->len;\n  @received = sum($bytes);\n}');
  const conditions = (...clauses: readonly string[]): string => JSON.stringify(clauses.map((clause) => ({ line: 4, clause, meaning: 'what arrives is summed' })));
  const MEANT = conditions('assert $bytes == args->len');
  const WANTED = { KGENT_CONDITIONS: 'true' };

  it('a condition that does not fit the program is sent back, and so is one that says nothing; a proved one stays', async () => {
    const { code, all, requests } = await generate([SUMS, conditions('assert $bytes >= 0', 'assert $sum == 1'), conditions('assert $bytes >= 0'), MEANT], [], WANTED);
    expect(code).toBe(0);
    const [, , first, second] = requests.map(({ body }) => JSON.stringify(body));
    expect([first?.includes('$sum'), second?.includes('it holds for all values')]).toEqual([true, true]);
    expect(all.find((e) => e.event === 'comprehended')).toMatchObject({ conditions: [{ line: 3, clause: 'assert $bytes == args->len' }] });
    expect(all.at(-1)).toMatchObject({ event: 'accepted', attempts: 1, program: { text: expect.stringContaining('  //@ assert $bytes == args->len\n  @received') as string } });
  });
  it('a model that writes none leaves the program as it is', async () => {
    const { code, all, requests } = await generate([RIGHT, RIGHT], [], WANTED);
    expect([code, requests.length]).toEqual([0, 2]);
    expect(all.at(-1)).toMatchObject({ event: 'accepted', program: { text: expect.not.stringContaining('//@') as string } });
  });
});
