import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fence, fill, loadPrompts } from './prompt.ts';

const PROMPTS = fileURLToPath(new URL('../../../prompts', import.meta.url));

describe('prompt files', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kgent-prompts-'));
    await cp(PROMPTS, dir, { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('are all there and use only names they are given', async () => {
    const prompts = await loadPrompts(dir);
    expect(Object.keys(prompts).sort()).toEqual(['comprehend', 'describe', 'draft', 'feedback', 'fix', 'system-bpftrace', 'system-c']);
  });

  it('name the one that is missing', async () => {
    await rm(join(dir, 'feedback.md'));
    await expect(loadPrompts(dir)).rejects.toMatchObject({ code: 'bad-prompts', message: expect.stringContaining('feedback.md') as string });
  });

  it('name a placeholder that does not exist', async () => {
    await writeFile(join(dir, 'draft.md'), 'Write about {{sentense}}.');
    await expect(loadPrompts(dir)).rejects.toMatchObject({ code: 'bad-prompts', message: expect.stringContaining('{{sentense}}') as string });
  });
});

describe('filling a template', () => {
  it('puts each value in once and leaves braces in values alone', () => {
    expect(fill('{{a}} and {{b}}', { a: '{{b}} $& $1', b: 'x' })).toBe('{{b}} $& $1 and x');
  });

  it('refuses a name without a value, inherited ones too', () => {
    expect(() => fill('{{a}}', {})).toThrow('{{a}}');
    expect(() => fill('{{constructor}}', {})).toThrow('{{constructor}}');
  });
});

describe('a fence', () => {
  it.each([
    ['plain', '```text\nplain\n```'],
    ['a\r\nb\rc\n\n', '```text\na\nb\nc\n```'],
    ['```\nbreak out\n```', '````text\n```\nbreak out\n```\n````'],
    ['``````', '```````text\n``````\n```````'],
    ['\x1b[31mred\x00', '```text\n\\x1b[31mred\\x00\n```'],
    ['', '```text\n\n```'],
  ])('around %j', (text, expected) => {
    expect(fence(text)).toBe(expected);
  });
});
