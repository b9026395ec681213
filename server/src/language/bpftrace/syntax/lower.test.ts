import { describe, expect, it } from 'vitest';
import { parser } from '../../../../test/support/parser.ts';
import { printDocument, printFaults } from '../../../../test/support/print-syntax.ts';
import { parseDocument } from './parse.ts';

/** What an error-free program is read as. */
function read(text: string): string {
  const document = parseDocument(parser, text);
  expect(printFaults(document)).toEqual([]);
  return printDocument(document);
}

/** What a statement in a probe is read as. */
function statement(text: string): string {
  return /^\(probe BEGIN \{(.*)\}\)$/s.exec(read(`BEGIN { ${text} }`))?.[1] ?? '';
}

describe('expressions', () => {
  it.each([
    ['$a + 2 * 3;', '(+ $a (* 2 3))'],
    ['$a - 1 - 2;', '(- (- $a 1) 2)'],
    ['$a | $b ^ $c & $d;', '(| $a (^ $b (& $c $d)))'],
    ['$a == 1 && $b != 2 || !$c;', '(|| (&& (== $a 1) (!= $b 2)) (! $c))'],
    ['1 << 2 >= ~3;', '(>= (<< 1 2) (~ 3))'],
    ['$a ? 1 : $b ? 2 : 3;', '(? $a 1 (? $b 2 3))'],
    ['$a ?: 2;', '(? $a 2)'],
    ['-$a * *$p;', '(* (- $a) (* $p))'],
    ['&@a;', '(& @a)'],
    ['(1 + 2) * 3;', '(* (paren (+ 1 2)) 3)'],
    ['pid == tid;', '(== pid tid)'],
    ['args->a.b;', '(. (-> args a) b)'],
    ['$t.0.1;', '(. (. $t 0) 1)'],
    ['$a[1][2];', '([] ([] $a 1) 2)'],
    ['@a; @; @b[1, "x"]; @[pid];', '@a @ (@b[] 1 "x") (@[] pid)'],
    ['@a[1].x;', '(. (@a[] 1) x)'],
    ['$1 + $#;', '(+ $1 $#)'],
    ['f(); g(1, "a", h(2));', '(call f) (call g 1 "a" (call h 2))'],
    ['@x++; --$y; ++@z[1];', '(@x ++) (-- $y) (++ (@z[] 1))'],
    ['(uint8)1; (int64)$x + 1;', '(cast <uint8> 1) (+ (cast <int64> $x) 1)'],
    ['((struct sock *)arg0)->sk;', '(-> (paren (cast <struct sock*> arg0)) sk)'],
    ['(uint8 **)1; (uint8[4])$x; (union u)$y;', '(cast <uint8**> 1) (cast <uint8[4]> $x) (cast <union u> $y)'],
    ['(typeof($x))1;', '(cast <typeof $x> 1)'],
    ['(1, "a"); (1,); ();', '(tuple 1 "a") (tuple 1) (tuple)'],
    ['(a = 1, b = "x");', '(record a=1 b="x")'],
    ['sizeof(struct a); sizeof(1); sizeof(uint8);', '(sizeof <struct a>) (sizeof 1) (sizeof <uint8>)'],
    ['offsetof(struct a, b.c);', '(offsetof <struct a> b.c)'],
    ['comptime (1 + 2);', '(comptime (paren (+ 1 2)))'],
    ['$x = comptime { 1 };', '(= $x (comptime (block {=> 1})))'],
    ['$x = { $y = 1; $y + 1 };', '(= $x (block {(= $y 1) => (+ $y 1)}))'],
    ['$x = if ($y) { 1 } else { 2 };', '(= $x (if (paren $y) {=> 1} {=> 2}))'],
    ['true; false;', 'true false'],
  ])('%s', (text, expected) => expect(statement(text)).toBe(expected));
});

describe('literals', () => {
  it.each([
    ['1; 1_000; 1e3; 0x1F; 0755; 0;', '1 1000 1000 31 493 0'],
    ['10ull; 3u; 5LL;', '10ull 3u 5LL'],
    ['5ms; 1s; 2us; 1h;', '5ms=5000000ns 1s=1000000000ns 2us=2000ns 1h=3600000000000ns'],
    ['18446744073709551615;', '18446744073709551615'],
    [String.raw`"a\n\t\"\\";`, String.raw`"a\n\t\"\\"`],
    [String.raw`"\x41\101";`, '"AA"'],
    ['"é 😀";', '"é 😀"'],
    ['"// /* {";', '"// /* {"'],
  ])('%s', (text, expected) => expect(statement(text)).toBe(expected));
});

