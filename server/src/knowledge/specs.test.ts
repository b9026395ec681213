import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { KNOWLEDGE } from '../../test/support/knowledge.ts';
import { readTables, releases } from '../../test/support/kernel-tables.ts';
import { loadSource } from './load.ts';
import { mistakesOf, type Known } from './lint.ts';
import type { Spec } from './schema.ts';

let specs: readonly Spec[];
let known: Known;
beforeAll(async () => {
  specs = (await loadSource(KNOWLEDGE)).specs;
  known = { kernels: releases.map(readTables), ids: new Set(specs.map(({ id }) => id)) };
}, 120_000);

describe('the specs', () => {
  it('have no mistakes', () => {
    expect(specs.flatMap((spec) => mistakesOf(spec, known).map((mistake) => `${spec.id}: ${mistake}`))).toEqual([]);
  });

  it('are as many as they should be, of each kind', () => {
    const count = (kind: Spec['kind'], of = /./) => specs.filter((spec) => spec.kind === kind && of.test(spec.id)).length;
    expect(count('attach-point', /^kprobe:/)).toBeGreaterThanOrEqual(2_700);
    expect(count('attach-point', /^tracepoint:/)).toBeGreaterThanOrEqual(5_000);
    expect(count('helper')).toBeGreaterThanOrEqual(211);
    expect(count('topic')).toBeGreaterThanOrEqual(300);
  });

  it('say each thing once: no two records or topics share their first words', () => {
    const seen = new Map<string, string>();
    const twice = specs.flatMap(({ id, kind, summary }) => {
      const key = `${kind} ${summary}`;
      const before = seen.get(key);
      seen.set(key, id);
      return before === undefined || kind !== 'topic' ? [] : [`${id} and ${before}: ${summary}`];
    });
    expect(twice).toEqual([]);
  });

  it('repeat no question that judges the search', () => {
    const file = join(KNOWLEDGE, '../test-fixtures/questions/attach-points.jsonl');
    const questions = new Set(readFileSync(file, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { question: string }).question.toLowerCase()).filter((question) => question.split(' ').length > 4));
    expect(specs.flatMap(({ id, words }) => words.filter((phrase) => questions.has(phrase.toLowerCase())).map((phrase) => `${id}: ${phrase}`))).toEqual([]);
  });

  it('lie in files that are read', () => {
    const files = readdirSync(join(KNOWLEDGE, 'specs'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
    expect(files.filter((name) => !/\.jsonl$|^README\.md$/.test(name))).toEqual([]);
  });
});
