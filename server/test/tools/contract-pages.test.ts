/** The pages about verdicts: what they call wrong is refuted, what they call right is proved, with what the knowledge base says. */
import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { findingsOf } from '../../src/checks/contract/findings.ts';
import { Prover, type Proven } from '../../src/checks/contract/prover.ts';
import { translator } from '../../src/checks/contract/translate.ts';
import { BUILT_IN } from '../../src/contracts/verdict.ts';
import { Described } from '../../src/knowledge/described.ts';
import { NoTarget } from '../../src/target/none.ts';
import { bundled } from '../support/inventory.ts';
import { read } from '../support/parser.ts';

const none = () => Promise.resolve({ kind: 'not', reason: 'not asked here', skipped: true } as const);
const described = new Described().read('dist/knowledge');
const prover = new Prover({ translate: translator({ read, described: () => described, c: none }), seahorn: () => Promise.resolve({ skipped: 'not asked here' }) });
afterAll(() => prover.dispose());

/** The wrong and the right program of a page. */
function programs(code: string): readonly string[] {
  return [...readFileSync(`docs/findings/${code}.md`, 'utf8').matchAll(/```bpftrace[^\n]*\n([^]*?)```/g)].map(([, text = '']) => text);
}

const proven = (text: string): Promise<Proven> =>
  prover.prove({ uri: 'file:///page.bt', version: 1, text, language: 'bpftrace' }, { target: new NoTarget(), inventory: () => Promise.resolve(bundled), timeoutMs: 60_000, unsafe: false }, { engine: 'z3', timeoutMs: 10_000 });

/** Each property that is not proved, with its verdict. */
async function open(text: string): Promise<readonly string[]> {
  const result = await proven(text);
  if (result.kind === 'not') return [result.reason];
  return [...result.proofs.filter(({ verdict }) => verdict !== 'proved').map(({ property, verdict }) => `${property} ${verdict}`), ...result.notUnderstood.map(({ text: what }) => what)];
}

it.each(['contract', ...BUILT_IN].filter((property) => property !== 'out-of-bounds'))('%s: the wrong program of its page is refuted, the right one proved', async (property) => {
  const [wrong = '', right = ''] = programs(property === 'contract' ? 'contract-violated' : property);
  expect(await open(wrong)).toContain(`${property} refuted`);
  expect(await open(right)).toEqual([]);
});

it('the example of docs/contracts.md is proved', async () => {
  const [, text = ''] = /```bpftrace\n([^]*?)```/.exec(readFileSync('docs/contracts.md', 'utf8')) ?? [];
  const result = await proven(text);
  expect(result).toMatchObject({ kind: 'proven', notUnderstood: [] });
  if (result.kind === 'proven') expect(result.proofs.map(({ property, verdict }) => `${property} ${verdict}`)).toEqual(expect.arrayContaining(['contract proved', 'absent-entry proved']));
});

it('a refuted page says the values in its message', async () => {
  const [text = ''] = programs('contract-violated');
  const result = await proven(text);
  const [found] = result.kind === 'proven' ? findingsOf(result.proofs, { text, language: 'bpftrace' }) : [];
  expect(found?.message).toMatch(/^This does not hold: .* ⇒ .*\$dport = \d+, asserted \d+$/);
});