describe('statements', () => {
  it.each([
    ['$x = 1; @x = 2; @y[1] = 3; _ = f();', '(= $x 1) (= @x 2) (= (@y[] 1) 3) (= _ (call f))'],
    ['@x += 1; @x <<= 2; @x %= 3;', '(+= @x 1) (<<= @x 2) (%= @x 3)'],
    ['let $x; let $y = 1; let $z : uint64; let $w : struct a * = 0;', '(let $x) (let $y 1) (let $z <uint64>) (let $w <struct a*> 0)'],
    ['if (1) { } else if (2) { exit(); } else { 3 }', '(if (paren 1) {} (if (paren 2) {(call exit)} {=> 3}))'],
    ['if 1 { }; if (comptime 1) { }', '(if 1 {}) (if (paren (comptime 1)) {})'],
    ['while (1) { break; continue; }', '(while (paren 1) {break continue})'],
    ['unroll (5) { print(1); } unroll 2 { }', '(unroll (paren 5) {(call print 1)}) (unroll 2 {})'],
    ['for ($kv : @m) { } for ($i : 0..$n) { } for $i : 1..2 { }', '(for $kv @m {}) (for $i 0 $n {}) (for $i 1 2 {})'],
    ['return; return 1 + 2;', 'return (return (+ 1 2))'],
    ['{ $x = 1; } print(1)', '{(= $x 1)} => (call print 1)'],
    ['print(1) // the last one needs no semicolon\n', '=> (call print 1)'],
  ])('%s', (text, expected) => expect(statement(text)).toBe(expected));
});

describe('probes', () => {
  it.each([
    ['BEGIN { }', '(probe BEGIN {})'],
    ['kprobe:a,\nkretprobe:b\n/pid == 1/\n{ @ = count(); } END { }', '(probe kprobe|a kretprobe|b /(== pid 1)/ {(= @ (call count))})\n(probe END {})'],
    ['interval:s:1 / 4 / 2 == 2 / { }', '(probe interval|s|1 /(== (/ 4 2) 2)/ {})'],
    ['interval:s:1 / { 1 } / { }', '(probe interval|s|1 /(block {=> 1})/ {})'],
    ['interval:s:1 / if (1) { 1 } else { 0 } / { }', '(probe interval|s|1 /(if (paren 1) {=> 1} {=> 0})/ {})'],
    ['uprobe:/bin/bash:readline /pid == 1/ { }', '(probe uprobe|/bin/bash|readline /(== pid 1)/ {})'],
    ['uprobe:/a:b,uprobe:/c:d+0x10{}', '(probe uprobe|/a|b uprobe|/c|d+0x10 {})'],
    ['uprobe:"/my bin/a{b":"f(int, x::y)" { }', '(probe uprobe|"/my bin/a{b"|"f(int, x::y)" {})'],
    ['uprobe:/bin//bash:f, uprobe:/lib/*/x:g { }', '(probe uprobe|/bin//bash|f uprobe|/lib/*/x|g {})'],
    ['hardware:cache-misses:1000000 { }', '(probe hardware|cache-misses|1000000 {})'],
    ['kprobe:"tcp_*", tracepoint:*:sys_* { }', '(probe kprobe|"tcp_*" tracepoint|*|sys_* {})'],
    ['interval:s:1 /1 /* c */ / // d\n{ }', '(probe interval|s|1 /1/ {})'],
    ['x=kprobe:a { }', '(probe kprobe|a {})'],
    ['BEGIN, { }', '(probe BEGIN {})'],
    ['interval : s :\n1 { }', '(probe interval|s|1 {})'],
  ])('%j', (text, expected) => expect(read(text)).toBe(expected));
});

describe('what else stands at the top', () => {
  it.each([
    ['#!/usr/bin/env bpftrace\n#include <linux/fs.h>\n#include "a.h"', '(#include linux/fs.h)\n(#include a.h)'],
    ['#define A\n#define B 1 + 2 // c\n#define F(a, b) a + b', '(#define A)\n(#define B 1 + 2 // c)\n(#define F (a b) a + b)'],
    ['# ifdef A\n#endif', '(#ifdef)\n(#endif)'],
    ['struct a {\n  int x;\n  unsigned long long y : 3, z;\n  char *n[8];\n  struct b *next;\n};', '(struct a (x int) (y unsigned long long :3) (z unsigned long long) (n char*[8]) (next struct b*))'],
    ['struct a { union { int b; char c; }; struct { int d; } e[2]; int (*f)(int, char *); enum k g; };', '(struct a (- union union{(b int) (c char)}) (e struct[2] struct{(d int)}) (f int function) (g enum k))'],
    ['struct a { int b; } __attribute__((packed));', '(struct a (b int))'],
    ['union u { int a; }', '(union u (a int))'],
    ['enum e { A, B = 3, C };', '(enum e (A) (B = 3) (C))'],
    ['config = { stack_mode = perf; max_map_keys = 5 }', '(config stack_mode=perf max_map_keys=5)'],
    ['import "a/b";', '(import a/b)'],
    ['let @a = hash(10); let @b = lruhash(5)', '(map-decl @a hash 10)\n(map-decl @b lruhash 5)'],
    ['macro m($a, @b, c) { $a + c }', '(macro m ($a @b c) {=> (+ $a c)})'],
    ['fn f($a : uint64, $b : struct c *): int8 { return 1; }', '(fn f ($a<uint64> $b<struct c*>) <int8> {(return 1)})'],
    ['', ''],
    ['// nothing\n/* at all */', ''],
  ])('%j', (text, expected) => expect(read(text)).toBe(expected));
});
