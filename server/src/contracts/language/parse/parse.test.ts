import { describe, expect, it } from 'vitest';
import { marked, texts } from '../../../../test/support/marked.ts';
import { everyExpr, type Expr, type Language } from '../ast.ts';
import { tokenize } from '../tokens.ts';
import { conditionText, readClauses, readExpression, type Clause } from './parse.ts';

/** A tree in brackets, without places. */
export function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'integer':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'bool':
      return String(expr.value);
    case 'identifier':
    case 'variable':
      return expr.name;
    case 'positional':
      return `$${expr.index}`;
    case 'map':
      return `${expr.name}${expr.keys ? `[${expr.keys.map(shape).join(', ')}]` : ''}`;
    case 'call':
      return `${expr.callee.text}(${expr.args.map(shape).join(', ')})`;
    case 'sizeof':
      return `sizeof(${expr.of.kind === 'type' ? type(expr.of) : shape(expr.of)})`;
    case 'unary':
      return `(${expr.op}${shape(expr.operand)})`;
    case 'binary':
      return `(${shape(expr.left)} ${expr.op} ${shape(expr.right)})`;
    case 'ternary':
      return `(${shape(expr.condition)} ? ${expr.then ? shape(expr.then) : ''} : ${shape(expr.otherwise)})`;
    case 'field':
      return `${shape(expr.object)}${expr.op}${expr.name.text}`;
    case 'index':
      return `${shape(expr.object)}[${shape(expr.index)}]`;
    case 'cast':
      return `(${type(expr.type)})${shape(expr.operand)}`;
    case 'tuple':
      return `<${expr.elements.map(shape).join(', ')}>`;
    case 'paren':
      return shape(expr.inner);
    case 'quantifier':
      return `{${expr.quantifier} ${expr.variable.text} in ${expr.over.kind === 'enum-domain' ? type(expr.over.enum) : `${shape(expr.over.from)}..${shape(expr.over.to)}`} : ${shape(expr.body)}}`;
    case 'missing':
      return '?';
  }
}

function type(ref: { tag: string; name: { text: string }; pointers: number; arrays: readonly (number | null)[] }): string {
  return `${ref.tag === 'name' ? '' : `${ref.tag} `}${ref.name.text}${'*'.repeat(ref.pointers)}${ref.arrays.map((n) => `[${n ?? ''}]`).join('')}`;
}

const read = (text: string, language: Language = 'bpftrace'): string => {
  const { expr, problems } = readExpression(text, language);
  expect(problems, text).toEqual([]);
  return shape(expr);
};

describe('operators', () => {
  it.each([
    ['1 + 2 * 3 == 7', '((1 + (2 * 3)) == 7)'],
    ['a & b == c', '(a & (b == c))'],
    ['a - b - c', '((a - b) - c)'],
    ['$x > 0 && $y > 0 || !$z', '((($x > 0) && ($y > 0)) || (!$z))'],
    ['a ==> b ==> c || d', '(a ==> (b ==> (c || d)))'],
    ['a ? b : c ==> d', '((a ? b : c) ==> d)'],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['a ?: b', '(a ?  : b)'],
    ['-x >> 2 & ~3', '(((-x) >> 2) & (~3))'],
    ['a << 1 < b', '((a << 1) < b)'],
    ['(1, 2) == $t', '(<1, 2> == $t)'],
  ])('%s', (text, tree) => expect(read(text)).toBe(tree));
});

describe('values', () => {
  it.each([
    ['0x1F == 0b101 + 017 + 1_000u + 1e3', '(31 == (((5 + 15) + 1000) + 1000))'],
    ['\'a\' == 97 && \'\\n\' == 10', '((97 == 97) && (10 == 10))'],
    ['nsecs > 1ms', '(nsecs > 1000000)'],
    ['comm == "a // b\\"c"', '(comm == "a // b\\"c")'],
    ['@start[tid, $x] > @n', '(@start[tid, $x] > @n)'],
    ['@ == 0', '(@ == 0)'],
    ['$sk->__sk_common.skc_dport', '$sk->__sk_common.skc_dport'],
    ['$t.0.1', '$t.0.1'],
    ['args.buf[0]', 'args.buf[0]'],
    ['$1 + $#', '($1 + $count)'],
    ['true', 'true'],
    ['*$p == &$x', '((*$p) == (&$x))'],
    ['$x // what it is', '$x'],
  ])('%s', (text, tree) => expect(read(text)).toBe(tree));
});

