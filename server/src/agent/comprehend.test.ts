import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { range } from '../base/range.ts';
import { finding } from '../checks/finding.ts';
import type { ConditionsReport } from '../checks/contract/conditions.ts';
import { comprehend } from './comprehend.ts';
import { annotate, conditionsIn, numbered } from './conditions.ts';
import type { Message } from './model/chat.ts';
import { movedBehind } from './moved.ts';
import { loadPrompts, type Prompts } from './prompt.ts';

const PROGRAM = 'kprobe:tcp_connect\n{\n  $port = 1;\n  print($port);\n}\n';
const condition = (line: number, clause: string) => ({ line, clause, meaning: 'what it means' });
const answer = (...conditions: readonly object[]): string => `Here:\n\`\`\`json\n${JSON.stringify(conditions)}\n\`\`\``;

describe('the conditions in a reply', () => {
  it.each([
    ['fenced', answer(condition(3, 'assert $x > 0')), 'assert $x > 0'],
    ['not fenced', JSON.stringify([condition(3, 'assert $x > 0')]), 'assert $x > 0'],
    ['with the mark of a comment, lines and a semicolon', answer(condition(3, '//@ assert $x >\n  0;')), 'assert $x > 0'],
  ])('%s', (_, reply, clause) => {
    expect(conditionsIn(reply)).toEqual({ conditions: [condition(3, clause)] });
  });
  it.each([
    ['prose', 'The program is right.', 'There is no JSON array'],
    ['an empty list', '[]', 'Too small'],
    ['a line that is none', answer(condition(0, 'assert 1')), '0.line'],
    ['no meaning', answer({ line: 1, clause: 'assert 1' }), '0.meaning'],
  ])('%s is told', (_, reply, problem) => {
    const read = conditionsIn(reply);
    expect('problem' in read ? read.problem : '').toContain(problem);
  });
});

describe('a program with conditions', () => {
  it('has each before its line, indented as that, in the order they were given', () => {
    const { text, lines } = annotate(PROGRAM, [condition(4, 'assert $port == 1'), condition(1, 'requires arg0 != 0'), condition(4, 'assert $port > 0'), condition(99, 'assert 1 == 1')]);
    expect(text).toBe('//@ requires arg0 != 0\nkprobe:tcp_connect\n{\n  $port = 1;\n  //@ assert $port == 1\n  //@ assert $port > 0\n  print($port);\n//@ assert 1 == 1\n}\n');
    expect(lines.map((line) => text.split('\n')[line]?.trim())).toEqual(['//@ assert $port == 1', '//@ requires arg0 != 0', '//@ assert $port > 0', '//@ assert 1 == 1']);
  });
  it('is shown with numbers', () => {
    expect(numbered(PROGRAM).split('\n').slice(0, 2)).toEqual(['1 | kprobe:tcp_connect', '2 | {']);
  });
});

it('what was found before is where it belongs among the conditions', () => {
  const { lines } = annotate(PROGRAM, [condition(4, 'assert $port == 1'), condition(1, 'requires arg0 != 0'), condition(4, 'assert $port > 0')]);
  const found = { ...finding('semantics', 'x', 'warning', 'm', range(3, 2, 3, 7)), evidence: [{ range: range(0, 0, 0, 6), message: 'seen' }] };
  const { range: moved, evidence } = movedBehind(found, lines);
  expect([moved.start.line, moved.end, evidence[0]?.range?.start.line]).toEqual([6, { line: 6, character: 7 }, 1]);
});

describe('comprehension', () => {
  let prompts: Prompts;
  beforeAll(async () => {
    prompts = await loadPrompts(fileURLToPath(new URL('../../../prompts', import.meta.url)));
  });

  /** `says`: what the model answers by turns; `unfit`: clauses that cannot be used, and why. */
  async function run(says: readonly string[], unfit: Readonly<Record<string, string>> = {}) {
    const asked: (readonly Message[])[] = [];
    const model = { name: 'scripted', chat: (messages: readonly Message[]) => Promise.resolve({ text: says[asked.push([...messages]) - 1] ?? '', cut: false }) };
    const judge = (text: string): Promise<ConditionsReport> => Promise.resolve({ findings: [], ms: 1, unfit: text.split('\n').flatMap((line, at) => Object.entries(unfit).filter(([clause]) => line.endsWith(clause)).map(([, why]) => ({ line: at, why }))) });
    const found = await comprehend({ sentence: 'who connects where', language: 'bpftrace', text: PROGRAM, hits: [] }, { model, prompts, knowledge: {} as Knowledge, judge }, new AbortController().signal, () => undefined);
    return { found, asked };
  }

  it('takes conditions that can be used, and tells where they went', async () => {
    const { found, asked } = await run([answer(condition(4, 'assert $port == 1'))]);
    expect(found?.conditions.map(({ at, clause }) => [at, clause])).toEqual([[3, 'assert $port == 1']]);
    expect(found?.text.split('\n')[3]).toBe('  //@ assert $port == 1');
    expect(asked[0]?.[0]?.content).toMatch(/who connects where[^]*3 \|   \$port = 1;/);
  });
  it('sends a weak set back, with what is wrong with which', async () => {
    const { found, asked } = await run([answer(condition(4, 'assert $port >= 0')), answer(condition(4, 'assert $port == 1'))], { 'assert $port >= 0': 'it holds for all values' });
    expect(asked[1]?.at(-1)?.content).toContain('assert $port >= 0: it holds for all values');
    expect(found?.conditions.map(({ clause }) => clause)).toEqual(['assert $port == 1']);
  });
  it('leaves out what stays unfit', async () => {
    const { found } = await run(Array.from({ length: 3 }, () => answer(condition(4, 'assert $port >= 0'), condition(4, 'assert $port == 1'))), { 'assert $port >= 0': 'it holds for all values' });
    expect(found?.conditions.map(({ clause }) => clause)).toEqual(['assert $port == 1']);
    expect(found?.text).not.toContain('>= 0');
  });
  it('does without when nothing usable comes', async () => {
    const { found, asked } = await run([answer(condition(0, 'assert 1')), answer({}), '[{"line":']);
    expect(found).toBeUndefined();
    expect(asked).toHaveLength(3);
  });
  it('does not ask a model again that answers with something else', async () => {
    const { found, asked } = await run(['```bpftrace\nkprobe:f { @calls[comm] = count(); }\n```']);
    expect(found).toBeUndefined();
    expect(asked).toHaveLength(1);
  });
});
