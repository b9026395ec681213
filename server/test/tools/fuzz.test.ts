import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../src/base/line-index.ts';
import type { Span } from '../../src/base/span.ts';
import type { Version } from '../../src/base/version.ts';
import { NEWEST_BPFTRACE } from '../../src/checks/against.ts';
import { syntaxFindings } from '../../src/checks/from-language.ts';
import { judge } from '../../src/checks/semantics.ts';
import { applyEdits, format } from '../../src/language/bpftrace/format/format.ts';
import { analyze } from '../../src/language/bpftrace/analysis/analyze.ts';
import { complete } from '../../src/language/bpftrace/queries/complete/complete.ts';
import { folds } from '../../src/language/bpftrace/queries/folds.ts';
import { highlights } from '../../src/language/bpftrace/queries/highlight.ts';
import { hints } from '../../src/language/bpftrace/queries/hints.ts';
import { hoverAt } from '../../src/language/bpftrace/queries/hover/hover.ts';
import { linksOf } from '../../src/language/bpftrace/queries/links.ts';
import { outline } from '../../src/language/bpftrace/queries/outline.ts';
import { refactorings } from '../../src/language/bpftrace/queries/refactor/refactoring.ts';
import { selectionSpans } from '../../src/language/bpftrace/queries/selection.ts';
import { signatureAt } from '../../src/language/bpftrace/queries/signature.ts';
import { parseDocument } from '../../src/language/bpftrace/syntax/parse.ts';
import { bundled } from '../support/inventory.ts';
import { required } from '../support/local.ts';
import { deleteToken, mutate, randomly, type Random } from '../support/mutate.ts';
import { parser } from '../support/parser.ts';

const DOCUMENTS = 10_000;
/** In as many tests, so that a run tells how far it is. */
const PARTS = 20;
const VERSIONS: readonly Version[] = [[0, 17, 0], [0, 21, 0], [0, 23, 2], NEWEST_BPFTRACE];

function programsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt')).map((name) => readFileSync(join(folder, name), 'utf8'));
}
const real = ['knowledge/examples', 'test-fixtures/bpftrace-errors', '/usr/sbin', join(dirname(required('KGENT_TEST_BPFTRACE_NEW')), '../root/usr/sbin')].flatMap(programsIn);

/** Milliseconds of the processor that the slowest of these took. */
interface Slowest { ms: number; what: string }

/** Everything an editor asks of a program, at one place where a place is needed. */
function everything(text: string, at: number, version: Version): Slowest {
  const slowest: Slowest = { ms: 0, what: '' };
  const timed = <T>(what: string, work: () => T): T => {
    const started = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(started);
    const ms = (user + system) / 1000;
    if (ms > slowest.ms) Object.assign(slowest, { ms, what });
    return result;
  };
  const document = timed('parse', () => parseDocument(parser, text));
  const lines = new LineIndex(text);
  const analysis = timed('analyze', () => analyze(document, { version, inventory: bundled, unsafe: false, targetName: 'the target' }));
  const findings = [...timed('faults', () => syntaxFindings(document, lines)), ...timed('judge', () => judge(analysis, lines, undefined))];
  const spans: readonly Span[] = [
    ...findings.map(({ range }) => lines.span(range)), ...analysis.symbols.all.flatMap(({ references }) => references.map(({ span }) => span)),
    ...timed('folds', () => folds(document)), ...timed('highlights', () => highlights(analysis)), ...timed('selection', () => selectionSpans(document, at)),
    ...timed('links', () => linksOf(analysis)).map(({ span }) => span),
  ];
  timed('hints', () => hints(analysis));
  timed('outline', () => outline(document));
  timed('hover', () => hoverAt(analysis, at));
  timed('signature', () => signatureAt(analysis, at));
  timed('complete', () => complete(analysis, at));
  timed('refactorings', () => refactorings(analysis, { start: at, end: Math.min(text.length, at + 10) }));
  const edits = timed('format', () => format(document, { tabSize: 2, insertSpaces: true }));
  expect(spans.find(({ start, end }) => start < 0 || end > text.length || start > end)).toBeUndefined();
  expect(bare(applyEdits(text, edits))).toBe(bare(text));
  return slowest;
}

/** Formatting moves white space and nothing else. */
const bare = (text: string): string => text.replaceAll(/\s+/g, '');