describe('types', () => {
  it.each([
    ['(uint32)$x == 1', '((uint32)$x == 1)'],
    ['((struct sock *)arg0)->sk_family', '(struct sock*)arg0->sk_family'],
    ['(int)-1 < (u32)-1', '((int)(-1) < (u32)(-1))'],
    ['(retval) - 1', '(retval - 1)'],
    ['(task_struct *)arg0', '(task_struct*)arg0'],
    ['(long unsigned int)x', '(unsigned long)x'],
    ['(foo)$x', '(foo)$x'],
    ['(a) * b', '(a * b)'],
    ['(uint8[4])$x', '(uint8[4])$x'],
    ['sizeof(struct msghdr) + sizeof(*retval) + sizeof($x)', '((sizeof(struct msghdr) + sizeof((*retval))) + sizeof($x))'],
    ['sizeof(uint64)', 'sizeof(uint64)'],
  ])('%s', (text, tree) => expect(read(text)).toBe(tree));
});

describe('what only contracts have', () => {
  it.each([
    ['old(@n[k]) <= @n[k]', '(old(@n[k]) <= @n[k])'],
    ['present(@start[tid]) ==> @start[tid] > 0', '(present(@start[tid]) ==> (@start[tid] > 0))'],
    ['forall s in enum tcp_state : s == 1 ==> $x', '{forall s in enum tcp_state : ((s == 1) ==> $x)}'],
    ['$a && exists i in 0..N + 1 : $b[i] == 0', '($a && {exists i in 0..(N + 1) : ($b[i] == 0)})'],
    ['forall i in 0..2 : exists j in 0..2 : i == j', '{forall i in 0..2 : {exists j in 0..2 : (i == j)}}'],
    ['exists == 1 && forall(2)', '((exists == 1) && forall(2))'],
  ])('%s', (text, tree) => expect(read(text)).toBe(tree));

  it('reads C', () => expect(read('present(counts[key]) && counts[key] <= ctx->data_end - \'0\'', 'c')).toBe('(present(counts[key]) && (counts[key] <= (ctx->data_end - 48)))'));
});

describe('mistakes', () => {
  it.each<[source: string, message: RegExp, language?: Language]>([
    ['$x ==«»', /value is missing between == and the end/],
    ['«==» 1', /cannot begin with ==/],
    ['', /condition is missing/],
    ['$x «=» 1', /assigns nothing: == compares/],
    ['$x == 1«;»', /leave the ; out/],
    ['$x «and» $y', /and is written && here/],
    ['$x «=>» $y', /written ==>/],
    ['$x «constructor» $y', /operator is missing between \$x and constructor/],
    ['$x«++»', /changes nothing/],
    ['$a «$b»', /operator is missing between \$a and \$b/],
    ['($a«»', /\) is missing/],
    ['f(a «b»)', /b cannot stand here: an operator or \) is expected/],
    ['f(a, «)»', /value is missing between , and \)/],
    ['@m[«»]', /key is missing/],
    ['$x->«»', /name of a field is missing/],
    ['comm == "abc«»', /closing quote is missing/],
    ['«1x» == 1', /1x is no number/],
    ['\'«»'.replace('\'«»', '«\'ab\'»'), /no character/],
    ['forall i«» 0..2 : true', /in is missing/],
    ['forall i in 5«» : true', /two constants with \.\./],
    ['forall i in 0..5«» true', /: is missing before/],
    ['$a ? $b«»', /: is missing/],
    ['(struct «»*)x'.replace('«»*', '«»*').replace('struct «»', 'struct«» '), /name of the struct is missing/],
    ['«$x» == 1', /C has no \$x/, 'c'],
    ['«@m»[k] == 1', /written as m\[key\]/, 'c'],
    ['x > «5ms»', /no number in C: write the nanoseconds, 5000000/, 'c'],
  ])('%s', (source, message, language = 'bpftrace') => {
    const { text, spans } = marked(source);
    const { problems } = readExpression(text, language);
    expect(problems.map((p) => p.message).join('\n')).toMatch(message);
    expect(problems).toHaveLength(1);
    if (spans.length > 0) expect(problems[0]?.span).toEqual(spans[0]);
  });

  it('is told once and what stands around is read', () => {
    const { expr, problems } = readExpression('f($a +) && $b == 1', 'bpftrace');
    expect(shape(expr)).toBe('(f(($a + ?)) && ($b == 1))');
    expect(problems).toHaveLength(1);
  });
});

const HUGE = 10_000;

