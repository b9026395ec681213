import { describe, expect, it } from 'vitest';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { parse } from '../../../../test/support/marked.ts';
import { commentsOfC } from '../comments.ts';
import { readClauses } from '../parse/parse.ts';
import { whereInBpftrace } from './bpftrace.ts';
import { whereInC } from './c.ts';
import { judgePlace } from './place.ts';

/** For each clause: what it is of, or what is wrong. */
function bpftrace(text: string): string[] {
  const document = parse(text);
  return readClauses(text, document.comments, 'bpftrace').map((clause) => {
    const place = judgePlace(clause, whereInBpftrace(document, clause.start), 'bpftrace');
    if (place.kind === 'misplaced') return place.problem.message;
    if (place.kind === 'top') return 'top';
    const { node, placed } = place.owner;
    const name = node.kind === 'probe' ? node.attachPoints.map((a) => a.text).join() : node.name.text;
    if (place.kind === 'entry') return `entry of ${name}`;
    const { block, index } = place.at;
    const next = block.statements[index];
    return next ? `before ${text.slice(placed.start + next.start, placed.start + next.end)}` : `at the end, behind ${block.statements.length}`;
  });
}

function c(text: string): string[] {
  const document = parseBpfC(text);
  return readClauses(text, commentsOfC(text), 'c').map((clause) => {
    const place = judgePlace(clause, whereInC(document, clause.start), 'c');
    if (place.kind === 'misplaced') return place.problem.message;
    if (place.kind !== 'statement') return place.kind === 'top' ? 'top' : `entry of ${place.owner.fn.name}`;
    const { before } = place.at;
    return before ? `before ${text.slice(before.start, before.end)}` : 'at the end';
  });
}

describe('in bpftrace', () => {
  it('statements', () => {
    expect(bpftrace('kprobe:f {\n//@ assume 1\n//@ assert 2\n$x = 1;\nif ($x) {\n//@ assert 3\nprint($x); } else {\n//@ assert 4\n}\n//@ assert 5\n}')).toEqual(['before $x = 1', 'before $x = 1', 'before print($x)', 'at the end, behind 0', 'at the end, behind 2']);
    expect(bpftrace('fn f($x : int64) : void {\n//@ assert $x\n}')).toEqual(['at the end, behind 0']);
  });
  it('probes', () => expect(bpftrace('//@ invariant @m : 1\n\n//@ requires 1\n// why\n//@ ensures 2\nkprobe:f, kprobe:g { @m = 1 }\n//@ invariant @m : 2')).toEqual(['top', 'entry of kprobe:f,kprobe:g', 'entry of kprobe:f,kprobe:g', 'top']));
  it.each([
    ['kprobe:f { $x = 1; //@ assert $x\n}', /has a line to itself, above the statement/],
    ['kprobe:f { $x = 1 +\n//@ assert 1\n2; }', /assert cannot stand inside of a statement/],
    ['//@ assert 1\nkprobe:f { }', /assert stands between the statements of a probe. Above a probe write ensures/],
    ['kprobe:f {\n//@ requires 1\n}', /requires stands directly above the probe. Between statements write assume/],
    ['kprobe:f { }\n//@ ensures 1\n', /there is none below/],
    ['//@ requires 1\n#define X 1\nkprobe:f { }', /there is none below/],
    ['kprobe:f {\n//@ invariant @m : 1\n}', /outside of all probes/],
    ['kprobe:f\n//@ requires 1\n{ }', /directly above the probe/],
    ['struct s {\n//@ assert 1\nint a; };', /between the statements of a probe/],
  ])('misplaced: %s', (text, message) => {
    const [said] = bpftrace(text);
    expect(said).toMatch(message);
  });
});

describe('in C', () => {
  it('statements', () => {
    expect(c('SEC("xdp")\nint p(struct xdp_md *ctx)\n{\n\tint x = 1;\n\t//@ assert x == 1\n\tif (x) {\n\t\t//@ assume 1\n\t\tx++;\n\t}\n\tswitch (x) {\n\tcase 1:\n\t\t//@ assert 3\n\t\tbreak;\n\t}\n\treturn 0;\n\t//@ assert 2\n}')).toEqual([
      'before if (x) {\n\t\t//@ assume 1\n\t\tx++;\n\t}', 'before x++;', 'before break;', 'at the end',
    ]);
  });
  it('functions', () => expect(c('#include "vmlinux.h"\n//@ invariant m[k] : 1\n\n//@ requires 1\n//@ ensures 2\nSEC("fentry/f")\nint BPF_PROG(p, int a)\n{\n\treturn 0;\n}\n')).toEqual(['top', 'entry of p', 'entry of p']));
  it('functions below their section', () => {
    expect(c('SEC("xdp")\n//@ ensures 1\nint p(struct xdp_md *ctx)\n{\n\treturn 0;\n}\n\nSEC("fentry/f")\n//@ requires 1\n//@ ensures 2\nint BPF_PROG(q, int a)\n{\n\treturn 0;\n}\n')).toEqual(['entry of p', 'entry of q', 'entry of q']);
  });
  it.each([
    ['int f(int x)\n{\n\tif (x)\n\t\t//@ assert x\n\t\treturn 1;\n\treturn 0;\n}', /put the statement between braces/],
    ['int f(int x)\n{\n\treturn x; //@ assert x\n}', /line to itself/],
    ['int f(int x,\n//@ requires x\n\tint y)\n{\n}', /directly above the function/],
    ['//@ requires 1\nint x;\n', /there is none below/],
  ])('misplaced: %s', (text, message) => {
    const [said] = c(text);
    expect(said).toMatch(message);
  });
  it('nothing in quotes or other comments', () => expect(c('char *s = "//@ assert 1";\n/* //@ assert 2 */\n')).toEqual([]));
});
