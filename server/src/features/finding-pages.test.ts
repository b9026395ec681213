import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bpftraceContracts } from '../contracts/language/check/bpftrace.ts';
import { BUILT_IN } from '../contracts/verdict.ts';
import { analyzed } from '../../test/support/analyzed.ts';
import { REJECTION_CLASSES } from '../verifier-log/explain/need.ts';

const FOLDER = 'docs/findings';
const pages = readdirSync(FOLDER).map((name) => name.replace(/\.md$/, '')).filter((name) => name !== 'README');
const read = (name: string): string => readFileSync(join(FOLDER, `${name}.md`), 'utf8');

it('every kind of rejection has a page', () => {
  for (const code of [...REJECTION_CLASSES, 'load-failed']) expect(pages).toContain(code);
});

it('so has everything that is said of BPF C before it is compiled', () => {
  const folder = 'server/src/language/bpfc/analysis/check';
  const codes = readdirSync(folder).flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/\bproblem\('([a-z-]+)'/g)].map(([, code = '']) => code));
  expect(codes.length).toBeGreaterThan(10);
  for (const code of codes) expect(pages).toContain(code);
});

/** The programs of a page about contracts, and the codes of what is said of the text of their contracts. */
function contractPage(code: string): (readonly string[])[] {
  const programs = [...read(code).matchAll(/```bpftrace contract\n([^]*?)```/g)].map(([, text = '']) => text);
  return programs.map((text) => bpftraceContracts(analyzed(text).analysis).flatMap((clause) => clause.problems.map((problem) => problem.code)));
}

it.each(['unknown-contract', 'misplaced-contract', 'contract-range', 'impure-call', 'contract-too-long'])('the wrong contract of the page %s is found, the right one is right', (code) => {
  const [wrong, right] = contractPage(code);
  expect(wrong).toContain(code);
  expect(right).toEqual([]);
});

it('so has everything that is found out about contracts', () => {
  for (const code of [...BUILT_IN, 'contract-violated', 'unproved']) expect(pages).toContain(code);
});

it.each(pages)('the page %s names its code and is listed with its title', (code) => {
  const [, title = ''] = /^# (.*)\n\n`([a-z0-9-]+)`\n/.exec(read(code)) ?? [];
  expect(title).not.toBe('');
  expect(read(code)).toContain(`\n\`${code}\`\n`);
  expect(read('README')).toContain(`[\`${code}\`](${code}.md) | ${title} |`);
});
