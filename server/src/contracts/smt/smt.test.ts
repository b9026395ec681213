import { describe, expect, it } from 'vitest';
import { Terms } from '../terms/terms.ts';
import { SmtPrinter } from './print.ts';
import { readAnswer } from './read.ts';

describe('terms as text', () => {
  it('defines what is shared once, also for later questions', () => {
    const terms = new Terms();
    const printer = new SmtPrinter();
    const port = terms.input('sk->skc_dport', 16);
    const swapped = terms.concat([terms.extract(port, 0, 8), terms.extract(port, 8, 8)]);
    const first = printer.ref(terms.negate(terms.eq(swapped, port)));
    expect(`${printer.definitions()}\n(assert ${first})`).toBe(
      [
        '(declare-const |sk->skc_dport| (_ BitVec 16))',
        '(define-fun t4 () (_ BitVec 8) ((_ extract 15 8) |sk->skc_dport|))',
        '(define-fun t3 () (_ BitVec 8) ((_ extract 7 0) |sk->skc_dport|))',
        '(define-fun t5 () (_ BitVec 16) (concat t3 t4))',
        '(define-fun t6 () Bool (= |sk->skc_dport| t5))',
        '(define-fun t7 () Bool (not t6))',
        '(assert t7)',
      ].join('\n'),
    );
    const second = printer.ref(terms.order('ult', swapped, terms.bits(1024n, 16)));
    expect(`${printer.definitions()} ${second}`).toBe('(define-fun t9 () Bool (bvult t5 (_ bv1024 16))) t9');
    expect([...printer.inputs]).toEqual([['sk->skc_dport', 16]]);
  });
  it('writes arrays, and names that hold anything', () => {
    const terms = new Terms();
    const printer = new SmtPrinter();
    const array = terms.store(terms.filled({ key: 64, value: 'bool' }, terms.no), terms.input('a|b\\', 64), terms.yes);
    printer.ref(terms.select(array, terms.bits(3n, 64)));
    expect(printer.definitions()).toContain('((as const (Array (_ BitVec 64) Bool)) false)');
    printer.ref(terms.input('a|b\\', 64));
    expect(printer.inputs.has('a|b\\')).toBe(true);
  });
});

describe('answers', () => {
  it.each<[string, string, unknown]>([
    ['values', 'sat\n((|a b| #xff00) (b (_ bv7 16)))\n', { kind: 'sat', model: new Map([['a', 0xff00n], ['b', 7n]]) }],
    ['truth', 'sat\n((x true) (y #b0))', { kind: 'sat', model: new Map([['a', 1n], ['b', 0n]]) }],
    ['unsat', 'unsat\n', { kind: 'unsat' }],
    ['unsat, then an error because there is no model', 'unsat\n(error "line 3 column 10: model is not available")', { kind: 'unsat' }],
    ['out of time', 'unknown\n(:reason-unknown "timeout")', { kind: 'unknown', reason: 'timeout' }],
    ['a mistake', '(error "line 1 column 8: unknown constant ""x""")', { kind: 'failed', message: 'line 1 column 8: unknown constant "x"' }],
    ['a value that is missing', 'sat\n((a #x01))', { kind: 'failed', message: 'the solver gave no value of b' }],
    ['nothing', '', { kind: 'failed', message: '' }],
    ['never a verdict from a part of a word', 'unsatisfiable', { kind: 'failed', message: 'unsatisfiable' }],
    ['cut off', 'sat\n((a #x01) (b #x', { kind: 'failed', message: 'the solver gave no value of b' }],
  ])('%s', (_, output, expected) => {
    expect(readAnswer(output, [['a', 16], ['b', 16]])).toEqual(expected);
  });
  it('arrays, the last write winning', () => {
    const output = 'sat ((m (store (store ((as const (Array (_ BitVec 8) (_ BitVec 8))) #x05) #x01 #x0a) #x01 #x0b)))';
    expect(readAnswer(output, [['m', { key: 8, value: 8 }]])).toEqual({ kind: 'sat', model: new Map([['m', { rest: 5n, at: new Map([[1n, 11n]]) }]]) });
  });
});