describe('limits', () => {
  it.each([['('], ['!'], ['-'], ['a ==> '], ['a + '], ['$x.a'], ['f('], ['@m['], ['(int)'], ['a ? '], ['forall x in 0..1 : '], ['sizeof('], ['x[']])('%s ten thousand times is read without harm', (part) => {
    const started = performance.now();
    const { expr, problems } = readExpression(part.repeat(HUGE), 'bpftrace');
    expect(problems.map((p) => p.code)).toEqual(['contract-too-long']);
    expect(everyExpr(expr).length).toBeLessThan(2_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

/** The comments of a program that has only line comments. */
function clausesOf(text: string): Clause[] {
  const comments = [...text.matchAll(/\/\/[^\r\n]*/g)].map((m) => ({ start: m.index, end: m.index + m[0].length }));
  return readClauses(text, comments, 'bpftrace');
}

describe('clauses', () => {
  it('go on in the lines below, with exact places', () => {
    const source = '\uFEFFkprobe:f\r\n{\r\n\t//@ assert $a == 1 // é\r\n\t//@   && $b == "日本"\r\n\t//@assume $c\r\n\r\n\t//@ $d\r\n}';
    const [first, second, third] = clausesOf(source);
    expect([first, second, third].map((c) => c?.keyword)).toEqual(['assert', 'assume', undefined]);
    expect(first && texts(source, everyExpr(first.expr).filter((e) => e.kind === 'string' || e.kind === 'integer'))).toEqual(['1', '"日本"']);
    expect(first && texts(source, first.lines)).toEqual(['//@ assert $a == 1 // é', '//@   && $b == "日本"']);
    expect(first && texts(source, first.remarks)).toEqual(['// é']);
    expect(third?.problems.map((p) => [p.code, source.slice(p.span.start, p.span.end)])).toEqual([['unknown-contract', '//@ $d']]);
  });

  it('have a keyword that is known', () => {
    const [problem] = clausesOf('//@ asert $x == 1')[0]?.problems ?? [];
    expect([problem?.code, problem?.message]).toEqual(['unknown-contract', expect.stringMatching(/Did you mean assert\?/)]);
    expect(problem?.repairs[0]?.edits).toEqual([{ span: { start: 4, end: 9 }, newText: 'assert' }]);
    expect(clausesOf('//@ assert $x\n//@ asert $y')[0]?.problems[0]?.message).toMatch(/begins on a line of its own with \/\/@ assert/);
  });

  it('of a map say which', () => {
    const [clause] = clausesOf('//@ invariant @start[k1, k2] : @start[k1, k2] <= nsecs');
    expect(clause?.subject).toMatchObject({ name: '@start', keys: [{ text: 'k1' }, { text: 'k2' }] });
    expect(clause?.problems).toEqual([]);
    expect(clausesOf('//@ invariant @n : @n >= 0')[0]?.subject?.keys).toBeUndefined();
    expect(clausesOf('//@ invariant $x : 1')[0]?.problems[0]?.message).toMatch(/Say of which map: invariant @map\[k\] : CONDITION/);
    expect(clausesOf('//@ invariant @x[1] : 1')[0]?.problems[0]?.message).toMatch(/a name for the key/);
    expect(clausesOf('//@ invariant @x[k] @x[k] > 0')[0]?.problems[0]?.message).toMatch(/: is missing behind the map/);
  });

  it('are told on one line', () => {
    const source = '//@ assert $a == 1 // one\n//@   && $b // two\n//@ invariant @n[k] : @n[k] > 0';
    expect(clausesOf(source).map((clause) => conditionText(clause, source))).toEqual(['$a == 1 && $b', '@n[k] : @n[k] > 0']);
  });

  it('are no other comments', () => expect(clausesOf('// @assert 1\n/// 2\n//assert 3')).toEqual([]));
});

describe('the text under a node', () => {
  it.each([
    '$x > 0 && ($y == 1 || @m[tid, 2] < 3) ==> present(@m[tid, 2])',
    'forall s in enum e : s == 1 ? $a[s].b->c : (struct sock *)arg0 != 0',
    '-$x + ~(uint8)$y * sizeof(struct sock) - old(f(1, "s"))',
    '$a &&\n//@ $b ==>\n//@ exists i in 0..4 : $c[i] == \'x\'',
  ])('is read as the same node: %s', (text) => {
    const spans = text.split('\n').map((line, i, lines) => {
      const start = lines.slice(0, i).join('\n').length + (i > 0 ? 1 : 0);
      return { start: start + (line.startsWith('//@') ? 3 : 0), end: start + line.length };
    });
    const { expr, problems } = readExpression(text, 'bpftrace', spans);
    expect(problems).toEqual([]);
    expect(tokenize(text, spans).tokens.length).toBeGreaterThan(5);
    for (const node of everyExpr(expr)) {
      const inside = spans.flatMap((s) => (s.end > node.start && s.start < node.end ? [{ start: Math.max(s.start, node.start), end: Math.min(s.end, node.end) }] : []));
      expect(readExpression(text, 'bpftrace', inside).expr).toEqual(node);
    }
  });
});