function document(random: Random): string {
  const text = real[random(real.length)] ?? '';
  return random(3) === 0 ? deleteToken(text, random).text : mutate(text, random);
}

describe('10,000 documents, everything asked of each', () => {
  it.each(Array.from({ length: PARTS }, (_, part) => part))('part %i', (part) => {
    const random = randomly(part + 1);
    let slowest = { ms: 0, what: '', text: '' };
    for (let i = 0; i < DOCUMENTS / PARTS; i++) {
      const text = document(random);
      const took = everything(text, random(text.length + 1), VERSIONS[random(VERSIONS.length)] ?? NEWEST_BPFTRACE);
      if (took.ms > slowest.ms) slowest = { ...took, text };
    }
    expect(slowest.ms, `${slowest.what} of ${slowest.text.slice(0, 500)}`).toBeLessThan(1000);
  });
});

describe('documents nobody writes', () => {
  const nested = (open: string, inner: string, close: string, depth: number): string => `BEGIN { ${open.repeat(depth)}${inner}${close.repeat(depth)} }`;
  it.each([
    ['a line of a megabyte', `BEGIN { ${'@x[pid] = count(); '.repeat(52_000)} }`],
    ['a megabyte of probes', 'kprobe:vfs_read { @ = count(); }\n'.repeat(30_000)],
    ['a megabyte of different maps', Array.from({ length: 40_000 }, (_, i) => `END { @m${i} = ${i}; }`).join('\n')],
    ['a megabyte of variables', `BEGIN { ${Array.from({ length: 40_000 }, (_, i) => `$v${i} = ${i};`).join(' ')} }`],
    ['a megabyte of one map with different keys', `BEGIN { ${Array.from({ length: 30_000 }, (_, i) => `@m[${i}, "k"] = $x${i % 9};`).join('\n')} }`],
    ['a megabyte of unknown functions', `BEGIN { ${'prinft(kstakc, 1); '.repeat(50_000)} }`],
    ['a megabyte of unknown attach points', 'kprobe:vfs_raed { }\n'.repeat(50_000)],
    ['a megabyte of wildcards', 'kprobe:*a*b* { @ = count(); }\n'.repeat(30_000)],
    ['a megabyte of C', Array.from({ length: 20_000 }, (_, i) => `struct s${i} { struct s${i + 1} *next; int a[${i}]; };`).join('\n')],
    ['a megabyte of macros', Array.from({ length: 20_000 }, (_, i) => `macro m${i}($x) { m${i + 1}($x) }`).join('\n')],
    ['macros that double', `${Array.from({ length: 40 }, (_, i) => `macro m${i}(x) { m${i + 1}(x) + m${i + 1}(x) }`).join('\n')}\nBEGIN { print(m0(1)); }`],
    ['a macro of itself', 'macro m(x) { m(m(x)) }\nBEGIN { print(m(1)); }'],
    ['a struct of itself', 'struct a { struct a inner; struct b other; }; struct b { struct a x; };\nBEGIN { $p = (struct a *)0; print($p->inner.other.x.inner); }'],
    ['nested parentheses', nested('(', '1', ')', 200_000)],
    ['nested blocks', nested('{', '', '}', 200_000)],
    ['nested ifs', nested('if (1) { ', '$x = 1;', ' }', 20_000)],
    ['nested calls', nested('str(', '1', ')', 100_000)],
    ['nested tuples', `BEGIN { @a = ${'(1, '.repeat(5_000)}2${')'.repeat(5_000)}; @b = @a; }`],
    ['nested ternaries', `BEGIN { $a = ${'1 ? 2 : '.repeat(50_000)}3; }`],
    ['a long sum', `BEGIN { $a = ${'1 + '.repeat(200_000)}1; }`],
    ['a long chain of fields', `BEGIN { $t = curtask${'->parent'.repeat(50_000)}; }`],
    ['a long format', `BEGIN { printf("${'%d '.repeat(100_000)}", ${'1, '.repeat(1000)}1); }`],
    ['unclosed everything', '{ ( [ " /* '.repeat(50_000)],
    ['nothing but NUL', '\0'.repeat(500_000)],
    ['nothing but line ends', '\r\n'.repeat(500_000)],
    ['lone surrogates', '\uD83D'.repeat(200_000)],
  ])('%s', (_, text) => {
    const { ms, what } = everything(text, text.length >> 1, NEWEST_BPFTRACE);
    expect(ms, what).toBeLessThan(1000);
  });
});
