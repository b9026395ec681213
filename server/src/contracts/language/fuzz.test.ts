import { describe, expect, it } from 'vitest';
import { analyzed } from '../../../test/support/analyzed.ts';
import { parseBpfC } from '../../../test/support/bpfc.ts';
import { bundled } from '../../../test/support/inventory.ts';
import { parse } from '../../../test/support/marked.ts';
import { analyze } from '../../language/bpftrace/analysis/analyze.ts';
import { analyzeC } from '../../language/bpfc/analysis/analyze.ts';
import { everyExpr, typesIn, type Expr } from './ast.ts';
import { bpftraceContracts } from './check/bpftrace.ts';
import { cContracts } from './check/c.ts';
import { readClauses, readExpression } from './parse/parse.ts';
import { completeContract } from './queries/complete-bpftrace.ts';
import { contractHighlights } from './queries/highlight.ts';
import { hoverContract } from './queries/hover.ts';
import { namesIn } from './queries/names.ts';

const SEEDS = [
  '//@ assert $sk->__sk_common.skc_dport == bswap((uint16)80) ==> present(@m[tid, comm]) && @m[tid, comm] < 0x10',
  '//@ invariant @m[k1, k2] : old(@m[k1, k2]) <= @m[k1, k2] || k1 > \'x\'',
  '//@ requires forall s in enum bpf_map_type : exists i in 0..8 : (args.x ? s : -i) != ~1ms',
  '//@ ensures family((struct sock *)arg0) == AF_INET6 // why\n//@ && readable($p, sizeof(struct sock)) || comm == "é\\"日"',
  '//@ assume $t.0 + $x[1] * 2 >> 3 & @n % 5 ^ 017 | 0b11 <= $1 && !($#) || held(*$p)',
];
const PARTS = ['(', ')', '[', ']', '"', '\'', '->', '.', '..', '==>', '?', ':', '//@ ', '\n', '\r\n', '\t', 'forall ', 'in ', 'enum ', '@', '$', ',', '0x', '9999999999999999999999', 'old(', 'sizeof ', '*', '&&', '\u{1F600}', '\uFEFF', 'struct ', ';', '=', '//', ' constructor ', ' __proto__ ', ' toString('];

/** The same numbers every time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutated(source: string, next: (below: number) => number): string {
  let text = source;
  for (let n = 1 + next(4); n > 0; n--) {
    const at = next(text.length + 1);
    const end = at + next(6);
    const kind = next(3);
    const part = PARTS[next(PARTS.length)] ?? '';
    text = kind === 0 ? text.slice(0, at) + text.slice(end) : kind === 1 ? text.slice(0, at) + part + text.slice(at) : text.slice(0, at) + text.slice(end, end + 8) + part + text.slice(at);
  }
  return text;
}

const comments = (text: string): { start: number; end: number }[] => [...text.matchAll(/\/\/[^\r\n]*/g)].map((m) => ({ start: m.index, end: m.index + m[0].length }));

/** Children lie inside of their parents, in order, and nothing lies outside of the text. */
function expectSound(root: Expr, length: number): void {
  for (const node of everyExpr(root)) {
    expect(node.start).toBeLessThanOrEqual(node.end);
    expect(node.start).toBeGreaterThanOrEqual(0);
    expect(node.end).toBeLessThanOrEqual(length);
    for (const inner of everyExpr(node).slice(1, 3)) expect(node.start <= inner.start && inner.end <= node.end).toBe(true);
    for (const type of typesIn(node)) expect(node.start <= type.start && type.end <= node.end).toBe(true);
  }
}

