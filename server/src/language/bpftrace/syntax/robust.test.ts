import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deleteToken, mutate, randomly } from '../../../../test/support/mutate.ts';
import { parser } from '../../../../test/support/parser.ts';
import { symbolsOf } from '../../../../test/support/symbols.ts';
import { allFaults } from './all-faults.ts';
import type { Document } from './document.ts';
import { parseDocument } from './parse.ts';

const EXAMPLES = join(import.meta.dirname, '../../../../../knowledge/examples');
const examples = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bt'))
  .map((name) => readFileSync(join(EXAMPLES, name), 'utf8'));

/** The processor's time, in milliseconds: other processes of a busy machine do not count. */
function timed(work: () => Document): { ms: number; document: Document } {
  const started = process.cpuUsage();
  const document = work();
  const { user, system } = process.cpuUsage(started);
  return { ms: (user + system) / 1000, document };
}

describe('any text is read, and quickly', () => {
  it.each([
    ['nested parentheses', `BEGIN { $x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}; }`],
    ['nested braces', `BEGIN ${'{'.repeat(100_000)}${'}'.repeat(100_000)}`],
    ['a long sum', `BEGIN { $x = ${'1 + '.repeat(20_000)}1; }`],
    ['a long else-if', `BEGIN { ${'if (1) { } else '.repeat(5_000)} { } }`],
    ['many unary operators', `BEGIN { $x = ${'!'.repeat(50_000)}1; }`],
    ['a line of a megabyte', `BEGIN { ${'@x[pid] = count(); '.repeat(52_000)} }`],
    ['a megabyte of probes', 'kprobe:f { @ = count(); }\n'.repeat(40_000)],
    ['a megabyte of broken probes', 'kprobe:f { @x[1 = (; }}\n'.repeat(40_000)],
    ['a megabyte of operators', `BEGIN { ${'+-*/%&|^<>=!~?:'.repeat(66_000)} }`],
    ['many statements without semicolons', `BEGIN { ${'$x '.repeat(30_000)} }`],
    ['many open calls', `BEGIN { ${'f('.repeat(30_000)} }`],
    ['NUL bytes', '\0'.repeat(100_000)],
    ['lone surrogates', `BEGIN { print("${'\uD83D'.repeat(50_000)}"); }`],
    ['a long string', `BEGIN { print("${'x'.repeat(900_000)}"); }`],
    ['a long comment', `/*${'*'.repeat(900_000)}*/ BEGIN { }`],
    ['a long header', `kprobe:a${',kprobe:b'.repeat(90_000)} { }`],
  ])('%s', (_, text) => {
    const { ms, document } = timed(() => parseDocument(parser, text));
    expect(document.text).toBe(text);
    expect(ms).toBeLessThan(1500);
  });

  it('what is too deep says so', () => {
    const document = parseDocument(parser, `BEGIN { $x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}; }\nEND { @y = 1; }`);
    expect(allFaults(document).map(({ code }) => code)).toEqual(['too-complex']);
    expect([...symbolsOf(document)]).toEqual(['BEGIN', 'END', '@y']);
  });

  it('2,000 mutated examples and random texts', () => {
    const random = randomly(1);
    let slowest = 0;
    for (let i = 0; i < 2_000; i++) {
      const { ms, document } = timed(() => parseDocument(parser, mutate(examples[random(examples.length)] ?? '', random)));
      slowest = Math.max(slowest, ms);
      for (const { span } of allFaults(document)) expect(span.start >= 0 && span.end <= document.text.length && span.start <= span.end).toBe(true);
    }
    expect(slowest).toBeLessThan(1000);
  });
});

it('a deleted token leaves the other probes understood', () => {
  const random = randomly(7);
  // Programs of several probes each, the C left out: it stands at the top only.
  const programs = Array.from({ length: 12 }, (_, i) => examples.slice(i * 4, i * 4 + 4).join('\n').replaceAll(/^(?:#|struct ).*$/gm, ''));
  let kept = 0;
  let all = 0;
  for (const text of programs) {
    for (let i = 0; i < 40; i++) {
      const { text: edited, at } = deleteToken(text, random);
      const whole = parseDocument(parser, text);
      const others = symbolsOf(whole, (placed) => at < placed.start || at >= placed.end);
      const still = symbolsOf(parseDocument(parser, edited, whole));
      all += others.size;
      kept += [...others].filter((symbol) => still.has(symbol)).length;
    }
  }
  expect(kept / all).toBeGreaterThan(0.98);
});
