import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { knownFacts } from '../../test/support/facts.ts';
import { BUILD_MS, builtKnowledge } from '../../test/support/knowledge.ts';
import type { Language } from '../checks/program.ts';
import type { Facts } from '../kernel/facts.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { openKnowledge } from '../knowledge/open.ts';
import { HELD_OUT, NONSENSE, QUESTIONS } from '../knowledge/questions.test-data.ts';
import type { Draft, Turn } from './drafter.ts';
import type { AgentEvent } from './events.ts';
import { generate } from './loop.ts';
import { OfflineDrafter } from './offline.ts';
import { loadPrompts } from './prompt.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const FACTS: Facts = { ...knownFacts, release: '6.18.5', distribution: 'Debian GNU/Linux 12' };

let knowledge: Knowledge;
let drafter: OfflineDrafter;
beforeAll(async () => {
  knowledge = await openKnowledge({ dir: await builtKnowledge() });
  drafter = new OfflineDrafter(knowledge);
}, BUILD_MS);

const ask = (sentence: string, { language = 'bpftrace', facts = FACTS, history = [] }: { language?: Language; facts?: Facts; history?: readonly Turn[] } = {}): Promise<Draft> =>
  drafter.draft({ sentence, language, facts, hits: [], history });

function exampleOf(draft: Draft): string | undefined {
  return draft.kind === 'program' && draft.origin.kind === 'retrieved' ? draft.origin.example : undefined;
}

describe('the offline drafter', () => {
  it('retrieves a checked example and says that it did', async () => {
    const draft = await ask('count system calls by process');
    expect(draft).toEqual({ kind: 'program', text: knowledge.example('syscalls-by-process')?.text, origin: { kind: 'retrieved', example: 'syscalls-by-process', description: knowledge.example('syscalls-by-process')?.description } });
  });

  it.each(NONSENSE)('does not answer %j with a program', async (sentence) => {
    for (const language of ['bpftrace', 'c'] as const) {
      const draft = await ask(sentence, { language });
      expect(draft.kind).toBe('none');
      expect(draft.kind === 'none' && draft.message).toMatch(/No .* example matches .*KGENT_MODEL/);
    }
  });

  it('answers everyday questions, mostly with the right example', async () => {
    for (const [name, questions, right, none] of [['tuned', QUESTIONS, 0.8, 0.1], ['held out', HELD_OUT, 0.55, 0.3]] as const) {
      const count = { right: 0, wrong: 0, none: 0 };
      for (const [question, ...ids] of questions) {
        const wanted = ids.filter((id) => knowledge.example(id)?.language === 'bpftrace');
        if (wanted.length === 0) continue;
        const example = exampleOf(await ask(question));
        count[example === undefined ? 'none' : wanted.includes(example) ? 'right' : 'wrong']++;
      }
      const all = count.right + count.wrong + count.none;
      console.log(`offline drafter, ${name} questions: ${count.right} right, ${count.wrong} another example, ${count.none} none, of ${all}`);
      expect(count.right / all).toBeGreaterThanOrEqual(right);
      expect(count.none / all).toBeLessThanOrEqual(none);
    }
  });

  it('gives the next best at the next attempt, and none twice', async () => {
    const history: Turn[] = [];
    const given: string[] = [];
    for (;;) {
      const draft = await ask('outgoing tcp connections', { history });
      if (draft.kind !== 'program') {
        expect(draft).toMatchObject({ kind: 'none', message: expect.stringContaining('no further example') as string });
        break;
      }
      given.push(exampleOf(draft) ?? '');
      history.push({ text: draft.text, findings: [], feedback: '' });
    }
    expect(given[0]).toMatch(/^tcp-connect/);
    expect(given.length).toBeGreaterThan(1);
    expect(new Set(given).size).toBe(given.length);
  });

  it('keeps to the language', async () => {
    expect(exampleOf(await ask('drop packets to a port', { language: 'c' }))).toBe('xdp-drop-port');
    expect(knowledge.example(exampleOf(await ask('drop packets to a port')) ?? '')?.language).toBe('bpftrace');
  });

  it('needs kprobes only where there are some', async () => {
    const draft = await ask('vfs write latency histogram');
    expect(exampleOf(draft)).toBe('vfs-write-latency');
    const without = await ask('vfs write latency histogram', { facts: { ...FACTS, kprobes: false } });
    expect(exampleOf(without)).not.toBe('vfs-write-latency');
    if (without.kind === 'program') {
      expect(knowledge.example(exampleOf(without) ?? '')?.needs).not.toContain('kprobe');
      expect(without.origin).toMatchObject({ note: expect.stringContaining("'vfs-write-latency', does not fit the target: it needs kprobe") as string });
    }
  });

  it('tells why the example that matches does not fit the target', async () => {
    const old = await ask('count system calls by process', { facts: { ...FACTS, release: '3.10.0-1160.el7' } });
    expect(old).toMatchObject({ kind: 'none', message: expect.stringMatching(/'syscalls-by-process'.*does not fit the target: it needs Linux 4\.\d+ or newer; the target has 3\.10\.0/) as string });
    const tool = await ask('count system calls by process', { facts: { ...FACTS, tools: { bpftrace: { command: 'bpftrace', text: 'bpftrace v0.9.4', version: [0, 9, 4] } } } });
    expect(tool).toMatchObject({ kind: 'none', message: expect.stringContaining('it needs bpftrace 0.17 or newer; the target has 0.9.4') as string });
  });

  it('ends a generation with a message that it was retrieved, or that nothing matches', async () => {
    const prompts = await loadPrompts(at('prompts'));
    const run = async (sentence: string, passes: boolean): Promise<AgentEvent[]> => {
      const events: AgentEvent[] = [];
      const findings = passes ? [] : [{ check: 'compile', code: 'x', severity: 'error', message: 'no', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, evidence: [], repairs: [] }] as const;
      const check = () => Promise.resolve([{ check: 'compile', findings, ms: 1 }] as const);
      await generate({ sentence, language: 'bpftrace' }, { knowledge, drafter, prompts, target: 'local', facts: FACTS, maxAttempts: 3, check }, (e) => events.push(e), new AbortController().signal);
      return events;
    };
    expect((await run('count system calls by process', true)).at(-1)).toMatchObject({ event: 'accepted', attempts: 1, message: expect.stringContaining('Retrieved, not generated') as string });
    expect((await run('bake a chocolate cake', true)).at(-1)).toMatchObject({ event: 'rejected', attempts: 0, findings: [], message: expect.stringContaining('No bpftrace example matches') as string });
    const failed = await run('count system calls by process', false);
    expect(failed.at(-1)).toMatchObject({ event: 'rejected', attempts: 3, program: { text: knowledge.example('syscalls-by-process')?.text } });
    const drafts = failed.filter((e) => e.event === 'drafted').map((e) => e.text);
    expect(new Set(drafts).size).toBe(3);
  });
});