describe('mutated clauses', () => {
  it('two thousand are read, in either language, and soundly', () => {
    const next = random(7);
    for (let n = 0; n < 2_000; n++) {
      const text = mutated(SEEDS[n % SEEDS.length] ?? '', next);
      for (const { expr, problems, keyword } of readClauses(text, comments(text), n % 3 === 0 ? 'c' : 'bpftrace')) {
        expectSound(expr, text.length);
        for (const { span } of problems) expect(span.start <= span.end && span.end <= text.length).toBe(true);
        // What is not understood is told of, and only once.
        expect(problems.length).toBeLessThanOrEqual(1);
        if (keyword === undefined || everyExpr(expr).some(({ kind }) => kind === 'missing')) expect(problems.length, text).toBe(1);
      }
    }
  });

  it('are read again as the same, node by node', () => {
    const next = random(11);
    let again = 0;
    for (let n = 0; n < 400; n++) {
      const text = mutated((SEEDS[n % SEEDS.length] ?? '').replaceAll(/\/\/@? ?(?:\w+(?= )|why)?/g, ' ').replaceAll('\n', ' '), next);
      const { expr, problems } = readExpression(text, 'bpftrace');
      if (problems.length > 0) continue;
      for (const node of everyExpr(expr)) {
        expect(readExpression(text, 'bpftrace', [{ start: node.start, end: node.end }]).expr).toEqual(node);
        again++;
      }
    }
    expect(again).toBeGreaterThan(200);
  });

  it('are checked and asked about in a program', () => {
    const next = random(3);
    const { analysis } = analyzed('BEGIN { }');
    for (let n = 0; n < 250; n++) {
      const clause = mutated(SEEDS[n % SEEDS.length] ?? '', next);
      const text = n % 2 === 0 ? `kprobe:f {\n$sk = (struct sock *)arg0;\n@m[tid, comm] = 1;\n${clause}\n}` : `${clause}\nkprobe:f {\n@m[tid, comm] = 1;\n}`;
      const now = analyze(parse(text), analysis.options);
      const clauses = bpftraceContracts(now);
      for (const { problems } of clauses) for (const { span } of problems) expect(span.start <= span.end && span.end <= text.length, text).toBe(true);
      const marks = contractHighlights(clauses, text);
      expect(marks.every((mark, i) => mark.start >= (marks[i - 1]?.end ?? 0)), text).toBe(true);
      const at = text.indexOf('//@') + next(clause.length + 1);
      expect(hoverContract(now, clauses, at, { card: () => undefined, argument: () => undefined })?.code).not.toBe('');
      expect(completeContract(now, clauses, at)?.items.every(({ span }) => span.end === at) ?? true).toBe(true);
      expect(clauses.flatMap((c) => namesIn(c, now.symbols.all)).every(({ name, span }) => text.slice(span.start, span.end) === name), text).toBe(true);
    }
  });

  it('are checked in C', () => {
    const next = random(5);
    for (let n = 0; n < 150; n++) {
      const clause = mutated(SEEDS[n % SEEDS.length] ?? '', next).replaceAll(/[@$]/g, '');
      const text = `#include "vmlinux.h"\nSEC("fentry/tcp_connect")\nint BPF_PROG(p, struct sock *sk)\n{\n\t${clause}\n\treturn 0;\n}\n`;
      const clauses = cContracts(analyzeC(parseBpfC(text), { inventory: bundled }));
      for (const { problems } of clauses) for (const { span } of problems) expect(span.start <= span.end && span.end <= text.length, text).toBe(true);
    }
  });
});

describe('time', () => {
  it.each<[string, (n: number) => string]>([
    ['many clauses', (n) => '//@ assert $x == 1\n'.repeat(n)],
    ['a clause of many lines', (n) => `//@ assert 1\n${'//@ && $x == 1\n'.repeat(n)}`],
    ['many brackets', (n) => `//@ assert ${'('.repeat(n * 5)}\n`],
    ['an open quote', (n) => `//@ assert "${'x \\" '.repeat(n * 3)}\n`.repeat(3)],
  ])('%s take time as they are long', (_, make) => {
    const text = make(20_000);
    const of = comments(text);
    const started = performance.now();
    expect(readClauses(text, of, 'bpftrace').length).toBeGreaterThan(0);
    // Each takes less than 0.4 s; what grew with the square of its length would take minutes.
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
