import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzed, OLDEST } from '../../../../test/support/analyzed.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { parse } from '../../../../test/support/marked.ts';
import { mutate, randomly } from '../../../../test/support/mutate.ts';
import { analyze } from './analyze.ts';

const many = (count: number, make: (i: number) => string): string => Array.from({ length: count }, (_, i) => make(i)).join(' ');

describe('programs no person writes', () => {
  it.each<[what: string, source: string]>([
    ['a long chain of operators', `BEGIN { $x = ${'pid+'.repeat(20_000)}1; }`],
    ['many nots', `BEGIN { $x = ${'!'.repeat(20_000)}1; }`],
    ['a long path of fields', `BEGIN { $x = curtask${'->parent'.repeat(5_000)}; }`],
    ['a long else-if', `BEGIN { if (1) { } ${'else if (1) { } '.repeat(3_000)} }`],
    ['maps assigned from each other', `BEGIN { ${many(500, (i) => `@m${i} = @m${i + 1};`)} @m500 = 1; }`],
    ['macros that double at every level', `${many(20, (i) => `macro m${i}(x) { ${i === 0 ? 'x + 1' : `m${i - 1}(m${i - 1}(x))`} }`)} BEGIN { print(m19(1)); }`],
    ['structs inside each other', 'struct a { struct b x; }; struct b { struct a y; }; BEGIN { print(sizeof(struct a)); print(((struct a *)1)->x.y.x); }'],
    ['typedefs in a circle', 'typedef a b; typedef b a; BEGIN { print((a)1); }'],
  ])('%s: an answer', (_, source) => {
    expect(analyzed(source).analysis.probes).toHaveLength(1);
  });
  it('thousands of mistakes: each is told, the first hundred with what may have been meant', () => {
    const { problems } = analyzed(`BEGIN { ${many(1_000, (i) => `$a = pid${'dd'.slice(i % 2)}; prinft(${i});`)} }`).analysis;
    expect(problems).toHaveLength(2_000);
    expect(problems.filter((p) => p.repairs.length > 0).length).toBeLessThanOrEqual(100);
  });
});

it('never throws, whatever is left of a program', () => {
  const sources = readdirSync('knowledge/examples', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt')).map((name) => readFileSync(join('knowledge/examples', name), 'utf8'));
  const random = randomly(7);
  for (let i = 0; i < 600; i++) {
    const document = parse(mutate(sources[random(sources.length)] ?? '', random));
    const { problems, symbols } = analyze(document, { version: i % 2 === 0 ? OLDEST : [0, 27, 1], inventory: bundled, unsafe: false, targetName: 'the target' });
    for (const { span } of problems) expect(span.start >= 0 && span.end >= span.start && span.end <= document.text.length, JSON.stringify(document.text)).toBe(true);
    expect(symbols.visibleAt(document.text.length)).toBeDefined();
  }
});
